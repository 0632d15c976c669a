"""One question to a product over HTTP: a little patience, and not more than it should be."""

import asyncio
import json
from http import HTTPStatus

import httpx

from integrations.errors import Rejected, Unavailable
from integrations.intake.reply import Account, Call
from integrations.reply.refusal import wished_pause

PATIENCE_S = 8.0
LARGEST = 1024 * 1024
"""Bytes."""
_PASSES = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.LOCKED}
_PASSES |= {HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class ProductSource:
    """Asks products. `patience_s` is for a whole answer."""

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s

    async def ask(self, account: Account, call: Call) -> object:
        """Return the JSON of the answer. Raises Rejected for good, else Unavailable."""
        try:
            async with (
                asyncio.timeout(self._patience_s),
                httpx.AsyncClient(timeout=self._patience_s) as client,
                client.stream(
                    call.method,
                    account.url.rstrip("/") + call.path,
                    headers=dict(call.headers),
                ) as response,
            ):
                return await _read(response)
        # not chained: the error may hold the address, and with it a secret
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            detail = "its address is not one; check api_url"
            raise Rejected(detail, code="api_url") from None
        except UnicodeError:  # no header holds such a token, and no name such a host
            detail = "it cannot be called; check api_token and api_url"
            raise Rejected(detail, code="api_token") from None
        except (httpx.HTTPError, TimeoutError) as error:
            detail = f"it did not answer ({type(error).__name__})"
            raise Unavailable(detail, code="no-answer") from None


async def _read(response: httpx.Response) -> object:
    status = response.status_code
    if status in _PASSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        pause = wished_pause(response.headers)
        detail = f"it answers {status}"
        raise Unavailable(detail, code=str(status), retry_after=pause)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        detail = f"it refuses our login ({status}); check api_user and api_token"
        raise Rejected(detail, code=str(status))
    if status != HTTPStatus.OK:
        detail = f"it answers {status}"
        raise Rejected(detail, code=str(status))
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST:
            detail = "its answer is larger than 1 MiB"
            raise Rejected(detail, code="large")
    try:
        read: object = json.loads(bytes(body), strict=False)
    except (ValueError, RecursionError):
        detail = "its answer is not JSON; check api_url"
        raise Rejected(detail, code="unreadable") from None
    return read
