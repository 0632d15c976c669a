"""A night at the service: the whole of it, on fakes, with a clock that is turned.

    async with Night(...) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram(containing="#128")
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms(containing="128").reply("1").expect_sms()

A message that no test expected fails the test when the night ends.
"""

import json
from collections.abc import Callable, Coroutine, Generator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from xml.etree import ElementTree as ET

import httpx

from oncall.clock import TurnedClock
from oncall.config.example import render
from oncall.config.load import read
from oncall.engine.poller import Poller
from oncall.engine.turning import turn
from oncall.store import issues
from oncall.wiring.service import Service, build
from support.fake_telegram import TOKEN, FakeTelegram
from support.fake_twilio import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio

FRIDAY_22_12 = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
"""22:12 where the customer of "friday-night" is."""
REPORTS = {
    fixture["id"]: fixture
    for fixture in json.loads(
        (Path(__file__).parents[1] / "data/customer-issues.json").read_text()
    )
}
ADMIN = "admin-secret"
FIRST_NUMBER = 128
Step = Callable[[], Coroutine[Any, Any, None]]


class Night:
    """The service on `database_url`, with a Twilio and a Telegram on loopback.

    A chat takes `per_chat` messages a second: as many as a moment holds, so that only
    stories of the pace itself have to turn the clock for it.
    """

    def __init__(
        self,
        database_url: str,
        *,
        change: Callable[[str], str] = lambda text: text,
        now: datetime = FRIDAY_22_12,
        webhook: bool = False,
        per_chat: float = 50,
        first_number: int = FIRST_NUMBER,
    ) -> None:
        self.clock = TurnedClock(now)
        self.text = ""
        self._url = database_url
        self._change = change
        self._webhook = webhook
        self._per_chat = per_chat
        self._first_number = first_number
        self._stack = AsyncExitStack()
        self._phones: dict[str, Phone] = {}

    async def __aenter__(self) -> Self:
        """Start the fakes and put the service together over them."""
        try:
            await self._begin()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def _begin(self) -> None:
        self.twilio = await self._stack.enter_async_context(
            FakeTwilio(now=self.clock.now)
        )
        self.telegram = await self._stack.enter_async_context(
            FakeTelegram([123456789, 123456790, 123456791, 123456792])
        )
        self.service = self._build()
        await self.service.database.write(
            lambda tx: issues.begin_numbers_at(tx, self._first_number)
        )
        await self.service.open()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the night; a message nobody expected is an error."""
        try:
            if kind is None:
                self.expect_silence()
        finally:
            await self.service.close()
            await self._stack.aclose()

    def _build(self) -> Service:
        self.environ = {
            "ONCALL_ADMIN_TOKEN": ADMIN,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TELEGRAM_TOKEN": TOKEN,
        }
        self.text = self.text or self._change(self._config())
        config = read(self.text, environ=self.environ)
        service = build(config, tzdata="pinned", clock=self.clock)
        transport = httpx.ASGITransport(app=service.app)
        self.twilio.service = config.service.url
        self.twilio.transport = transport
        self.telegram.transport = transport
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url=config.service.url,
            headers={"Authorization": f"Bearer {ADMIN}"},
        )
        self._stack.push_async_callback(self.client.aclose)
        return service

    def _config(self) -> str:
        example = render().replace("sqlite:///oncall.db", self._url)
        updates = "webhook" if self._webhook else "polling"
        return f"""{example}
[integrations.twilio]
account_sid = "{ACCOUNT_SID}"
auth_token = "env:TWILIO_AUTH_TOKEN"
from = "+15550100"
api_url = "{self.twilio.url}"
[integrations.telegram]
token = "env:TELEGRAM_TOKEN"
updates = "{updates}"
per_chat = {self._per_chat}
api_url = "{self.telegram.url}"
"""

    async def restart(self) -> None:
        """Stop the service in order and start it again on the same database."""
        await self.service.close()
        self.service = self._build()
        await self.service.open()

    async def post(self, path: str, body: object = None) -> httpx.Response:
        """Call the API, and let what follows from it happen."""
        response = await self.client.post(path, json=body)
        await self.settle()
        return response

    async def report(self, fixture: str, **changes: object) -> int:
        """Let a customer of the fixtures write; return the issue's number."""
        said = REPORTS[fixture]
        customer = said["customer"] | {"language": said["language"]}
        body = {
            "source": said["channel"],
            "customer": customer,
            "subject": said["subject"],
            "text": said["text"],
        }
        response = await self.post("/api/v1/issues", body | changes)
        assert response.status_code in (200, 201), response.text
        return int(response.json()["number"])

    async def issue(self, number: int) -> dict[str, Any]:
        """Return an issue, whole."""
        response = await self.client.get(f"/api/v1/issues/{number}")
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def settle(self) -> None:
        """Let everything that is due now happen."""
        while True:
            await self.service.engine.settle()
            if self._webhook or not self.telegram.pending():
                return
            await self._poller().poll(0)

    def _poller(self) -> Poller:
        sides = self.service.engine.side_tasks
        return next(side for side in sides if isinstance(side, Poller))

    async def turn(self, **span: float) -> None:
        """Turn the clock on, stopping wherever something is due."""
        await turn(self.service.engine, self.clock, timedelta(**span))
        await self.settle()

    def phone(self, person: str) -> "Phone":
        """Return a person's phone."""
        return self._phones.setdefault(person, Phone(self, person))

    def unread(self) -> list[str]:
        """Return all messages that no test has expected."""
        return [
            f"{person.id}: {message}"
            for person in self.service.config.people.values()
            for message in self.phone(person.id).unread()
        ]

    def expect_silence(self) -> None:
        """Assert that nobody got anything that was not expected."""
        unread = self.unread()
        assert not unread, f"nobody expected: {unread}"


