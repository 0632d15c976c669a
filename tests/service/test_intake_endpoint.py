"""Products call us: verified, kept, answered, and only then read."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message
from typing_extensions import override

from integrations.intake.email.letter import LARGEST
from integrations.intake.parser import Job
from integrations.intake.signature import hex_mac
from oncall.engine.reader import Reader
from oncall.web.limits import LARGE_AT_ONCE, LARGEST_BODY, BodyLimit
from oncall.wiring.sources import sources_of
from support.api import assert_problem
from support.intake import SECRET
from support.intake_service import FRIDAY, IntakeApi, outcome, words
from support.parsing import ParsedHere

BODY = b'{"ref": "A-1", "message": "m-1", "text": "card swallowed"}'


async def test_a_delivery_is_kept_before_it_is_read(database_url: str):
    async with IntakeApi(database_url) as api:
        assert (await api.bank_posts(BODY)).status_code == 200
        (kept,) = await api.deliveries()
        assert (kept["verdict"], kept["read_at"]) == ("accepted", None)
        await api.settle()
        (read,) = await api.deliveries()
        assert read["read_at"]
        assert outcome(read)[0] == "opened"


async def test_a_second_delivery_is_answered_alike_and_marked(database_url: str):
    async with IntakeApi(database_url) as api:
        first, second = await api.bank_posts(BODY), await api.bank_posts(BODY)
        assert (first.status_code, first.text) == (second.status_code, second.text)
        await api.settle()
        again, kept = await api.deliveries()
        assert (again["verdict"], again["duplicate_of"]) == ("duplicate", kept["id"])
        issue = await api.issue(outcome(kept)[1] or 0)
        assert words(issue) == [("in", "card swallowed")]


async def test_a_forged_delivery_is_refused_and_only_counted(database_url: str):
    async with IntakeApi(database_url) as api:
        response = await api.bank_posts(BODY, secret="another")
        assert_problem(response, 401)
        found = (await api.get("/deliveries")).json()
        assert found["items"] == []
        assert found["refused"] == {"bank": 1}
        metrics = (await api.client.get("/metrics")).text
        assert 'oncall_refused_total{what="intake"}' in metrics


async def test_what_products_bring_is_counted(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(ref="counted")
        await api.bank(ref="counted")
        metrics = (await api.client.get("/metrics")).text
        for line in (
            'oncall_deliveries_total{source="bank",verdict="accepted"}',
            'oncall_intake_total{outcome="opened",source="bank"}',
            'oncall_intake_total{outcome="appended",source="bank"}',
            'oncall_issues_total{severity="normal",source="bank"}',
        ):
            assert line in metrics


async def test_a_source_that_nobody_configured_is_not_found(database_url: str):
    async with IntakeApi(database_url) as api:
        assert_problem(await api.bank_posts(BODY, name="nobody"), 404)


async def test_a_body_that_is_too_large_is_refused(database_url: str):
    async with IntakeApi(database_url) as api:
        assert_problem(await api.bank_posts(b" " * (LARGEST_BODY + 1)), 413)


async def test_a_letter_with_a_picture_is_taken(database_url: str):
    picture = {"attachment-1": ("p.jpg", b"\xff" * (8 * LARGEST_BODY), "image/jpeg")}
    at = str(int(FRIDAY.timestamp()))
    fields = {
        "timestamp": at,
        "token": "t1",
        "signature": hex_mac(SECRET, f"{at}t1".encode()),
        "from": "Mina <mina@example.com>",
        "subject": "Broken",
        "body-plain": "See the picture.",
    }
    async with IntakeApi(database_url, kinds=("mailgun", "sendgrid")) as api:
        await api.delivered(
            await api.client.post("/intake/mailgun", data=fields, files=picture)
        )
        letter = {"from": "nader@example.com", "subject": "Broken", "text": "Look."}
        await api.delivered(
            await api.client.post(
                f"/intake/sendgrid?token={SECRET}", data=letter, files=picture
            )
        )
        for number, said in ((1, "See the picture."), (2, "Look.")):
            assert words(await api.issue(number)) == [("in", said)]


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        (LARGEST + 1, "multipart/form-data; boundary=x"),
        (LARGEST_BODY + 1, "application/x-www-form-urlencoded"),
        (LARGEST_BODY + 1, ""),
    ],
)
async def test_what_no_gateway_hands_on_is_refused(
    database_url: str, size: int, kind: str
):
    async with IntakeApi(database_url, kinds=("mailgun",)) as api:
        refused = await api.client.post(
            "/intake/mailgun", content=b" " * size, headers={"Content-Type": kind}
        )
        assert_problem(refused, 413)


async def test_letters_without_an_end_are_few_at_once_and_keep_no_other_waiting(
    database_url: str,
):
    async with IntakeApi(database_url, kinds=("mailgun",)) as api:
        said: list[Message] = []
        begun = 0
        begun_before: list[int] = []

        async def slow() -> Message:
            nonlocal begun
            begun += 1
            return await asyncio.Future()

        async def send(message: Message) -> None:
            said.append(message)
            begun_before.append(begun)

        async def unreached(*_: object) -> None:
            pytest.fail("nothing whole has come")

        limit = BodyLimit(unreached, api.service.app.state.parts, within_s=0.01)
        headers = {
            b"content-length": b"%d" % LARGEST,
            b"content-type": b"multipart/form-data; boundary=x",
        }
        scope = {"type": "http", "method": "POST", "path": "/intake/mailgun"}
        scope |= {"headers": list(headers.items()), "query_string": b""}
        calls = [limit(scope, slow, send) for _ in range(2 * LARGE_AT_ONCE)]
        await asyncio.wait_for(asyncio.gather(*calls), 10)
        statuses = [m["status"] for m in said if m["type"] == "http.response.start"]
        assert statuses == [408] * len(calls)
        assert begun_before[0] == LARGE_AT_ONCE


async def test_what_comes_with_a_handshake_is_not_waited_for(database_url: str):
    async with IntakeApi(database_url) as api:
        read: list[object] = []

        async def endless() -> object:
            read.append(chunk := {"body": b"x" * LARGEST_BODY, "more_body": True})
            assert len(read) < 10, "a stranger's bytes are gathered without end"
            return {"type": "http.request", **chunk}

        said: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            said.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/intake/bank",
            "raw_path": b"/intake/bank",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"transfer-encoding", b"chunked")],
        }
        await api.service.app(scope, endless, send)  # type: ignore[arg-type]
        assert said[0]["status"] == 401


async def test_a_handshake_is_answered_and_not_kept(database_url: str):
    async with IntakeApi(database_url) as api:
        asked = {
            "hub.mode": "subscribe",
            "hub.verify_token": SECRET,
            "hub.challenge": "4711",
        }
        response = await api.client.get("/intake/whatsapp", params=asked)
        assert (response.status_code, response.text) == (200, "4711")
        forged = asked | {"hub.verify_token": "another"}
        assert_problem(await api.client.get("/intake/whatsapp", params=forged), 401)
        assert await api.deliveries() == []


async def test_a_database_that_is_away_is_told_to_come_back_to(
    tmp_path: Path, migrated_sqlite: Path
):
    path = tmp_path / "oncall.db"
    shutil.copy(migrated_sqlite, path)
    async with IntakeApi(f"sqlite:///{path}") as api:
        taken = sqlite3.connect(path)
        taken.execute("ALTER TABLE intake_delivery RENAME TO gone")
        taken.commit()
        taken.close()
        response = await api.bank_posts(BODY)
        assert_problem(response, 503)
        assert int(response.headers["Retry-After"]) > 0


async def test_secrets_that_came_along_are_not_kept(database_url: str):
    async with IntakeApi(database_url) as api:
        shown = await api.telegram("hello")
        whole = (await api.get(f"/deliveries/{shown['id']}")).text
        assert "hello" in whole
        assert SECRET not in whole


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\x00\xff", b'{"ref": "\\ud800'])
async def test_what_cannot_be_read_opens_an_issue_for_people(
    database_url: str, body: bytes
):
    async with IntakeApi(database_url) as api:
        delivery = await api.delivered(await api.bank_posts(body))
        assert delivery["verdict"] == "unparsed"
        assert delivery["detail"].endswith(".")
        issue = await api.issue(outcome(delivery)[1] or 0)
        assert issue["subject"] == "unparsed message"
        assert issue["source"] == "bank"
        assert issue["link"].endswith(f"/api/v1/deliveries/{delivery['id']}")


async def test_the_raw_words_stand_in_the_issue_of_an_unparsed_message(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        body = b'{"ref": broken, "text": "my prize!"}'
        delivery = await api.delivered(await api.bank_posts(body))
        issue = await api.issue(outcome(delivery)[1] or 0)
        ((_, said),) = words(issue)
        assert "my prize!" in said


async def test_a_replay_reads_again_and_takes_no_message_twice(database_url: str):
    async with IntakeApi(database_url) as api:
        before = await api.delivered(await api.bank_posts(BODY))
        response = await api.post(f"/deliveries/{before['id']}/replay")
        assert response.status_code == 202
        await api.settle()
        (after,) = await api.deliveries()
        assert after | {"read_at": None} == before | {"read_at": None}
        assert len((await api.get("/issues")).json()["items"]) == 1


async def test_an_unparsed_delivery_opens_one_issue_however_often_it_is_read(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        before = await api.delivered(await api.bank_posts(b"{"))
        await api.post(f"/deliveries/{before['id']}/replay")
        await api.settle()
        (after,) = await api.deliveries()
        assert outcome(after) == outcome(before)
        issue = await api.issue(outcome(before)[1] or 0)
        assert len(issue["messages"]) == 1


async def test_only_an_admin_replays_and_only_what_is_there(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank_posts(BODY)
        await api.bank_posts(BODY)
        again, kept = await api.deliveries()
        assert_problem(
            await api.post(f"/deliveries/{kept['id']}/replay", by="read"), 403
        )
        assert_problem(await api.post(f"/deliveries/{again['id']}/replay"), 409)
        assert_problem(await api.post("/deliveries/999/replay"), 404)


async def test_deliveries_are_listed_by_page_and_verdict(database_url: str):
    async with IntakeApi(database_url) as api:
        for number in range(3):
            await api.bank(ref=f"B-{number}")
        await api.delivered(await api.bank_posts(b"{"))
        first = (await api.get("/deliveries", limit=2)).json()
        rest = (await api.get("/deliveries", cursor=first["next_cursor"])).json()
        ids = [each["id"] for each in first["items"] + rest["items"]]
        assert ids == sorted(ids, reverse=True)
        assert len(ids) == 4
        assert rest["next_cursor"] is None
        assert len(await api.deliveries(verdict="unparsed")) == 1
        assert await api.deliveries(source="telegram") == []


@pytest.mark.parametrize("first", ["trouble", "fine"])
async def test_one_delivery_that_fails_by_our_mistake_keeps_none_back(
    database_url: str, first: str
):
    async with IntakeApi(database_url) as api:
        for ref in (first, "fine" if first == "trouble" else "trouble"):
            await api.bank_posts(json.dumps({"ref": ref}).encode())
        sources = sources_of(api.config)
        reader = Reader(api.service.database, api.service.house, sources, Mistaken())
        assert await reader.tick(api.clock.now())
        fine, trouble = sorted(await api.deliveries(), key=is_read, reverse=True)
        assert outcome(fine)[0] == "opened"
        assert trouble["read_at"] is None
        while trouble["read_at"] is None:
            due = await reader.next_due()
            assert due is not None
            await reader.tick(due)
            (trouble,) = [
                each for each in await api.deliveries() if each["id"] == trouble["id"]
            ]
        assert trouble["verdict"] == "unparsed"
        issue = await api.issue(outcome(trouble)[1] or 0)
        assert issue["subject"] == "unparsed message"


def is_read(delivery: dict[str, Any]) -> bool:
    return delivery["read_at"] is not None


class Mistaken(ParsedHere):
    """Says of some deliveries what nobody can take in."""

    @override
    async def parse(self, jobs: Sequence[Job]) -> Sequence[Any]:
        parsed = zip(jobs, await super().parse(jobs), strict=True)
        return [
            (None,) if b"trouble" in job.request.body else its for job, its in parsed
        ]
