import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_policies.select import normalise
from escalation_policies.words import first_word_in

ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("  Data \t LEAK\n", "data leak"),
        ("كتابي على", "کتابی علی"),
        ("جايزة", "جایزه"),
        ("جایزهٔ", "جایزه"),
        ("خانۀ", "خانه"),
        ("آب أب إب ٱب", "اب اب اب اب"),
        ("مُحَمَّد", "محمد"),
        ("مـــهم", "مهم"),
        (f"می{ZWNJ}روم", "میروم"),
        ("\u202bsms\u202c\ufeff", "sms"),
        ("۱۲۳ ١٢٣ १२३", "123 123 123"),
        ("ﻻ", "لا"),
        ("ＵＲＧＥＮＴ", "urgent"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
    ],
)
def test_what_only_looks_different_is_the_same(written: str, normalised: str):
    assert normalise(written) == normalised


@settings(derandomize=True, deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str):
    assert normalise(normalise(text)) == normalise(text)


def found(word: str, text: str) -> bool:
    return first_word_in((word,), normalise(text)) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("prize", "Where is my PRIZE?"),
        ("prize", "prizes, not paid"),
        ("box", "two boxes"),
        ("prize", "the prize's value"),
        ("data leak", "a data\n leak"),
        ("data leak", "DATA-LEAK"),
        ("data leak", "dataleaks"),
        ("c++", "written in C++."),
        ("\ue000", "a\ue000b"),
        ("جایزه", "جايزة من کجاست"),
        ("جایزه", "جایزهٔ من"),
        ("جایزه", f"جایزه{ZWNJ}ام کو؟"),
        ("جایزه", f"جایزه{ZWNJ}هایشان"),
        ("جائزة", "لم تصل الجائزة"),
        ("جائزة", "والجائزة؟"),
        ("جائزة", "للجائزة"),
        ("جائزة", "أين جائزتي"),
        ("پول", "پولم را بدهید"),
        ("پرداخت نشده", f"پرداخت{ZWNJ}نشده"),
        ("утечк", "утечками данных"),
        ("漏洞", "发现漏洞了"),
    ],
)
def test_a_word_is_found_as_people_write_it(word: str, text: str):
    assert found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("prize", "surprize"),
        ("prize", "prized"),
        ("leak", "bleak"),
        ("data leak", "data about a leak"),
        ("جایزه", "جای زه"),
        ("جایزه", "ناجایزه"),
        ("حل", "محله"),
        ("", "anything"),
        (ZWNJ, "anything"),
    ],
)
def test_a_word_is_not_found_inside_another(word: str, text: str):
    assert not found(word, text)


def test_the_first_word_found_is_named_in_the_order_of_the_list():
    assert first_word_in(("leak", "prize"), "a prize and a leak") == "leak"
    assert first_word_in(("refund",), "a prize") is None
    assert first_word_in((), "a prize") is None


@pytest.mark.parametrize(
    "piece",
    ["prizep ", "prize", "جایزهز ", "ا", "e\u0301\u0316\u0301", "لل", " ", "-_"],
)
def test_the_last_word_of_a_very_long_text_is_found(piece: str):
    words = (*(f"word{number}" for number in range(100)), "data leak")
    text = normalise((piece * 100_000)[:100_000])
    assert first_word_in(words, text) is None
    assert first_word_in(words, f"{text} data leak") == "data leak"
