"""The way back to customers: one call to a product's API, over HTTP."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import httpx

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import ChannelError, Unavailable, Uncertain
from integrations.intake.reply import Account, Call, ReplyApi, Words, same_words
from integrations.reply.refusal import refusal

TIMEOUT_S = 12
CLOCKS_APART = timedelta(minutes=2)
"""A product stamps what it takes by its own clock."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class ProductReplies:
    """Hands answers to one product, for one account there."""

    def __init__(
        self, api: ReplyApi, account: Account, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.name = api.kind
        self._api = api
        self._account = account
        self._timeout_s = timeout_s
        self._client: httpx.AsyncClient | None = None

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand over once. Raises Rejected, Unavailable or Uncertain."""
        words = Words(to=message.to, text=message.text, reference=message.reference)
        body = await self._answered(self._api.send(self._account, words))
        known_as = self._api.taken(body)
        if known_as is None:
            raise self._unreadable()
        return Receipt(provider_id=known_as)

    async def close(self) -> None:
        """Let go of connections; a later send opens them again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _answered(self, call: Call) -> object:
        """Return the JSON that a call is answered with."""
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._open().request(
                    call.method,
                    self._account.url.rstrip("/") + call.path,
                    headers=dict(call.headers),
                    json=call.json,
                )
        # the errors' own words may hold the address, and with it a token
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            detail = f"the address of {self.name} is not one; check api_url"
            raise Unavailable(detail, code="api_url") from None
        except UnicodeError:  # no header holds such a token, and no name such a host
            detail = f"{self.name} cannot be called; check api_token and api_url"
            raise Unavailable(detail, code="api_token") from None
        except _NOT_SENT:
            detail = f"{self.name} cannot be reached; check the network and api_url"
            raise Unavailable(detail, code="unreachable") from None
        except (httpx.HTTPError, TimeoutError):
            detail = f"{self.name} did not answer; it may have taken the answer"
            raise Uncertain(detail, code="no-answer") from None
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> object:
        try:
            body: object = answer.json()
        except (ValueError, RecursionError):
            body = None
        if answer.is_success:
            return body
        meaning: ChannelError | None = self._api.meaning(answer.status_code, body)
        raise meaning or refusal(self.name, answer.status_code, answer.headers)

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._timeout_s)
        return self._client

    def _unreadable(self) -> Uncertain:
        detail = f"the answer of {self.name} cannot be read; check api_url"
        return Uncertain(detail, code="unreadable")


class AskableReplies(ProductReplies):
    """Does so for a product that can be asked what stands in a conversation."""

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        """Return the receipt of `text` in the conversation `to`, or None.

        Raises Unavailable when the product cannot tell.
        """
        look = self._api.look
        if look is None:
            return None
        body = await self._answered(look(self._account, to))
        earliest = since - CLOCKS_APART
        for found in self._api.said(body):
            in_time = found.at is not None and found.at >= earliest
            ours = found.id not in but and same_words(found.text, text)
            if in_time and ours:
                return Receipt(provider_id=found.id)
        return None


def replies(
    api: ReplyApi, account: Account, *, timeout_s: float = TIMEOUT_S
) -> ProductReplies:
    """Return the channel of a product, which can be asked if the product can."""
    kind = ProductReplies if api.look is None else AskableReplies
    return kind(api, account, timeout_s=timeout_s)
