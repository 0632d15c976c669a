"""`/intake/{name}`: where products bring what customers write.

Verified, kept as it came, and answered; it is read afterwards.
"""

from functools import partial

import structlog
from fastapi import APIRouter, Request, Response

from integrations.intake.contract import Answer, IntakeRequest, Verdict
from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.sources import ConfiguredSource
from oncall.actions.verdict import Verdict as Kept
from oncall.errors import NotFound
from oncall.store import Tx
from oncall.web.apart import apart
from oncall.web.auth import Service
from oncall.web.parts import Parts
from oncall.web.problems import problem

log = structlog.get_logger()
router = APIRouter(prefix="/intake", include_in_schema=False)


@router.post("/{name}")
@router.get("/{name}")
async def intake(name: str, request: Request, parts: Service) -> Response:
    """Take a delivery in, or shake hands. The second time is answered like the first."""
    source = source_at(parts, name)
    # a handshake has no body, and how much may come with GET is limited nowhere
    body = b"" if request.method == "GET" else await request.body()
    received = called(request, parts, body)
    judge = partial(source.judge, received, received.received_at)
    match await apart(len(body), judge):
        case Verdict.BAD_SIGNATURE:
            return forged(parts, source)
        case Verdict.CHALLENGE:
            return _answer(source.handshake(received) or source.product.answer)
        case Verdict.ACCEPTED:
            await _keep(parts, source, received)
            return _answer(source.product.answer)


def source_at(parts: Parts, name: str) -> ConfiguredSource:
    """Return the source that is called by this name. Raises NotFound."""
    source = parts.sources.get(name)
    if source is None or not source.product.called:
        msg = f"there is no source {name!r}; it stands under [integrations.intake]"
        raise NotFound(msg)
    return source


async def _keep(
    parts: Parts, source: ConfiguredSource, received: IntakeRequest
) -> None:
    # its name may stand in the body: that is read before the database is held
    arrival = await apart(len(received.body), partial(source.arrival, received))

    def work(tx: Tx) -> Kept:
        return deliveries.keep(tx, arrival, received.received_at)

    verdict = await parts.database.write(work)
    metrics.DELIVERIES.labels(source.name, verdict).inc()


def called(request: Request, parts: Parts, body: bytes) -> IntakeRequest:
    """Return a delivery as the product made it, by our public address."""
    query = request.scope["query_string"].decode("latin-1")
    address = parts.house.config.service.url + request.url.path
    return IntakeRequest(
        url=f"{address}?{query}" if query else address,
        method=request.method,
        query=dict(request.query_params),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        received_at=parts.clock.now(),
    )


def forged(parts: Parts, source: ConfiguredSource) -> Response:
    """Refuse a delivery that is not the product's, and count it."""
    metrics.REFUSED.labels("intake").inc()
    parts.forged[source.name] += 1
    log.warning(
        "a delivery was not signed as it should be",
        action="intake",
        source=source.name,
        hint="is the secret the one that the product has?",
    )
    return problem(401, "this delivery is not signed as it should be")


def _answer(answer: Answer) -> Response:
    return Response(answer.body, answer.status, media_type=answer.content_type)
