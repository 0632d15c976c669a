"""Paging itself may be ill: an alarm by another way, and a heartbeat that can go missing.

Both are addresses of somebody else's watch. The alarm is called when something is
wrong; the heartbeat each minute while all is well, so that its absence is an alarm too.
"""

from datetime import datetime, timedelta

import httpx
import structlog

log = structlog.get_logger()

BEAT = timedelta(minutes=1)
PATIENCE_S = 5.0


class Alarms:
    """Calls the configured addresses; an empty one is not called. Never raises."""

    def __init__(self, *, alarm_url: str, heartbeat_url: str) -> None:
        self._alarm_url = alarm_url
        self._heartbeat_url = heartbeat_url
        self._beat_at: datetime | None = None

    async def ring(self, what: str, now: datetime) -> None:
        """Say that something is wrong, in a word and with the time."""
        body = {"what": what, "at": now.isoformat()}
        await self._call("POST", self._alarm_url, body)

    async def beat(self, now: datetime) -> None:
        """Say that all is well, at most once a minute."""
        if self._beat_at is None or abs(now - self._beat_at) >= BEAT:
            self._beat_at = now
            await self._call("GET", self._heartbeat_url, None)

    async def _call(self, method: str, url: str, body: dict[str, str] | None) -> None:
        if not url:
            return
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
                response = await client.request(method, url, json=body)
                response.raise_for_status()
        # UnicodeError: a host that is no name
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            log.warning(
                "an alarm or heartbeat address did not take the call",
                action="alarm",
                error=type(error).__name__,
            )
