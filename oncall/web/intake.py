"""`/intake/{name}`: where products bring what customers write.

Verified, kept as it came, and answered; it is read afterwards.
"""

import structlog
from fastapi import APIRouter, Request, Response

from integrations.intake.contract import Answer, IntakeRequest, Verdict
from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.sources import ConfiguredSource
from oncall.actions.verdict import Verdict as Kept
from oncall.errors import NotFound
from oncall.store import Tx
from oncall.web.auth import Service
from oncall.web.parts import Parts
from oncall.web.problems import problem

log = structlog.get_logger()
router = APIRouter(prefix="/intake", include_in_schema=False)


@router.post("/{name}")
@router.get("/{name}")
async def intake(name: str, request: Request, parts: Service) -> Response:
    """Take a delivery in, or shake hands. The second time is answered like the first."""
    source = parts.sources.get(name)
    if source is None or not source.product.called:
        msg = f"there is no source {name!r}; it stands under [integrations.intake]"
        raise NotFound(msg)
    received = await _received(request, parts)
    match source.judge(received, parts.clock.now()):
        case Verdict.BAD_SIGNATURE:
            return _refused(parts, source)
        case Verdict.CHALLENGE:
            return _answer(source.handshake(received) or source.product.answer)
        case Verdict.ACCEPTED:
            await _keep(parts, source, received)
            return _answer(source.product.answer)


async def _keep(
    parts: Parts, source: ConfiguredSource, received: IntakeRequest
) -> None:
    def work(tx: Tx) -> Kept:
        return deliveries.receive(tx, source, received, received.received_at)

    verdict = await parts.database.write(work)
    metrics.DELIVERIES.labels(source.name, verdict).inc()


async def _received(request: Request, parts: Parts) -> IntakeRequest:
    query = request.url.query
    address = parts.house.config.service.url + request.url.path
    return IntakeRequest(
        url=f"{address}?{query}" if query else address,
        method=request.method,
        query=dict(request.query_params),
        headers={name.lower(): value for name, value in request.headers.items()},
        # a handshake has none, and how much may come with GET is limited nowhere
        body=b"" if request.method == "GET" else await request.body(),
        received_at=parts.clock.now(),
    )


def _refused(parts: Parts, source: ConfiguredSource) -> Response:
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
