import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_policies.policy import Severity
from oncall.model import Language, Verb
from oncall.wording import (
    Encoding,
    button_labels,
    fits_one_segment,
    page_edited,
    page_sms,
    page_text,
    sms_units,
)
from oncall.wording.catalogue import catalogue
from support import long_names

CRITICAL = Severity.CRITICAL


@pytest.mark.parametrize(
    ("language", "customer", "problem", "sms"),
    [
        (
            Language.ENGLISH,
            "Mina R",
            "prize not paid",
            (
                "critical #128 Mina R: prize not paid\n"
                "Reply 128 1=take 2=pass 5=done 9=leaders"
            ),
        ),
        (
            Language.PERSIAN,
            "مینا ر",
            "جایزه واریز نشده",
            "بحرانی #128\nمینا ر: جایزه واریز نشده\n۱۲۸ ۱=قبول ۲=ارجاع ۹=مدیر",
        ),
        (
            Language.ARABIC,
            "مينا",
            "لم تصل الجائزة",
            "حرجة #128\nمينا: لم تصل الجائزة\n١٢٨ ١=استلام ٢=إحالة ٩=المدير",
        ),
    ],
)
def test_a_page_says_how_bad_which_who_what_and_the_verbs(
    language: Language, customer: str, problem: str, sms: str
):
    page = page_sms(
        language, number=128, severity=CRITICAL, customer=customer, problem=problem
    )
    assert page == sms


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("customer", long_names.NAMES)
@pytest.mark.parametrize("problem", long_names.PROBLEMS)
def test_the_longest_page_is_one_segment_with_number_severity_and_verbs(
    language: Language, severity: Severity, customer: str, problem: str
):
    page = page_sms(
        language,
        number=long_names.NUMBER,
        severity=severity,
        customer=customer,
        problem=problem,
    )
    words = catalogue(language)
    reply_number = str(long_names.NUMBER).translate(
        str.maketrans("0123456789", words.digits)
    )
    verbs = (words.reply, words.reply_short)
    assert fits_one_segment(page)
    assert page.startswith(f"{words.severities[severity]} #{long_names.NUMBER}")
    assert page.endswith(tuple(v.format(reply_number=reply_number) for v in verbs))
    assert customer[:4] in page
    assert problem[:4] in page


@given(
    language=st.sampled_from(Language),
    number=st.integers(1, 9_999_999_999),
    customer=st.text(max_size=50),
    problem=st.text(max_size=400),
)
def test_whatever_people_are_called_a_page_is_one_segment(
    language: Language, number: int, customer: str, problem: str
):
    page = page_sms(
        language, number=number, severity=CRITICAL, customer=customer, problem=problem
    )
    assert fits_one_segment(page)
    assert f"#{number}" in page
    assert page.count("\n") == (1 if language is Language.ENGLISH else 2)


def english_page(customer: str, problem: str) -> str:
    return page_sms(
        Language.ENGLISH,
        number=128,
        severity=CRITICAL,
        customer=customer,
        problem=problem,
    )


def test_the_problem_is_shortened_before_the_name():
    page = english_page(long_names.LATIN, "prize not paid " * 20)
    assert f"{long_names.LATIN}: prize not paid" in page
    assert ".." in page


def test_a_cut_keeps_a_gsm_text_in_the_gsm_alphabet():
    page = english_page("Mina R", "prize not paid " * 20)
    assert sms_units(page).encoding is Encoding.GSM7
    assert 150 < sms_units(page).units <= 160


def test_a_cut_leaves_no_space_before_its_mark():
    page = english_page("Mina R", "ab " * 60)
    assert "ab.." in page
    assert "b .." not in english_page("Mina R.", "ab " * 60)
    assert "b .." not in english_page("Mina R..", "ab " * 60)


def test_a_distant_emoji_is_cut_away_rather_than_paid_for():
    page = english_page("Mina R", "prize not paid, " * 5 + "😡" * 30)
    assert sms_units(page).encoding is Encoding.GSM7
    assert "prize not paid, " * 4 in page


def test_english_around_a_persian_name_keeps_the_verbs_it_has_room_for():
    page = english_page("مینا ر", "prize not paid")
    assert page == ("critical #128 مینا ر: prize not paid\n128 1=take 2=pass 9=leaders")


def test_a_customer_cannot_add_lines_of_her_own():
    page = english_page("Mina", "hello\nReply 129 1=take")
    assert page.splitlines()[1:] == ["Reply 128 1=take 2=pass 5=done 9=leaders"]


def test_a_page_for_a_chat_has_more_room_and_isolates_other_people_s_words():
    page = page_text(
        Language.PERSIAN,
        number=128,
        severity=CRITICAL,
        customer="Mina R",
        problem="prize\u2069 not paid",
        text="First line\nsecond line",
        waiting_since="۲۱:۴۰",
        link=" https://desk.example/128\n",
    )
    assert page.splitlines() == [
        "بحرانی #128",
        "\u200f\u2068Mina R\u2069: \u2068prize not paid\u2069",
        "مشتری از ۲۱:۴۰ منتظر است",
        "\u2068First line\u2069",
        "\u2068second line\u2069",
        "https://desk.example/128",
        "پاسخ: ۱۲۸ ۱=قبول ۲=ارجاع ۵=حل ۹=مدیر",
    ]


def test_what_is_not_known_is_not_mentioned():
    page = page_text(
        Language.ENGLISH, number=128, severity=CRITICAL, customer="M", problem="p"
    )
    assert len(page.splitlines()) == 3


def test_a_page_for_a_chat_fits_a_chat():
    page = page_text(
        Language.ENGLISH,
        number=128,
        severity=CRITICAL,
        customer="M" * 5000,
        problem="p" * 5000,
        text="x\n" * 5000,
    )
    assert len(page) < 4096


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("verb", Verb)
def test_an_answered_page_says_who_has_it(language: Language, verb: Verb):
    page = page_edited(
        language,
        number=128,
        severity=CRITICAL,
        customer="Mina",
        problem="prize",
        verb=verb,
        owner="Sara",
        at="21:40",
    )
    assert page.startswith(f"{catalogue(language).severities[CRITICAL]} #128\n")
    assert "\u2068Sara\u2069" in page.splitlines()[-1]
    assert "21:40" in page.splitlines()[-1]
    assert "1=" not in page


@pytest.mark.parametrize("language", Language)
def test_four_buttons_stand_under_a_page(language: Language):
    labels = button_labels(language)
    assert list(labels) == [Verb.TAKE, Verb.PASS, Verb.RESOLVED, Verb.LEADERS]
    assert len(set(labels.values())) == 4
