from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from oncall.feeds import FeedCalendar, FeedSlot, Role, render, uid
from oncall.model import Language

START = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
REVISED = datetime(2026, 11, 1, 8, 0, 30, 999, tzinfo=UTC)
SLOT = FeedSlot(
    uid=uid("weekend", 0, START, "sara"),
    rotation_title="Weekend customer care",
    role=Role.ON_CALL,
    person_name="Sara Ahmadi",
    start=START,
    end=START + timedelta(days=2),
    sequence=3,
    revised_at=REVISED,
    before="Reza",
    after="Mina",
    call="Nina +989121234567",
)
FEED = FeedCalendar(
    name="Weekend; nights, holidays",
    url="https://oncall.example/calendars",
    color="teal",
    slots=(SLOT,),
    language=Language.ENGLISH,
)


def parsed(feed: FeedCalendar) -> Calendar:
    return Calendar.from_ical(render(feed))


def event(slot: FeedSlot, *, busy: bool = False, language: str = "en") -> Event:
    feed = replace(FEED, slots=(slot,), busy=busy, language=Language(language))
    [found] = parsed(feed).walk("VEVENT")
    assert isinstance(found, Event)
    return found


def year_of_days(name: str) -> tuple[FeedSlot, ...]:
    days = [START + timedelta(days=day) for day in range(365)]
    return tuple(
        replace(
            SLOT,
            uid=uid("weekend", 0, day, name),
            person_name=name,
            start=day,
            end=day + timedelta(days=1),
        )
        for day in days
    )


def test_a_feed_reads_exactly_so():
    assert render(FEED).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//customer-oncall//feeds//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Weekend\\; nights\\, holidays",
        "X-WR-CALNAME:Weekend\\; nights\\, holidays",
        "URL:https://oncall.example/calendars",
        "COLOR:teal",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        f"UID:{SLOT.uid}",
        "DTSTAMP:20261101T080030Z",
        "LAST-MODIFIED:20261101T080030Z",
        "SEQUENCE:3",
        "DTSTART:20261120T133000Z",
        "DTEND:20261122T133000Z",
        "SUMMARY:\u2068Weekend customer care\u2069: on call\\, \u2068Sara Ahmadi\u2069",
        "DESCRIPTION:Takes over from: \u2068Reza\u2069\\nHands over to: \u2068Mina\u2069\\nTo cal",
        " l: \u2068Nina +989121234567\u2069",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_another_reader_finds_each_shift_once_and_when_it_is():
    feed = replace(FEED, slots=year_of_days("سارا"))
    query = recurring_ical_events.of(parsed(feed))
    found = list(query.between(START, START + timedelta(days=400)))
    assert [item.start for item in found] == [slot.start for slot in feed.slots]
    assert [item.end for item in found] == [slot.end for slot in feed.slots]


def test_nothing_recurs_and_no_zone_is_defined():
    body = render(replace(FEED, slots=year_of_days("Sara")))
    assert b"RRULE" not in body
    assert b"RDATE" not in body
    assert b"VTIMEZONE" not in body
    assert b"TZID" not in body


def test_instants_in_any_zone_are_written_in_utc():
    tehran = START.astimezone(ZoneInfo("Asia/Tehran"))
    assert render(replace(FEED, slots=(replace(SLOT, start=tehran),))) == render(FEED)


def test_the_same_data_gives_the_same_bytes_in_whatever_order_it_comes():
    slots = year_of_days("Sara")
    straight = render(replace(FEED, slots=slots))
    assert straight == render(replace(FEED, slots=slots))
    assert straight == render(replace(FEED, slots=slots[::-1]))


def test_a_feed_without_shifts_is_a_calendar_still():
    empty = parsed(replace(FEED, slots=()))
    assert empty["VERSION"] == "2.0"
    assert empty.walk("VEVENT") == []


