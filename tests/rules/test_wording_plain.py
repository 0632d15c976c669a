import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.wording.plain import cut, cut_places, for_sms, isolated, isolated_lines

ASTRONAUT = "👩🏽‍🚀"


def test_line_breaks_and_tabs_become_spaces():
    assert for_sms(" not\r\n paid\t\x0bat\u2028all ") == "not paid at all"


@pytest.mark.parametrize(
    "mark", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2069\u200f\x00\x1b"]
)
def test_marks_that_would_rearrange_the_message_are_dropped(mark: str):
    assert for_sms(f"a{mark}b") == "ab"
    assert isolated(f"a{mark}b") == "\u2068ab\u2069"


def test_the_joiners_of_persian_and_emoji_stay():
    assert for_sms("می‌خواهم") == "می‌خواهم"
    assert for_sms(ASTRONAUT) == ASTRONAUT


def test_typographic_punctuation_becomes_what_gsm_can_carry():
    assert for_sms("“I can’t – pay…”") == '"I can\'t - pay..."'


def test_accents_in_two_pieces_are_composed():
    assert for_sms("Rene\u0301") == "René"


@pytest.mark.parametrize("text", ["", " ", "\u200e", "\n"])
def test_what_has_nothing_visible_is_shown_as_a_question(text: str):
    assert for_sms(text) == "?"


def test_each_line_is_isolated_by_itself():
    assert isolated_lines("a\n\n b\u2069\n") == "\u2068a\u2069\n\u2068b\u2069"


def test_a_long_letter_is_cut_and_says_so():
    shown = isolated_lines("abc\n" * 1000)
    assert len(shown) < 3000
    assert shown.endswith("\u2068…\u2069")


@pytest.mark.parametrize("longest", range(1, 12))
def test_a_written_character_is_never_torn(longest: int):
    assert cut("ab" + ASTRONAUT * 3, longest) in {
        "",
        "a",
        "ab",
        "ab" + ASTRONAUT,
        "ab" + ASTRONAUT * 2,
    }
    assert cut("e\u0301" * 9, longest) == "e\u0301" * (longest // 2)


@given(st.text())
def test_no_cut_leaves_a_mark_or_a_joiner_at_its_edge(text: str):
    for place in cut_places(text):
        assert not unicodedata.category(text[place]).startswith("M") or place == 0
        assert place == 0 or "\u200d" not in text[place - 1 : place + 1]


@given(st.text(), st.integers(0, 50))
def test_a_cut_text_is_the_beginning_of_the_text(text: str, longest: int):
    shown = cut(text, longest)
    assert text.startswith(shown)
    assert len(shown) <= longest
