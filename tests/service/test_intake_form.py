"""`/new`: people write without an account, and machines are kept off."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from oncall.web.form_words import WORDS, preferred
from support.intake_service import IntakeApi

LETTER = {
    "name": "مینا ر",
    "contact": "mina@example.com",
    "subject": "جایزه واریز نشد",
    "text": "قرار بود\r\nپنجشنبه",
}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


async def sent(api: IntakeApi, *, wait: float = 20, **changes: str) -> httpx.Response:
    """Open the page, fill it in and send it."""
    since = api.clock.now().timestamp()
    api.clock.turn(timedelta(seconds=wait))
    fields = LETTER | {"since": str(since)} | changes
    return await api.client.post("/new", data=fields, headers=OWN_PAGE)


async def numbers(api: IntakeApi) -> list[int]:
    found = (await api.get("/issues")).json()["items"]
    return [issue["number"] for issue in found]


async def test_the_form_is_a_page_that_says_whom_one_writes_to(database_url: str):
    async with IntakeApi(database_url) as api:
        page = await api.client.get("/new")
        assert page.status_code == 200
        assert "Parvaz customer care" in page.text
        assert 'name="website"' in page.text


async def test_a_letter_opens_an_issue(database_url: str):
    async with IntakeApi(database_url) as api:
        page = await sent(api)
        assert page.status_code == 200
        assert "#1" in page.text
        issue = await api.issue(1)
        assert issue["source"] == "web"
        assert issue["customer"]["email"] == "mina@example.com"
        assert issue["messages"][0]["text"] == "قرار بود\nپنجشنبه"


async def test_a_number_or_a_name_elsewhere_is_a_contact_too(database_url: str):
    async with IntakeApi(database_url) as api:
        await sent(api, contact="+98 912 123 45 67")
        await sent(api, contact="@mina_r")
        assert (await api.issue(1))["customer"]["phone"] == "+989121234567"
        assert (await api.issue(2))["customer"]["handle"] == "@mina_r"


async def test_what_is_missing_is_asked_for_and_the_rest_is_kept(database_url: str):
    async with IntakeApi(database_url) as api:
        page = await sent(api, subject=" ")
        assert page.status_code == 422
        assert "what it is about" in page.text
        assert "mina@example.com" in page.text
        assert await numbers(api) == []


async def test_a_machine_that_fills_in_every_field_is_thanked_for_nothing(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        page = await sent(api, website="https://spam.example")
        assert page.status_code == 200
        assert "Thank you" in page.text
        assert await numbers(api) == []


async def test_nobody_writes_a_letter_in_two_seconds(database_url: str):
    async with IntakeApi(database_url) as api:
        assert (await sent(api, wait=2)).status_code == 422
        assert (await sent(api, wait=3)).status_code == 200
        assert await numbers(api) == [1]


async def test_one_address_sends_ten_letters_in_ten_minutes(database_url: str):
    async with IntakeApi(database_url) as api:
        statuses = [(await sent(api)).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]
        api.clock.turn(timedelta(minutes=10))
        assert (await sent(api)).status_code == 200


@pytest.mark.parametrize(
    "since", ["0", "-1", "nan", "inf", "-inf", "1e308", "9999999999", "1700000000"]
)
async def test_a_made_up_time_of_the_page_is_asked_for_again(
    tmp_path: Path, since: str
):
    async with IntakeApi(f"sqlite:///{tmp_path}/oncall.db") as api:
        fields = LETTER | {"since": since}
        page = await api.client.post("/new", data=fields, headers=OWN_PAGE)
        assert page.status_code == 422
        assert "mina@example.com" in page.text
        assert await numbers(api) == []


async def test_made_up_addresses_do_not_get_round_the_limit(tmp_path: Path):
    async with IntakeApi(f"sqlite:///{tmp_path}/oncall.db") as api:
        statuses = []
        for number in range(11):
            api.client.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            statuses.append((await sent(api)).status_code)
        assert statuses == [200] * 10 + [429]


async def test_another_sites_page_cannot_send_the_form(database_url: str):
    async with IntakeApi(database_url) as api:
        headers = {"Sec-Fetch-Site": "cross-site"}
        response = await api.client.post("/new", data=LETTER, headers=headers)
        assert response.status_code == 403
        assert await numbers(api) == []


async def test_words_are_shown_as_words(database_url: str):
    async with IntakeApi(database_url) as api:
        page = await sent(api, subject="", name="<script>alert(1)</script>")
        assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fa-IR,fa;q=0.9,en;q=0.8", "fa"),
        ("de, ar;q=0.5, en;q=0.4", "ar"),
        ("en;q=0.1, fa;q=0", "en"),
        ("de", None),
        ("", None),
        ("fa;q=high, ar;q=2, *;q=1, ;;,=", None),
        ("de," * 5000 + "fa", None),
    ],
)
def test_a_visitor_is_read_by_the_language_they_like_best(
    accepted: str, language: str | None
):
    assert preferred(accepted) == language


def test_every_language_says_everything():
    for words in WORDS.values():
        assert all(getattr(words, field.name) for field in fields(words))


async def test_the_page_speaks_the_visitors_language(tmp_path: Path):
    async with IntakeApi(f"sqlite:///{tmp_path}/oncall.db") as api:
        api.client.headers["Accept-Language"] = "ar-SA, en;q=0.5"
        page = await api.client.get("/new")
        assert '<html lang="ar" dir="rtl">' in page.text
        assert "اكتب إلينا" in page.text
        assert page.headers["Vary"] == "Accept-Language"
        page = await sent(api, subject=" ")
        assert "الموضوع" in page.text
        page = await sent(api)
        assert "#١" in page.text
        assert (await api.issue(1))["customer"]["language"] == "ar"
        del api.client.headers["Accept-Language"]
        assert '<html lang="en" dir="ltr">' in (await api.client.get("/new")).text


@pytest.mark.parametrize(
    "contact", ["mina", "mina@", "mina@home", "12", "a b@c.d", "@"]
)
async def test_an_address_that_cannot_be_one_is_refused(tmp_path: Path, contact: str):
    async with IntakeApi(f"sqlite:///{tmp_path}/oncall.db") as api:
        page = await sent(api, contact=contact)
        assert page.status_code == 422
        assert "We cannot reach you there" in page.text
        assert await numbers(api) == []
