"""Incidents by the API: opened, joined, left, taken, told of and ended."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from oncall.model import Status
from oncall.store import issues
from support.api import Api, assert_problem


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url) as running:
        yield running


async def opened(api: Api, count: int, **changes: object) -> list[int]:
    """Open issues of so many customers and return their numbers."""
    return [
        (await api.opened(**{"customer": {"name": f"Customer {place}"}} | changes))[
            "number"
        ]
        for place in range(count)
    ]


async def incident(api: Api, numbers: list[int], **more: object) -> dict[str, Any]:
    sent = {"title": "Payments fail", "issues": numbers, **more}
    response = await api.post("/incidents", sent)
    assert response.status_code == 201, response.text
    return dict(response.json())


async def settle(api: Api, **span: float) -> None:
    api.clock.turn(timedelta(**span))
    await api.service.engine.settle()


def events(issue: dict[str, Any]) -> list[str]:
    return [line["event"] for line in issue["timeline"]]


async def test_an_incident_holds_issues_and_counts_customers(api: Api):
    numbers = await opened(api, 2)
    again = (await api.opened(customer={"name": "Customer 0"}))["number"]
    made = await incident(api, [*numbers, again], cause="the gateway", person="sara")
    assert (made["status"], made["owner"], made["issues"]) == ("open", None, 3)
    assert made["opened_by"] == "sara"
    whole = (await api.get(f"/incidents/{made['id']}")).json()
    assert [each["number"] for each in whole["members"]] == [*numbers, again]
    assert {each["joined_by"] for each in whole["members"]} == {"sara"}
    assert whole["cause"] == "the gateway"


async def test_an_incident_nobody_has_changes_nothing_about_paging(api: Api):
    alone, joined = await opened(api, 2)
    await incident(api, [joined])
    await settle(api, minutes=6)
    pages = [await api.issue(number) for number in (alone, joined)]
    people = [[page["person"] for page in issue["pages"]] for issue in pages]
    assert sorted(people[0]) == sorted(people[1])
    assert pages[1]["status"] == "open"


async def test_taking_an_incident_takes_what_nobody_has(api: Api):
    free, taken = await opened(api, 2)
    await api.post(f"/issues/{taken}/acknowledge", {"person": "reza"})
    made = await incident(api, [free, taken])
    response = await api.post(
        f"/incidents/{made['id']}/acknowledge", {"person": "sara"}
    )
    assert response.json()["owner"] == "sara"
    assert response.json()["status"] == "acknowledged"
    assert (await api.issue(free))["owner"] == "sara"
    assert (await api.issue(taken))["owner"] == "reza"
    assert "taken_with_incident" in events(await api.issue(free))


async def test_a_second_one_who_takes_an_incident_changes_nothing(api: Api):
    made = await incident(api, await opened(api, 1))
    for person in ("sara", "reza"):
        response = await api.post(
            f"/incidents/{made['id']}/acknowledge", {"person": person}
        )
        assert response.json()["owner"] == "sara"


async def test_what_joins_an_incident_that_somebody_has_pages_nobody(api: Api):
    made = await incident(api, [])
    await api.post(f"/incidents/{made['id']}/acknowledge", {"person": "sara"})
    number = (await api.opened())["number"]
    response = await api.post(f"/incidents/{made['id']}/issues", {"issues": [number]})
    assert response.json()["issues"] == 1
    issue = await api.issue(number)
    assert (issue["status"], issue["owner"]) == ("acknowledged", "sara")
    assert issue["incident"] == made["id"]
    states = {page["state"] for page in issue["pages"] if page["kind"] == "page"}
    assert states == {"cancelled"}
    joined = next(
        line for line in issue["timeline"] if line["event"] == "joined_incident"
    )
    assert joined["detail"] == f"incident {made['id']}: Payments fail"
    assert joined["reason"] == "person"


async def test_leaving_an_incident_pages_again_at_once(api: Api):
    made = await incident(api, [])
    await api.post(f"/incidents/{made['id']}/acknowledge", {"person": "sara"})
    number = (await api.opened())["number"]
    await api.post(f"/incidents/{made['id']}/issues", {"issues": [number]})
    left = await api.delete(f"/incidents/{made['id']}/issues/{number}")
    assert left.json()["issues"] == 0
    issue = await api.issue(number)
    assert (issue["status"], issue["owner"]) == ("open", None)
    assert issue["incident"] is None
    assert "planned" in [page["state"] for page in issue["pages"]]
    after = events(issue)[events(issue).index("left_incident") :]
    assert after == ["left_incident", "page"]


async def test_an_issue_that_its_owner_took_in_person_stays_with_them(api: Api):
    (number,) = await opened(api, 1)
    await api.post(f"/issues/{number}/acknowledge", {"person": "reza"})
    made = await incident(api, [number])
    await api.post(f"/incidents/{made['id']}/acknowledge", {"person": "sara"})
    await api.delete(f"/incidents/{made['id']}/issues/{number}")
    issue = await api.issue(number)
    assert (issue["status"], issue["owner"]) == ("acknowledged", "reza")


async def test_leaving_and_joining_again_is_remembered(api: Api):
    (number,) = await opened(api, 1)
    made = await incident(api, [number])
    path = f"/incidents/{made['id']}"
    await api.delete(f"{path}/issues/{number}")
    await api.post(f"{path}/issues", {"issues": [number]})
    members = (await api.get(path)).json()["members"]
    assert [each["left_at"] is None for each in members] == [False, True]
    story = [event for event in events(await api.issue(number)) if "incident" in event]
    assert story == ["joined_incident", "left_incident", "joined_incident"]


async def test_an_issue_is_in_one_incident_at_a_time(api: Api):
    (number, other) = await opened(api, 2)
    await incident(api, [number])
    second = await incident(api, [], title="Another")
    path = f"/incidents/{second['id']}/issues"
    problem = assert_problem(await api.post(path, {"issues": [other, number]}), 409)
    assert "take it out there first" in problem["detail"]
    assert (await api.get(f"/incidents/{second['id']}")).json()["issues"] == 0, (
        "or none"
    )


async def test_what_is_not_there_or_finished_cannot_join(api: Api):
    (number,) = await opened(api, 1)
    made = await incident(api, [])
    path = f"/incidents/{made['id']}"
    assert_problem(await api.post(f"{path}/issues", {"issues": [999]}), 404)
    assert_problem(await api.post("/incidents/99/issues", {"issues": [number]}), 404)
    assert_problem(await api.delete(f"{path}/issues/{number}"), 404)
    await api.post(f"/issues/{number}/resolve", {"result": "done"})
    assert_problem(await api.post(f"{path}/issues", {"issues": [number]}), 409)
    assert_problem(await api.post(f"{path}/issues", {"issues": []}), 422, "issues")


async def test_an_end_leaves_the_issues_as_they_are_unless_told_otherwise(api: Api):
    first, second = await opened(api, 2)
    one, two = await incident(api, [first]), await incident(api, [second])
    await api.post(f"/incidents/{one['id']}/resolve", {"result": "works again"})
    sent = {"result": "works again", "cause": "a cable", "issues": True}
    ended = await api.post(f"/incidents/{two['id']}/resolve", sent | {"person": "sara"})
    assert ended.json()["status"] == "resolved"
    assert ended.json()["cause"] == "a cable"
    assert (await api.issue(first))["status"] == "open"
    assert (await api.issue(second))["status"] == "resolved"
    again = await api.post(f"/incidents/{two['id']}/resolve", sent)
    assert_problem(again, 409)


async def test_many_issues_are_taken_and_ended_a_slice_at_a_time(api: Api):
    numbers = await opened(api, 60)
    made = await incident(api, numbers)
    await api.post(f"/incidents/{made['id']}/acknowledge", {"person": "sara"})
    owners = [(await api.issue(number))["owner"] for number in numbers]
    assert 0 < owners.count("sara") < len(numbers)
    await settle(api)
    assert {(await api.issue(number))["owner"] for number in numbers} == {"sara"}
    await api.post(f"/incidents/{made['id']}/resolve", {"result": "ok", "issues": True})
    await settle(api)
    assert {(await api.issue(n))["status"] for n in numbers} == {"resolved"}


async def test_the_owner_hears_that_there_are_more_every_few_minutes(api: Api):
    made = await incident(api, [])
    path = f"/incidents/{made['id']}"
    await api.post(f"{path}/acknowledge", {"person": "sara"})
    await settle(api, seconds=1)
    for _ in range(3):
        await api.post(f"{path}/issues", {"issues": await opened(api, 2)})
    await settle(api)
    assert notices(api) == []
    await settle(api, minutes=5)
    (notice,) = notices(api)
    assert "۶ مورد تازه" in notice
    await settle(api, minutes=30)
    assert len(notices(api)) == 1, "nothing new, nothing said"


def notices(api: Api) -> list[str]:
    phones = api.service.phones
    assert phones is not None
    sara = phones.messages("123456789", via="telegram")
    return [message.text for message in sara if "Payments fail" in message.text]


async def test_incidents_are_listed_by_status_and_by_page(api: Api):
    made = [await incident(api, [], title=f"Storm {place}") for place in range(3)]
    await api.post(f"/incidents/{made[0]['id']}/acknowledge", {"person": "sara"})
    await api.post(f"/incidents/{made[1]['id']}/resolve", {"result": "over"})

    async def titles(**params: str | int) -> list[str]:
        found = (await api.get("/incidents", **params)).json()
        return [each["title"] for each in found["items"]]

    assert await titles() == ["Storm 2", "Storm 1", "Storm 0"]
    assert await titles(status="open") == ["Storm 2"]
    assert await titles(status="acknowledged") == ["Storm 0"]
    assert await titles(status="resolved") == ["Storm 1"]
    first = (await api.get("/incidents", limit=2)).json()
    assert await titles(cursor=first["next_cursor"]) == ["Storm 0"]


async def test_the_same_write_twice_is_one_incident(api: Api):
    sent = {"title": "Payments fail"}
    answers = [await api.post("/incidents", sent, key="k1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await api.get("/incidents")).json()["items"]) == 1


async def test_what_its_customer_opens_again_is_not_ended_again(api: Api):
    customer = {"name": "Dana", "email": "dana@example.org"}
    number = (await api.opened(customer=customer))["number"]
    made = await incident(api, [number])
    path = f"/incidents/{made['id']}"
    await api.post(f"{path}/resolve", {"result": "works", "issues": True})
    await settle(api)
    await reopened(api, number)
    await api.post(f"{path}/updates", {"text": "It works again."})
    await settle(api)
    assert (await api.issue(number))["status"] == "open"


async def reopened(api: Api, number: int) -> None:
    """Open an issue again, as a customer does who writes after the end."""
    await api.service.database.write(
        lambda tx: issues.change(tx, number, status=Status.OPEN, resolved_at=None)
    )
