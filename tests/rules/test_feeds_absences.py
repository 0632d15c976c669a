"""Leave is read out of calendars of any program."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oncall.errors import Refused
from oncall.feeds import leave
from oncall.feeds.absences import MOST, Unread, absences_in
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
        b"BEGIN:A\r\n" * 50_000 + b"END:B\r\n" * 50_000,
    ],
    ids=["nothing", "a page", "bytes", "cut", "nested"],
)
def test_what_is_no_calendar_of_leave_is_refused_in_words_of_our_own(body: bytes):
    end = NOW + timedelta(days=180)
    with pytest.raises(Refused) as caught:
        absences_in(body, person="sara", zone=BERLIN, start=NOW, end=end)
    assert "sign in" not in caught.value.detail
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_calendar_of_countless_events_is_refused_and_says_where_it_was_too_much():
    each = [
        f"UID:{n} | DTSTART;VALUE=DATE:20260310 | RRULE:FREQ=DAILY;COUNT=100"
        for n in range(MOST // 100 + 1)
    ]
    with pytest.raises(Refused, match=r"1000 absences.* line 54"):
        read(*each)


GOOD = "UID:good | DTSTART;VALUE=DATE:20260310"
TRIP = "UID:b | SUMMARY:Trip to the sea | DTSTART;VALUE=DATE:20260310"
THE_GOOD_ONE = [("03-09T23:00", "03-10T23:00")]
ALL_HOURS = ",".join(map(str, range(24)))
ALL_MINUTES = ",".join(map(str, range(60)))


OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:{summer}
TZOFFSETTO:{winter}
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:{winter}
TZOFFSETTO:{summer}
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def both(*events: str, head: str = "") -> tuple[list[str], list[Unread]]:
    """Return where absences begin, and what could not be read."""
    unread: list[Unread] = []
    end = NOW + timedelta(days=180)
    found = absences_in(
        calendar(*events, head=head),
        person="sara",
        zone=BERLIN,
        start=NOW,
        end=end,
        unread=unread.append,
    )
    return sorted(f"{one.start:%m-%dT%H:%M}" for one in found), unread


@pytest.mark.parametrize(
    "event",
    [
        "UID:b | SUMMARY:Trip to the sea",
        "UID:b | SUMMARY:Trip to the sea | DTSTART:tomorrow",
        f"{TRIP} | RRULE:FREQ=NEVER",
        f"{TRIP} | DURATION:long",
        f"{TRIP} | RRULE:FREQ=DAILY;INTERVAL=0",
        f"{TRIP} | EXDATE:" + ",".join(["20260310"] * 6000),
    ],
)
def test_an_event_that_cannot_be_read_costs_itself_and_is_named(event: str):
    starts, unread = both(event, GOOD)
    assert starts == ["03-09T23:00"]
    (one,) = unread
    assert (one.line, one.uid, one.words) == (4, "b", "Trip to the")
    assert "sea" not in one.why


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        f"FREQ=DAILY;BYHOUR={ALL_HOURS};BYMINUTE={ALL_MINUTES}",
        f"FREQ=YEARLY;BYHOUR={ALL_HOURS};BYMINUTE={ALL_MINUTES};BYSECOND={ALL_MINUTES}",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=1000000000",
    ],
)
def test_an_event_that_repeats_without_end_is_too_much_and_named(rule: str):
    event = f"UID:b | DTSTART:19700101T000000Z | DURATION:PT1S | RRULE:{rule}"
    starts, unread = both(event, GOOD)
    assert starts == ["03-09T23:00"]
    assert [(one.line, one.why) for one in unread] == [
        (4, "it repeats too often, or without end")
    ]


@pytest.mark.parametrize("start", ["00010101", "19700101", "20200229"])
@pytest.mark.parametrize(
    ("rule", "times"),
    [("FREQ=DAILY", 181), ("FREQ=WEEKLY;INTERVAL=2", 13), ("FREQ=MONTHLY", 6)],
)
def test_what_repeats_since_long_ago_costs_no_more_for_it(
    start: str, rule: str, times: int
):
    starts, unread = both(f"UID:b | DTSTART;VALUE=DATE:{start} | RRULE:{rule}")
    assert not unread
    assert abs(len(starts) - times) <= 1


def test_thousands_of_series_are_bounded_together_and_single_days_still_count(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(leave, "CALLS", 300_000)  # those of five of them
    series = [
        f"UID:{n} | DTSTART;VALUE=DATE:20100101 | RRULE:FREQ=DAILY;COUNT=4000"
        for n in range(2000)
    ]
    starts, unread = both(*series, GOOD)
    assert starts == ["03-09T23:00"]
    assert len(unread) > 1990


def test_an_event_without_its_end_costs_itself():
    broken = calendar(TRIP, GOOD).replace(b"END:VEVENT\r\n", b"", 1)
    unread: list[Unread] = []
    end = NOW + timedelta(days=180)
    (one,) = absences_in(
        broken, person="sara", zone=BERLIN, start=NOW, end=end, unread=unread.append
    )
    assert one.id == "ical:sara:good:20260309T230000Z"
    assert [one.line for one in unread] == [4]


def test_a_zone_that_cannot_be_made_costs_no_more_than_its_bound():
    zone = OUTLOOK.format(winter="+0100", summer="+0200")
    zone = zone.replace("FREQ=YEARLY;BYDAY=-1SU", "FREQ=DAILY;BYMONTHDAY=32")
    zone = zone.replace("Customized Time Zone", "Nowhere").replace("\n", "\r\n")
    event = "UID:b | DTSTART;TZID=Nowhere:20260311T100000 | DURATION:PT1H"
    assert both(event, GOOD, head=zone)[0] == ["03-09T23:00", "03-11T09:00"]


@pytest.mark.parametrize(
    ("winter", "summer", "starts"),
    [
        ("+0100", "+0200", ["03-27T08:00", "03-30T07:00"]),
        ("-0500", "-0400", ["03-27T14:00", "03-30T13:00"]),
    ],
)
def test_a_zone_is_what_its_own_file_says(winter: str, summer: str, starts: list[str]):
    zone = OUTLOOK.format(winter=winter, summer=summer).replace("\n", "\r\n")
    each = [
        f'UID:{day} | DTSTART;TZID="Customized Time Zone":202603{day}T090000'
        " | DURATION:PT1H"
        for day in (27, 30)
    ]
    assert both(*each, head=zone)[0] == starts


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("W. Europe Standard Time", "03-11T09:00"),
        ("/mozilla.org/20050126_1/Asia/Tehran", "03-11T06:30"),
        ("Moon/Base", "03-11T09:00"),
    ],
)
def test_zones_are_known_by_the_names_that_programs_give_them(zone: str, start: str):
    event = f"UID:b | DTSTART;TZID={zone}:20260311T100000 | DURATION:PT1H"
    assert both(event)[0] == [start]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        pytest.param(
            "DTSTART;VALUE=DATE:20260310 | DTEND;VALUE=DATE:20260310",
            THE_GOOD_ONE,
            id="a day that ends when it begins",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260310 | DTEND:20260310T170000",
            THE_GOOD_ONE,
            id="a day with an end within it",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260310 | DTEND:20260311T170000",
            [("03-09T23:00", "03-11T23:00")],
            id="a day with an end within the next",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260329 | DURATION:PT24H",
            [("03-28T23:00", "03-29T22:00")],
            id="a whole day of 23 hours",
        ),
        pytest.param(
            "DTSTART:20260310T140000 | DTEND;VALUE=DATE:20260310",
            [("03-10T13:00", "03-10T23:00")],
            id="a time whose end is a date",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20260328T200000 | DURATION:PT24H",
            [("03-28T19:00", "03-29T19:00")],
            id="hours are elapsed time",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20260328T200000 | DURATION:P1DT1H",
            [("03-28T19:00", "03-29T19:00")],
            id="days are those of the calendar",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20260318T090000 | DURATION:PT8H"
            " | RRULE:FREQ=DAILY;UNTIL=20260319",
            [("03-18T08:00", "03-18T16:00"), ("03-19T08:00", "03-19T16:00")],
            id="until a date",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260318 | RRULE:FREQ=DAILY;UNTIL=20260318T225959Z",
            [("03-17T23:00", "03-18T23:00")],
            id="until a time, for days",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20260318T090000 | DURATION:PT8H"
            " | RRULE:FREQ=DAILY;COUNT=3 | EXDATE;VALUE=DATE:20260319",
            [("03-18T08:00", "03-18T16:00"), ("03-20T08:00", "03-20T16:00")],
            id="a date taken out of times",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260318 | RRULE:FREQ=DAILY;COUNT=2"
            " | EXDATE:20260318T230000Z",
            [("03-17T23:00", "03-18T23:00")],
            id="a time taken out of dates",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260318 | RRULE:FREQ=DAILY;COUNT=1 | EXDATE:",
            [("03-17T23:00", "03-18T23:00")],
            id="nothing taken out",
        ),
        pytest.param(
            "DTSTART:20260318T090000Z | DURATION:PT1H"
            " | RDATE;VALUE=PERIOD:20260320T090000Z/PT2H,20260321T090000Z/20260321T120000Z",
            [
                ("03-18T09:00", "03-18T10:00"),
                ("03-20T09:00", "03-20T11:00"),
                ("03-21T09:00", "03-21T12:00"),
            ],
            id="further times with lengths of their own",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260310 | BEGIN:VALARM | TRIGGER:bogus | END:VALARM",
            THE_GOOD_ONE,
            id="a reminder that nobody understands",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260310 | DTEND;VALUE=DATE:99991231",
            [("03-09T23:00", "01-01T00:00")],
            id="for ever",
        ),
        pytest.param(
            "DTSTART:20240315T100000Z | DTEND:20240315T100500Z"
            " | RRULE:FREQ=HOURLY;COUNT=3",
            [],
            id="hourly, and over",
        ),
    ],
)
def test_leave_is_read_as_it_was_meant(event: str, times: list[tuple[str, str]]):
    found = sorted(read(f"UID:a | {event}"), key=lambda one: one.start)
    assert [
        (f"{one.start:%m-%dT%H:%M}", f"{one.end:%m-%dT%H:%M}") for one in found
    ] == times


def test_all_later_times_of_a_series_can_be_moved_or_called_off():
    series = "UID:a | DTSTART;VALUE=DATE:20260306 | RRULE:FREQ=WEEKLY;COUNT=4"
    later = "UID:a | RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260313"
    moved = f"{later} | DTSTART;VALUE=DATE:20260314"
    assert both(series, moved)[0] == [
        "03-05T23:00",
        "03-13T23:00",
        "03-20T23:00",
        "03-27T23:00",
    ]
    off = f"{later} | DTSTART;VALUE=DATE:20260313 | STATUS:CANCELLED"
    assert both(series, off)[0] == ["03-05T23:00"]


def test_events_without_a_name_are_each_their_own():
    short = "DTSTART;VALUE=DATE:20260310 | DTEND;VALUE=DATE:20260311"
    long = "DTSTART;VALUE=DATE:20260310 | DTEND;VALUE=DATE:20260320"
    assert len({one.id for one in read(long, short)}) == 2


def test_several_calendars_in_a_file_are_read_and_changes_found_across_them():
    series = "UID:a | DTSTART;VALUE=DATE:20260310 | RRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:a | RECURRENCE-ID;VALUE=DATE:20260311 | DTSTART;VALUE=DATE:20260315"
    body = (
        calendar(series) + b"\r\n" + calendar(moved).lower().replace(b"date", b"DATE")
    )
    end = NOW + timedelta(days=180)
    found = absences_in(body, person="sara", zone=BERLIN, start=NOW, end=end)
    assert sorted(f"{one.start:%m-%d}" for one in found) == ["03-09", "03-14"]


@pytest.mark.parametrize("newline", [b"\n", b"\r", b"\r\n\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_end_as_they_end_anywhere(newline: bytes, mark: bytes):
    folded = calendar(GOOD).replace(b"VALUE=DATE", b"VAL\r\n UE=DATE")
    body = mark + folded.replace(b"\r\n", newline)
    body = (
        body.replace(newline + b" ", newline[:1] + b" ") if len(newline) > 2 else body
    )
    end = NOW + timedelta(days=180)
    (one,) = absences_in(body, person="sara", zone=BERLIN, start=NOW, end=end)
    assert f"{one.start:%m-%dT%H:%M}" == "03-09T23:00"
