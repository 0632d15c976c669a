from dataclasses import replace

import pytest

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason
from oncall.model import Language
from oncall.wording import (
    BadNews,
    bad_news_sms,
    bad_news_text,
    fits_one_segment,
    reason_text,
)
from support import long_names

OPENINGS = {
    Language.ENGLISH: "Bad news",
    Language.PERSIAN: "خبر بد",
    Language.ARABIC: "خبر سيئ",
}
WHY = (Reason.SEVERITY, Reason.TIMEOUT, Reason.ASKED, Reason.PROMISE_MISSED)
NEWS = BadNews(
    number=128,
    severity=Severity.CRITICAL,
    customer="Mina R",
    problem="prize not paid",
    since="21:40",
    why=Reason.TIMEOUT,
    owner="Sara Ahmadi",
    promised="a call by 22:00",
    needed="a refund",
)


def test_bad_news_says_everything_a_leader_must_know():
    assert bad_news_text(Language.ENGLISH, NEWS).splitlines() == [
        "Bad news: critical #128",
        "\u2068Mina R\u2069: \u2068prize not paid\u2069",
        "Since 21:40",
        "Owner: \u2068Sara Ahmadi\u2069",
        "Promised: \u2068a call by 22:00\u2069",
        "Needed: \u2068a refund\u2069",
        "Why you are told: takes too long",
    ]


@pytest.mark.parametrize("language", Language)
def test_without_an_owner_it_says_how_to_take_it(language: Language):
    text = bad_news_text(language, replace(NEWS, owner="", needed="", promised=""))
    digits = {"en": "128 1", "fa": "۱۲۸ ۱", "ar": "١٢٨ ١"}
    assert digits[language] in text
    assert "Sara" not in text


@pytest.mark.parametrize("language", Language)
def test_with_an_owner_it_asks_for_support(language: Language):
    text = bad_news_text(language, replace(NEWS, needed=""))
    assert text.count("\u2068Sara Ahmadi\u2069") == 2


def test_an_sms_holds_promise_and_need_when_there_is_room():
    assert bad_news_sms(Language.ENGLISH, NEWS) == (
        "Bad news #128 Mina R: prize not paid\n"
        "since 21:40, owner Sara Ahmadi, takes too long, "
        "promised: a call by 22:00, needed: a refund"
    )


def test_in_a_short_segment_the_facts_come_before_promise_and_need():
    news = replace(NEWS, customer="مینا ر", problem="جایزه نیست", owner="سارا")
    assert bad_news_sms(Language.PERSIAN, news) == (
        "خبر بد #128 مینا ر: جایزه نیست\nاز 21:40، مسئول سارا، طول کشیده"
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("why", WHY)
@pytest.mark.parametrize("name", long_names.NAMES)
@pytest.mark.parametrize("owner", [*long_names.NAMES, ""])
@pytest.mark.parametrize("problem", long_names.PROBLEMS)
def test_the_longest_bad_news_is_one_segment(
    language: Language, why: Reason, name: str, owner: str, problem: str
):
    news = BadNews(
        number=long_names.NUMBER,
        severity=Severity.CRITICAL,
        customer=name,
        problem=problem,
        since=long_names.TIMES[language],
        why=why,
        owner=owner,
        promised=problem,
        needed=problem,
    )
    sms = bad_news_sms(language, news)
    assert fits_one_segment(sms)
    assert sms.startswith(f"{OPENINGS[language]} #{long_names.NUMBER} ")
    assert long_names.TIMES[language] in sms
    assert reason_text(language, why) in sms


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("why", WHY)
def test_bad_news_begins_with_that_word_and_ends_with_why(
    language: Language, why: Reason
):
    text = bad_news_text(language, replace(NEWS, why=why))
    assert text.startswith(OPENINGS[language])
    assert text.endswith(reason_text(language, why))
