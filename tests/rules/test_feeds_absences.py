"""Leave is read out of calendars of any program."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oncall.errors import Refused
from oncall.feeds.absences import MOST, absences_in
from rotations.exception import Absence

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def calendar(*events: str, head: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a//b//EN"]
    lines += [head] if head else []
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split(" | "), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: str, head: str = "", days: int = 180) -> list[Absence]:
    body = calendar(*events, head=head)
    end = NOW + timedelta(days=days)
    found = absences_in(body, person="sara", zone=BERLIN, start=NOW, end=end)
    return list(found)


def spans(*events: str, head: str = "") -> list[tuple[str, str]]:
    return [
        (f"{one.start:%m-%dT%H:%M}", f"{one.end:%m-%dT%H:%M}")
        for one in read(*events, head=head)
    ]


def test_a_whole_day_is_one_of_the_persons_zone_also_when_clocks_change():
    days = "UID:a | DTSTART;VALUE=DATE:20260328 | DTEND;VALUE=DATE:20260330"
    assert spans(days) == [("03-27T23:00", "03-29T22:00")]


def test_a_day_without_an_end_is_one_day():
    assert spans("UID:a | DTSTART;VALUE=DATE:20260310") == [
        ("03-09T23:00", "03-10T23:00")
    ]


def test_times_are_those_of_their_zone_and_the_persons_when_they_have_none():
    tehran = "UID:a | DTSTART;TZID=Asia/Tehran:20260310T090000 | DURATION:PT3H"
    floating = "UID:b | DTSTART:20260311T090000 | DTEND:20260311T170000"
    utc = "UID:c | DTSTART:20260312T090000Z | DTEND:20260312T170000Z"
    assert spans(tehran, floating, utc) == [
        ("03-10T05:30", "03-10T08:30"),
        ("03-11T08:00", "03-11T16:00"),
        ("03-12T09:00", "03-12T17:00"),
    ]


def test_what_repeats_is_away_each_time_but_for_what_was_taken_out():
    weekly = (
        "UID:a | DTSTART;VALUE=DATE:20260306 | RRULE:FREQ=WEEKLY;COUNT=4"
        " | EXDATE;VALUE=DATE:20260313"
    )
    moved = "UID:a | RECURRENCE-ID;VALUE=DATE:20260320 | DTSTART;VALUE=DATE:20260321"
    gone = (
        "UID:a | RECURRENCE-ID;VALUE=DATE:20260327 | DTSTART;VALUE=DATE:20260327"
        " | STATUS:CANCELLED"
    )
    assert [start for start, _ in spans(weekly, moved, gone)] == [
        "03-05T23:00",
        "03-20T23:00",
    ]


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_what_is_shown_as_free_or_is_cancelled_is_no_absence(line: str):
    day = "UID:a | DTSTART;VALUE=DATE:20260310"
    assert len(read(day)) == 1
    assert read(f"{day} | {line}") == []


def test_only_what_touches_the_window_counts():
    over = "UID:a | DTSTART:20260301T100000Z | DTEND:20260301T120000Z"
    running = "UID:b | DTSTART:20260301T100000Z | DTEND:20260301T120001Z"
    far = "UID:c | DTSTART:20260828T120000Z | DTEND:20260829T120000Z"
    empty = "UID:d | DTSTART:20260310T100000Z | DTEND:20260310T100000Z"
    assert [one.id for one in read(over, running, far, empty)] == [
        "ical:sara:b:20260301T100000Z"
    ]


def test_what_an_event_is_called_stays_with_its_owner():
    (one,) = read("UID:a | DTSTART;VALUE=DATE:20260310 | SUMMARY:Doctor")
    assert "Doctor" not in str(one)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>sign in</html>",
        b"\xff\xfe\x00",
        calendar("UID:a | DTSTART;VALUE=DATE:20260310")[:-20],
        calendar("UID:a"),
        calendar("UID:a | DTSTART:tomorrow"),
        calendar("UID:a | DTSTART;VALUE=DATE:20260310 | RRULE:FREQ=SECONDLY"),
        calendar("UID:a | DTSTART;VALUE=DATE:20260310 | RRULE:FREQ=NEVER"),
    ],
)
def test_what_is_no_calendar_of_leave_is_refused_in_words_of_our_own(body: bytes):
    end = NOW + timedelta(days=180)
    with pytest.raises(Refused) as caught:
        absences_in(body, person="sara", zone=BERLIN, start=NOW, end=end)
    assert "sign in" not in caught.value.detail
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_calendar_of_countless_events_is_refused():
    each = [
        f"UID:{n} | DTSTART;VALUE=DATE:20260310 | RRULE:FREQ=DAILY;COUNT=100"
        for n in range(MOST // 100 + 1)
    ]
    with pytest.raises(Refused, match="1000"):
        read(*each)
