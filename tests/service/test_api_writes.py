"""Writes: once for each key, one issue for each conversation, no number twice."""

import asyncio

import httpx

from oncall.store import Tx, issues
from support.api import ISSUE, Api, assert_problem


async def test_the_same_key_and_body_get_the_same_answer_and_are_done_once(
    database_url: str,
):
    async with Api(database_url) as api:
        answers = [await api.post("/issues", ISSUE, key="k1") for _ in range(3)]
        assert {answer.status_code for answer in answers} == {201}
        assert all(answer.json() == answers[0].json() for answer in answers)
        assert len((await api.get("/issues")).json()["items"]) == 1
        other = await api.post("/issues", ISSUE, key="k2")
        assert other.json()["number"] != answers[0].json()["number"]
        note = f"/issues/{other.json()['number']}/notes"
        for _ in range(2):
            await api.post(note, {"text": "once"}, key="k3")
        whole = await api.issue(other.json()["number"])
        assert [line["detail"] for line in whole["timeline"]].count("once") == 1


async def test_a_key_belongs_to_one_request_of_one_token(database_url: str):
    async with Api(database_url) as api:
        first = await api.post("/issues", ISSUE, key="k", by="intake")
        changed = ISSUE | {"subject": "another"}
        again = await api.post("/issues", changed, key="k", by="intake")
        assert_problem(again, 422, "Idempotency-Key")
        elsewhere = f"/issues/{first.json()['number']}/notes"
        assert (await api.post(elsewhere, {"text": "x"}, key="k")).status_code == 201
        assert_problem(
            await api.post(elsewhere, {"text": "y"}, key="k"), 422, "Idempotency-Key"
        )
        other = await api.post("/issues", ISSUE, key="k2", by="admin")
        assert other.json()["number"] == first.json()["number"] + 1


