"""A call that a fake Twilio has placed: it rings until a test picks it up."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import httpx

Post = Callable[[str, Mapping[str, str]], Awaitable[httpx.Response]]

EVENT_OF = {
    "queued": "initiated",
    "ringing": "ringing",
    "in-progress": "answered",
}
"""What a status is called when reports of it are asked for; all others are an end."""


@dataclass(slots=True, kw_only=True)
class PlacedCall:
    """One call. `status` moves as a test says; `heard` is what its person was told."""

    sid: str
    to: str
    caller: str
    url: str
    status_callback: str
    events: Sequence[str]
    ring_s: int | None
    placed_at: datetime
    post: Post
    status: str = "queued"
    heard: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    document: ET.Element | None = None

    async def pick_up(self) -> "PlacedCall":
        """Answer the phone: Twilio fetches what is to be said."""
        self.status = "in-progress"
        await self.report("in-progress")
        return await self._follow(self.url, {})

    async def press(self, key: str) -> "PlacedCall":
        """Press a key, which Twilio hands on only when it was told to wait for one."""
        gather = None if self.document is None else self.document.find("Gather")
        assert gather is not None, f"no key is waited for after {self.heard}"
        to = urljoin(self.url, gather.get("action", self.url))
        return await self._follow(to, {"Digits": key, "msg": "Gather End"})

    async def report(self, status: str) -> httpx.Response | None:
        """Let Twilio report a status, if reports of it were asked for."""
        self.status = status
        if EVENT_OF.get(status, "completed") not in self.events:
            return None
        return await self.post(self.status_callback, self._form())

    @property
    def asks(self) -> bool:
        """Whether a key is waited for now."""
        return self.document is not None and self.document.find("Gather") is not None

    def resource(self, account: str) -> dict[str, Any]:
        """Return the call as Twilio's API shows it."""
        stamp = format_datetime(self.placed_at)
        return {
            "sid": self.sid,
            "account_sid": account,
            "api_version": "2010-04-01",
            "to": self.to,
            "from": self.caller,
            "status": self.status,
            "direction": "outbound-api",
            "date_created": stamp,
            "date_updated": stamp,
            "uri": f"/2010-04-01/Accounts/{account}/Calls/{self.sid}.json",
        }

    async def _follow(self, url: str, more: Mapping[str, str]) -> "PlacedCall":
        response = await self.post(url, {**self._form(), **more})
        assert response.status_code == 200, response.text
        self.document = ET.fromstring(response.text)  # noqa: S314 (our own answer)
        assert self.document.tag == "Response"
        spoken = list(self.document.iter("Say"))
        self.heard += [say.text or "" for say in spoken]
        self.languages += [say.get("language", "") for say in spoken]
        return self

    def _form(self) -> dict[str, str]:
        return {
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Direction": "outbound-api",
            "From": self.caller,
            "To": self.to,
        }
