import re
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from typing_extensions import override

from oncall.model import Language
from oncall.rota.page import to_html
from rotations.exception import Absence, Exceptions, Override
from rotations.rotation import WhenAbsent
from rotations.window import Desk, Holiday, parse_window
from support.rota import UTC_ZONE, layer, roster, utc
from support.rota_sheet import sheet

BERLIN = ZoneInfo("Europe/Berlin")
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Reads the text of each table cell; fails on tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.setdefault(tag, dict(attrs))
        if tag == "td":
            self.cells.append("")
        if tag not in VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.cells[-1] += f" {data}"


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def cells(html: str) -> list[str]:
    return [" ".join(cell.split()) for cell in read(html).cells]


def eid(_year: int) -> Mapping[date, Holiday]:
    return {date(2027, 1, 6): Holiday("Eid (estimated)", estimated=True)}


def page(*, language: Language = Language.ENGLISH) -> str:
    """A week with a split day, a gap, a cover, a holiday, a day off, a weekend."""
    desk = Desk(
        zone=UTC_ZONE,
        weekend=(parse_window("fri 18:00 - sun 24:00"),),
        holidays=eid,
        closed=((date(2027, 1, 5), date(2027, 1, 5)),),
    )
    away = Absence(
        id="1", person="bea", start=utc("2027-01-07"), end=utc("2027-01-07T12:00")
    )
    cover = Override(
        id="2",
        rotation="r",
        person="cyr",
        start=utc("2027-01-08T06:00"),
        end=utc("2027-01-08T12:00"),
    )
    rota = roster(
        layer("ana bea", "3 days"),
        desk=desk,
        exceptions=Exceptions(absences=(away,), overrides=(cover,)),
        when_absent=WhenAbsent.GAP,
    )
    return to_html(sheet(rota, "2027-01-04", "2027-01-11", language=language))


def test_each_day_says_its_date_who_and_what_is_particular():
    assert cells(page()) == [
        "4 Jan ⇄ Ana López",
        "5 Jan Ana López desk closed",
        "6 Jan Ana López Eid (estimated date)",
        "7 Jan NOBODY ON CALL 00:00–12:00 12:00–24:00 ⇄ Bea",
        (
            "8 Jan 00:00–06:00 Bea 06:00–12:00 ⇄ Cyr (override) "
            "12:00–24:00 ⇄ Bea weekend from 18:00"
        ),
        "9 Jan Bea weekend",
        "10 Jan ⇄ Ana López weekend",
    ]


def test_days_of_rest_are_shaded_and_a_day_with_a_gap_is_framed():
    shades = re.findall(r'<td class="([^"]*)"', page())
    assert [names.split() for names in shades] == [
        [],
        ["feast"],
        ["feast"],
        ["gap"],
        [],
        ["rest"],
        ["rest"],
    ]


@pytest.mark.parametrize(
    ("language", "direction"),
    [(Language.ENGLISH, "ltr"), (Language.PERSIAN, "rtl"), (Language.ARABIC, "rtl")],
)
def test_the_page_runs_in_the_direction_of_its_language(
    language: Language, direction: str
):
    found = read(page(language=language)).attributes["html"]
    assert found == {"lang": language, "dir": direction}


def test_a_persian_page_has_persian_words_dates_and_digits():
    assert cells(page(language=Language.PERSIAN))[3] == (
        "۱۷ دی ۷ ژانویه هیچ‌کس کشیک نیست ۰۰:۰۰–۱۲:۰۰ ۱۲:۰۰–۲۴:۰۰ ⇄ Bea"
    )


def test_nothing_of_the_layout_names_left_or_right():
    style = page().partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"\b(left|right)\b", style)


def test_a_clock_change_is_told_on_its_day():
    rota = roster(layer("ana", zone=BERLIN))
    html = to_html(sheet(rota, "2027-03-28", "2027-03-29", zone=BERLIN))
    assert "clocks go forward: 02:00 becomes 03:00" in cells(html)[-1]


def test_names_are_text_whatever_they_hold():
    rota = roster(layer("ana"))
    names = {"ana": "<script>alert(1)</script> & Co"}
    html = to_html(sheet(rota, "2027-01-04", "2027-01-05", names=names))
    assert "<script" not in html
    assert "<script>alert(1)</script> & Co" in cells(html)[0]


def test_the_page_needs_nothing_beside_it():
    assert not re.search(r"(src|href)\s*=|url\(|@import|<script", page())


def test_the_page_says_when_it_was_true():
    assert "As known on 4 Jan 2027 at 10:20" in page()
