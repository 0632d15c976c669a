import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.model import Verb
from oncall.replies import CarrierWord, Command, Unclear, read

DIGIT_SCRIPTS: dict[str, str] = {}
for char in map(chr, range(sys.maxunicode + 1)):
    if unicodedata.decimal(char, None) == 0:
        DIGIT_SCRIPTS[unicodedata.name(char)] = "".join(
            chr(ord(char) + step) for step in range(10)
        )

ALIASES = {
    Verb.TAKE: ["1", "ack", "ok", "take", "قبول", "استلام"],
    Verb.PASS: ["2", "pass", "ارجاع", "إحالة"],
    Verb.TOLD: ["3", "told", "گفتم", "أبلغت"],
    Verb.SNOOZE: ["4"],
    Verb.RESOLVED: ["5", "done", "resolve", "حل", "بستن"],
    Verb.HELP: ["6"],
    Verb.LEADERS: ["9", "escalate", "مدیر", "المدير"],
}
SPELLINGS = [(word, verb) for verb, words in ALIASES.items() for word in words]
CARRIER_WORDS = [
    *("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"),
    *("START", "YES", "UNSTOP", "HELP", "INFO"),
]


def in_script(text: str, digits: str) -> str:
    return text.translate(str.maketrans("0123456789", digits))


@pytest.mark.parametrize(("word", "verb"), SPELLINGS)
def test_every_alias_means_its_verb_alone_and_after_a_number(word: str, verb: Verb):
    assert read(word) == Command(verb=verb)
    assert read(f"128 {word}") == Command(number=128, verb=verb)


@pytest.mark.parametrize(("word", "verb"), SPELLINGS)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        " {}\n",
        "«{}»",
        '"{}"',
        "“{}”",
        "{}!",
        "{}.",
        "#{}",
        "\u200f{}\u200f",
        "-{}",
    ],
)
def test_what_stands_around_a_word_does_not_matter(word: str, verb: Verb, around: str):
    assert read(around.format(word)) == Command(verb=verb)
    assert read(around.format(f"128 {word}")) == Command(number=128, verb=verb)
    assert read(f"#128 {around.format(word)}") == Command(number=128, verb=verb)


@pytest.mark.parametrize(
    "text",
    [
        "ACK",
        "Ack",
        "aCk",
        "ＡＣＫ",
        "a\u200dc\u00adk",
        "قبو\u200cل",
        "ﻗﺒﻮﻝ",
        "1\ufe0f\u20e3",
        "①",
        "\u20681\u2069",
    ],
)
def test_taking_it_is_understood_in_any_dress(text: str):
    assert read(text) == Command(verb=Verb.TAKE)


@pytest.mark.parametrize("text", ["مدير", "مدیر", "المدير", "المدیر", "ﻣﺪﻳﺮ"])
def test_arabic_and_persian_letters_make_the_same_word(text: str):
    assert read(text) == Command(verb=Verb.LEADERS)


@pytest.mark.parametrize("text", ["إحالة", "إ\u200fحالة", "ا\u0655حالة"])
def test_a_letter_in_two_pieces_makes_the_same_word(text: str):
    assert read(text) == Command(verb=Verb.PASS)


@pytest.mark.parametrize("text", ["احالة", "إحاله", "احاله", "أحالة", "ا\u0654حالة"])
def test_a_word_written_in_haste_makes_the_same_word(text: str):
    assert read(text) == Command(verb=Verb.PASS)


@pytest.mark.parametrize("name", DIGIT_SCRIPTS)
def test_every_script_of_digits_is_read(name: str):
    text = in_script("9075318642 1", DIGIT_SCRIPTS[name])
    assert read(text) == Command(number=9075318642, verb=Verb.TAKE)


@given(
    number=st.integers(1, 9_999_999_999),
    verb=st.sampled_from([verb for verb in Verb if verb is not Verb.TAKE_ALL]),
    digits=st.sampled_from(sorted(DIGIT_SCRIPTS.values())),
    other=st.sampled_from(sorted(DIGIT_SCRIPTS.values())),
    space=st.text(" \u00a0\u3000\t\n\u200e\u200f", min_size=1).filter(
        lambda space: bool(space.strip("\u200e\u200f"))
    ),
)
def test_number_and_verb_survive_any_digits_and_spaces(
    number: int, verb: Verb, digits: str, other: str, space: str
):
    text = in_script(str(number), digits) + space + in_script(verb, other)
    assert read(text) == Command(number=number, verb=verb)


@pytest.mark.parametrize("word", CARRIER_WORDS)
@pytest.mark.parametrize("form", ["{}", " {} ", "«{}»", "128 {}", "#128 {}!", "{} 128"])
def test_a_carrier_word_never_acts(word: str, form: str):
    carrier = CarrierWord(word=word.casefold())
    assert read(form.format(word)) == carrier
    assert read(form.format(word.lower())) == carrier


@pytest.mark.parametrize("word", ["ack", "TAKE", "قبول", "done", "إحالة"])
def test_a_word_may_also_stand_before_the_number(word: str):
    before, after = read(f"{word} #128"), read(f"128 {word}")
    assert before == after
    assert isinstance(before, Command)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "!",
        "\u200f",
        "7",
        "8",
        "128",
        "128 7",
        "01",
        "0128 1",
        "128 01",
        "12345678901 1",
        "1 128",
        "128.1",
        "128 1 5",
        "128 1=take",
        "I will take it",
        "don't take",
        "not ok",
        "no",
        "128 no",
        "help me",
        "ok thanks",
        "½",
        "-",
        "128 -",
    ],
)
def test_everything_else_is_unclear(text: str):
    assert read(text) == Unclear()


@pytest.mark.parametrize("text", ["0", "۰", " ٠ ", "«0»"])
def test_zero_takes_everything_that_waits(text: str):
    assert read(text) == Command(verb=Verb.TAKE_ALL)


@pytest.mark.parametrize("text", ["128 0", "0 128", "0 1", "00"])
def test_zero_goes_with_no_number(text: str):
    assert read(text) == Unclear()


def test_a_letter_is_not_an_answer():
    assert read("1" + " " * 500) == Unclear()
    assert read("ok " * 100_000) == Unclear()


@given(st.text(max_size=250))
def test_any_text_is_read_without_an_exception(text: str):
    assert isinstance(read(text), Command | CarrierWord | Unclear)


@given(st.text(st.characters(categories=["Cs", "Cn", "Co", "Cc", "Nd", "Nl", "No"])))
def test_broken_and_strange_characters_are_read_without_an_exception(text: str):
    assert isinstance(read(text), Command | CarrierWord | Unclear)
