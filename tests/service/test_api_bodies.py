"""What is sent to the API: bad input is a clear error, and loses nothing."""

import json
from collections.abc import AsyncIterator

from oncall.web.limits import LARGEST_BODY
from support.api import ISSUE, Api, assert_problem


def padded(size: int) -> bytes:
    """Return an issue as JSON of exactly so many bytes."""
    body = json.dumps(ISSUE).encode()
    return body + b" " * (size - len(body))


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    """Yield a body in parts, so that its length is not declared."""
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


async def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not(
    database_url: str,
):
    async with Api(database_url) as api:
        assert (await api.send(padded(LARGEST_BODY))).status_code == 201
        assert_problem(await api.send(padded(LARGEST_BODY + 1)), 413)
        in_parts = chunks(padded(LARGEST_BODY + 1))
        response = await api.client.post("/api/v1/issues", content=in_parts)
        assert_problem(response, 413)
        assert len((await api.get("/issues")).json()["items"]) == 1


async def test_a_body_that_stops_half_way_is_not_acted_on(database_url: str):
    async with Api(database_url) as api:
        parts = [
            {"type": "http.request", "body": padded(400), "more_body": True},
            {"type": "http.disconnect"},
        ]
        said: list[object] = []

        async def receive() -> object:
            return parts.pop(0)

        async def send(message: object) -> None:
            said.append(message)

        headers = [(b"host", b"localhost")]
        headers += [(b"authorization", api.client.headers["Authorization"].encode())]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v1/issues",
            "raw_path": b"/api/v1/issues",
            "query_string": b"",
            "headers": [*headers, (b"content-type", b"application/json")],
        }
        await api.service.app(scope, receive, send)  # type: ignore[arg-type]
        assert said == []
        assert (await api.get("/issues")).json()["items"] == []


BROKEN = {
    "nothing": b"",
    "no JSON": b"{",
    "words": b"hello",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "a string": b'"x"',
    "invalid UTF-8": json.dumps(ISSUE).encode().replace(b"Mina", b"M\xffna"),
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "an endless number": b'{"source": ' + b"9" * 10_000 + b"}",
}


async def test_a_body_that_cannot_be_read_is_a_clear_error(database_url: str):
    async with Api(database_url) as api:
        for what, content in BROKEN.items():
            response = await api.send(content)
            assert response.status_code == 422, (what, response.text)
            assert_problem(response, 422)
            assert response.json()["errors"], what
            assert len(response.content) < 1000, what


LONG = "x" * 1001
WIDE = "".join(chr(0x4E00 + 61 * n % 20_000) for n in range(333))
"""999 bytes in UTF-8, of which no two are alike: an index cannot pack them."""
WRONG = [
    ({}, ("source", "customer", "subject")),
    (ISSUE | {"color": "red"}, ("color",)),
    (ISSUE | {"customer": {"nmae": "M"}}, ("customer.nmae",)),
    (ISSUE | {"customer": "Mina"}, ("customer",)),
    (ISSUE | {"customer": {"name": 7}}, ("customer.name",)),
    (ISSUE | {"source": 1}, ("source",)),
    (ISSUE | {"source": ""}, ("source",)),
    (ISSUE | {"subject": " \u2003\n"}, ("subject",)),
    (ISSUE | {"subject": None}, ("subject",)),
    (ISSUE | {"subject": LONG}, ("subject",)),
    (ISSUE | {"text": ["a"]}, ("text",)),
    (ISSUE | {"text": "x" * 200_001}, ("text",)),
    (ISSUE | {"severity": "terrible"}, ("severity",)),
    (ISSUE | {"severity": 1}, ("severity",)),
    (ISSUE | {"tags": "vip"}, ("tags",)),
    (ISSUE | {"tags": ["a", 2]}, ("tags.1",)),
    (ISSUE | {"tags": ["a"] * 51}, ("tags",)),
    (ISSUE | {"occurred_at": "yesterday"}, ("occurred_at",)),
    (ISSUE | {"occurred_at": "2026-11-20T22:12:00"}, ("occurred_at",)),
    (ISSUE | {"occurred_at": "9999-12-31T23:59:59-12:00"}, ("occurred_at",)),
    (ISSUE | {"occurred_at": "0001-01-01T00:00:00+14:00"}, ("occurred_at",)),
    (ISSUE | {"external_id": "a\0b"}, ("external_id",)),
    (ISSUE | {"external_id": WIDE + "xx"}, ("external_id",)),
    (ISSUE | {"source": WIDE + "xx"}, ("source",)),
    (ISSUE | {"customer": {"handle": WIDE + "xx"}}, ("customer.handle",)),
    (ISSUE | {"customer": {"name": "a\0b"}}, ("customer.name",)),
    (ISSUE | {"subject": "half \ud83d"}, ("subject",)),
    (ISSUE | {"text": "half \udc00"}, ("text",)),
    (ISSUE | {"customer": {"name": "\ud800"}}, ("customer.name",)),
    (ISSUE | {"subject": 1, "source": 2}, ("source", "subject")),
]


