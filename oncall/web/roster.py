"""Turns, and what changes them: rotations, overrides, swaps, absences."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import Field

from oncall.actions import exceptions as acts
from oncall.actions.house import View
from oncall.actions.load import carried
from oncall.actions.load import shape as load_shape
from oncall.errors import NotFound, Refused
from oncall.model import Scope
from oncall.store import Tx
from oncall.web import answers, shapes
from oncall.web.auth import Reader, Responder, Service
from oncall.web.fields import Instant, Key, Line, Sent, Words
from oncall.web.instants import written
from oncall.web.writes import NOTHING, Answer, Write
from rotations.exception import Absence, Override, Swap

router = APIRouter(prefix="/api/v1", tags=["rotations"])

SHOWN = timedelta(days=30)
LONGEST_SPAN = timedelta(days=366 * 5)
MOST_WEEKS = 104
From = Annotated[Instant | None, Query(alias="from")]
To = Annotated[Instant | None, Query()]


@router.get("/rotations/{rotation}/shifts", response_model=answers.ShiftList)
async def shifts(
    _: Reader, parts: Service, rotation: str, from_: From = None, to: To = None
) -> Response:
    """Everybody's shifts in `[from, to)`; the next 30 days unless said otherwise."""

    def found(tx: Tx, view: View, now: datetime) -> list[dict[str, Any]]:
        start, end = span(from_, to, now)
        roster = view.roster_of(tx, start, end)
        return shapes.shifts(roster.shifts_between(known(view, rotation), start, end))

    return answers.shown(await parts.read(found))


@router.get("/rotations/{rotation}/gaps", response_model=answers.GapList)
async def gaps(
    _: Reader, parts: Service, rotation: str, from_: From = None, to: To = None
) -> Response:
    """When nobody is on call though somebody should be."""

    def found(tx: Tx, view: View, now: datetime) -> list[dict[str, Any]]:
        start, end = span(from_, to, now)
        roster = view.roster_of(tx, start, end)
        gaps_there = roster.gaps(known(view, rotation), start, end)
        return [shapes.gap(gap) for gap in gaps_there]

    return answers.shown(await parts.read(found))


@router.get("/load", response_model=answers.TeamLoad)
async def load(
    _: Reader,
    parts: Service,
    rotation: Annotated[list[str] | None, Query()] = None,
    weeks: Annotated[int, Query(ge=1, le=MOST_WEEKS)] = 26,
) -> Response:
    """Everybody's hours on call, in the weeks behind and those ahead.

    In all rotations, or those named. An hour is a holiday's, else a weekend's, else a
    weekday night's, else other.
    """

    def found(tx: Tx, view: View, now: datetime) -> dict[str, Any]:
        now = now.replace(microsecond=0)
        names = [known(view, name) for name in rotation or view.roster.rotations]
        span = timedelta(weeks=weeks)
        roster = view.roster_of(tx, now - span, now + span)
        return load_shape(carried(roster, names, now, weeks))

    return answers.shown(await parts.read(found))


class SentOverride(Sent):
    """Cover whoever, cover `instead_of`, `add` beside, or `remove`."""

    person: Words | None = None
    instead_of: Words | None = None
    add: bool = False
    remove: Words | None = None
    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    reason: Line = ""


@router.post(
    "/rotations/{rotation}/overrides", response_model=answers.Override, status_code=201
)
async def new_override(
    _: Responder, rotation: str, sent: SentOverride, write: Write
) -> Response:
    """Change who is on call for a time."""
    wanted = Override(id=acts.new_id(), rotation=rotation, **sent.model_dump())

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        return 201, _override(acts.override(tx, view, wanted, now))

    return await write(action, at="/api/v1/rotations/{rotation}/overrides/{id}")


@router.delete("/rotations/{rotation}/overrides/{override_id}", status_code=204)
async def end_override(
    _: Responder, rotation: str, override_id: Key, write: Write
) -> Response:
    """End an override now; one that is over cannot be ended."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        acts.end_override(tx, rotation, override_id, now)
        return NOTHING

    return await write(action)


class SentSwap(Sent):
    """`person`'s shifts in `[from, to)` go to `with`, and back if given."""

    person: Words
    with_person: Annotated[Words, Field(alias="with")]
    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    back_start: Annotated[Instant | None, Field(alias="with_from")] = None
    back_end: Annotated[Instant | None, Field(alias="with_to")] = None
    reason: Line = ""
    accepted: bool = False


