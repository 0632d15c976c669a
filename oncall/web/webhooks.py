"""Where providers call us: verified, taken in, answered."""

import structlog
from fastapi import APIRouter, Request, Response

from integrations.contract import (
    CallAnswered,
    DeliveryUpdate,
    InboundReply,
    MethodRefused,
    Said,
    Webhook,
    WebhookRequest,
)
from oncall import metrics
from oncall.web.parts import Parts
from oncall.web.problems import problem

log = structlog.get_logger()


def routes(parts: Parts) -> APIRouter:
    """Return a route for each webhook that is configured."""
    router = APIRouter(include_in_schema=False)
    for webhook in parts.webhooks:
        router.add_api_route(webhook.path, _Endpoint(parts, webhook), methods=["POST"])
    return router


class _Endpoint:
    """One provider's way in. A forged call is refused with 403 and only counted."""

    def __init__(self, parts: Parts, webhook: Webhook) -> None:
        self._parts = parts
        self._webhook = webhook

    async def __call__(self, request: Request) -> Response:
        """Verify, act, answer."""
        received = await self._received(request)
        if not self._webhook.verify(received):
            metrics.REFUSED.labels("webhook").inc()
            log.warning(
                "a webhook call was not signed as it should be",
                action="webhook",
                hint="does service.url say the address the provider calls?",
            )
            return problem(403, "this call is not signed as it should be")
        content_type, body = self._webhook.answer(await self._act(received))
        return Response(body, media_type=content_type)

    async def _received(self, request: Request) -> WebhookRequest:
        query = request.url.query
        address = self._parts.house.config.service.url + request.url.path
        return WebhookRequest(
            url=f"{address}?{query}" if query else address,
            query=query,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.body(),
        )

    async def _act(self, received: WebhookRequest) -> Said:
        """Carry out what the provider says; return what is to be answered there."""
        inbox = self._parts.inbox
        match self._webhook.parse(received):
            case InboundReply() as reply:
                return await inbox.respond(reply, received)
            case CallAnswered() as answered:
                return await inbox.words_of(answered)
            case DeliveryUpdate() as update:
                if not await inbox.update(update):
                    log.info(
                        "a delivery report is about no page of ours", action="webhook"
                    )
            case MethodRefused() as refused:
                await inbox.blocked(refused.sender)
            case None:
                pass
        return Said()
