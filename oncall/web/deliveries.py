"""`/api/v1/deliveries`: what products brought, and what became of it."""

from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from fastapi import APIRouter, Response

from oncall.actions import deliveries
from oncall.actions.house import View
from oncall.actions.sources import Sources
from oncall.actions.verdict import Verdict
from oncall.store import Tx, intake
from oncall.store.intake import Stored
from oncall.web import answers
from oncall.web.auth import Admin, Reader, Service
from oncall.web.fields import Key, Number
from oncall.web.instants import written
from oncall.web.lists import Cursor, Limit, in_pages
from oncall.web.writes import Answer, Write

router = APIRouter(prefix="/api/v1/deliveries", tags=["deliveries"])

SHOWN = 20_000
"""So many characters of a body are shown."""


@router.get("", response_model=answers.DeliveryList)
async def list_deliveries(
    _: Reader,
    parts: Service,
    *,
    source: Key | None = None,
    verdict: Verdict | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List deliveries, the newest first. `refused` counts forged ones, by source.

    Those are kept nowhere; they are counted since this process started.
    """

    def listed(tx: Tx, _view: View, _now: datetime) -> list[Stored]:
        return intake.listed(
            tx, source=source, verdict=verdict, before=cursor, limit=limit + 1
        )

    found = await parts.read(listed)
    shapes = partial(shape, sources=parts.sources)
    listing = in_pages(found, limit, shape=shapes, number=attrgetter("id"))
    return answers.shown(listing | {"refused": dict(parts.forged)})


@router.get("/{number}", response_model=answers.WholeDelivery)
async def one_delivery(_: Reader, parts: Service, number: Number) -> Response:
    """Show a delivery as it came, but for its secret. `body` is cut when it is long."""

    def look(tx: Tx, _view: View, _now: datetime) -> Stored:
        return deliveries.found(tx, number)

    found = await parts.read(look)
    return answers.shown(shape(found, parts.sources) | as_it_came(found))


@router.post("/{number}/replay", response_model=answers.Delivery, status_code=202)
async def replay_delivery(
    _: Admin, number: Number, parts: Service, write: Write
) -> Response:
    """Read a delivery again, as after a mapping was mended.

    Messages that an issue holds already change nothing.
    """

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        return 202, shape(deliveries.replay(tx, number, now), parts.sources)

    return await write(action)


def as_it_came(found: Stored) -> dict[str, Any]:
    """Show a delivery's request; a long body is cut."""
    return {
        "method": found.method,
        "query": dict(found.query),
        "headers": dict(found.headers),
        "body": found.body.decode(errors="replace")[:SHOWN],
    }


def shape(found: Stored, sources: Sources) -> dict[str, Any]:
    """Show a delivery in short. `signed`: its product signs what it sends."""
    source = sources.get(found.source)
    return {
        "id": found.id,
        "source": found.source,
        "kind": found.kind,
        "delivery_id": found.delivery_id,
        "verdict": found.verdict,
        "duplicate_of": found.duplicate_of,
        "outcomes": [dict(each) for each in found.outcomes],
        "detail": found.detail or None,
        "signed": None if source is None else source.product.signs,
        "received_at": written(found.received_at),
        "read_at": written(found.read_at),
    }