class Phone:
    """One person's phone: SMS through Twilio, chat through Telegram."""

    def __init__(self, night: Night, person: str) -> None:
        self._night = night
        self.person = night.service.config.people[person]
        self._read = {"sms": 0, "telegram": 0}
        self.answers: list[str] = []

    def _received(self, via: str) -> list[Any]:
        if via == "sms":
            number = self.person.phone
            return [m for m in self._night.twilio.messages if m.to == number]
        chat = self.person.telegram
        return [m for m in self._night.telegram.messages if m.chat == chat]

    def unread(self) -> list[str]:
        """Return what came and was not expected yet."""
        sms = [m.body for m in self._received("sms")[self._read["sms"] :]]
        chat = [m.text for m in self._received("telegram")[self._read["telegram"] :]]
        return sms + chat + self.answers

    def drop(self) -> None:
        """Pass over everything that is unread: it is not what the test is about."""
        self._read = {via: len(self._received(via)) for via in self._read}
        self.answers.clear()

    def next(self, via: str) -> Any:  # noqa: ANN401 (a message of either fake)
        """Take the next message off the phone; fail when there is none."""
        received = self._received(via)
        place = self._read[via]
        assert len(received) > place, (
            f"{self.person.id} got no {via}; unread everywhere: {self._night.unread()}"
        )
        self._read[via] += 1
        return received[place]

    def expect_sms(self, *containing: str) -> "Script":
        """Expect a text message with all of these in it."""
        return Script(self._night, self).expect_sms(*containing)

    def expect_telegram(self, *containing: str) -> "Script":
        """Expect a chat message with all of these in it."""
        return Script(self._night, self).expect_telegram(*containing)

    def sends_sms(self, text: str) -> "Script":
        """Let the person write a text message."""
        return Script(self._night, self).reply_sms(text)

    def writes(self, text: str) -> "Script":
        """Let the person write to the bot."""
        return Script(self._night, self).write(text)


class Script:
    """Steps on one phone, played when awaited."""

    def __init__(self, night: Night, phone: Phone) -> None:
        self._night = night
        self._phone = phone
        self._steps: list[Step] = []
        self._last: Any = None
        self._via = "sms"

    def __await__(self) -> Generator[Any, None, Any]:
        return self._play().__await__()

    async def _play(self) -> Any:  # noqa: ANN401 (a message of either fake)
        for step in self._steps:
            await step()
        return self._last

    def _then(self, step: Step) -> Self:
        self._steps.append(step)
        return self

    def expect_sms(self, *containing: str) -> Self:
        """Expect a text message, or the answer to one, with all of these in it."""

        async def step() -> None:
            self._via = "sms"
            answers = self._phone.answers
            self._last = answers.pop(0) if answers else self._phone.next("sms").body
            _assert_contains(self._last, containing)

        return self._then(step)

    def expect_telegram(self, *containing: str) -> Self:
        """Expect a chat message with all of these in it."""

        async def step() -> None:
            self._via = "telegram"
            self._last = self._phone.next("telegram")
            _assert_contains(self._last.text, containing)

        return self._then(step)

    def reply(self, text: str) -> Self:
        """Answer by the way the last message came."""

        async def step() -> None:
            send = self._sms if self._via == "sms" else self._chat
            await send(text)

        return self._then(step)

    def reply_sms(self, text: str) -> Self:
        """Write a text message."""
        return self._then(lambda: self._sms(text))

    def write(self, text: str) -> Self:
        """Write to the bot."""
        return self._then(lambda: self._chat(text))

    def press(self, label: str) -> Self:
        """Press a button under the last message."""

        async def step() -> None:
            buttons = [button for row in self._last.buttons for button in row]
            data = next(data for text, data in buttons if text == label)
            account = self._phone.person.telegram or 0
            await self._night.telegram.user_presses(account, data)
            await self._night.settle()

        return self._then(step)

    async def _sms(self, text: str) -> None:
        phone = self._phone.person.phone or ""
        response = await self._night.twilio.send_sms(phone, text)
        assert response.status_code == 200, response.text
        self._phone.answers += said_in_twiml(response.text)
        await self._night.settle()

    async def _chat(self, text: str) -> None:
        account = self._phone.person.telegram or 0
        await self._night.telegram.user_sends(account, text)
        await self._night.settle()


def said_in_twiml(document: str) -> list[str]:
    """Return the messages that TwiML asks Twilio to send back."""
    root = ET.fromstring(document)  # noqa: S314 (our own answer)
    return [message.text or "" for message in root.iter("Message")]


def _assert_contains(text: str, parts: tuple[str, ...]) -> None:
    for part in parts:
        assert part in text, f"{part!r} is not in {text!r}"
