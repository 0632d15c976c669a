"""`oncall demo`: one Friday night played on the real service, then the phones are yours.

The example configuration, a throw-away database, and a clock that can be turned.
"""

import asyncio
import secrets
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from integrations.console.message import PhoneMessage
from oncall import logs, zones
from oncall.cli.listen import listen
from oncall.cli.story import BABAK, BEGIN, FIRST_NUMBER, REZA_ANSWERS, SALMA, YOURS
from oncall.clock import StoryClock, SystemClock
from oncall.config.example import render
from oncall.config.load import read
from oncall.config.values import Config
from oncall.engine.turning import turn
from oncall.errors import Refused
from oncall.model import Person
from oncall.running import run
from oncall.store import issues
from oncall.wiring.service import Service, build

HERS = ZoneInfo("Europe/Berlin")
BREATH = timedelta(seconds=0.8)
UNATTENDED = 60.0
"""Seconds the phones stay on when nobody sits at a terminal."""


def demo(*, host: str, port: int, stay: float | None) -> None:
    """Play the story, then serve until Ctrl-C.

    `stay`: seconds to serve after the story; None for ever on a terminal, a minute
    elsewhere. A port that is taken is replaced by a free one.
    """
    tzdata = zones.use_pinned()
    logs.configure(json=False, level="error")
    if stay is None and not sys.stdin.isatty():
        stay = UNATTENDED
    with tempfile.TemporaryDirectory(prefix="oncall-demo-") as folder:
        token = secrets.token_urlsafe(16)
        listeners = _listen(host, port)
        taken = listeners[0].getsockname()[1]
        config = _config(Path(folder), f"http://{host}:{taken}", token)
        asyncio.run(_play(config, listeners, tzdata=tzdata, token=token, stay=stay))


def _config(folder: Path, url: str, token: str) -> Config:
    text = render().replace("sqlite:///oncall.db", f"sqlite:///{folder}/oncall.db")
    text = text.replace("http://127.0.0.1:8000", url)
    return read(text, environ={"ONCALL_ADMIN_TOKEN": token})


def _listen(host: str, port: int) -> list[socket.socket]:
    try:
        return listen(host, port)
    except Refused:
        return listen(host, 0)


async def _play(
    config: Config,
    listeners: list[socket.socket],
    *,
    tzdata: str,
    token: str,
    stay: float | None,
) -> None:
    clock = StoryClock(BEGIN)
    later: list[Service] = []

    async def turn_clock(seconds: float) -> None:
        await turn(later[0].engine, clock, timedelta(seconds=seconds))

    service = build(config, tzdata=tzdata, clock=clock, turn_clock=turn_clock)
    later.append(service)
    await service.database.write(lambda tx: issues.begin_numbers_at(tx, FIRST_NUMBER))
    ready, stop = asyncio.Event(), asyncio.Event()
    telling = asyncio.create_task(_tell(service, clock, token, ready, stay))
    telling.add_done_callback(lambda _: stop.set())
    try:
        await run(
            service,
            listeners=listeners,
            started=lambda _: ready.set(),
            stop=stop,
        )
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def _tell(
    service: Service,
    clock: StoryClock,
    token: str,
    ready: asyncio.Event,
    stay: float | None,
) -> None:
    await ready.wait()
    url = service.config.service.url
    async with httpx.AsyncClient(base_url=url) as client:
        story = Story(service, clock, client, token)
        await story.tell()
    print(ENDING.format(url=url, token=token))
    if stay is None:
        print("Ctrl-C ends it.")
        await asyncio.Event().wait()
    print(f"It ends by itself after {stay:g} seconds.", flush=True)
    await SystemClock().sleep(timedelta(seconds=stay or 0))


ENDING = """
  Now it is your turn: issue #130 is waiting, and somebody's phone has just rung.

    phones      {url}/simulator     answer with 1, press a button, turn the clock
    API         {url}/docs
    token       {token}
"""


