"""Severity by what is counted: money, contacts within a day, similar open issues."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from support.api import Api
from support.config_text import configured, only_problem

RULES = """
[[severity_rules]]
severity = "high"
amount = 1000
[[severity_rules]]
severity = "high"
repeat = 3
[[severity_rules]]
severity = "critical"
similar = 3
"""
MINA = {"name": "Mina", "email": "mina@example.com"}


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url, change=lambda text: text + RULES) as running:
        yield running


async def opened(api: Api, subject: str, **more: object) -> dict[str, Any]:
    return await api.opened(subject=subject, **more)


async def test_an_amount_is_believed_and_named(api: Api):
    small = await opened(api, "a refund", amount=999)
    large = await opened(api, "another refund", amount="1000.50")
    assert (small["severity"], large["severity"]) == ("normal", "high")
    opening = (await api.issue(large["number"]))["timeline"][0]
    assert "amount 1000.50" in opening["detail"]


@pytest.mark.parametrize("amount", [-1, "much", "NaN"])
async def test_what_is_no_amount_is_refused(api: Api, amount: object):
    body = {"source": "web", "customer": MINA, "subject": "s", "amount": amount}
    response = await api.post("/issues", body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == "amount"


async def test_the_third_contact_within_a_day_is_worse_by_whatever_channel(api: Api):
    said = [
        (await opened(api, subject, source=source, customer=MINA))["severity"]
        for subject, source in (("bill", "web"), ("door", "phone"), ("lamp", "app"))
    ]
    assert said == ["normal", "normal", "high"]


async def test_what_was_written_the_day_before_does_not_count(api: Api):
    await opened(api, "bill", customer=MINA)
    await opened(api, "door", customer=MINA)
    api.clock.turn(timedelta(hours=25))
    assert (await opened(api, "lamp", customer=MINA))["severity"] == "normal"


async def test_a_message_appended_is_a_contact_too(api: Api):
    body = {"source": "web", "customer": MINA, "subject": "bill", "external_id": "7"}
    said = [(await api.post("/issues", body)).json()["severity"] for _ in range(3)]
    assert said == ["normal", "normal", "high"]


async def test_what_many_write_of_becomes_worse_soon_after_it_came(api: Api):
    numbers = [
        (
            await opened(
                api, "Payment failed with error 502", customer={"name": f"C{n}"}
            )
        )["number"]
        for n in range(4)
    ]
    await opened(api, "When do you open?", customer={"name": "Q"})
    await api.service.engine.settle()
    issues = [await api.issue(number) for number in (*numbers, numbers[-1] + 1)]
    assert [issue["severity"] for issue in issues] == ["critical"] * 4 + ["normal"]
    told = [line for line in issues[0]["timeline"] if line["event"] == "severity"]
    assert "similar open issues: 3" in told[0]["detail"]


def test_counts_are_read_from_the_file():
    *_, money, often, many = configured(RULES).severity_rules
    assert (money.amount, often.repeat, many.similar) == (1000, 3, 3)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("amount = -5", "amount"),
        ("repeat = 1", "repeat"),
        ("similar = 0", "similar"),
        ("similar = 2\nrepeat = 2", "similar"),
    ],
)
def test_a_count_that_cannot_be_meant_is_an_error(rule: str, path: str):
    problem = only_problem(f'[[severity_rules]]\nseverity = "high"\n{rule}')
    assert problem.path.endswith(path)
