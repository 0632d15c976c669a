from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason
from oncall.model import Language, Outcome, Verb
from oncall.wording import local_time, reason_text
from oncall.wording.catalogue import catalogue
from oncall.wording.segments import is_gsm

TEHRAN = ZoneInfo("Asia/Tehran")
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)  # a Saturday, 21:30 in Tehran
RIGHT_TO_LEFT = (Language.PERSIAN, Language.ARABIC)


def texts(language: Language) -> dict[str, str]:
    return dict(walk(asdict(catalogue(language)), ""))


def walk(node: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from walk(value, f"{path}.{key}")
    elif isinstance(node, str):
        yield path, node
    else:
        assert isinstance(node, tuple)
        yield from walk(dict(enumerate(node)), path)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_says_the_same_things():
    keys = [set(texts(language)) for language in Language]
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0]) > 70


def test_every_language_fills_in_the_same_facts():
    english = texts(Language.ENGLISH)
    for language in RIGHT_TO_LEFT:
        for key, text in texts(language).items():
            assert placeholders(text) == placeholders(english[key]), key


def test_the_english_catalogue_fits_the_gsm_alphabet():
    assert [text for text in texts(Language.ENGLISH).values() if not is_gsm(text)] == []


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_nothing_is_left_in_english(language: Language):
    for key, text in texts(language).items():
        written = "".join(part for part, *_ in Formatter().parse(text))
        assert not any(char.isascii() and char.isalpha() for char in written), key


def test_persian_and_arabic_keep_to_their_own_letters():
    assert not set("".join(texts(Language.PERSIAN).values())) & set("يكة٠١٢٣٤٥٦٧٨٩")
    assert not set("".join(texts(Language.ARABIC).values())) & set("یکپچژگ۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize("language", Language)
def test_every_severity_verb_outcome_and_reason_has_words(language: Language):
    words = catalogue(language)
    assert set(words.severities) == set(Severity)
    assert set(words.applied) == set(words.edited) == set(Verb)
    assert set(words.outcomes) == set(Outcome) - {Outcome.APPLIED}
    assert set(words.reasons) == set(Reason)
    assert len({reason_text(language, reason) for reason in Reason}) == len(Reason)


@pytest.mark.parametrize(
    ("at", "english", "persian", "arabic"),
    [
        (NOW, "21:30", "۲۱:۳۰", "٢١:٣٠"),
        (datetime(2026, 11, 21, 20, 29, tzinfo=UTC), "23:59", "۲۳:۵۹", "٢٣:٥٩"),
        (
            datetime(2026, 11, 21, 20, 30, tzinfo=UTC),
            "Sun 00:00",
            "یکشنبه ۰۰:۰۰",
            "الأحد ٠٠:٠٠",
        ),
        (
            datetime(2026, 11, 15, 8, 5, tzinfo=UTC),
            "Sun 11:35",
            "یکشنبه ۱۱:۳۵",
            "الأحد ١١:٣٥",
        ),
        (
            datetime(2026, 11, 14, 8, 5, tzinfo=UTC),
            "2026-11-14",
            "۱۴۰۵/۰۸/۲۳",
            "٢٠٢٦/١١/١٤",
        ),
    ],
)
def test_a_time_is_shown_as_the_reader_s_clock_shows_it(
    at: datetime, english: str, persian: str, arabic: str
):
    shown = [local_time(language, at, zone=TEHRAN, now=NOW) for language in Language]
    assert shown == [english, persian, arabic]


def test_today_is_the_reader_s_today():
    after_midnight = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
    before_midnight = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    shown = local_time(
        Language.ENGLISH, before_midnight, zone=TEHRAN, now=after_midnight
    )
    assert shown == "Sat 23:30"