async def test_a_key_that_failed_may_be_used_for_the_mended_request(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        path = f"/issues/{number}/acknowledge"
        assert_problem(await api.post(path, {"person": "zoe"}, key="k"), 404)
        assert (await api.post(path, {"person": "sara"}, key="k")).status_code == 200


async def test_a_key_that_cannot_be_kept_is_refused(database_url: str):
    async with Api(database_url) as api:
        for key in ("x" * 201, "tab\there", "\x80"):
            response = await api.client.post(
                "/api/v1/issues",
                json=ISSUE,
                headers={"Idempotency-Key": key.encode("latin-1")},
            )
            assert_problem(response, 422)
        assert (await api.get("/issues")).json()["items"] == []


async def test_a_deletion_sent_again_with_its_key_says_the_same(database_url: str):
    async with Api(database_url) as api:
        away = {
            "person": "sara",
            "from": "2026-12-01T00:00:00Z",
            "to": "2026-12-02T00:00:00Z",
        }
        path = f"/absences/{(await api.post('/absences', away)).json()['id']}"
        for _ in range(2):
            response = await api.delete(path, key="gone")
            assert (response.status_code, response.content) == (204, b"")
        assert_problem(await api.delete(path), 404)


async def test_the_same_key_at_the_same_time_is_done_once(database_url: str):
    async with Api(database_url) as api:
        answers = await asyncio.gather(
            *(api.post("/issues", ISSUE, key="k") for _ in range(12))
        )
        assert {answer.status_code for answer in answers} == {201}
        assert all(answer.json() == answers[0].json() for answer in answers)
        assert len((await api.get("/issues")).json()["items"]) == 1


async def test_the_same_conversation_appends_and_after_the_end_opens_a_new_issue(
    database_url: str,
):
    async with Api(database_url) as api:
        said = ISSUE | {"external_id": "thread-7"}
        first = await api.post("/issues", said)
        assert first.status_code == 201
        number = first.json()["number"]
        more = await api.post("/issues", said | {"text": "a data leak!"})
        assert (more.status_code, more.json()["number"]) == (200, number)
        assert more.json()["severity"] == "critical"
        other = await api.post("/issues", said | {"source": "mail"})
        assert other.json()["number"] != number, "another source's id is another"
        await api.post(f"/issues/{number}/acknowledge", {"person": "sara"})
        assert (await api.post("/issues", said)).status_code == 200
        await api.post(f"/issues/{number}/resolve", {"result": "yes"})
        new = await api.post("/issues", said)
        assert new.status_code == 201
        assert new.json()["number"] > other.json()["number"]
        texts = [m["text"] for m in (await api.issue(number))["messages"]]
        assert texts == [ISSUE["subject"], "a data leak!", ISSUE["subject"]]


async def test_issues_without_an_external_id_are_never_taken_for_one(
    database_url: str,
):
    async with Api(database_url) as api:
        numbers = {
            (await api.opened())["number"],
            (await api.opened(external_id=None))["number"],
            (await api.opened(external_id=""))["number"],
        }
        assert len(numbers) == 3


async def test_one_conversation_at_the_same_time_opens_one_issue_and_loses_no_word(
    database_url: str,
):
    async with Api(database_url) as api:
        said = [
            ISSUE | {"external_id": "thread-8", "text": f"word {n}"} for n in range(12)
        ]
        answers: list[httpx.Response] = await asyncio.gather(
            *(api.post("/issues", each) for each in said)
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [200] * 11 + [201], [a.text for a in answers]
        (number,) = {answer.json()["number"] for answer in answers}
        texts = {m["text"] for m in (await api.issue(number))["messages"]}
        assert texts == {f"word {n}" for n in range(12)}


async def test_a_list_is_paged_by_cursor_without_gap_or_double(database_url: str):
    async with Api(database_url) as api:
        opened = [(await api.opened(subject=f"s{n}"))["number"] for n in range(7)]
        seen: list[int] = []
        params: dict[str, str | int] = {"limit": 3}
        while True:
            page = (await api.get("/issues", **params)).json()
            seen += [issue["number"] for issue in page["items"]]
            await api.opened(subject="new ones do not disturb")
            if page["next_cursor"] is None:
                break
            params["cursor"] = page["next_cursor"]
        assert seen == opened[::-1]
        for wrong in ({"cursor": "x"}, {"cursor": 0}, {"limit": 0}, {"limit": 201}):
            assert_problem(await api.get("/issues", **wrong), 422)


async def test_a_list_is_filtered_by_status_severity_owner_and_customer(
    database_url: str,
):
    async with Api(database_url) as api:
        one = (await api.opened(customer={"name": "A", "email": "a@x.org"}))["number"]
        two = (await api.opened(severity="low", subject="slow"))["number"]
        await api.post(f"/issues/{two}/acknowledge", {"person": "reza"})
        for params, found in (
            ({"status": "open"}, [one]),
            ({"status": "acknowledged"}, [two]),
            ({"status": "closed"}, []),
            ({"severity": "low"}, [two]),
            ({"owner": "reza"}, [two]),
            ({"customer": "a@x.org"}, [one]),
            ({"customer": "A"}, [one]),
            ({"customer": "A", "status": "resolved"}, []),
            ({}, [two, one]),
        ):
            items = (await api.get("/issues", **params)).json()["items"]
            assert [issue["number"] for issue in items] == found, params
        assert_problem(await api.get("/issues", status="lost"), 422, "status")


async def test_a_number_is_never_used_again(database_url: str):
    def forget(tx: Tx) -> None:
        tx.run(issues.ISSUE.delete().where(issues.ISSUE.c.number == gone["number"]))

    async with Api(database_url) as api:
        first = (await api.opened())["number"]
    async with Api(database_url) as api:
        second = (await api.opened())["number"]
        assert second == first + 1
        assert_problem(
            await api.post("/issues", ISSUE | {"customer": {"name": "\0"}}), 422
        )
        gone = await api.opened()
        for of in (
            "page_change WHERE page IN (SELECT id FROM page WHERE issue = {n})",
            "page WHERE issue = {n}",
            "message WHERE issue = {n}",
            "timeline WHERE issue = {n}",
        ):
            statement = f"DELETE FROM {of.format(n=gone['number'])}"  # noqa: S608 (our own number)
            await api.service.database.write(
                lambda tx, statement=statement: tx.connection.exec_driver_sql(statement)
            )
        await api.service.database.write(forget)
        assert (await api.opened())["number"] == gone["number"] + 1