async def test_the_longest_names_there_may_be_can_be_kept(database_url: str):
    customer = {"name": WIDE, "email": f"@{WIDE}", "phone": WIDE, "handle": WIDE}
    sent = {"source": WIDE, "external_id": WIDE, "customer": customer, "subject": WIDE}
    async with Api(database_url) as api:
        first, again = [await api.send(json.dumps(sent).encode()) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)


async def test_every_field_that_does_not_fit_is_named_and_nothing_is_kept(
    database_url: str,
):
    async with Api(database_url) as api:
        for body, paths in WRONG:
            problem = assert_problem(
                await api.send(json.dumps(body).encode()), 422, *paths
            )
            assert len(json.dumps(problem)) < 2000, "an error is not a copy of the body"
        assert (await api.get("/issues")).json()["items"] == []


async def test_a_nul_in_an_address_or_a_search_is_no_mistake_of_ours(
    database_url: str,
):
    async with Api(database_url) as api:
        for path in (
            "/issues?customer=%00",
            "/issues?owner=a%00b",
            "/on-call?rotation=%00",
            "/rotations/%00/shifts",
        ):
            response = await api.client.get(f"/api/v1{path}")
            assert response.status_code in (404, 422), (path, response.text)
        for path in (
            "/absences/%00",
            "/feeds/%00",
            "/rotations/weekend/overrides/%00",
        ):
            response = await api.client.delete(f"/api/v1{path}")
            assert response.status_code in (404, 422), (path, response.text)
        accepted = await api.post("/rotations/weekend/swaps/%00/accept")
        assert accepted.status_code in (404, 422)
        assert (await api.client.get("/feeds/%00.ics")).status_code == 404


UNICODE = [
    "جایزهٔ مسابقه واریز نشده",
    "e\u0301 is not \u00e9",
    "family 👩‍👩‍👧‍👦 \U0010ffff",
    "\u202eright to left\u202c \ufeff\u200c\u2028\u2029",
    "control \x01\x07\x1b\x7f\x85",
    "lines\r\nand\ttabs\n",
    '"quotes" \\ <b>&amp;</b> %00 %s {x}',
    "noncharacter \ufffe\uffff",
]


async def test_any_other_unicode_comes_back_exactly_as_it_was_sent(database_url: str):
    async with Api(database_url) as api:
        for said in UNICODE:
            opened = await api.opened(
                subject=said,
                text=said,
                source=said,
                external_id=said,
                customer={"name": said, "handle": said},
                tags=[said],
                link=said,
            )
            assert opened["subject"] == opened["source"] == said
            assert opened["external_id"] == opened["link"] == said
            assert opened["customer"]["name"] == opened["customer"]["handle"] == said
            assert opened["tags"] == [said]
            noted = await api.post(f"/issues/{opened['number']}/notes", {"text": said})
            assert noted.status_code == 201
            whole = await api.issue(opened["number"])
            assert [message["text"] for message in whole["messages"]] == [said]
            assert said in [line["detail"] for line in whole["timeline"]]
            found = (await api.get("/issues", customer=said)).json()["items"]
            assert [issue["number"] for issue in found] == [opened["number"]]
        await api.service.engine.settle()


async def test_spans_and_instants_out_of_reach_are_refused(database_url: str):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        for span in ("99999999w", "32d", "5", 5, "", "-5m", "5 minutes!", None):
            body = {"for": span}
            assert_problem(await api.post(f"/issues/{number}/snooze", body), 422, "for")
        promised = f"/issues/{number}/promises"
        for due in ("9999-12-31T23:59:59Z", "2026-11-21", "2026-11-21T10:00:00"):
            body = {"text": "a call", "due": due}
            assert_problem(await api.post(promised, body), 422, "due")
        for start in ("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "now"):
            found = await api.client.get(
                "/api/v1/rotations/weekend/shifts", params={"from": start}
            )
            assert_problem(found, 422, "from")
        assert_problem(await api.get("/on-call", at="0001-01-01T00:00:00Z"), 422, "at")
