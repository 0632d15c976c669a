"""`/api/v1/incidents`: many issues with one cause, joined, told of and ended together."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any, Self

from fastapi import APIRouter, Response
from pydantic import Field, model_validator

from oncall.actions import incidents as actions
from oncall.actions.house import View
from oncall.model import Incident, Language, Status
from oncall.store import Tx, incident_updates, incidents
from oncall.web import answers, incident_answers
from oncall.web import incident_shapes as shapes
from oncall.web.auth import Reader, Responder, Service
from oncall.web.fields import LARGEST_NUMBER, Number, Sent, Text, Wanted, Words
from oncall.web.issue_actions import ByPerson, MaybeByPerson
from oncall.web.lists import Cursor, Limit, in_pages
from oncall.web.writes import Answer, Write

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

FOUND_AT = "/api/v1/incidents/{id}"
IssueNumber = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Issues = Annotated[tuple[IssueNumber, ...], Field(max_length=200)]
Act = Callable[[Tx, View, datetime], Incident]


@router.get("", response_model=incident_answers.IncidentList)
async def list_incidents(
    _: Reader,
    parts: Service,
    *,
    status: Status | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List incidents, the newest first. `status` is open, acknowledged or resolved."""

    def listed(tx: Tx, _view: View, _now: datetime) -> list[Incident]:
        return incidents.listed(tx, status=status, before=cursor, limit=limit + 1)

    found = await parts.read(listed)
    return answers.shown(
        in_pages(found, limit, shape=shapes.incident, number=attrgetter("id"))
    )


class SentIncident(MaybeByPerson):
    """What has happened, and to which customers' issues."""

    title: Words
    cause: Text = ""
    issues: Issues = ()


@router.post("", response_model=incident_answers.Incident, status_code=201)
async def new_incident(_: Responder, sent: SentIncident, write: Write) -> Response:
    """Open an incident over issues. Nobody has it yet: paging goes on as it was."""

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.open_incident(
            tx,
            view,
            sent.title,
            sent.issues,
            now,
            by=person_of(view, sent),
            cause=sent.cause,
        )

    return await write(shown(act, status=201), at=FOUND_AT)


@router.get("/{number}", response_model=incident_answers.WholeIncident)
async def one_incident(_: Reader, parts: Service, number: Number) -> Response:
    """Show an incident with every issue that is or was in it, and its updates."""

    def whole(tx: Tx, _view: View, _now: datetime) -> dict[str, Any]:
        return shapes.whole(tx, actions.found(tx, number))

    return answers.shown(await parts.read(whole))


@router.post("/{number}/acknowledge", response_model=incident_answers.Incident)
async def acknowledge_incident(
    _: Responder, number: Number, sent: ByPerson, write: Write
) -> Response:
    """I have it: its issues that nobody has are mine, and those that join later.

    Late or twice changes nothing: see `owner` in the answer.
    """

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        person = view.person(sent.person).id
        return actions.acknowledge(tx, view, number, person, now)

    return await write(shown(act))


class SentIssues(MaybeByPerson):
    """Which issues have this cause too."""

    issues: Annotated[Issues, Field(min_length=1)]


@router.post("/{number}/issues", response_model=incident_answers.Incident)
async def join_issues(
    _: Responder, number: Number, sent: SentIssues, write: Write
) -> Response:
    """Join issues, all or none. Those that nobody has are the incident's owner's."""

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        by = person_of(view, sent)
        return actions.join(tx, view, number, sent.issues, now, by=by)

    return await write(shown(act))


@router.delete("/{number}/issues/{issue}", response_model=incident_answers.Incident)
async def part_issue(
    _: Responder, number: Number, issue: Number, write: Write
) -> Response:
    """Take an issue out. The rules decide about it again, at once."""

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.leave(tx, view, number, issue, now, by=None)

    return await write(shown(act))


class IncidentResolution(MaybeByPerson):
    """How it ended; `issues`: whether its issues end with it, with the same result."""

    result: Wanted
    cause: Text = ""
    issues: bool = False


@router.post("/{number}/resolve", response_model=incident_answers.Incident)
async def resolve_incident(
    _: Responder, number: Number, sent: IncidentResolution, write: Write
) -> Response:
    """End an incident. Its issues go on, unless `issues` says that they end too."""

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.resolve(
            tx,
            view,
            number,
            sent.result,
            now,
            by=person_of(view, sent),
            cause=sent.cause,
            with_issues=sent.issues,
        )

    return await write(shown(act))


class Texts(Sent):
    """The same news in the languages of its readers; one will do."""

    en: Wanted | None = None
    fa: Wanted | None = None
    ar: Wanted | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.by_language():
            languages = ", ".join(Language)
            msg = f"has no text; give one of {languages}"
            raise ValueError(msg)
        return self

    def by_language(self) -> dict[str, str]:
        """Return the texts that there are."""
        return self.model_dump(exclude_none=True)


class SentUpdate(Sent):
    """What the customers are told: one text, or one for each language."""

    text: Texts | Wanted
    author: Words | None = None


@router.get("/{number}/updates", response_model=incident_answers.UpdateList)
async def list_updates(_: Reader, parts: Service, number: Number) -> Response:
    """Show all updates, the newest first, and what became of each customer's copy.

    `queued`, `sent`, `delivered`, `failed`, or `not_sendable`: then it stands on the
    issue, somebody has to tell the customer where they wrote, and until then they wait.
    """

    def listed(tx: Tx, _view: View, _now: datetime) -> list[dict[str, Any]]:
        found = incident_updates.of_incident(tx, actions.found(tx, number).id)
        return [shapes.tracked(tx, each) for each in found]

    return answers.shown({"items": await parts.read(listed)})


@router.post(
    "/{number}/updates", response_model=incident_answers.TrackedUpdate, status_code=201
)
async def send_update(
    _: Responder, number: Number, sent: SentUpdate, write: Write
) -> Response:
    """Tell every customer in the incident, once each, in the language they write in.

    An author who is one of us has the incident from now on, if nobody had it.
    """
    texts = {"": sent.text} if isinstance(sent.text, str) else sent.text.by_language()

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        incident = actions.held(tx, number)
        told = actions.tell_customers(tx, view, incident, texts, sent.author, now)
        return 201, shapes.tracked(tx, told)

    return await write(action, at=f"/api/v1/incidents/{number}/updates")


def shown(act: Act, *, status: int = 200) -> Callable[[Tx, View, datetime], Answer]:
    """Turn what became of an incident into a response."""

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        return status, shapes.incident(act(tx, view, now))

    return action


def person_of(view: View, sent: MaybeByPerson) -> str | None:
    """Return who does it. Raises NotFound for a stranger."""
    return None if sent.person is None else view.person(sent.person).id
