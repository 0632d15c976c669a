"""What the API answers, by name: the models in its description, for clients.

They describe and do not convert: `shapes` and its neighbours say what is sent, and a
test holds one against the other. Instants are RFC 3339 in UTC.
"""

from typing import Annotated, Any, Literal

from fastapi import Response
from pydantic import BaseModel, Field, RootModel, WithJsonSchema
from pydantic_core import to_json

from escalation_policies.policy import Severity
from oncall.actions.verdict import Verdict
from oncall.model import Status

At = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
From, To = Field(alias="from"), Field(alias="to")
Cursor = Annotated[str | None, Field(description="asks for the next page")]


def shown(body: object) -> Response:
    """Answer with JSON."""
    return Response(to_json(body), media_type="application/json")


class Customer(BaseModel):
    """What is known of whoever wrote."""

    name: str | None
    email: str | None
    phone: str | None
    handle: str | None
    tier: str | None
    language: str | None


class IssueCustomer(Customer):
    """Who wrote; `unconfirmed` are addresses that wrote too, and are not answered."""

    unconfirmed: list[str]


class Issue(BaseModel):
    """An issue in short."""

    id: str
    number: int
    status: Status
    severity: Severity
    policy: str
    owner: str | None
    helpers: list[str]
    source: str
    external_id: str | None
    subject: str
    customer: IssueCustomer
    tags: list[str]
    link: str | None
    opened_at: At
    updated_at: At
    acknowledged_at: At | None
    acknowledged_by: str | None
    resolved_at: At | None
    snoozed_until: At | None
    waiting_since: At | None
    incident: int | None


class IssueList(BaseModel):
    """A page of issues."""

    items: list[Issue]
    next_cursor: Cursor


class Answering(BaseModel):
    """Whether the customer can be answered from here, and where else."""

    possible: bool
    source: str
    why_not: str | None
    link: str | None
    until: At | None


class MessageDelivery(BaseModel):
    """What became of an answer that was sent from here."""

    id: str
    state: str
    attempts: int
    sent_at: At | None
    detail: str | None


class Attachment(BaseModel):
    """A file that came along; only what it is called and how large it is."""

    name: str
    type: str
    size: int | None


class Message(BaseModel):
    """What was said: `text` has the new words, `quoted` the old ones."""

    id: int
    direction: str
    author: str | None
    text: str
    quoted: str | None
    attachments: list[Attachment]
    at: At
    occurred_at: At | None
    delivery: MessageDelivery | None


class Page(BaseModel):
    """A message to a person."""

    id: str
    kind: str
    person: str | None
    via: str
    state: str
    level: int | None
    round: int | None
    because: str | None
    attempts: int
    due_at: At | None
    sent_at: At | None
    detail: str | None


class Promise(BaseModel):
    """What the customer was told to expect, by when."""

    id: int
    text: str
    owner: str | None
    due: At
    kept_at: At | None


class TimelineLine(BaseModel):
    """What happened, and why."""

    at: At
    event: str
    reason: str | None
    person: str | None
    detail: str | None


class Conversation(Issue):
    """An issue with what was said on it."""

    answering: Answering
    messages: list[Message]


class WholeIssue(Conversation):
    """An issue with all that was said and done about it."""

    pages: list[Page]
    promises: list[Promise]
    timeline: list[TimelineLine]


class OnCall(BaseModel):
    """Who is on call in a rotation, and until when that holds."""

    rotation: str
    people: list[str]
    until: At | None


class OnCallList(RootModel[list[OnCall]]):
    """Who is on call, rotation by rotation."""


class Shift(BaseModel):
    """A stretch in which a person is on call."""

    person: str
    start: At
    end: At
    layer: int
    because: str


class ShiftList(RootModel[list[Shift]]):
    """Shifts by their start."""


class Gap(BaseModel):
    """A stretch in which nobody is on call."""

    start: At
    end: At


class GapList(RootModel[list[Gap]]):
    """Gaps by their start."""


class PersonLoad(BaseModel):
    """Hours of one person."""

    person: str
    nights_h: float
    weekends_h: float
    holidays_h: float
    other_h: float
    total_h: float


class LoadPeriod(BaseModel):
    """Everybody's hours in a span."""

    start: At = From
    end: At = To
    people: list[PersonLoad]


