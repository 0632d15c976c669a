"""The whole service on simulated phones, its web application called in this process."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx

from integrations.console.phones import ConsolePhones
from oncall.actions.house import View
from oncall.actions.report import report
from oncall.clock import TurnedClock
from oncall.config.example import render
from oncall.config.load import read
from oncall.model import Customer, Issue, Report
from oncall.store import Tx, issues
from oncall.wiring.service import Service, build

FRIDAY_NIGHT = datetime(2026, 1, 16, 17, 40, tzinfo=UTC)
"""Sara has the weekend, Reza the backup; 21:10 in Tehran, 18:40 in Berlin."""
URL = "http://oncall.test"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
SECRET = "a-secret-for-everything"
NO_CONSOLE = "\n[integrations.console]\nenabled = false\n"
TWILIO = """
[integrations.console]
enabled = true
[integrations.twilio]
account_sid = "AC00000000000000000000000000000001"
auth_token = "env:TWILIO_AUTH_TOKEN"
from = "+15550100"
"""


@dataclass(kw_only=True)
class Simulation:
    """A service under test. What is due is done when the clock is turned or `settle`."""

    service: Service
    clock: TurnedClock
    http: httpx.AsyncClient

    @property
    def phones(self) -> ConsolePhones:
        """The simulated phones."""
        assert self.service.phones is not None
        return self.service.phones

    async def turn(self, seconds: float) -> None:
        """Let so much time go by, and do what is due then."""
        self.clock.turn(timedelta(seconds=seconds))
        await self.settle()

    async def settle(self) -> None:
        """Do what is due now."""
        await self.service.engine.settle()

    async def report(self, subject: str, *, name: str = "Laleh", tier: str = "") -> int:
        """Have a customer write, and whoever is on call be paged; return the number."""
        sent = Report(
            source="test", subject=subject, customer=Customer(name=name, tier=tier)
        )

        def work(tx: Tx) -> int:
            return report(tx, self._view(tx), sent, self.clock.now()).issue.number

        number = await self.service.database.write(work)
        await self.settle()
        return number

    async def issue(self, number: int) -> Issue:
        """Return an issue as it stands."""
        found = await self.service.database.read(lambda tx: issues.find(tx, number))
        assert found is not None
        return found

    async def page(self) -> str:
        """Return the simulator's page."""
        response = await self.http.get("/simulator")
        assert response.status_code == 200, response.text
        return response.text

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the simulator's own page."""
        return await self.http.post(f"/simulator{path}", data=fields, headers=OWN_PAGE)

    def said_to(self, address: str, *, via: str = "") -> list[str]:
        """Return what was sent to an address, oldest first."""
        found = self.phones.messages(address, via=via)
        return [message.text for message in found if not message.answer]

    def _view(self, tx: Tx) -> View:
        return self.service.house.view(tx, self.clock.now())


@asynccontextmanager
async def simulation(
    folder: Path,
    *,
    more: str = "",
    name: str = "Parvaz customer care",
    story: bool = True,
) -> AsyncIterator[Simulation]:
    """Run the example in `folder`, with `more` behind it; `story`: time can be turned."""
    text = render().replace("sqlite:///oncall.db", f"sqlite:///{folder}/oncall.db")
    text = text.replace("Parvaz customer care", name).replace(
        "http://127.0.0.1:8000", URL
    )
    secrets = {"ONCALL_ADMIN_TOKEN": SECRET, "TWILIO_AUTH_TOKEN": "twilio-secret"}
    clock = TurnedClock(FRIDAY_NIGHT)

    async def turn(seconds: float) -> None:
        await running.turn(seconds)

    service = build(
        read(text + more, environ=secrets),
        tzdata="test",
        clock=clock,
        turn_clock=turn if story else None,
    )
    transport = httpx.ASGITransport(app=service.app)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        running = Simulation(service=service, clock=clock, http=http)
        try:
            yield running
        finally:
            await service.close()


def element(html: str, identity: str) -> str:
    """Return the source of the one element with this id, tags included."""
    start = re.search(rf'<(\w+)[^>]*\bid="{re.escape(identity)}"', html)
    assert start is not None, f"there is no element #{identity}"
    depth = 0
    for tag in re.finditer(rf"<(/?){start[1]}\b[^>]*>", html[start.start() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start.start() : start.start() + tag.end()]
    raise AssertionError(f"#{identity} is not closed")  # noqa: EM102, TRY003


def words(html: str) -> str:
    """Return what a reader sees of some HTML, white space joined."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