@pytest.mark.parametrize(
    ("busy", "cancelled", "transparency", "status"),
    [
        (False, False, "TRANSPARENT", "FREE"),
        (True, False, "OPAQUE", "BUSY"),
        (False, True, "TRANSPARENT", "FREE"),
        (True, True, "TRANSPARENT", "FREE"),
    ],
)
def test_a_shift_takes_its_owner_s_time_only_when_asked_and_held(
    *, busy: bool, cancelled: bool, transparency: str, status: str
):
    found = event(replace(SLOT, cancelled=cancelled), busy=busy)
    assert found["TRANSP"] == transparency
    assert found["X-MICROSOFT-CDO-BUSYSTATUS"] == status
    assert found["STATUS"] == ("CANCELLED" if cancelled else "CONFIRMED")


def test_what_is_unknown_is_left_out():
    found = event(replace(SLOT, person_name="", before="", after="", call=""))
    assert "DESCRIPTION" not in found
    assert found["SUMMARY"] == "\u2068Weekend customer care\u2069: on call"
    assert b"COLOR" not in render(replace(FEED, color=""))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("role", Role)
def test_the_title_says_rotation_and_role_in_the_reader_s_language(
    language: Language, role: Role
):
    titles = {
        event(replace(SLOT, role=role), language=each)["SUMMARY"] for each in Language
    }
    assert len(titles) == 3
    found = event(replace(SLOT, role=role), language=language)
    assert found["SUMMARY"].startswith("\u2068Weekend customer care\u2069: ")
    assert len(found["DESCRIPTION"].splitlines()) == 3


@pytest.mark.parametrize(
    "text", ["a,b", "a;b", "a\\b", "a\\nb", 'a"b', "a:b", "نیم‌فاصله"]
)
def test_punctuation_survives_escaping(text: str):
    found = event(replace(SLOT, rotation_title=text, before=text, after="", call=""))
    assert found["SUMMARY"].startswith(f"\u2068{text}\u2069: ")
    assert found["DESCRIPTION"] == f"Takes over from: \u2068{text}\u2069"


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\u2028", "\x00", "\u2069", "\x0b"]
)
def test_a_name_cannot_end_its_line_or_its_isolate(end: str):
    name = f"Sara{end}END:VEVENT"
    body = render(replace(FEED, slots=(replace(SLOT, person_name=name),)))
    assert body.decode().split("\r\n").count("END:VEVENT") == 1
    assert event(replace(SLOT, person_name=name))["SUMMARY"].count("\u2069") == 2


def test_an_address_cannot_end_its_line():
    body = render(replace(FEED, url="https://a.example/\r\nBEGIN:VEVENT"))
    assert b"\r\nURL:https://a.example/BEGIN:VEVENT\r\n" in body


NAMES = st.text(
    st.one_of(
        st.sampled_from("سارا احمدی،؛\u200c"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=120,
)


@given(title=NAMES, person=NAMES, call=NAMES)
def test_lines_are_folded_at_75_octets_between_characters(
    title: str, person: str, call: str
):
    slot = replace(SLOT, rotation_title=title, person_name=person, call=call)
    lines = render(replace(FEED, slots=(slot,), name=title)).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any({"\n", "\r"} & set(line.decode()) for line in lines)


@pytest.mark.parametrize("length", range(60, 80))
def test_a_line_just_too_long_is_folded(length: int):
    lines = render(replace(FEED, name="n" * length)).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75


def test_a_name_of_two_lines_becomes_one():
    found = event(replace(SLOT, person_name="Sara\nAhmadi"))
    assert found["SUMMARY"].endswith("\u2068Sara Ahmadi\u2069")


def test_long_persian_text_is_whole_after_unfolding():
    title = "پشتیبانی مشتریان در آخر هفته و تعطیلات رسمی کشور " * 4
    found = event(replace(SLOT, rotation_title=title))
    assert title.strip() in found["SUMMARY"]


def test_a_year_of_daily_shifts_is_quick():
    feed = replace(FEED, slots=year_of_days("سارا احمدی"))
    render(feed)
    took = min(timed(feed) for _ in range(5))
    assert took < 0.060


def timed(feed: FeedCalendar) -> float:
    began = process_time()
    render(feed)
    return process_time() - began
