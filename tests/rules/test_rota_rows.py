import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO

from oncall.model import Language
from oncall.rota.listing import headings, lines
from oncall.rota.sheet import Sheet
from oncall.rota.spreadsheet import to_csv
from rotations.exception import Absence, Exceptions
from rotations.rotation import WhenAbsent
from rotations.window import Desk, Holiday, parse_window
from support.rota import UTC_ZONE, layer, roster, utc
from support.rota_sheet import sheet

AWAY = Absence(
    id="1", person="bea", start=utc("2027-01-05T06:00"), end=utc("2027-01-06")
)


EID = "Eid (estimated date)"


def eid(_year: int) -> Mapping[date, Holiday]:
    return {date(2027, 1, 5): Holiday("Eid (estimated)", estimated=True)}


def three_days(
    when_absent: WhenAbsent = WhenAbsent.GAP,
    language: Language = Language.ENGLISH,
    names: dict[str, str] | None = None,
) -> Sheet:
    desk = Desk(zone=UTC_ZONE, holidays=eid, weekend=(parse_window("sun, mon"),))
    rota = roster(
        layer("ana bea"),
        desk=desk,
        exceptions=Exceptions(absences=(AWAY,)),
        when_absent=when_absent,
    )
    return sheet(rota, "2027-01-04", "2027-01-07", language=language, names=names)


def rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(text.decode(), newline="")))


def test_a_spreadsheet_has_a_row_for_each_day_and_person():
    assert to_csv(three_days(WhenAbsent.NEXT)).decode().splitlines() == [
        "date,weekday,start,end,person,because,holiday",
        "2027-01-04,Mon,2027-01-04 00:00,2027-01-05 00:00,Ana López,turn,",
        f"2027-01-05,Tue,2027-01-05 00:00,2027-01-05 06:00,Bea,turn,{EID}",
        f"2027-01-05,Tue,2027-01-05 06:00,2027-01-06 00:00,Ana López,absence,{EID}",
        "2027-01-06,Wed,2027-01-06 00:00,2027-01-07 00:00,Ana López,turn,",
    ]


def test_a_gap_is_a_row_without_a_person():
    (gap,) = [row for row in rows(to_csv(three_days())) if row[5] == "gap"]
    assert gap[2:5] == ["2027-01-05 06:00", "2027-01-06 00:00", ""]


def test_lines_of_a_spreadsheet_end_as_the_format_wants():
    text = to_csv(three_days())
    assert text.count(b"\r\n") == text.count(b"\n") == 5


def test_commas_and_quotes_in_names_stay_in_their_cell():
    names = {"ana": 'López, "Ana"', "bea": "Bea"}
    assert rows(to_csv(three_days(names=names)))[1][4] == 'López, "Ana"'


def test_a_byte_order_mark_is_there_only_when_wanted():
    sheet = three_days()
    assert to_csv(sheet, bom=True) == b"\xef\xbb\xbf" + to_csv(sheet)


def test_a_listing_says_the_date_once_and_a_gap_loudly():
    sheet = three_days()
    assert headings(sheet)[2] == "Hours (UTC)"
    assert lines(sheet) == [
        ("Mon", "4 Jan", "", "⇄ Ana López", "weekend"),
        ("",) * 5,
        ("Tue", "5 Jan", "00:00–06:00", "⇄ Bea", EID),
        ("", "", "06:00–24:00", "!! NOBODY ON CALL", ""),
        ("Wed", "6 Jan", "", "⇄ Ana López", ""),
    ]


def test_a_persian_listing_has_the_jalali_date_before_the_other():
    sheet = three_days(language=Language.PERSIAN)
    assert headings(sheet)[1:3] == ("شمسی", "میلادی")
    assert lines(sheet)[0][:3] == ("دوشنبه", "۱۴ دی", "۴ ژانویه")


def test_a_day_without_a_turn_has_a_dash():
    rota = roster(layer("ana", on=("sat",)))
    assert lines(sheet(rota, "2027-01-05", "2027-01-06")) == [
        ("Tue", "5 Jan", "", "-", ""),
    ]


def test_who_covers_is_told_from_whose_turn_it_is():
    listed = lines(three_days(WhenAbsent.NEXT))
    assert "⇄ Ana López (covers an absence)" in [line[3] for line in listed]


def test_a_weekend_that_begins_or_ends_within_a_day_says_when():
    desk = Desk(zone=UTC_ZONE, weekend=(parse_window("thu 13:00 - sat 09:00"),))
    listed = lines(sheet(roster(layer("ana"), desk=desk), "2027-01-07", "2027-01-10"))
    assert [line[4] for line in listed if line[0]] == [
        "weekend from 13:00",
        "weekend",
        "weekend until 09:00",
    ]


def test_a_spreadsheet_of_persian_readers_has_the_jalali_date_too():
    head, first, *_ = rows(to_csv(three_days(language=Language.PERSIAN)))
    assert head[:2] == ["date", "jalali_date"]
    assert first[:2] == ["2027-01-04", "1405-10-14"]
