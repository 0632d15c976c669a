"""A page sent again to the owner says whose it is, who waits, and what to do."""

from datetime import timedelta

import pytest

from oncall.model import Language, Verb
from oncall.wording import (
    button_labels,
    fits_one_segment,
    reminder_labels,
    reminder_sms,
    reminder_text,
    spoken_reminder,
)
from oncall.wording.catalogue import in_digits
from support import long_names

SPAN = timedelta(minutes=16, seconds=40)


@pytest.mark.parametrize(
    ("language", "customer", "problem", "sms"),
    [
        (
            Language.ENGLISH,
            "Mina",
            "prize not paid",
            (
                "You have #129; Mina waits since 16 min. Please answer: prize not paid\n"
                "Reply 129 1=I answer 2=pass 3=told 5=done 9=leaders"
            ),
        ),
        (
            Language.PERSIAN,
            "مینا",
            "جایزه واریز نشده",
            "#129 با شماست؛ مینا ۱۶ دقیقه منتظر است\n۱۲۹ ۱=قبول ۳=گفتم",
        ),
        (
            Language.ARABIC,
            "مينا",
            "لم تصل الجائزة",
            "#129 لديك؛ مينا ينتظر ١٦ دقيقة\n١٢٩ ١=سأرد ٣=أبلغت",
        ),
    ],
)
def test_a_reminder_says_whose_it_is_who_waits_and_how_long(
    language: Language, customer: str, problem: str, sms: str
):
    words = {"number": 129, "customer": customer, "problem": problem}
    assert reminder_sms(language, span=SPAN, **words) == sms
    for say in (reminder_text, spoken_reminder):
        said = say(language, span=SPAN, **words)
        assert "129" in said
        assert customer in said
        assert in_digits(language, "16") in said


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("customer", long_names.NAMES)
@pytest.mark.parametrize("problem", long_names.PROBLEMS)
@pytest.mark.parametrize("span", [timedelta(minutes=119), timedelta(days=40)])
def test_the_longest_reminder_is_one_segment(
    language: Language, customer: str, problem: str, span: timedelta
):
    said = reminder_sms(
        language,
        number=long_names.NUMBER,
        customer=customer,
        problem=problem,
        span=span,
    )
    assert fits_one_segment(said)
    assert f"#{long_names.NUMBER}" in said
    assert in_digits(language, str(long_names.NUMBER)) in said.splitlines()[1]
    assert customer[:4] in said


@pytest.mark.parametrize("language", Language)
def test_the_buttons_under_a_reminder_do_not_offer_to_take_what_one_has(
    language: Language,
):
    labels, usual = reminder_labels(language), button_labels(language)
    assert list(labels) == list(usual)
    assert [verb for verb in labels if labels[verb] != usual[verb]] == [Verb.TAKE]
