import dataclasses
import string
from datetime import date

import pytest

from oncall.model import Language
from oncall.rota.dates import Pen
from oncall.rota.words import words_of
from rotations.shift import Because
from support.rota import UTC_ZONE

ENGLISH = words_of(Language.ENGLISH)
LAST_OF_ESFAND = date(2027, 3, 20)


def pen(language: Language) -> Pen:
    return Pen(words_of(language), UTC_ZONE)


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
    assert pen(Language.ENGLISH).both(LAST_OF_ESFAND) == ("20 Mar", "29 Esfand")


def test_persian_readers_see_the_jalali_date_first_in_their_digits():
    found = pen(Language.PERSIAN).both(LAST_OF_ESFAND, year=True)
    assert found == ("۲۹ اسفند ۱۴۰۵", "۲۰ مارس ۲۰۲۷")


def test_arabic_readers_see_the_gregorian_date_first_in_their_digits():
    found = pen(Language.ARABIC).both(LAST_OF_ESFAND)
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
