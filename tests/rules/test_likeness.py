"""Which issues are alike: what people in three languages really write."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_policies.concepts import CONCEPTS, COURTESIES
from escalation_policies.likeness import WITHIN, Alike, Crowd, Traits, traits

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
STORMS = {
    "payment": [
        (
            "Payment failed with error 502",
            "I tried to pay with my card three times and each time I get error 502.",
        ),
        ("Cannot pay: checkout shows 502", ""),
        (
            "my card is declined at checkout, error 502",
            "Hello, since ten minutes the payment page says error 502. Please help!",
        ),
        (
            "پرداخت ناموفق است",
            "سلام، هر بار که می‌خواهم پرداخت کنم درگاه خطای ۵۰۲ می‌دهد. لطفا رسیدگی کنید",
        ),
        ("خطای پرداخت ۵۰۲", "کارتم را زدم و خطا داد"),
        ("فشل الدفع", "عند الدفع بالبطاقة يظهر خطأ ٥٠٢ في كل مرة"),
        ("خطأ 502 عند الدفع", ""),
    ],
    "flowers": [
        ("Flowers never arrived", "The Valentine's flowers never came. What now?"),
        ("My flowers did not arrive", "Order 55123 was due at noon."),
        ("گل‌ها نرسید", "گل ولنتاین که سفارش داده بودم هنوز به دست همسرم نرسیده"),
        ("لم تصل الزهور", "طلبت باقة زهور ولم تصل حتى الآن"),
    ],
    "login": [
        ("Can't log in", "The login code never comes by SMS"),
        ("Login code does not arrive", "waiting for the sms code for an hour"),
        ("کد ورود نمی‌آید", "پیامک کد ورود برایم ارسال نمی‌شود"),
        ("رمز الدخول لا يصل", "لا تصلني رسالة الكود لتسجيل الدخول"),
    ],
}
ALONE = [
    ("Engraving is misspelled", "The ring I ordered says Anna instead of Hanna"),
    ("When do you open on Saturday?", ""),
    ("I want to change my address", "I moved to Berlin, order 55512"),
    ("Invoice for October", "Please send me the invoice for order 993 again"),
    ("Is my order there?", "Hello, I ordered a lamp. Thank you"),
    ("Card for my mother", "Can you add a greeting card to my flowers?"),
    ("Thank you!", "Everything works, thanks for your help."),
    ("سوال درباره محصول", "سلام، این محصول چه رنگ‌هایی دارد؟ سفارش بدهم کی می‌رسد؟"),
    ("جایزهٔ مسابقه واریز نشده", "قبل از عید برنده شدم ولی جایزه هنوز به حسابم نیامده"),
    ("الخدمة متوقفة منذ ساعة", "نحن مؤسسة في أوروبا وخدمتكم متوقفة عندنا منذ ساعة"),
]
texts = st.text(
    st.sampled_from("payment error 502 flowers پرداخت خطا زهور 🌷 order sara"),
    max_size=40,
)


def issue(
    number: int,
    subject: str,
    text: str = "",
    *,
    customer: int | None = None,
    after: timedelta = timedelta(0),
    tags: Sequence[str] = (),
    source: str = "web",
) -> Traits:
    return traits(
        number=number,
        customer=number if customer is None else customer,
        at=NOW + after,
        subject=subject,
        text=text,
        tags=tags,
        source=source,
    )


def everybody() -> tuple[dict[int, str], list[Traits]]:
    """Return to which storm each issue belongs, and all issues."""
    said = [(storm, *words) for storm, issues in STORMS.items() for words in issues]
    said += [(words[0], *words) for words in ALONE]
    kinds = {number: kind for number, (kind, _, _) in enumerate(said, start=1)}
    return kinds, [issue(n, said[n - 1][1], said[n - 1][2]) for n in kinds]


def test_each_storm_is_found_in_three_languages_and_nothing_else():
    kinds, issues = everybody()
    crowd = Crowd(issues)
    for number, kind in kinds.items():
        found = {kinds[each.number] for each in crowd.like(number)}
        assert found == ({kind} if kind in STORMS else set()), (kind, number)


@pytest.mark.parametrize("storm", STORMS)
def test_a_storm_hangs_together(storm: str):
    kinds, issues = everybody()
    crowd = Crowd(issues)
    members = {number for number, kind in kinds.items() if kind == storm}
    reached, edge = set[int](), {min(members)}
    while edge:
        reached |= edge
        edge = {a.number for one in edge for a in crowd.like(one)} - reached
    assert reached == members


def test_people_are_told_what_is_shared():
    crowd = Crowd([issue(1, "Payment error 502"), issue(2, "خطای ۵۰۲ پرداخت")])
    (alike,) = crowd.like(2)
    assert alike.number == 1
    assert set(alike.because) == {"502", "error", "payment"}


def test_a_tag_makes_up_for_few_words():
    alone = [issue(1, "Payment"), issue(2, "payment trouble")]
    tagged = [
        issue(1, "Payment", tags=["Gateway-X"]),
        issue(2, "payment trouble", tags=["gateway-x"]),
    ]
    assert Crowd(alone).like(1) == ()
    (alike,) = Crowd(tagged).like(1)
    assert "tag:gateway-x" in alike.because


def test_one_customer_who_writes_twice_is_no_storm():
    same = [issue(1, "Payment error 502", customer=7)]
    assert Crowd([*same, issue(2, "Payment error 502", customer=7)]).like(1) == ()
    assert Crowd([*same, issue(2, "Payment error 502", customer=8)]).like(1) != ()


def test_what_is_more_than_a_day_apart_is_not_compared():
    words = "Payment error 502"
    near = [issue(1, words), issue(2, words, after=WITHIN)]
    far = [issue(1, words), issue(2, words, after=WITHIN + timedelta(seconds=1))]
    assert Crowd(near).like(1) != ()
    assert Crowd(far).like(1) == ()


def test_courtesies_and_numbers_of_orders_say_nothing():
    crowd = Crowd(
        [
            issue(1, "Hello, please help me with order 551234", "Thank you very much"),
            issue(2, "Hello, please help me with order 551234", "Thank you very much"),
        ]
    )
    assert crowd.like(1) == ()


def test_the_words_of_the_lists_do_not_contradict_one_another():
    assert COURTESIES.isdisjoint(CONCEPTS)


@given(st.lists(texts, min_size=2, max_size=8), st.randoms())
def test_the_order_in_which_issues_are_known_does_not_matter(
    subjects: list[str], random: Random
):
    issues = [issue(number, subject) for number, subject in enumerate(subjects)]
    mixed = list(issues)
    random.shuffle(mixed)
    one, other = Crowd(issues), Crowd(mixed)
    for each in issues:
        assert one.like(each.number) == other.like(each.number)


@given(st.lists(texts, min_size=2, max_size=8))
def test_likeness_goes_both_ways_and_is_a_share(subjects: list[str]):
    issues = [issue(number, subject) for number, subject in enumerate(subjects)]
    crowd = Crowd(issues)
    scores = {
        (each.number, alike.number): alike
        for each in issues
        for alike in crowd.like(each.number)
    }
    for (one, other), alike in scores.items():
        back = scores[other, one]
        assert (back.score, set(back.because)) == (alike.score, set(alike.because))
        assert 0 < alike.score <= 1
        assert one != other


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_can_be_read(subject: str, text: str):
    one = issue(1, subject, text)
    assert all(weight > 0 for weight in one.terms.values())
    assert Crowd([one]).like(1) == ()


@given(texts)
def test_the_same_words_are_as_alike_as_can_be_or_say_too_little(subject: str):
    for alike in Crowd([issue(1, subject), issue(2, subject)]).like(1):
        assert alike == Alike(number=2, score=1.0, because=alike.because)


def test_a_long_letter_takes_no_longer_than_a_short_one():
    long = issue(1, "error", "payment error " * 50_000)
    assert set(long.terms) <= {"payment", "error", "error payment", "payment error"}
