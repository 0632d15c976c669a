import dataclasses
import string
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from oncall.model import Language
from oncall.rota.dates import Pen
from oncall.rota.words import words_of
from rotations.shift import Because

ENGLISH = words_of(Language.ENGLISH)
LAST_OF_ESFAND = date(2027, 3, 20)


TEHRAN = ZoneInfo("Asia/Tehran")


def pen(language: Language, zone: ZoneInfo = TEHRAN) -> Pen:
    return Pen(words_of(language), zone)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", Language)
def test_every_language_says_everything_with_the_same_blanks(language: Language):
    words = words_of(language)
    for field in dataclasses.fields(words):
        said, model = getattr(words, field.name), getattr(ENGLISH, field.name)
        if isinstance(model, str):
            assert said
            assert blanks(said) == blanks(model)


@pytest.mark.parametrize("language", Language)
def test_every_exception_has_a_word_and_a_turn_has_none(language: Language):
    assert set(words_of(language).because) == set(Because) - {Because.TURN}


@pytest.mark.parametrize("language", Language)
def test_days_and_months_have_names_of_their_own(language: Language):
    words = words_of(language)
    for names in (words.weekdays, words.months, words.jalali_months):
        assert len(set(names)) == len(names)


def test_english_readers_see_the_gregorian_date_first():
    assert pen(Language.ENGLISH).dates(LAST_OF_ESFAND) == ("20 Mar", "29 Esfand")


def test_persian_readers_see_the_jalali_date_first_in_their_digits():
    found = pen(Language.PERSIAN).dates(LAST_OF_ESFAND, year=True)
    assert found == ("۲۹ اسفند ۱۴۰۵", "۲۰ مارس ۲۰۲۷")


def test_arabic_readers_see_the_gregorian_date_first_in_their_digits():
    found = pen(Language.ARABIC).dates(LAST_OF_ESFAND)
    assert found == ("٢٠ مارس", "٢٩ إسفند")


@pytest.mark.parametrize(
    ("day", "jalali"),
    [  # leap years of the Jalali calendar end on 30 Esfand
        (date(2025, 3, 20), "30 Esfand 1403"),
        (date(2026, 3, 21), "1 Farvardin 1405"),
        (date(2030, 3, 20), "30 Esfand 1408"),
        (date(2026, 9, 22), "31 Shahrivar 1405"),
    ],
)
def test_the_jalali_calendar_has_its_own_leap_years(day: date, jalali: str):
    assert pen(Language.ENGLISH).jalali(day, year=True) == jalali


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.ARABIC])
def test_there_is_no_jalali_date_where_nobody_lives_by_it(language: Language):
    london = pen(language, ZoneInfo("Europe/London"))
    assert len(london.dates(LAST_OF_ESFAND)) == len(london.calendars) == 1
    assert len(london.span(LAST_OF_ESFAND, LAST_OF_ESFAND)) == 1


def test_persian_readers_see_both_dates_everywhere():
    london = pen(Language.PERSIAN, ZoneInfo("Europe/London"))
    assert london.dates(LAST_OF_ESFAND) == ("۲۹ اسفند", "۲۰ مارس")
