"""Kept answers are never old ones: what was changed here is seen by the next request."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from oncall.store import Database
from oncall.store.exceptions import add_override
from rotations.exception import Override
from support.api import FRIDAY_NIGHT, Api, secret_of

HANDOFF = datetime.fromisoformat("2026-11-21T05:30:00Z")
"""Saturday 09:00 in Tehran: Sara's weekend ends."""
LONG = {"from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}


async def people(api: Api, **params: str) -> list[str]:
    answer = await api.get("/on-call", rotation="weekend", **params)
    return list(answer.json()[0]["people"])


def elsewhere(database_url: str, person: str) -> None:
    """Make an override as another process does, which this one does not hear of."""
    made = Override(
        id=f"cover-{person}",
        rotation="weekend",
        person=person,
        start=FRIDAY_NIGHT - timedelta(days=1),
        end=FRIDAY_NIGHT + timedelta(days=1),
    )
    database = Database(database_url)
    database.write_now(lambda tx: add_override(tx, made, FRIDAY_NIGHT))
    database.close()


async def test_an_override_made_through_this_node_is_seen_at_once(database_url: str):
    async with Api(database_url) as api:
        assert await people(api) == ["sara"]
        for person in ("nina", "mina", "reza"):
            path = "/rotations/weekend/overrides"
            made = await api.post(path, {"person": person} | LONG)
            assert await people(api) == [person]
            await api.delete(f"{path}/{made.json()['id']}")
            assert await people(api) == ["sara"]


async def test_what_another_process_wrote_is_seen_after_a_quarter_of_a_second(
    database_url: str,
):
    async with Api(database_url) as api:
        assert await people(api) == ["sara"]
        elsewhere(database_url, "nina")
        api.clock.turn(timedelta(milliseconds=249))
        assert await people(api) == ["sara"], "this answer was kept"
        api.clock.turn(timedelta(milliseconds=1))
        assert await people(api) == ["nina"]


async def test_a_question_in_other_words_is_answered_by_nothing_older(
    database_url: str,
):
    async with Api(database_url) as api:
        assert await people(api) == ["sara"]
        elsewhere(database_url, "nina")
        api.clock.turn(timedelta(milliseconds=249))
        path = "/api/v1/on-call?rotation=weekend&other=words"
        asked = await api.client.get(path, headers=api.client.headers)
        assert asked.json()[0]["people"] == ["sara"]
        api.clock.turn(timedelta(milliseconds=1))
        asked = await api.client.get(path, headers=api.client.headers)
        assert asked.json()[0]["people"] == ["nina"], "not kept longer than the first"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-20T21:12:00", "1900-01-01"])
async def test_an_instant_that_is_none_is_said_to_be_wrong(database_url: str, at: str):
    async with Api(database_url) as api:
        refused = await api.get("/on-call", at=at)
        assert refused.status_code == 422
        assert [each["path"] for each in refused.json()["errors"]] == ["at"]


async def test_at_the_handoff_the_incoming_person_is_told_of_at_once(database_url: str):
    just_before = HANDOFF - timedelta(milliseconds=1)
    async with Api(database_url, now=just_before) as api:
        assert await people(api) == ["sara"]
        api.clock.turn_to(HANDOFF)
        assert await people(api) == []


async def test_a_clock_that_was_set_back_gets_answers_of_its_own_time(
    database_url: str,
):
    async with Api(database_url, now=HANDOFF) as api:
        assert await people(api) == []
        api.clock.turn_to(HANDOFF - timedelta(milliseconds=100))
        assert await people(api) == ["sara"]


async def test_what_is_kept_is_for_the_very_same_request_alone(database_url: str):
    async with Api(database_url) as api:
        assert await people(api) == ["sara"]
        later = HANDOFF.isoformat().replace("+00:00", "Z")
        assert await people(api, at=later) == []
        stranger = {"Authorization": "Bearer wrong"}
        path = "/api/v1/on-call?rotation=weekend"
        assert (await api.client.get(path, headers=stranger)).status_code == 401
        intake = {"Authorization": f"Bearer {secret_of('intake')}"}
        assert (await api.client.get(path, headers=intake)).status_code == 403


async def test_a_token_that_was_taken_away_gets_no_kept_answer(database_url: str):
    async with Api(database_url) as api:
        assert await people(api) == ["sara"]
        house = api.service.house
        house.move_in(replace(house.config, tokens=()), house.vias)
        assert (await api.get("/on-call", rotation="weekend")).status_code == 401


async def test_refusals_are_not_kept(database_url: str):
    async with Api(database_url) as api:
        assert (await api.get("/on-call", rotation="none")).status_code == 404
        made = await api.post("/feeds", {"kind": "team"})
        url = made.json()["url"]
        first, again = await api.client.get(url), await api.client.get(url)
        assert first.content == again.content
        assert (await api.client.head(url)).content == b""
        (link,) = (await api.get("/feeds")).json()["items"]
        await api.delete(f"/feeds/{link['id']}")
        assert (await api.client.get(url)).status_code == 404


async def test_a_kept_answer_says_what_the_first_said(database_url: str):
    def said(answer: httpx.Response) -> tuple[int, Any, bytes]:
        headers = answer.headers.multi_items()
        told = [each for each in headers if each[0] != "x-request-id"]  # its own
        return answer.status_code, told, answer.content

    async with Api(database_url) as api:
        first, again = await api.get("/on-call"), await api.get("/on-call")
        assert said(first) == said(again)
        elsewhere(database_url, "nina")
        assert said(await api.get("/on-call")) == said(first), "it is kept indeed"
