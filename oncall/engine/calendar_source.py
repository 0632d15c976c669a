"""Fetching somebody's calendar: a little patience, and not more than it should be."""

import asyncio
import hashlib

import httpx

from oncall.config.values import AbsenceCalendar, Secret
from oncall.errors import Refused

LARGEST = 1024 * 1024
"""Bytes; a few thousand events."""
PATIENCE_S = 20.0


class CalendarSource:
    """Reads calendars from the web and from files."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport

    async def fetch(self, calendar: AbsenceCalendar) -> bytes:
        """Return a calendar's bytes. Raises Refused, without its address."""
        if calendar.url is not None:
            return await self._download(calendar.url)
        return await asyncio.to_thread(_read, calendar)

    async def _download(self, url: Secret) -> bytes:
        try:
            async with (
                asyncio.timeout(PATIENCE_S),
                httpx.AsyncClient(
                    transport=self._transport, follow_redirects=True
                ) as client,
                client.stream("GET", url.reveal()) as response,
            ):
                return await _whole(response)
        # UnicodeError: a host that is no name, to which a redirect may lead
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError) as error:
            # Not chained: the error holds the address, which is a secret.
            msg = f"it cannot be fetched ({type(error).__name__})"
            raise Refused(msg) from None


async def _whole(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        msg = f"its place answers {response.status_code}"
        raise Refused(msg)
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise _too_large()
    return bytes(body)


def _read(calendar: AbsenceCalendar) -> bytes:
    if calendar.file is None:
        msg = "it has no place"
        raise Refused(msg)
    try:
        with calendar.file.open("rb") as opened:
            body = opened.read(LARGEST + 1)
    except OSError as error:
        msg = f"its file cannot be read: {error.strerror or type(error).__name__}"
        raise Refused(msg) from None
    if len(body) > LARGEST:
        raise _too_large()
    return body


def _too_large() -> Refused:
    return Refused(f"it is larger than {LARGEST // 1024} KiB")


def place(calendar: AbsenceCalendar) -> str:
    """Return a digest of where a calendar is read, which tells nothing of it."""
    where = calendar.url.reveal() if calendar.url else str(calendar.file)
    return hashlib.sha256(where.encode()).hexdigest()[:16]
