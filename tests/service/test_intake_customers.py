"""One person, many handles: what links by itself, and what people merge."""

from typing import Any

import pytest

from support.api import assert_problem
from support.intake_service import IntakeApi, outcome


async def suggestions(api: IntakeApi) -> list[dict[str, Any]]:
    return list((await api.get("/customers/suggestions")).json()["items"])


async def test_an_account_that_its_channel_proves_is_one_customer(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.telegram("help", account=77)
        await api.post("/issues/1/resolve", {"result": "done"})
        await api.telegram("help me", account=77)
        await api.telegram("help", account=78)
        known = await api.customer_of("77")
        assert known["handles"] == [
            {"kind": "telegram", "value": "77", "verified": True}
        ]
        assert len((await api.get("/customers")).json()["items"]) == 2


async def test_a_number_that_whatsapp_proves_is_a_phone_too(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.whatsapp("سلام", number="989121110000")
        known = await api.customer_of("+989121110000")
        assert [(h["kind"], h["verified"]) for h in known["handles"]] == [
            ("phone", True),
            ("whatsapp", True),
        ]


async def test_an_address_that_two_share_is_only_a_suggestion(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", who="1", mail="Nader@Example.com ")
        await api.bank(ref="B", who="2", mail="nader@example.com")
        await api.bank(ref="C", who="2", mail="nader@example.com")
        (found,) = await suggestions(api)
        assert (found["customer"]["id"], found["other"]["id"]) == (2, 1)
        assert found["because"] == {"kind": "email", "value": "nader@example.com"}


async def test_each_of_many_with_one_address_is_suggested_with_the_oldest(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        for who in "1234":
            await api.bank(ref=who, who=who, mail="noreply@form.example")
        pairs = [
            (found["customer"]["id"], found["other"]["id"])
            for found in await suggestions(api)
        ]
        assert pairs == [(4, 1), (3, 1), (2, 1)]


async def test_a_pair_is_suggested_once_whoever_of_them_writes(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", who="1", mail="nader@example.com")
        await api.bank(ref="B", who="2", mail="nader@example.com")
        await api.bank(ref="C", who="1", mail="nader@example.com")
        assert len(await suggestions(api)) == 1


async def test_a_suggestion_that_was_dismissed_stays_so(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", who="1", mail="nader@example.com")
        await api.bank(ref="B", who="2", mail="nader@example.com")
        (found,) = await suggestions(api)
        path = f"/customers/suggestions/{found['id']}/dismiss"
        for _ in range(2):
            assert (await api.post(path)).status_code == 204
        for who in ("1", "2"):
            await api.bank(ref=f"again {who}", who=who, mail="nader@example.com")
        assert await suggestions(api) == []
        assert (await api.post("/customers/2/merge", {"into": 1})).status_code == 200
        assert_problem(await api.post("/customers/suggestions/99/dismiss"), 404)


async def test_a_number_is_compared_as_networks_write_it(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", tel="+98 912 111 00 00")
        await api.bank(ref="B", tel="+989121110000")
        assert len(await suggestions(api)) == 1


async def test_who_is_reported_by_the_api_is_suggested_too(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", mail="nader@example.com")
        await api.opened(customer={"name": "N", "email": "nader@example.com"})
        assert len(await suggestions(api)) == 1


async def test_a_merge_shows_both_timelines_and_undo_restores_each(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.telegram("by telegram", account=77)
        await api.bank(ref="A", who="1", text="by the bank")
        before = [await api.customer(number) for number in (1, 2)]
        merged = await api.post("/customers/2/merge", {"into": 1})
        assert merged.json()["merged_into"] == 1
        both = await api.customer(1)
        assert [issue["number"] for issue in both["issues"]] == [2, 1]
        assert both["merged"] == [2]
        assert {line["issue"] for line in both["timeline"]} == {1, 2}
        assert (await api.post("/customers/2/unmerge")).status_code == 200
        assert [await api.customer(number) for number in (1, 2)] == before


async def test_merged_customers_are_one_writer_on_a_channel(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", who="1")
        await api.bank(ref="B", who="2")
        await api.post("/issues/2/resolve", {"result": "done"})
        await api.post("/customers/2/merge", {"into": 1})
        assert outcome(await api.bank(ref="C", who="2")) == ("appended", 1)


async def test_a_merge_of_a_merge_is_undone_one_by_one(database_url: str):
    async with IntakeApi(database_url) as api:
        for who in "123":
            await api.bank(ref=who, who=who, mail="nader@example.com")
        await api.post("/customers/3/merge", {"into": 2})
        await api.post("/customers/2/merge", {"into": 1})
        assert (await api.customer(1))["merged"] == [2, 3]
        assert await suggestions(api) == []
        await api.post("/customers/2/unmerge")
        assert (await api.customer(1))["merged"] == []
        assert (await api.customer(2))["merged"] == [3]


async def test_pages_of_suggestions_pass_over_those_who_are_one(database_url: str):
    async with IntakeApi(database_url) as api:
        for who in "12345":
            mail = "two@x.example" if who in "12" else "three@x.example"
            await api.bank(ref=who, who=who, mail=mail)
        for merged in (5, 4):
            await api.post(f"/customers/{merged}/merge", {"into": merged - 1})
        page = (await api.get("/customers/suggestions?limit=1")).json()
        assert [each["customer"]["id"] for each in page["items"]] == [2]
        assert page["next_cursor"] is None


async def test_tier_and_language_are_kept_and_are_the_merged_ones_too(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", who="1", tier="vip")
        await api.post("/issues/1/resolve", {"result": "done"})
        await api.bank(ref="B", who="1")
        assert (await api.issue(2))["customer"]["tier"] == "vip"
        assert (await api.issue(2))["severity"] == "high"
        await api.telegram("hello", account=77)
        await api.post("/issues/3/resolve", {"result": "done"})
        await api.post("/customers/2/merge", {"into": 1})
        api.clock.turn_to(api.clock.now().replace(month=12))
        await api.telegram("hello again", account=77)
        assert (await api.issue(4))["severity"] == "high"


@pytest.mark.parametrize(
    ("customer", "into", "status"), [(1, 1, 409), (1, 9, 404), (9, 1, 404), (1, 0, 422)]
)
async def test_what_cannot_be_merged_is_refused(
    database_url: str, customer: int, into: int, status: int
):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A")
        sent = await api.post(f"/customers/{customer}/merge", {"into": into})
        assert_problem(sent, status)


async def test_a_circle_and_a_second_merge_are_refused(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="A", who="1")
        await api.bank(ref="B", who="2")
        assert_problem(await api.post("/customers/1/unmerge"), 409)
        await api.post("/customers/2/merge", {"into": 1})
        assert_problem(await api.post("/customers/2/merge", {"into": 1}), 409)
        assert_problem(await api.post("/customers/1/merge", {"into": 2}), 409)
        assert_problem(
            await api.post("/customers/1/merge", {"into": 2}, by="read"), 403
        )