@router.post(
    "/rotations/{rotation}/swaps", response_model=answers.Swap, status_code=201
)
async def new_swap(
    token: Responder, rotation: str, sent: SentSwap, write: Write
) -> Response:
    """Ask for a swap. With `accepted`, which an admin may say, it is made at once."""
    if sent.accepted and Scope.ADMIN not in token.may:
        detail = "only an admin's token may make a swap without its being accepted"
        raise HTTPException(403, detail)
    values = sent.model_dump(exclude={"accepted"})
    wanted = Swap(id=acts.new_id(), rotation=rotation, **values)

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        made = acts.swap(tx, view, wanted, now, accepted=sent.accepted)
        return 201, _swap(made, accepted=sent.accepted)

    return await write(action, at="/api/v1/rotations/{rotation}/swaps/{id}")


@router.get("/rotations/{rotation}/swaps/{swap_id}", response_model=answers.Swap)
async def one_swap(_: Reader, parts: Service, rotation: str, swap_id: Key) -> Response:
    """Show a swap that waits or is made."""

    def found(tx: Tx, _view: View, _now: datetime) -> dict[str, Any]:
        swap, accepted = acts.found_swap(tx, rotation, swap_id)
        return _swap(swap, accepted=accepted)

    return answers.shown(await parts.read(found))


@router.post(
    "/rotations/{rotation}/swaps/{swap_id}/accept", response_model=answers.Swap
)
async def accept_swap(
    _: Responder, rotation: str, swap_id: Key, write: Write
) -> Response:
    """Make a swap effective."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        return 200, _swap(acts.accept_swap(tx, rotation, swap_id, now), accepted=True)

    return await write(action)


@router.post(
    "/rotations/{rotation}/swaps/{swap_id}/decline", response_model=answers.Swap
)
async def decline_swap(
    _: Responder, rotation: str, swap_id: Key, write: Write
) -> Response:
    """End a swap now; one that is over cannot be ended."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        return 200, _swap(acts.decline_swap(tx, rotation, swap_id, now), accepted=False)

    return await write(action)


class SentAbsence(Sent):
    """A person is away."""

    person: Words
    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    reason: Line = ""


@router.post("/absences", response_model=answers.Absence, status_code=201)
async def new_absence(_: Responder, sent: SentAbsence, write: Write) -> Response:
    """Note that a person is away; somebody else covers."""
    wanted = Absence(id=acts.new_id(), **sent.model_dump())

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        made = acts.absence(tx, view, wanted, now)
        return 201, {
            "id": made.id,
            "person": made.person,
            "from": written(made.start),
            "to": written(made.end),
            "reason": made.reason or None,
        }

    return await write(action, at="/api/v1/absences/{id}")


@router.delete("/absences/{absence_id}", status_code=204)
async def end_absence(_: Responder, absence_id: Key, write: Write) -> Response:
    """Note that the person is back; what is over cannot be ended."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        acts.end_absence(tx, absence_id, now)
        return NOTHING

    return await write(action)


def known(view: View, rotation: str) -> str:
    """Return the rotation's id. Raises NotFound."""
    if rotation not in view.roster.known_rotations:
        names = ", ".join(view.roster.rotations) or "none"
        msg = f"there is no rotation {rotation!r}; there are: {names}"
        raise NotFound(msg)
    return rotation


def span(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """Return the span that is asked for. Raises Refused for one turned round."""
    start = start or now
    end = end or start + SHOWN
    if end <= start:
        msg = "`to` must be later than `from`"
        raise Refused(msg, [("to", "is not later than `from`")])
    if end - start > LONGEST_SPAN:
        msg = "ask for five years at most at a time"
        raise Refused(msg, [("to", "is more than five years after `from`")])
    return start, end


def _override(made: Override) -> dict[str, Any]:
    return {
        "id": made.id,
        "rotation": made.rotation,
        "person": made.person,
        "instead_of": made.instead_of,
        "add": made.add,
        "remove": made.remove,
        "from": written(made.start),
        "to": written(made.end),
        "reason": made.reason or None,
    }


def _swap(made: Swap, *, accepted: bool) -> dict[str, Any]:
    return {
        "id": made.id,
        "rotation": made.rotation,
        "person": made.person,
        "with": made.with_person,
        "from": written(made.start),
        "to": written(made.end),
        "with_from": written(made.back_start),
        "with_to": written(made.back_end),
        "reason": made.reason or None,
        "accepted": accepted,
    }
