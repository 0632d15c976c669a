"""`/api/v1/issues/{number}/…`: what people and programs do with an issue."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from escalation_policies.policy import Severity
from oncall.actions.acknowledge import acknowledge
from oncall.actions.assign import assign
from oncall.actions.converse import add_message, add_note, add_promise
from oncall.actions.done import Done
from oncall.actions.house import View
from oncall.actions.letter_address import confirm
from oncall.actions.pass_on import pass_on
from oncall.actions.resolve import resolve
from oncall.actions.severity import set_severity
from oncall.actions.snooze import snooze
from oncall.errors import Conflict
from oncall.model import Issue, Outcome
from oncall.store import Tx
from oncall.web import answers, shapes
from oncall.web.auth import Responder
from oncall.web.fields import (
    Instant,
    Number,
    Sent,
    Span,
    Text,
    Wanted,
    Words,
)
from oncall.web.issues import FOUND_AT, no_such
from oncall.web.writes import Answer, Write

router = APIRouter(prefix="/api/v1/issues", tags=["issues"])

Act = Callable[[Tx, View, datetime], Done]
Shown = Callable[[Tx, View, Issue], dict[str, Any]]


class ByPerson(Sent):
    """Who does it."""

    person: Words


class MaybeByPerson(Sent):
    """Who does it, if that is known."""

    person: Words | None = None


@router.post("/{number}/acknowledge", response_model=answers.Issue)
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


@router.post("/{number}/resolve", response_model=answers.Issue)
async def resolve_issue(
    _: Responder, number: Number, sent: Resolution, write: Write
) -> Response:
    """Finish an issue. `result` is what the customer was told."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return resolve(tx, view, number, _person(view, sent.person), sent.result, now)

    return await write(_answered(number, act))


@router.post("/{number}/escalate", response_model=answers.Issue)
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


@router.post("/{number}/assign", response_model=answers.Issue)
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


@router.post("/{number}/snooze", response_model=answers.Issue)
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


@router.post("/{number}/severity", response_model=answers.Issue)
async def judge_issue(
    _: Responder, number: Number, sent: Judgement, write: Write
) -> Response:
    """Say how bad it is. Bad news is looked at again at once."""

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return set_severity(tx, view, number, sent.severity, sent.reason, now)

    return await write(_answered(number, act))


class SentMessage(Sent):
    """What was said: `in` by the customer, `out` to the customer.

    With `send` an answer goes out by the source the customer wrote by; `false` is for
    one that was given elsewhere, and `where` says where: `phone`, `helpdesk`, …
    """

    direction: Literal["in", "out"]
    text: Wanted
    author: Words | None = None
    send: bool = True
    where: Words | None = None


@router.post("/{number}/messages", response_model=answers.Conversation, status_code=201)
async def new_message(
    _: Responder, number: Number, sent: SentMessage, write: Write
) -> Response:
    """Keep a message; an answer is sent, exactly as written.

    It ends the waiting when it was taken on its way, or was told elsewhere. What cannot
    be sent from here is refused (409), and the problem says what can be done.
    """

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return add_message(
            tx,
            view,
            number,
            direction=sent.direction,
            text=sent.text,
            author=sent.author,
            now=now,
            send=sent.send,
            where=sent.where or "",
        )

    def shown(tx: Tx, view: View, issue: Issue) -> dict[str, Any]:
        return {**shapes.issue(issue), **shapes.conversation(tx, view, issue)}

    return await write(_answered(number, act, created=True, shown=shown), at=FOUND_AT)


class ConfirmedAddress(Sent):
    """An address that is the customer's, and who says so."""

    address: Words
    person: Words | None = None


@router.post("/{number}/confirm-address", response_model=answers.Issue)
async def confirm_address(
    _: Responder, number: Number, sent: ConfirmedAddress, write: Write
) -> Response:
    """Say that one of `customer.unconfirmed` is the customer's.

    The customer is answered there from now on.
    """

    def act(tx: Tx, view: View, now: datetime) -> Done:
        person = _person(view, sent.person)
        return confirm(tx, number, sent.address, person, now)

    return await write(_answered(number, act))


class SentNote(Sent):
    """Words that only we read."""

    text: Wanted
    author: Words | None = None


@router.post("/{number}/notes", response_model=answers.Issue, status_code=201)
async def new_note(
    _: Responder, number: Number, sent: SentNote, write: Write
) -> Response:
    """Write something down on the timeline."""

    def act(tx: Tx, _view: View, now: datetime) -> Done:
        return add_note(tx, number, sent.text, sent.author, now)

    return await write(_answered(number, act, created=True), at=FOUND_AT)


class SentPromise(Sent):
    """What the customer was told to expect, by when."""

    text: Wanted
    due: Instant
    owner: Words | None = None


@router.post("/{number}/promises", response_model=answers.Issue, status_code=201)
async def new_promise(
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

    return await write(_answered(number, act, created=True), at=FOUND_AT)


def _in_short(_tx: Tx, _view: View, issue: Issue) -> dict[str, Any]:
    return shapes.issue(issue)


def _answered(
    number: int, act: Act, *, created: bool = False, shown: Shown = _in_short
) -> Callable[[Tx, View, datetime], Answer]:
    """Turn what became of an action into a response."""

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        done = act(tx, view, now)
        if done.issue is None:
            raise no_such(number)
        if done.outcome is Outcome.CLOSED:
            msg = f"issue #{number} is {done.issue.status} since it was finished"
            raise Conflict(msg)
        return 201 if created else 200, shown(tx, view, done.issue)

    return action


def _person(view: View, name: str | None) -> str | None:
    return None if name is None else view.person(name).id
