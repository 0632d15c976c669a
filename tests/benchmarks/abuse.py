"""Floods of what strangers can send, and whether pages still go out.

Each flood has a bound, so that it is not the network that is measured. Beside it
critical issues are posted, each of which pages one person; what counts is the time from
the POST to the provider's request, for the slowest of them too.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Aim, Figure
from provider import Provider
from reporting import post, session, until_arrived, words
from setting import PEOPLE, config

from oncall.clock import SystemClock
from service import Running, running

WITHIN_MS = 1000
ISSUES = 20
EVERY = timedelta(milliseconds=400)
AT_MOST_S = 60
LETTERS = timedelta(milliseconds=100)
FORMS = timedelta(milliseconds=50)
HALVES = 1100
CALENDARS = 8
SECRET = "a-secret-of-the-gateway"

SOURCES = f"""
[integrations.intake.sendgrid]
kind = "sendgrid"
secret = "{SECRET}"
[integrations.intake.mailgun]
kind = "mailgun"
secret = "{SECRET}"
"""
HOSTILE_LETTERS = (
    "".join(f"X-{number}: a\r\n" for number in range(9000)) + "\r\nhelp",
    f"From: a@b.example\r\nTo: {',' * 16_000}\r\n\r\nhelp",
    f"From: a@b.example\r\nContent-Type: text/plain{';a=b' * 16_000}\r\n\r\nhelp",
)
ENDLESS = (
    "DTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY",
    "DTSTART:20260101T000000Z\r\nRRULE:FREQ=DAILY;BYHOUR={hours};BYMINUTE={minutes}",
    "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
)

Flood = Callable[[Running, aiohttp.ClientSession], Awaitable[None]]


async def abuse() -> list[Figure]:
    """Flood the service in one way after the other, and page meanwhile."""
    with TemporaryDirectory() as folder:
        settings = config(folder, "{provider}") + SOURCES + _calendars(Path(folder))
        async with Provider() as provider:
            settings = settings.replace("{provider}", provider.url)
            async with (
                running(Path(folder), settings) as service,
                session() as customers,
                aiohttp.ClientSession() as strangers,
            ):
                first = await _paged(service, customers, provider, issues=1)
                figures = [
                    Figure(
                        name="first critical POST to SMS after a start, all cold",
                        samples=first,
                        unit="ms",
                    )
                ]
                for name, flood in FLOODS.items():
                    async with _flooded(flood, service, strangers):
                        took = await _paged(service, customers, provider)
                    figures.append(_figure(name, took))
                figures.append(_memory(service))
    return figures


def _figure(name: str, took: list[float]) -> Figure:
    return Figure(
        name=f"critical POST to SMS, {name}",
        samples=took,
        unit="ms",
        aims=[Aim(bound=WITHIN_MS, of=99)],
        beside=f"slowest: {max(took):.0f} ms",
    )


def _memory(service: Running) -> Figure:
    held = service.resident_mib()
    return Figure(name="memory, after the floods", samples=[held], unit="MiB")


async def _paged(
    service: Running,
    customers: aiohttp.ClientSession,
    provider: Provider,
    *,
    issues: int = ISSUES,
) -> list[float]:
    """Return how long each of some critical issues took to reach the provider."""
    sent: dict[int, float] = {}

    async def one(count: int) -> None:
        begun = perf_counter()
        body = words(count, people=PEOPLE, severity="critical")
        sent[await post(customers, [service.url], body, 0)] = begun

    async with asyncio.TaskGroup() as tasks:
        for _ in range(issues):
            tasks.create_task(one(next(_counts)))
            await SystemClock().sleep(EVERY)
    await until_arrived(provider, set(sent), AT_MOST_S)
    return [1000 * (provider.arrived[number] - at) for number, at in sent.items()]


_counts = iter(range(1, 10**6))


@asynccontextmanager
async def _flooded(
    flood: Flood, service: Running, strangers: aiohttp.ClientSession
) -> AsyncIterator[None]:
    flooding = asyncio.ensure_future(flood(service, strangers))
    try:
        yield
    finally:
        flooding.cancel()
        with suppress(asyncio.CancelledError):
            await flooding


async def _nothing(service: Running, strangers: aiohttp.ClientSession) -> None:
    """Send nothing: what leave calendars without an end cost is paid from the start."""


async def _letters(service: Running, strangers: aiohttp.ClientSession) -> None:
    """Let a mail gateway bring letters that strangers made."""
    url = f"{service.url}/intake/sendgrid?token={SECRET}"
    async with asyncio.TaskGroup() as tasks:
        while True:
            for letter in HOSTILE_LETTERS:
                form = aiohttp.FormData({"email": letter}, default_to_multipart=True)
                tasks.create_task(_posted(strangers, url, form, {}))
                await SystemClock().sleep(LETTERS)


async def _forms(service: Running, strangers: aiohttp.ClientSession) -> None:
    """Send forms of 40,000 fields wherever forms are taken, as if they were signed."""
    fields = "&".join(f"f{number}=" for number in range(40_000)).encode()[: 255 * 1024]
    told = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": "x",
    }
    async with asyncio.TaskGroup() as tasks:
        while True:
            for path in ("/twilio/sms", "/intake/mailgun", "/new"):
                url = f"{service.url}{path}"
                tasks.create_task(_posted(strangers, url, fields, told))
                await SystemClock().sleep(FORMS)


async def _posted(
    strangers: aiohttp.ClientSession,
    url: str,
    body: bytes | aiohttp.FormData,
    headers: dict[str, str],
) -> None:
    with suppress(aiohttp.ClientError):
        async with strangers.post(url, data=body, headers=headers):
            pass


async def _halves(service: Running, strangers: aiohttp.ClientSession) -> None:
    """Hold connections with half a request each; one that is closed is opened anew."""
    del strangers
    script = Path(__file__).with_name("half_sent.py")
    command = [sys.executable, str(script), str(service.port), str(HALVES)]
    holding = await asyncio.create_subprocess_exec(*command)
    try:
        await holding.wait()
    finally:
        with suppress(ProcessLookupError):
            holding.kill()
        await holding.wait()


FLOODS: dict[str, Flood] = {
    "with endless leave calendars": _nothing,
    "under hostile letters": _letters,
    "under 40,000-field forms": _forms,
    "under 1,100 half-sent requests": _halves,
}


def _calendars(folder: Path) -> str:
    """Write leave calendars that repeat without end; return their configuration."""
    hours, minutes = (",".join(map(str, range(most))) for most in (24, 60))
    tables = []
    for number in range(CALENDARS):
        rule = ENDLESS[number % len(ENDLESS)].format(hours=hours, minutes=minutes)
        events = "".join(
            f"BEGIN:VEVENT\r\nUID:{count}\r\nSUMMARY:Leave\r\n{rule}\r\nEND:VEVENT\r\n"
            for count in range(200)
        )
        path = folder / f"leave{number}.ics"
        path.write_text(
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{events}"
            "END:VCALENDAR\r\n"
        )
        person = f"p{PEOPLE - 1 - number}"
        tables.append(f'[[absence_calendars]]\nperson = "{person}"\nfile = "{path}"\n')
    return "\n" + "".join(tables)
