"""Issues that are alike: suggested for people to decide, or joined by rule."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from support.api import Api, assert_problem

PAYMENT = (
    "Payment failed with error 502",
    "Cannot pay, error 502",
    "خطای ۵۰۲ هنگام پرداخت",
    "خطأ ٥٠٢ عند الدفع",
)
RULE = """
[[incident_rules]]
title = "Payments fail"
words = ["payment", "پرداخت"]
at_least = 3
within = "30m"
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url) as running:
        yield running


@pytest.fixture
async def ruled(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url, change=lambda text: text + RULE) as running:
        yield running


async def written(api: Api, *subjects: str, first: int = 1) -> list[int]:
    """Let a customer write each of these; return the numbers, once they are compared."""
    numbers = [
        (await api.opened(customer={"name": f"C{place}"}, subject=subject))["number"]
        for place, subject in enumerate(subjects, start=first)
    ]
    await api.service.engine.settle()
    return numbers


async def suggestions(api: Api, **params: int) -> list[dict[str, Any]]:
    response = await api.get("/incidents/suggestions", **params)
    assert response.status_code == 200, response.text
    return list(response.json()["items"])


async def confirm(api: Api, suggestion: int, **sent: object) -> dict[str, Any]:
    path = f"/incidents/suggestions/{suggestion}/confirm"
    response = await api.post(path, sent)
    assert response.status_code == 201, response.text
    return dict(response.json())


async def incidents(api: Api) -> list[dict[str, Any]]:
    return list((await api.get("/incidents")).json()["items"])


async def test_what_is_alike_is_suggested_together_and_why(api: Api):
    numbers = await written(api, *PAYMENT, "When do you open?", "A ring for my wife")
    (found,) = await suggestions(api)
    assert [each["number"] for each in found["issues"]] == numbers[:4]
    assert found["title"] == PAYMENT[0]
    assert found["incident"] is None
    first, second = found["issues"][:2]
    assert (first["like"], first["score"]) == (None, None)
    assert second["like"] == numbers[0]
    assert 0 < second["score"] <= 1
    assert {"502", "error", "payment"} == set(second["because"])


async def test_a_suggestion_alone_changes_nothing(api: Api):
    (number, *_) = await written(api, *PAYMENT)
    issue = await api.issue(number)
    assert issue["incident"] is None
    assert issue["status"] == "open"
    assert await incidents(api) == []


async def test_two_that_are_alike_are_no_storm_yet(api: Api):
    await written(api, *PAYMENT[:2])
    assert await suggestions(api) == []
    assert len(await suggestions(api, at_least=2)) == 1


async def test_later_ones_join_the_suggestion(api: Api):
    await written(api, *PAYMENT[:3])
    await written(api, PAYMENT[3], first=4)
    (found,) = await suggestions(api)
    assert len(found["issues"]) == 4


async def test_confirming_makes_an_incident_that_somebody_has(api: Api):
    numbers = await written(api, *PAYMENT)
    (found,) = await suggestions(api)
    made = await confirm(
        api, found["id"], title="The gateway", person="sara", acknowledge=True
    )
    assert (made["title"], made["owner"], made["issues"]) == ("The gateway", "sara", 4)
    issue = await api.issue(numbers[1])
    assert (issue["incident"], issue["owner"]) == (made["id"], "sara")
    joined = next(e for e in issue["timeline"] if e["event"] == "joined_incident")
    assert (joined["reason"], joined["person"]) == ("alike", "sara")
    assert "502" in joined["detail"]
    assert await suggestions(api) == []


async def test_a_confirmation_may_leave_some_out(api: Api):
    one, two, three, four = await written(api, *PAYMENT)
    (found,) = await suggestions(api)
    made = await confirm(api, found["id"], issues=[one, two, four])
    assert made["issues"] == 3
    assert (await api.issue(three))["incident"] is None


async def test_a_confirmation_may_name_an_open_incident(api: Api):
    there = (await api.post("/incidents", {"title": "Gateway"})).json()
    await written(api, *PAYMENT)
    (found,) = await suggestions(api)
    assert (await confirm(api, found["id"], incident=there["id"]))["issues"] == 4
    assert len(await incidents(api)) == 1


async def test_what_is_like_an_open_incident_is_suggested_for_it(api: Api):
    await written(api, *PAYMENT[:3])
    (found,) = await suggestions(api)
    made = await confirm(api, found["id"])
    (late,) = await written(api, PAYMENT[3], first=4)
    (more,) = await suggestions(api)
    assert more["incident"] == made["id"]
    assert [each["number"] for each in more["issues"]] == [late]
    assert (await confirm(api, more["id"]))["issues"] == 4