class Story:
    """Tells what happens, while it really happens."""

    def __init__(
        self,
        service: Service,
        clock: StoryClock,
        client: httpx.AsyncClient,
        token: str,
    ) -> None:
        self._service = service
        self._clock = clock
        self._client = client
        self._token = {"Authorization": f"Bearer {token}"}
        self._seen = 0

    async def tell(self) -> None:
        """Play the night to its end."""
        await self._who_is_on_call()
        await self._report(SALMA, "A customer abroad writes, in Arabic; she is VIP:")
        await self._until("Nobody answers. A minute later:", minutes=1)
        await self._until(
            "She sleeps. After five minutes it is the backup's turn:", minutes=4
        )
        await self._until("And a minute later by SMS as well:", minutes=1)
        await self._reza_answers()
        await self._report(BABAK, "Then another word arrives, one that a rule knows:")
        await self._calendars()
        await self._report(YOURS, "")

    async def _who_is_on_call(self) -> None:
        self._say(
            "It is Friday night (all times are those of the care desk in Berlin)."
            "\n  The desk is closed; it is somebody's turn to watch:"
        )
        for turn_ in (await self._get("/api/v1/on-call"))[:2]:
            names = ", ".join(self._name(person) for person in turn_["people"])
            until = datetime.fromisoformat(turn_["until"]).astimezone(HERS)
            self._line(f"{turn_['rotation']:16}{names}, until {until:%a %H:%M}")

    async def _report(self, said: Mapping[str, Any], sentence: str) -> None:
        if sentence:
            self._say(sentence)
            self._line(f"{said['customer']['name']}: {said['subject']}")
        made = await self._post("/api/v1/issues", json=dict(said), headers=self._token)
        if sentence:
            issue = made.json()
            self._line(f"→ issue #{issue['number']}, {issue['severity']}, on disk")
        await self._settle(silent=not sentence)

    async def _until(self, sentence: str, **span: float) -> None:
        await SystemClock().sleep(BREATH if sys.stdout.isatty() else timedelta())
        self._say(sentence)
        await turn(self._service.engine, self._clock, timedelta(**span))
        await self._settle()

    async def _reza_answers(self) -> None:
        self._say("He wakes, and answers in his own digits:")
        form = {"person": "reza", "via": "sms", "text": REZA_ANSWERS}
        own_page = {"Sec-Fetch-Site": "same-origin"}
        await self._post("/simulator/reply", data=form, headers=own_page)
        await self._settle()
        issue = await self._get(f"/api/v1/issues/{FIRST_NUMBER}")
        cancelled = [p for p in issue["pages"] if p["state"] == "cancelled"]
        self._say(
            f"{self._name(issue['owner'])} owns #{issue['number']};"
            f" what still waited for anybody is cancelled ({len(cancelled)})."
            "\n  Leaders have heard nothing: at 22:32 they would have."
        )

    async def _calendars(self) -> None:
        self._say("Everybody's shifts are in a calendar to subscribe to:")
        for person in ("sara", "reza"):
            made = await self._post(
                "/api/v1/feeds", json={"person": person}, headers=self._token
            )
            feed = await self._client.get(made.json()["url"])
            shifts = feed.text.count("BEGIN:VEVENT")
            self._line(f"{self._name(person):14}{shifts} shifts")
            self._line(f"  {made.json()['webcal']}")

    async def _settle(self, *, silent: bool = False) -> None:
        """Let everything due happen, and show what came to the phones."""
        await self._service.engine.settle()
        phones = self._service.phones
        assert phones is not None  # noqa: S101 (the example has no accounts)
        for message in phones.messages():
            if message.id > self._seen and not silent:
                self._show(message)
            self._seen = max(self._seen, message.id)

    def _show(self, message: PhoneMessage) -> None:
        owner = next(p for p in self._people() if message.address in _addresses(p))
        arrow = "◂" if message.answer else "▸"
        labels = "  ".join(f"[{b.label}]" for row in message.buttons for b in row)
        first, *rest = [*message.text.splitlines(), *([labels] if labels else [])]
        now = message.at.astimezone(HERS)
        self._line(f"{now:%H:%M} {arrow} {owner.name:14}{message.via:9} {first}")
        for line in rest:
            self._line(f"{'':32}{line}")

    def _people(self) -> list[Person]:
        return list(self._service.config.people.values())

    def _name(self, person: str) -> str:
        return self._service.config.people[person].name

    def _say(self, sentence: str) -> None:
        print(f"\n  {sentence}", flush=True)

    def _line(self, text: str) -> None:
        print(f"    {text}", flush=True)

    async def _get(self, path: str) -> Any:  # noqa: ANN401 (any JSON)
        answer = await self._client.get(path, headers=self._token)
        return answer.raise_for_status().json()

    async def _post(self, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own)
        answer = await self._client.post(path, **sent)
        return answer if answer.is_redirect else answer.raise_for_status()


def _addresses(person: Person) -> set[str]:
    telegram = "" if person.telegram is None else str(person.telegram)
    return {person.phone or "", telegram, person.email or "", person.id}
