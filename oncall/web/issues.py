"""`/api/v1/issues`: taking issues in, reading them, and acting on them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from escalation_policies.policy import Severity
from oncall import metrics
from oncall.actions.acknowledge import acknowledge
from oncall.actions.assign import assign
from oncall.actions.converse import add_message, add_note, add_promise
from oncall.actions.done import Done
from oncall.actions.house import View
from oncall.actions.pass_on import pass_on
from oncall.actions.report import report
from oncall.actions.resolve import resolve
from oncall.actions.severity import set_severity
from oncall.actions.snooze import snooze
from oncall.errors import Conflict, NotFound
from oncall.model import Customer, Issue, Outcome, Report, Status
from oncall.store import Tx, issues
from oncall.web import shapes
from oncall.web.auth import Intake, Reader, Responder, Service
from oncall.web.fields import (
    Instant,
    Key,
    Line,
    Number,
    Sent,
    Span,
    Text,
    Wanted,
    Words,
)
from oncall.web.writes import Answer, Write

router = APIRouter(prefix="/api/v1/issues", tags=["issues"])

Act = Callable[[Tx, View, datetime], Done]


class SentCustomer(Sent):
    """Who wrote."""

    name: Line = ""
    email: Line = ""
    phone: Line = ""
    handle: Line = ""
    tier: Line = ""
    language: Line = ""


class SentIssue(Sent):
    """What a customer wrote, and what is known about it."""

    source: Words
    customer: SentCustomer
    subject: Words
    external_id: Line | None = None
    text: Text | None = None
    severity: Severity | None = None
    tags: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    link: Line | None = None
    occurred_at: Instant | None = None

    def report(self) -> Report:
        """Return it as the service knows it."""
        return Report(
            source=self.source,
            subject=self.subject,
            customer=Customer(**self.customer.model_dump()),
            text=self.text or "",
            external_id=self.external_id or "",
            severity=self.severity,
            tags=self.tags,
            link=self.link or "",
            occurred_at=self.occurred_at,
        )


@router.post("", status_code=201, responses={200: {"description": "appended"}})
async def new_issue(_: Intake, sent: SentIssue, write: Write) -> Response:
    """Open an issue, or append to the open one with this source and external id.

    A 2xx means that it is on disk, and that whoever is on call is being paged.
    """

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        reported = report(tx, view, sent.report(), now)
        if reported.new:
            metrics.ISSUES.labels("api", reported.issue.severity).inc()
        return 201 if reported.new else 200, shapes.issue(reported.issue)

    return await write(action)


@router.get("")
async def list_issues(
    _: Reader,
    parts: Service,
    *,
    status: Status | None = None,
    severity: Severity | None = None,
    owner: Key | None = None,
    customer: Key | None = None,
    cursor: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """List issues, the newest first. `customer` is a name, e-mail, phone or handle."""

    def listed(tx: Tx, _view: View, _now: datetime) -> list[Issue]:
        return issues.listed(
            tx,
            status=status,
            severity=severity,
            owner=owner,
            customer=customer,
            before=cursor,
            limit=limit + 1,
        )

    found = await parts.read(listed)
    more = found[limit - 1].number if len(found) > limit else None
    return {
        "items": [shapes.issue(each) for each in found[:limit]],
        "next_cursor": None if more is None else str(more),
    }


@router.get("/{number}")
async def one_issue(_: Reader, parts: Service, number: Number) -> dict[str, Any]:
    """Show an issue with its messages, pages, promises and timeline."""

    def whole(tx: Tx, _view: View, _now: datetime) -> dict[str, Any]:
        found = issues.find(tx, number)
        if found is None:
            raise _no_such(number)
        return shapes.whole_issue(tx, found)

    return await parts.read(whole)


class ByPerson(Sent):
    """Who does it."""

    person: Words


class MaybeByPerson(Sent):
    """Who does it, if that is known."""

    person: Words | None = None


@router.post("/{number}/acknowledge")
async def acknowledge_issue(
    _: Responder, number: Number, sent: ByPerson, write: Write
) -> Response:
    """I have it. Late or twice changes nothing: see `owner` in the answer."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return acknowledge(tx, view, number, view.person(sent.person).id, now)

    return await write(_answered(number, act))