class TeamLoad(BaseModel):
    """Everybody's hours, those behind and those ahead."""

    rotations: list[str]
    past: LoadPeriod
    coming: LoadPeriod


class Override(BaseModel):
    """A change of who is on call for a time."""

    id: str
    rotation: str
    person: str | None
    instead_of: str | None
    add: bool
    remove: str | None
    start: At = From
    end: At = To
    reason: str | None


class Swap(BaseModel):
    """Shifts of one person that go to another, and perhaps back."""

    id: str
    rotation: str
    person: str
    with_person: str = Field(alias="with")
    start: At = From
    end: At = To
    with_from: At | None
    with_to: At | None
    reason: str | None
    accepted: bool


class Absence(BaseModel):
    """A person is away."""

    id: str
    person: str
    start: At = From
    end: At = To
    reason: str | None


class OutOfReach(BaseModel):
    """Who will be on call and cannot be reached, or cannot answer."""

    person: str
    because: list[str]
    rotations: list[str]
    first_on_call: At


class Reach(BaseModel):
    """Who cannot be reached in the coming days."""

    start: At = From
    end: At = To
    people: list[OutOfReach]


class KnownCustomer(Customer):
    """A customer as we know them."""

    id: int
    merged_into: int | None
    created_at: At


class CustomerList(BaseModel):
    """A page of customers."""

    items: list[KnownCustomer]
    next_cursor: Cursor


class SharedHandle(BaseModel):
    """What two customers have in common."""

    kind: str
    value: str


class CustomerSuggestion(BaseModel):
    """Two customers who are perhaps one person."""

    id: int
    customer: KnownCustomer
    other: KnownCustomer
    because: SharedHandle
    created_at: At


class CustomerSuggestionList(BaseModel):
    """A page of suggestions."""

    items: list[CustomerSuggestion]
    next_cursor: Cursor


class Handle(BaseModel):
    """How a customer is known: an address, a number, an id."""

    kind: str
    value: str
    verified: bool


class CustomerLine(TimelineLine):
    """What happened on one of a customer's issues."""

    issue: int


class WholeCustomer(KnownCustomer):
    """A customer with all that we know of them."""

    merged: list[int]
    handles: list[Handle]
    issues: list[Issue]
    timeline: list[CustomerLine]


class Outcome(BaseModel):
    """What became of one message of a delivery."""

    outcome: str
    issue: int | None


class Delivery(BaseModel):
    """What a product brought. `signed`: its product signs what it sends."""

    id: int
    source: str
    kind: str
    delivery_id: str
    verdict: Verdict
    duplicate_of: int | None
    outcomes: list[Outcome]
    detail: str | None
    signed: bool | None
    received_at: At
    read_at: At | None


class DeliveryList(BaseModel):
    """A page of deliveries; `refused` counts forged ones by source."""

    items: list[Delivery]
    next_cursor: Cursor
    refused: dict[str, int]


class WholeDelivery(Delivery):
    """A delivery as it came, but for its secret."""

    method: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


class NewFeed(BaseModel):
    """A calendar link, shown this once."""

    id: str
    kind: str
    url: str
    webcal: str


class ReplacedFeed(NewFeed):
    """A new link in the place of an old one, which works until `old_until`."""

    old_until: At


class Feed(BaseModel):
    """A calendar link in force."""

    id: str
    kind: str
    person: str | None
    rotation: str | None
    created_at: At
    fetched_at: At | None
    fetched_by: str | None
    ends_at: At | None


class FeedList(BaseModel):
    """All links in force."""

    items: list[Feed]
    next_cursor: Cursor


class Alive(BaseModel):
    """The process is alive."""

    status: Literal["alive"]


class Readiness(BaseModel):
    """How the service is; `status` is ready, or not ready."""

    status: str
    release: str
    tzdata: str
    database: str
    at: At | None = None
    detail: str | None = None
    last_tick_age_s: float | None = None
    oldest_due_page_s: float | None = None
    tables: dict[str, Any] | None = None
    nodes: list[dict[str, Any]] | None = None
    absence_calendars: dict[str, int] | None = None
    mailboxes: dict[str, int] | None = None
