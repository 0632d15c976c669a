"""News for everybody in an incident: each customer once, in the own language."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from oncall.actions.incident_updates import chosen
from oncall.model import Language
from support.api import Api, assert_problem

NEWS = {"en": "We are on it.", "fa": "پیگیر هستیم.", "ar": "نعمل على حلها."}


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url) as running:
        yield running


async def opened(api: Api, name: str, language: str = "", **changes: object) -> int:
    customer = {"name": name, "language": language, "email": f"{name}@example.org"}
    made = await api.opened(customer=customer, subject="cannot pay", **changes)
    return int(made["number"])


async def storm(api: Api, numbers: list[int], owner: str = "sara") -> str:
    """Open an incident that somebody has; return its path."""
    made = await api.post("/incidents", {"title": "Payments fail", "issues": numbers})
    path = f"/incidents/{made.json()['id']}"
    await api.post(f"{path}/acknowledge", {"person": owner})
    return path


async def told(api: Api, path: str, **sent: object) -> dict[str, Any]:
    response = await api.post(
        f"{path}/updates", {"text": NEWS, "author": "sara"} | sent
    )
    assert response.status_code == 201, response.text
    return dict(response.json())


async def said(api: Api, number: int) -> list[str]:
    issue = await api.issue(number)
    return [m["text"] for m in issue["messages"] if m["direction"] == "out"]


@pytest.mark.parametrize(
    ("language", "gets"),
    [("fa", "fa"), ("ar-EG", "ar"), ("EN_us", "en"), ("de", "en"), ("", "en")],
)
def test_everybody_gets_the_own_language_or_the_service_s(language: str, gets: str):
    assert chosen(NEWS, language, Language.ENGLISH) == gets


def test_what_nobody_wrote_is_replaced_by_what_there_is():
    assert chosen({"ar": "…"}, "fa", Language.ENGLISH) == "ar"
    assert chosen({"": "…"}, "fa", Language.ENGLISH) == ""
    assert chosen({"": "…", "fa": "…"}, "fa", Language.ENGLISH) == "fa"


async def test_each_customer_reads_the_own_language(api: Api):
    numbers = [
        await opened(api, *who) for who in (("a", "en"), ("b", "fa"), ("c", "ar"))
    ]
    path = await storm(api, numbers)
    await told(api, path)
    assert [await said(api, number) for number in numbers] == [
        [NEWS["en"]],
        [NEWS["fa"]],
        [NEWS["ar"]],
    ]
    assert (await api.issue(numbers[0]))["waiting_since"], "nobody has told them yet"


async def test_a_customer_with_several_issues_is_written_to_once(api: Api):
    one, other = await opened(api, "dana"), await opened(api, "dana")
    customers = (await api.get("/customers", limit=2)).json()["items"]
    newer, older = (each["id"] for each in customers)
    await api.post(f"/customers/{newer}/merge", {"into": older})
    path = await storm(api, [one, other])
    assert (await api.get(path)).json()["customers"] == 1
    update = await told(api, path)
    assert len(update["copies"]) == 1
    assert [len(await said(api, number)) for number in (one, other)] == [0, 1]


async def test_an_update_is_followed_for_each_customer(api: Api):
    path = await storm(api, [await opened(api, "a"), await opened(api, "b")])
    await told(api, path, text="We are on it.")
    (update,) = (await api.get(f"{path}/updates")).json()["items"]
    assert update["text"] == "We are on it."
    assert update["customers"] == {
        "queued": 0,
        "sent": 0,
        "delivered": 0,
        "failed": 0,
        "not_sendable": 2,
    }
    assert {copy["name"] for copy in update["copies"]} == {"a", "b"}


async def test_many_customers_are_written_to_a_slice_at_a_time_and_once(api: Api):
    numbers = [await opened(api, f"c{place}") for place in range(60)]
    path = await storm(api, numbers)
    await api.service.engine.settle()
    update = await told(api, path)
    assert 0 < update["customers"]["queued"] < len(numbers)
    await api.service.engine.settle()
    await api.service.engine.settle()
    (update,) = (await api.get(f"{path}/updates")).json()["items"]
    assert update["customers"]["queued"] == 0
    assert {len(await said(api, number)) for number in numbers} == {1}


async def test_whoever_answers_all_customers_has_the_incident(api: Api):
    number = await opened(api, "a")
    made = await api.post("/incidents", {"title": "Storm", "issues": [number]})
    path = f"/incidents/{made.json()['id']}"
    await told(api, path, author="reza")
    assert (await api.get(path)).json()["owner"] == "reza"
    assert (await api.issue(number))["owner"] == "reza"


async def test_a_stranger_s_update_takes_nothing(api: Api):
    number = await opened(api, "a")
    made = await api.post("/incidents", {"title": "Storm", "issues": [number]})
    path = f"/incidents/{made.json()['id']}"
    await told(api, path, author="status page")
    assert (await api.get(path)).json()["owner"] is None
    assert (await api.issue(number))["status"] == "open"


async def test_what_left_before_its_turn_is_not_told(api: Api):
    numbers = [await opened(api, f"c{place}") for place in range(30)]
    path = await storm(api, numbers)
    await api.service.engine.settle()
    update = await told(api, path)
    waiting = [c["issue"] for c in update["copies"] if c["state"] == "queued"]
    await api.delete(f"{path}/issues/{waiting[-1]}")
    await api.service.engine.settle()
    assert await said(api, waiting[-1]) == []
    (update,) = (await api.get(f"{path}/updates")).json()["items"]
    copy = next(c for c in update["copies"] if c["issue"] == waiting[-1])
    assert copy["state"] == "not_sendable"
    assert copy["detail"] == "the issue left the incident"


async def test_an_update_says_something(api: Api):
    path = await storm(api, [])
    for text in ({}, {"de": "Wir sind dran"}, "", "  ", None, {"en": " "}):
        assert_problem(await api.post(f"{path}/updates", {"text": text}), 422)
    assert_problem(await api.post("/incidents/99/updates", {"text": "Hm"}), 404)


async def test_an_update_sent_twice_reaches_nobody_twice(api: Api):
    number = await opened(api, "a")
    path = await storm(api, [number])
    sent = {"text": "We are on it."}
    for _ in range(2):
        assert (await api.post(f"{path}/updates", sent, key="k")).status_code == 201
    assert await said(api, number) == ["We are on it."]
