"""Where providers call us: verified, taken in, answered."""

from functools import partial

import structlog
from fastapi import APIRouter, Request, Response

from integrations.contract import (
    CallAnswered,
    DeliveryUpdate,
    Inbound,
    InboundReply,
    MethodRefused,
    Said,
    Webhook,
    WebhookRequest,
)
from oncall import metrics
from oncall.web.apart import apart
from oncall.web.parts import Parts
from oncall.web.problems import problem

log = structlog.get_logger()


def routes(parts: Parts) -> APIRouter:
    """Return a route for each webhook that is configured."""
    router = APIRouter(include_in_schema=False)
    for webhook in parts.webhooks:
        router.add_api_route(webhook.path, _Endpoint(parts, webhook), methods=["POST"])
    return router


def called(request: Request, parts: Parts, body: bytes) -> WebhookRequest:
    """Return a call as the provider made it, by our public address."""
    query = request.scope["query_string"].decode("latin-1")
    address = parts.house.config.service.url + request.url.path
    return WebhookRequest(
        url=f"{address}?{query}" if query else address,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )


def forged() -> Response:
    """Refuse a call that is not the provider's, and count it."""
    metrics.REFUSED.labels("webhook").inc()
    log.warning(
        "a webhook call was not signed as it should be",
        action="webhook",
        hint="does service.url say the address the provider calls?",
    )
    return problem(403, "this call is not signed as it should be")


def webhook_at(parts: Parts, path: str) -> Webhook | None:
    """Return the webhook that is called by a path."""
    for webhook in parts.webhooks:
        before, secret, _ = webhook.path.partition("{")
        if path == webhook.path or (secret and path.startswith(before)):
            return webhook
    return None


class _Endpoint:
    """One provider's way in. A forged call is refused with 403 and only counted."""

    def __init__(self, parts: Parts, webhook: Webhook) -> None:
        self._parts = parts
        self._webhook = webhook

    async def __call__(self, request: Request) -> Response:
        """Verify, act, answer."""
        received = called(request, self._parts, await request.body())
        genuine, said = await apart(len(received.body), partial(self._read, received))
        if not genuine:
            return forged()
        content_type, body = self._webhook.answer(await self._act(said, received))
        return Response(body, media_type=content_type)

    def _read(self, received: WebhookRequest) -> tuple[bool, Inbound | None]:
        """Tell whether the call is the provider's own, and what it says."""
        if not self._webhook.verify(received):
            return False, None
        return True, self._webhook.parse(received)

    async def _act(self, said: Inbound | None, received: WebhookRequest) -> Said:
        """Carry out what the provider says; return what is to be answered there."""
        inbox = self._parts.inbox
        match said:
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
