"""`/deliveries`: what products brought, for people, and a button to read it again.

The browser asks who it is (HTTP Basic): any name, and an API token's secret as password.
"""

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.house import View
from oncall.actions.verdict import Verdict
from oncall.config.values import ApiToken
from oncall.model import Scope
from oncall.store import Tx, intake
from oncall.store.intake import Stored
from oncall.web.auth import Service, holder, may, one_of
from oncall.web.deliveries import as_it_came, shape
from oncall.web.fields import Key, Number
from oncall.web.origin import OwnPage
from oncall.web.pages.render import page

router = APIRouter(prefix="/deliveries", include_in_schema=False)

SHOWN = 50
ASK = {"WWW-Authenticate": 'Basic realm="any name, an API token as password"'}


async def visitor(request: Request, parts: Service) -> ApiToken:
    """Return whose token the browser shows; it may at least read. Raises 401, 403."""
    token = holder(_bearer(one_of(request.headers, "authorization")), parts)
    if token is None:
        metrics.REFUSED.labels("page").inc()
        detail = "give any name, and the secret of an api.tokens entry as password"
        raise HTTPException(401, detail, headers=ASK)
    if not may(token, Scope.READ):
        raise HTTPException(403, f"the token {token.name!r} may not read")
    return token


def _bearer(header: str) -> str:
    """Return a Basic header's password as the header of a bearer."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        words = base64.b64decode(sent, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return f"Bearer {words.partition(':')[2]}"


Visitor = Annotated[ApiToken, Depends(visitor)]


@router.get("")
async def last_deliveries(
    token: Visitor,
    parts: Service,
    source: Key = "",
    verdict: Annotated[Verdict | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    """Show the last deliveries, those of a source or verdict only when one is named."""

    def listed(tx: Tx, _view: View, _now: object) -> list[Stored]:
        return intake.listed(
            tx, source=source or None, verdict=verdict, before=before, limit=SHOWN + 1
        )

    found = await parts.read(listed)
    return page(
        "deliveries.html",
        service=parts.house.config.service.name,
        found=[shape(each, parts.sources) for each in found[:SHOWN]],
        further=found[SHOWN - 1].id if len(found) > SHOWN else None,
        forged=dict(parts.forged),
        source=source,
        verdict=verdict or "",
        sources=sorted(parts.sources),
        verdicts=list(Verdict),
        may_replay=may(token, Scope.ADMIN),
    )


@router.get("/{number}")
async def one_delivery(_: Visitor, parts: Service, number: Number) -> HTMLResponse:
    """Show a delivery as it came, but for its secret."""

    def look(tx: Tx, _view: View, _now: object) -> Stored:
        return deliveries.found(tx, number)

    found = await parts.read(look)
    return page(
        "delivery.html",
        service=parts.house.config.service.name,
        one=shape(found, parts.sources) | as_it_came(found),
    )


@router.post("/{number}/replay", dependencies=[OwnPage])
async def replay(token: Visitor, parts: Service, number: Number) -> RedirectResponse:
    """Have a delivery read again, and show the list."""
    if not may(token, Scope.ADMIN):
        detail = f"the token {token.name!r} may not replay; that needs admin"
        raise HTTPException(403, detail)
    await parts.write(lambda tx, _view, now: deliveries.replay(tx, number, now))
    return RedirectResponse("/deliveries", status_code=303)
