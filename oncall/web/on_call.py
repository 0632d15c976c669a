"""Who is on call: the question that is asked most often."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from oncall.actions.house import View
from oncall.model import Scope
from oncall.web import answers, direct, shapes
from oncall.web.auth import Needs, Reader, Service
from oncall.web.fields import Instant
from oncall.web.kept import keep
from oncall.web.parts import Parts
from oncall.web.roster import known
from rotations.coverage import CHANGES_WITHIN, Roster


class _Query(direct.Query):
    rotation: str | None = None
    at: Instant | None = None


class _Route(direct.Direct):
    asks = Needs(Scope.READ)
    query = _Query


router = APIRouter(prefix="/api/v1", tags=["rotations"], route_class=_Route)


@router.get("/on-call", response_model=answers.OnCallList)
async def on_call(
    _: Reader,
    request: Request,
    parts: Service,
    rotation: str | None = None,
    at: Annotated[Instant | None, Query()] = None,
) -> list[dict[str, Any]]:
    """Who is on call, now or at an instant, in one rotation or all."""
    seen, now = await parts.lately(), parts.clock.now()
    roster = await _roster(parts, seen.view, at or now)
    names = [rotation] if rotation else list(roster.rotations)
    found = {
        name: roster.who_is_on_call(known(seen.view, name), at or now) for name in names
    }
    ends = [one.until for one in found.values() if one.until is not None and not at]
    keep(request, min([seen.until, *ends]))
    return [shapes.on_call(name, one) for name, one in found.items()]


async def _roster(parts: Parts, view: View, at: datetime) -> Roster:
    """Return what can be asked about `at`; what is long ago has to be looked up."""
    if view.remembers(at):
        return view.roster
    return await parts.read(
        lambda tx, there, _now: there.roster_of(tx, at, at + CHANGES_WITHIN)
    )
