from collections.abc import Iterator

import pytest

from oncall.model import Language, Outcome, Verb
from oncall.wording import (
    ShiftNews,
    answer,
    answer_failed,
    customer_wrote_again,
    fits_one_segment,
    leave_unread,
    link_failed,
    linked,
    owner_has_it,
    reopened,
    shift_changes,
    shift_notice,
    trial_page,
)
from support import long_names

MANY = [(long_names.NUMBER - step, long_names.PERSIAN) for step in range(40)]


def every_answer(language: Language, name: str, *, rich: bool) -> Iterator[str]:
    at = long_names.TIMES[language]
    for outcome in Outcome:
        for verb in Verb if outcome is Outcome.APPLIED else [Verb.TAKE]:
            yield answer(
                language,
                outcome,
                number=long_names.NUMBER,
                verb=verb,
                owner=name,
                at=at,
                choices=[(long_names.NUMBER, name), (long_names.NUMBER - 1, name)],
                rich=rich,
            )
    yield linked(language, person=name, rich=rich)
    yield link_failed(language)


def every_notice(language: Language, name: str, *, rich: bool) -> Iterator[str]:
    number, problem = long_names.NUMBER, long_names.PROBLEMS[1]
    at = long_names.TIMES[language]
    yield owner_has_it(language, number=number, owner=name, at=at, rich=rich)
    yield customer_wrote_again(
        language, number=number, customer=name, problem=problem, rich=rich
    )
    yield reopened(language, number=number, customer=name, problem=problem, rich=rich)
    yield answer_failed(
        language, number=number, customer=name, problem=problem, rich=rich
    )
    yield trial_page(language, person=name, rich=rich)
    for count in (1, 8000):
        yield leave_unread(language, line=99_999, words=name, count=count, rich=rich)
    for news in ShiftNews:
        yield shift_notice(language, news, rotation=name, start=at, end=at, rich=rich)
    for all_gone in (False, True):
        yield shift_changes(
            language,
            count=999,
            until=at,
            start=at,
            rotation=name,
            all_gone=all_gone,
            rich=rich,
        )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", long_names.NAMES)
def test_every_answer_and_notice_is_one_segment_with_the_longest_names(
    language: Language, name: str
):
    texts = [
        *every_answer(language, name, rich=False),
        *every_notice(language, name, rich=False),
    ]
    assert [text for text in texts if not fits_one_segment(text)] == []
    assert not any("{" in text or "\u2068" in text for text in texts)


@pytest.mark.parametrize("language", Language)
def test_no_two_answers_are_alike(language: Language):
    texts = list(every_answer(language, "Sara", rich=False))
    assert len(texts) == len(set(texts)) == 8 + 7 + 2


@pytest.mark.parametrize("language", Language)
def test_in_a_chat_names_are_whole_and_isolated(language: Language):
    name = f"\u2068{long_names.PERSIAN}\u2069"
    named = [
        *every_notice(language, long_names.PERSIAN, rich=True),
        linked(language, person=long_names.PERSIAN, rich=True),
        answer(
            language,
            Outcome.ALREADY,
            number=128,
            owner=long_names.PERSIAN,
            at="21:40",
            rich=True,
        ),
        answer(language, Outcome.CHOICES, choices=MANY, rich=True),
    ]
    assert all(name in text for text in named)


def test_who_came_second_hears_who_was_first():
    text = answer(
        Language.ENGLISH, Outcome.ALREADY, number=128, owner="Sara", at="21:40"
    )
    assert text == "#128 was already taken by Sara (21:40)."


@pytest.mark.parametrize("language", Language)
def test_a_stranger_hears_of_no_issue(language: Language):
    text = answer(language, Outcome.NOT_FOR_YOU)
    assert "#" not in text
    assert fits_one_segment(text)


def test_choices_say_how_to_answer_each():
    text = answer(
        Language.ENGLISH,
        Outcome.CHOICES,
        verb=Verb.PASS,
        choices=[(128, "Mina R"), (131, "Acme")],
    )
    assert text == "Which one? Send:\n128 2: Mina R\n131 2: Acme"


@pytest.mark.parametrize(
    ("language", "command"),
    [(Language.PERSIAN, "۱۲۸ ۹: مینا"), (Language.ARABIC, "١٢٨ ٩: مینا")],
)
def test_choices_are_typed_as_the_reader_types(language: Language, command: str):
    choices = [(128, "مینا")]
    text = answer(language, Outcome.CHOICES, verb=Verb.LEADERS, choices=choices)
    assert text.splitlines()[1].removeprefix("\u200f") == command


@pytest.mark.parametrize("language", Language)
def test_more_choices_than_a_segment_holds_are_counted(language: Language):
    text = answer(language, Outcome.CHOICES, choices=MANY)
    *listed, rest = text.splitlines()[1:]
    assert fits_one_segment(text)
    assert len(listed) >= 3
    assert rest == f"+{len(MANY) - len(listed)}"


def test_names_in_choices_are_shortened_before_they_are_left_out():
    choices = [(128 + step, long_names.LATIN) for step in range(4)]
    text = answer(Language.ENGLISH, Outcome.CHOICES, choices=choices)
    assert f"131 1: {long_names.LATIN[:20]}" in text.splitlines()
    assert fits_one_segment(text)


@pytest.mark.parametrize("language", Language)
def test_names_are_left_out_before_numbers_are(language: Language):
    text = answer(language, Outcome.CHOICES, choices=MANY[:4])
    assert len(text.splitlines()) == 5
    assert "+" not in text
