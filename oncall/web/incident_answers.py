"""What the API answers about incidents, by name."""

from pydantic import BaseModel, RootModel

from oncall.model import Status
from oncall.web.answers import At, Cursor, Issue


class Incident(BaseModel):
    """An incident in short; `issues` and `customers` are how many."""

    id: int
    title: str
    status: Status
    owner: str | None
    cause: str | None
    rule: str | None
    issues: int
    customers: int
    opened_at: At
    opened_by: str | None
    acknowledged_at: At | None
    resolved_at: At | None
    resolved_by: str | None
    result: str | None


class IncidentList(BaseModel):
    """A page of incidents."""

    items: list[Incident]
    next_cursor: Cursor


class IncidentMember(Issue):
    """An issue that is or was in an incident."""

    joined_at: At
    joined_by: str | None
    reason: str
    because: str | None
    left_at: At | None
    left_by: str | None


class TextByLanguage(RootModel[dict[str, str]]):
    """The same words in several languages."""


class IncidentUpdate(BaseModel):
    """What the customers were told, and how many copies are where."""

    id: int
    author: str | None
    text: str | TextByLanguage
    at: At
    customers: dict[str, int]


class Copy(BaseModel):
    """What became of one customer's copy."""

    customer: int | None
    name: str
    issue: int
    language: str | None
    state: str
    detail: str | None
    at: At | None


class TrackedUpdate(IncidentUpdate):
    """An update with what became of it for each customer."""

    copies: list[Copy]


class UpdateList(BaseModel):
    """All updates of an incident."""

    items: list[TrackedUpdate]


class WholeIncident(Incident):
    """An incident with its issues and updates."""

    members: list[IncidentMember]
    updates: list[IncidentUpdate]


class SuggestedIssue(BaseModel):
    """One issue of a suggestion, and what it is like."""

    number: int
    subject: str
    customer: str | None
    like: int | None
    score: float | None
    because: list[str]


class IncidentSuggestion(BaseModel):
    """Issues that are perhaps one incident."""

    id: int
    title: str
    incident: int | None
    created_at: At
    issues: list[SuggestedIssue]


class IncidentSuggestionList(BaseModel):
    """A page of suggestions."""

    items: list[IncidentSuggestion]
    next_cursor: Cursor
