"""The HTTP under the Twilio library: our address, our time limit, no second try.

The library's own client ignores its time limit, drops the headers of a refusal and,
when told to retry, repeats a POST that has already become a text message.
Importing this module imports Twilio, which takes a fifth of a second.
"""

import json
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import aiohttp
from twilio.http.async_http_client import (  # type: ignore[import-untyped]
    AsyncTwilioHttpClient,
)
from twilio.http.response import Response  # type: ignore[import-untyped]

from integrations.errors import Unavailable, Uncertain
from integrations.twilio.refusal import refusal, wished_pause


class Transport(AsyncTwilioHttpClient):  # type: ignore[misc]  # an untyped base
    """Sends each request once to `api_url` and raises our own errors.

    A request that never left raises Unavailable; one that may have arrived, Uncertain.
    Needs a running loop when it is made.
    """

    def __init__(self, *, api_url: str, timeout_s: float) -> None:
        super().__init__(pool_connections=False)
        self._api_url = api_url.rstrip("/")
        # a phone that cannot be dialled is known sooner than one that does not answer
        limit = aiohttp.ClientTimeout(total=timeout_s, sock_connect=timeout_s / 2)
        # how many are under way is the caller's to say: one that waited here for a
        # connection would run out of time without having been sent
        connector = aiohttp.TCPConnector(limit=0)
        self.session = aiohttp.ClientSession(timeout=limit, connector=connector)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        auth: tuple[str, str],
        params: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
        **_: object,
    ) -> Response:
        """Return the answer to a request, for the library to read."""
        authorization = aiohttp.encode_basic_auth(*auth)
        try:
            async with self.session.request(
                method,
                self._at_our_address(url),
                params=params,
                data=urlencode(data, doseq=True).encode() if data else None,
                headers={**headers, "Authorization": authorization},
                allow_redirects=False,
            ) as answer:
                text = await answer.text(errors="replace")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            detail = "Twilio cannot be reached; check the network and api_url"
            raise Unavailable(detail, code="unreachable") from error
        except aiohttp.InvalidURL as error:
            detail = "Twilio's api_url is not an address"
            raise Unavailable(detail, code="api_url") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            detail = "Twilio did not answer; it may have taken the message"
            raise Uncertain(detail, code="no-answer") from error
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise refusal(answer.status, _code(text), wished_pause(answer.headers))
        return Response(answer.status, text, answer.headers)

    def _at_our_address(self, url: str) -> str:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._api_url}{parts.path}{query}"


def _code(text: str) -> str:
    """Read Twilio's own code from the body of a refusal; a gateway's page has none."""
    try:
        body = json.loads(text)
    except ValueError:
        return ""
    return str(body.get("code") or "") if isinstance(body, dict) else ""
