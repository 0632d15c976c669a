"""Leave in people's own calendars changes who is on call, and outlasts a failed fetch."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from oncall.actions.leave import unread
from oncall.config.load import read
from oncall.engine.importer import Importer
from oncall.wiring.service import reload
from support.night import Night

LEAVE = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//a//b//EN\r
BEGIN:VEVENT\r
UID:leave\r
DTSTART:{start}\r
DTEND:{end}\r
END:VEVENT\r
END:VCALENDAR\r
"""
CHRISTMAS = "2026-12-25T12:00:00Z"
"""Friday afternoon in Tehran, and Reza's weekend."""


@pytest.fixture
def leave(tmp_path: Path) -> Path:
    path = tmp_path / "leave.ics"
    away(path)
    return path


def away(path: Path, start: str = "20261224T000000Z", end: str = "20261228T000000Z"):
    path.write_text(LEAVE.format(start=start, end=end))


def change(path: Path, old: str, new: str):
    path.write_text(path.read_text().replace(old, new, 1))


def break_(path: Path):
    path.write_text("<html>sign in</html>")


@pytest.fixture
async def night(database_url: str, leave: Path) -> AsyncIterator[Night]:
    def change(text: str) -> str:
        begin = text.index("[rotations.care]")
        rest = text[text.index("[[absences]]") :]
        table = f'[[absence_calendars]]\nperson = "reza"\nfile = "{leave}"\n'
        return text[:begin] + table + rest

    async with Night(database_url, change=change) as running:
        yield running


async def on_call(night: Night, at: str = CHRISTMAS) -> str:
    asked = {"rotation": "weekend", "at": at}
    answer = await night.client.get("/api/v1/on-call", params=asked)
    return str(answer.json()[0]["people"][0])


async def state(night: Night) -> dict[str, int]:
    answer = await night.client.get("/readyz")
    return dict(answer.json()["absence_calendars"])


async def test_who_is_away_by_their_calendar_is_covered_for(night: Night):
    assert await on_call(night) == "reza"
    await night.settle()
    assert await on_call(night) == "mina"
    assert await state(night) == {"read": 1, "stale": 0}


async def test_a_calendar_is_read_again_every_quarter_of_an_hour(
    night: Night, leave: Path
):
    await night.settle()
    away(leave, "20270101T000000Z", "20270102T000000Z")
    await night.turn(minutes=14)
    assert await on_call(night) == "mina"
    await night.turn(minutes=1)
    assert await on_call(night) == "reza"


async def test_the_last_good_copy_outlasts_a_calendar_that_is_broken(
    night: Night, leave: Path
):
    await night.settle()
    break_(leave)
    await look_later(night, hours=25)
    assert await on_call(night) == "mina"
    assert await state(night) == {"read": 1, "stale": 1}
    away(leave)
    await look_later(night, minutes=15)
    assert await state(night) == {"read": 1, "stale": 0}


async def test_a_restart_does_not_forget_and_does_not_read_early(
    night: Night, leave: Path
):
    await night.settle()
    break_(leave)
    await night.restart()
    await night.turn(minutes=5)
    assert await on_call(night) == "mina"


async def test_leave_that_is_ended_early_was_leave_until_then(
    night: Night, leave: Path
):
    away(leave, "20261120T120000Z", "20270102T000000Z")
    await night.settle()
    begun = night.clock.now()
    away(leave, "20270101T000000Z", "20270102T000000Z")
    await look_later(night, minutes=15)
    (ended, coming) = await known(night)
    assert ended == ("2026-11-20T12:00:00Z", iso(begun + timedelta(minutes=15)))
    assert coming == ("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z")


async def test_a_calendar_that_is_no_longer_named_counts_no_more(night: Night):
    await night.settle()
    begin = night.text.index("[[absence_calendars]]")
    end = night.text.index("[[absences]]")
    text = night.text[:begin] + night.text[end:]
    reload(night.service, read(text, environ=night.environ))
    await night.settle()
    assert await on_call(night) == "reza"
    assert await state(night) == {"read": 0, "stale": 0}


BROKEN = """BEGIN:VEVENT\r
UID:operation\r
SUMMARY:Knee operation in Berlin\r
DTSTART:20261224T000000Z\r
RRULE:FREQ=SECONDLY\r
END:VEVENT\r
"""


async def test_an_event_that_cannot_be_read_is_named_to_its_person_once(
    night: Night, leave: Path
):
    change(leave, "BEGIN:VEVENT", f"{BROKEN}BEGIN:VEVENT")
    reza = night.phone("reza")
    with capture_logs() as logs:
        await night.settle()
        await look_later(night, minutes=15)
    await reza.expect_telegram("سطر ۴", "Knee operation in")
    assert await on_call(night) == "mina"  # by the other event
    problems = await night.service.database.read(
        lambda tx: unread(tx, night.service.config, night.clock.now())
    )
    (message,) = [problem.message for problem in problems]
    assert "line 4" in message
    assert '"Knee operation in"' in message
    said = [entry for entry in logs if entry.get("action") == "import"]
    assert [entry["lines"] for entry in said] == [[4], [4]]
    assert "Knee" not in str(logs)


async def test_what_cannot_be_read_any_more_stays_as_it_was_known(
    night: Night, leave: Path
):
    await night.settle()
    change(leave, "DTEND:20261228", "DTEND:2026-12-28")
    await look_later(night, minutes=15)
    assert await on_call(night) == "mina"
    await night.settle()
    await night.phone("reza").expect_telegram("سطر ۴")


async def test_an_absence_out_of_a_calendar_is_changed_there(night: Night):
    await night.settle()
    path = "/api/v1/absences/ical:reza:leave:20261224T000000Z"
    refused = await night.client.delete(path)
    assert refused.status_code == 409
    assert "calendar" in refused.json()["detail"]


async def look_later(night: Night, **span: float) -> None:
    """Let the calendars be read later on, and nothing else happen until then."""
    night.clock.turn(timedelta(**span))
    workers = [loop.worker for loop in night.service.engine.loops]
    importer = next(worker for worker in workers if isinstance(worker, Importer))
    await importer.tick(night.clock.now())


async def known(night: Night) -> list[tuple[str, str]]:
    """Return the imported absences, as kept."""
    view = await night.service.database.read(
        lambda tx: night.service.house.view(tx, night.clock.now())
    )
    return [
        (iso(one.start), iso(one.end))
        for one in view.roster.exceptions.absences
        if one.id.startswith("ical:")
    ]


def iso(at: object) -> str:
    return str(at).replace(" ", "T").replace("+00:00", "Z")