class Resolution(Sent):
    """What the customer was told at the end."""

    result: Wanted
    person: Words | None = None


@router.post("/{number}/resolve")
async def resolve_issue(
    _: Responder, number: Number, sent: Resolution, write: Write
) -> Response:
    """Finish an issue. `result` is what the customer was told."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return resolve(tx, view, number, _person(view, sent.person), sent.result, now)

    return await write(_answered(number, act))


@router.post("/{number}/escalate")
async def escalate_issue(
    _: Responder, number: Number, write: Write, sent: MaybeByPerson | None = None
) -> Response:
    """Page the next level now."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        person = _person(view, sent.person if sent else None)
        return pass_on(tx, view, number, person, now)

    return await write(_answered(number, act))


class Assignment(ByPerson):
    """Who is the customer's contact from now on, and why."""

    reason: Wanted


@router.post("/{number}/assign")
async def assign_issue(
    _: Responder, number: Number, sent: Assignment, write: Write
) -> Response:
    """Give the customer another contact; a reason is needed."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return assign(tx, view, number, sent.person, sent.reason, now)

    return await write(_answered(number, act))


class Pause(Sent):
    """For how long, e.g. `15m`."""

    span: Annotated[Span, Field(alias="for")]
    person: Words | None = None


@router.post("/{number}/snooze")
async def snooze_issue(
    _: Responder, number: Number, sent: Pause, write: Write
) -> Response:
    """Hold the levels for a while; bad news is not held."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return snooze(tx, view, number, _person(view, sent.person), sent.span, now)

    return await write(_answered(number, act))


class Judgement(Sent):
    """How bad it is; lowering `critical` needs a reason."""

    severity: Severity
    reason: Text = ""


@router.post("/{number}/severity")
async def judge_issue(
    _: Responder, number: Number, sent: Judgement, write: Write
) -> Response:
    """Say how bad it is. Bad news is looked at again at once."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return set_severity(tx, view, number, sent.severity, sent.reason, now)

    return await write(_answered(number, act))


class SentMessage(Sent):
    """What was said: `in` by the customer, `out` to the customer."""

    direction: Literal["in", "out"]
    text: Wanted
    author: Words | None = None


@router.post("/{number}/messages", status_code=201)
async def message(
    _: Responder, number: Number, sent: SentMessage, write: Write
) -> Response:
    """Keep a message. One that goes out ends the customer's waiting."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return add_message(
            tx,
            view,
            number,
            direction=sent.direction,
            text=sent.text,
            author=sent.author,
            now=now,
        )

    return await write(_answered(number, act, created=True))


class SentNote(Sent):
    """Words that only we read."""

    text: Wanted
    author: Words | None = None


@router.post("/{number}/notes", status_code=201)
async def note(_: Responder, number: Number, sent: SentNote, write: Write) -> Response:
    """Write something down on the timeline."""

    def act(tx: Tx, _view: View, now: datetime) -> Done:
        return add_note(tx, number, sent.text, sent.author, now)

    return await write(_answered(number, act, created=True))


class SentPromise(Sent):
    """What the customer was told to expect, by when."""

    text: Wanted
    due: Instant
    owner: Words | None = None


@router.post("/{number}/promises", status_code=201)
async def promise(
    _: Responder, number: Number, sent: SentPromise, write: Write
) -> Response:
    """Keep a promise; without an owner it is the issue's owner's."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return add_promise(
            tx,
            view,
            number,
            text=sent.text,
            owner=sent.owner,
            due_at=sent.due,
            now=now,
        )

    return await write(_answered(number, act, created=True))


def _answered(
    number: int, act: Act, *, created: bool = False
) -> Callable[[Tx, View, datetime], Answer]:
    """Turn what became of an action into a response."""

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        done = act(tx, view, now)
        if done.issue is None:
            raise _no_such(number)
        if done.outcome is Outcome.CLOSED:
            msg = f"issue #{number} is {done.issue.status} since it was finished"
            raise Conflict(msg)
        return 201 if created else 200, shapes.issue(done.issue)

    return action


def _person(view: View, name: str | None) -> str | None:
    return None if name is None else view.person(name).id


def _no_such(number: int) -> NotFound:
    return NotFound(f"there is no issue #{number}")
