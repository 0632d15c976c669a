"""A customer is erased: no word, name or handle is left anywhere; the figures stay."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from oncall.store import Tx
from support.api import Api, assert_problem
from support.command_line import CommandLine
from support.intake_service import IntakeApi

MARK = "zzz"
"""Stands in every word, name and handle of the customer who is erased, and nowhere else."""
MINA = {
    "name": "Mina zzzname",
    "email": "mina@zzz.example",
    "phone": "+989129990000",
    "handle": "zzzhandle",
}
PHONE = "9990000"


def rows(tx: Tx) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    return {
        name: [repr(tuple(row)) for row in tx.run(select(table))]
        for name, table in SQLModel.metadata.tables.items()
    }


async def everything(api: Api) -> dict[str, list[str]]:
    return await api.service.database.read(rows)


def left(kept: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [
        (name, row)
        for name, all_rows in kept.items()
        for row in all_rows
        if MARK in row.lower() or PHONE in row
    ]


async def a_full_life(api: IntakeApi) -> int:
    """Let Mina write by several ways, be answered, promised, joined and told the end."""
    sent = {
        "source": "web",
        "external_id": "zzz-1",
        "customer": MINA,
        "subject": "zzz prize not paid",
        "text": "zzz, where is my prize",
        "tags": ["zzz"],
        "link": "https://zzz.example/1",
    }
    made = (await api.post("/issues", sent, key="k1")).json()
    number = int(made["number"])
    await api.bank_posts(
        b'{"ref": "zzz-A", "message": "zzz-m", "text": "zzz card", "mail":'
        b' "mina@zzz.example", "name": "Mina zzzname", "who": "zzzid"}'
    )
    for _ in range(5):  # enough of them for a bundle
        await api.post("/issues", sent | {"external_id": "", "subject": "zzz again"})
        await api.settle()
    api.clock.turn(timedelta(minutes=6))
    await api.settle()
    own = f"/issues/{number}"
    await api.post(f"{own}/acknowledge", {"person": "sara"}, key="k2")
    said = {"direction": "out", "text": "dear zzz", "author": "sara"}
    await api.post(f"{own}/messages", said | {"send": False, "where": "by phone"})
    await api.post(f"{own}/notes", {"text": "zzz is angry", "author": "sara"})
    due = (api.clock.now() + timedelta(hours=1)).isoformat()
    promise = {"text": "zzz hears from us", "due": due, "owner": "sara"}
    await api.post(f"{own}/promises", promise)
    joined = {
        "title": sent["subject"],
        "issues": [number, number + 2],
        "person": "sara",
    }
    assert (await api.post("/incidents", joined)).status_code == 201
    await api.post(f"{own}/resolve", {"result": "zzz was paid", "person": "sara"})
    await api.settle()
    return number


async def test_no_word_of_an_erased_customer_is_left_and_the_figures_stay(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        number = await a_full_life(api)
        other = await api.opened(customer={"name": "Babak"}, subject="slow")
        before = await everything(api)
        found = {name for name, _ in left(before)}
        # Otherwise nothing would be shown by what is not there afterwards.
        assert found >= {
            *("customer", "handle", "issue", "message", "timeline", "page", "promise"),
            *("intake_delivery", "intake_message", "conversation", "idempotency"),
            "incident",
        }
        issue = await api.issue(number)
        for customer in (await api.get("/customers")).json()["items"]:
            if MARK in str(customer):
                response = await api.delete(f"/customers/{customer['id']}")
                assert response.status_code == 200, response.text
        assert left(await everything(api)) == []
        after = await everything(api)
        for name in ("issue", "message", "page", "page_change", "promise", "customer"):
            assert len(after[name]) == len(before[name]), name
        erased = await api.issue(number)
        same = ("number", "status", "severity", "owner", "opened_at", "resolved_at")
        assert {key: erased[key] for key in same} == {key: issue[key] for key in same}
        assert [page["state"] for page in erased["pages"]] == [
            page["state"] for page in issue["pages"]
        ]
        assert erased["timeline"][-1]["event"] == "erased"
        assert (await api.issue(other["number"]))["subject"] == "slow"


async def the_customer(api: IntakeApi) -> int:
    (found,) = (await api.get("/customers")).json()["items"]
    return int(found["id"])


async def test_what_was_done_is_said(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.opened(customer=MINA, text="zzz")
        path = f"/customers/{await the_customer(api)}"
        done = (await api.delete(path)).json()
        assert done == {
            "customers": 1,
            "handles": 3,
            "issues": 1,
            "messages": 1,
            "pages": done["pages"],
            "deliveries": 0,
        }
        assert done["pages"] > 0
        assert (await api.get(path)).json()["handles"] == []
        again = await api.delete(path)
        assert again.json()["handles"] == 0
        assert_problem(await api.delete("/customers/999"), 404)


async def test_who_writes_again_after_the_erasure_is_a_stranger(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.opened(customer=MINA)
        await api.delete(f"/customers/{await the_customer(api)}")
        await api.opened(customer=MINA)
        assert len((await api.get("/customers")).json()["items"]) == 2


async def test_what_waits_to_be_sent_is_not_sent_without_its_words(database_url: str):
    async with IntakeApi(database_url) as api:
        made = await api.opened(customer=MINA, severity="critical")
        waiting = (await api.issue(made["number"]))["pages"]
        assert {page["kind"] for page in waiting} == {"page", "bad_news"}
        await api.delete(f"/customers/{await the_customer(api)}")
        await api.settle()
        sent = [
            page["kind"]
            for page in (await api.issue(made["number"]))["pages"]
            if page["sent_at"]
        ]
        assert sent == ["page"]  # whoever is on call still has to see to it


async def test_only_an_admin_erases(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.opened()
        path = f"/api/v1/customers/{await the_customer(api)}"
        headers = {"Authorization": "Bearer secret-of-respond"}
        assert_problem(await api.client.delete(path, headers=headers), 403)


def test_the_command_line_erases_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.says("issue", "new", "--customer", "Mina zzz", "--subject", "zzz prize")
    assert oncall.says("customers", "erase", "1").startswith("customer 1 is erased: ")
    assert oncall.json("issue", "list")[0]["subject"] == ""
    assert "no customer 7" in oncall.fails("customers", "erase", "7")