async def test_what_was_dismissed_is_not_asked_again(api: Api):
    await written(api, *PAYMENT[:3])
    (found,) = await suggestions(api)
    path = f"/incidents/suggestions/{found['id']}"
    assert (await api.post(f"{path}/dismiss", {"person": "sara"})).status_code == 204
    await written(api, PAYMENT[3], PAYMENT[0], PAYMENT[1], first=4)
    assert await suggestions(api) == []
    problem = assert_problem(await api.post(f"{path}/confirm", {}), 409)
    assert "dismissed" in problem["detail"]


async def test_what_left_an_incident_is_not_joined_again(api: Api):
    numbers = await written(api, *PAYMENT)
    (found,) = await suggestions(api)
    made = await confirm(api, found["id"])
    await api.delete(f"/incidents/{made['id']}/issues/{numbers[2]}")
    api.clock.turn(timedelta(minutes=10))
    await api.service.engine.settle()
    assert (await api.issue(numbers[2]))["incident"] is None


async def test_what_is_finished_is_not_suggested(api: Api):
    (number, *_) = await written(api, *PAYMENT[:3])
    await api.post(f"/issues/{number}/resolve", {"result": "done"})
    assert await suggestions(api) == []
    (found,) = await suggestions(api, at_least=2)
    assert number not in [each["number"] for each in found["issues"]]


async def test_a_confirmation_that_cannot_be_is_told(api: Api):
    numbers = await written(api, *PAYMENT[:3], "A ring")
    (found,) = await suggestions(api)
    path = f"/incidents/suggestions/{found['id']}/confirm"
    assert_problem(await api.post(path, {"issues": [numbers[3]]}), 422, "issues")
    assert_problem(await api.post(path, {"incident": 99}), 404)
    assert_problem(await api.post(path, {"person": "nobody"}), 404)
    assert_problem(await api.post("/incidents/suggestions/99/confirm"), 404)
    assert_problem(await api.post("/incidents/suggestions/99/dismiss"), 404)
    for number in numbers:
        await api.post(f"/issues/{number}/resolve", {"result": "done"})
    assert_problem(await api.post(path, {}), 409)


async def test_suggestions_come_by_pages(api: Api):
    await written(api, *PAYMENT[:3])
    await written(api, "Flowers never arrived", "گل‌ها نرسید", "لم تصل الزهور", first=10)
    first = (await api.get("/incidents/suggestions", limit=1)).json()
    assert first["items"][0]["title"] == "Flowers never arrived"
    (second,) = await suggestions(api, cursor=int(first["next_cursor"]))
    assert second["title"] == PAYMENT[0]


async def test_enough_that_match_a_rule_are_an_incident(ruled: Api):
    numbers = await written(ruled, "my payment", "payment gone")
    assert await incidents(ruled) == []
    numbers += await written(ruled, "پرداخت نشد", first=3)
    (made,) = await incidents(ruled)
    assert (made["title"], made["rule"]) == ("Payments fail", "Payments fail")
    assert (made["issues"], made["owner"]) == (3, None)
    issue = await ruled.issue(numbers[2])
    joined = next(e for e in issue["timeline"] if e["event"] == "joined_incident")
    assert joined["reason"] == "rule"
    assert "word پرداخت" in joined["detail"]


async def test_later_ones_that_match_join_by_themselves(ruled: Api):
    await written(ruled, "my payment", "payment gone", "payment lost")
    (made,) = await incidents(ruled)
    await ruled.post(f"/incidents/{made['id']}/acknowledge", {"person": "sara"})
    (late, other) = await written(ruled, "a payment again", "a parcel", first=4)
    assert (await ruled.issue(late))["owner"] == "sara"
    assert (await ruled.issue(other))["incident"] is None


async def test_what_is_spread_over_a_long_time_is_no_incident(ruled: Api):
    for place in range(4):
        await written(ruled, "my payment", first=place)
        ruled.clock.turn(timedelta(minutes=20))
    assert await incidents(ruled) == []


async def test_after_its_end_a_rule_counts_anew(ruled: Api):
    await written(ruled, "my payment", "payment gone", "payment lost")
    (made,) = await incidents(ruled)
    await ruled.post(f"/incidents/{made['id']}/resolve", {"result": "works"})
    await written(ruled, "my payment", "payment gone", first=4)
    assert len(await incidents(ruled)) == 1
    await written(ruled, "payment lost", first=6)
    assert [each["status"] for each in await incidents(ruled)] == ["open", "resolved"]


async def test_what_was_taken_out_does_not_join_by_rule_again(ruled: Api):
    numbers = await written(ruled, "my payment", "payment gone", "payment lost")
    (made,) = await incidents(ruled)
    await ruled.delete(f"/incidents/{made['id']}/issues/{numbers[0]}")
    await written(ruled, "payment again", first=4)
    assert (await ruled.issue(numbers[0]))["incident"] is None
