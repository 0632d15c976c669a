"""New issues come in by a straight way; whatever is said is what the long way says."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from support.api import Api, secret_of

STRAIGHT, LONG = "application/json", "application/vnd.desk+json"
ISSUE = {"source": "web", "customer": {"name": "Mina R"}, "subject": "prize not paid"}
CHANGING = ("id", "number", "opened_at", "updated_at", "waiting_since")


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url) as running:
        yield running


async def sent(
    api: Api, kind: str, body: bytes, *, scope: str = "intake", **headers: str
) -> httpx.Response:
    """Post a body as it is; the kind of content says which way it goes."""
    bearer = {"Authorization": f"Bearer {secret_of(scope)}", "Content-Type": kind}
    return await api.client.post(
        "/api/v1/issues", content=body, headers=bearer | headers
    )


def unchanging(answer: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    return {name: value for name, value in body.items() if name not in CHANGING}


@pytest.mark.parametrize(
    "body",
    [
        ISSUE,
        ISSUE | {"severity": "high", "tags": ["a", "b"], "link": "https://x.example"},
        ISSUE | {"occurred_at": "2026-11-20T20:00:00+03:30", "amount": 12.5},
        ISSUE | {"text": "جایزه‌ام نرسید \u202e", "author": "sara"},
        ISSUE | {"severity": "dreadful"},
        ISSUE | {"subject": " "},
        ISSUE | {"surprise": 1},
        ISSUE | {"customer": "Mina"},
        ISSUE | {"occurred_at": "yesterday"},
        ISSUE | {"text": "a\0b"},
        {},
        [ISSUE],
        "prize not paid",
    ],
    ids=str,
)
async def test_the_answer_is_the_same_by_either_way(api: Api, body: object):
    said = json.dumps(body).encode()
    straight, long = await sent(api, STRAIGHT, said), await sent(api, LONG, said)
    assert straight.status_code == long.status_code
    assert straight.headers["Content-Type"] == long.headers["Content-Type"]
    assert unchanging(straight) == unchanging(long)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"source": "\\ud800"}', b"null", b"1e999"],
    ids=repr,
)
async def test_what_is_no_json_is_refused_alike(api: Api, body: bytes):
    straight, long = await sent(api, STRAIGHT, body), await sent(api, LONG, body)
    assert straight.status_code == long.status_code == 422
    assert straight.json() == long.json()


@pytest.mark.parametrize("scope", ["read", "respond"])
async def test_who_may_not_is_told_so_by_either_way(api: Api, scope: str):
    said = json.dumps(ISSUE).encode()
    straight = await sent(api, STRAIGHT, said, scope=scope)
    assert straight.status_code == 403
    assert straight.json() == (await sent(api, LONG, said, scope=scope)).json()


async def test_a_key_counts_whichever_way_a_request_comes(api: Api):
    said = json.dumps(ISSUE).encode()
    key = {"Idempotency-Key": "once"}
    first = await sent(api, STRAIGHT, said, **key)
    assert (await sent(api, LONG, said, **key)).json() == first.json()
    assert (await sent(api, STRAIGHT, said, **key)).json() == first.json()
    other = await sent(api, STRAIGHT, said.replace(b"prize", b"order"), **key)
    assert other.status_code == 422
    assert other.json()["errors"][0]["path"] == "Idempotency-Key"


async def test_a_body_in_pieces_is_one_body(api: Api):
    async def pieces() -> AsyncIterator[bytes]:
        for piece in json.dumps(ISSUE).encode().partition(b"prize"):
            yield piece

    token = {"Authorization": f"Bearer {secret_of('intake')}", "Content-Type": STRAIGHT}
    answer = await api.client.post("/api/v1/issues", content=pieces(), headers=token)
    assert answer.status_code == 201
