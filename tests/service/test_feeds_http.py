"""Calendars over HTTP: the same data the same bytes, and not sent when known."""

import gzip
from datetime import timedelta

import httpx
from icalendar import Calendar

from support.api import Api, assert_problem


async def linked(api: Api, **wanted: str) -> str:
    """Make a calendar link and return its address."""
    response = await api.post("/feeds", wanted)
    assert response.status_code == 201, response.text
    assert response.json()["webcal"].startswith("webcal://")
    return str(response.json()["url"])


async def fetched(api: Api, url: str, **headers: str) -> httpx.Response:
    """Fetch without a token: the address is the secret."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx.Request("GET", url, headers={"User-Agent": "test"} | named)
    return await api.client.send(request)


def events(response: httpx.Response) -> dict[str, dict[str, object]]:
    """Return a calendar's events by UID."""
    calendar = Calendar.from_ical(response.content)
    return {
        str(event["UID"]): {
            "start": event["DTSTART"].dt,
            "end": event["DTEND"].dt,
            "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]),
        }
        for event in calendar.walk("VEVENT")
    }


async def test_a_calendar_that_is_known_is_not_sent_again(database_url: str):
    async with Api(database_url) as api:
        url = await linked(api, person="sara")
        whole = await fetched(api, url, Accept_Encoding="identity")
        assert whole.status_code == 200
        assert whole.headers["content-type"] == "text/calendar; charset=utf-8"
        etag, modified = whole.headers["etag"], whole.headers["last-modified"]
        for known in (etag, f"W/{etag}", f'"x", {etag}', f'W/"x",W/{etag}', "*"):
            again = await fetched(api, url, If_None_Match=known)
            assert (again.status_code, again.content) == (304, b""), known
            assert again.headers["etag"].startswith(etag[:-1])
        for other in ('"x"', "", 'W/"x", "y"'):
            again = await fetched(api, url, If_None_Match=other)
            assert again.status_code == 200, other
        since = await fetched(api, url, If_Modified_Since=modified)
        assert since.status_code == 304
        both = await fetched(api, url, If_None_Match='"x"', If_Modified_Since=modified)
        assert both.status_code == 200, "the tag weighs more than the time"


async def test_a_calendar_is_packed_for_who_can_unpack_it(database_url: str):
    async with Api(database_url) as api:
        url = await linked(api, rotation="weekend")
        plain = await fetched(api, url, Accept_Encoding="identity")
        assert "content-encoding" not in plain.headers
        for coding in ("gzip", "br, gzip;q=0.5", "GZIP"):
            packed = await fetched(api, url, Accept_Encoding=coding)
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.content == plain.content, "httpx has unpacked it"
            assert packed.headers["etag"] != plain.headers["etag"]
            assert packed.headers["vary"] == "Accept-Encoding"
        for coding in ("br", "gzip;q=0", "gzip; q=0.0"):
            refused = await fetched(api, url, Accept_Encoding=coding)
            assert "content-encoding" not in refused.headers
        tag = packed.headers["etag"]
        known = await fetched(api, url, If_None_Match=tag, Accept_Encoding="identity")
        assert known.status_code == 304
        assert gzip.compress(plain.content, mtime=0) == gzip.compress(
            packed.content, mtime=0
        )


async def test_the_head_of_a_calendar_says_what_the_whole_would(database_url: str):
    async with Api(database_url) as api:
        url = await linked(api, kind="team")
        whole = await fetched(api, url, Accept_Encoding="identity")
        head = await api.client.head(url, headers={"Accept-Encoding": "identity"})
        assert head.status_code == 200
        for name in ("etag", "last-modified", "content-type", "content-length"):
            assert head.headers[name] == whole.headers[name]


async def test_a_link_that_never_was_or_was_ended_shows_nothing(database_url: str):
    async with Api(database_url) as api:
        url = await linked(api, person="sara")
        token = url.rpartition("/")[2].removesuffix(".ics")
        for wrong in ("x", token[:-1], token + "x", token.swapcase(), "%F0%9F%92%A9"):
            response = await fetched(api, f"http://127.0.0.1:8000/feeds/{wrong}.ics")
            assert token not in assert_problem(response, 404)["detail"]
        (link,) = (await api.get("/feeds")).json()["items"]
        assert token not in str(link)
        assert (await api.delete(f"/feeds/{link['id']}")).status_code == 204
        assert_problem(await fetched(api, url), 404)
        assert_problem(await api.delete(f"/feeds/{link['id']}"), 404)
        assert (await api.get("/feeds")).json()["items"] == []


async def test_a_link_shows_when_and_by_what_it_was_fetched(database_url: str):
    async with Api(database_url) as api:
        url = await linked(api, person="sara")
        (link,) = (await api.get("/feeds")).json()["items"]
        assert (link["fetched_at"], link["fetched_by"]) == (None, None)
        await fetched(api, url, User_Agent="Google-Calendar-Importer")
        (link,) = (await api.get("/feeds")).json()["items"]
        assert link["fetched_at"] == "2026-11-20T21:12:00Z"
        assert link["fetched_by"] == "Google-Calendar-Importer"


async def test_a_link_that_makes_no_sense_is_refused(database_url: str):
    async with Api(database_url) as api:
        assert_problem(await api.post("/feeds", {"person": "zoe"}), 404)
        assert_problem(await api.post("/feeds", {"rotation": "none"}), 404)
        assert_problem(await api.post("/feeds", {"kind": "mine"}), 422, "person")
        assert_problem(await api.post("/feeds", {"kind": "x"}), 422, "kind")
        both = {"kind": "team", "person": "sara"}
        assert_problem(await api.post("/feeds", both), 422, "person")


async def test_the_same_data_gives_the_same_bytes_also_after_a_restart(
    database_url: str,
):
    async with Api(database_url) as api:
        urls = [await linked(api, person="sara"), await linked(api, rotation="care")]
        before = [await fetched(api, url) for url in urls]
        api.clock.turn(timedelta(hours=2))
        again = [await fetched(api, url) for url in urls]
        now = api.clock.now() + timedelta(minutes=5)
    async with Api(database_url, now=now) as api:
        after = [await fetched(api, url) for url in urls]
    for one, other, third in zip(before, again, after, strict=True):
        assert one.content == other.content == third.content
        assert one.headers["etag"] == third.headers["etag"]
        assert one.headers["last-modified"] == third.headers["last-modified"]


async def test_an_override_grows_the_sequence_and_leaves_a_tombstone(
    database_url: str,
):
    async with Api(database_url) as api:
        url = await linked(api, rotation="weekend")
        first = await fetched(api, url)
        before = events(first)
        coming = {u: e for u, e in before.items() if e["start"] > api.clock.now()}
        gone, its = min(coming.items(), key=lambda item: item[1]["start"])
        api.clock.turn(timedelta(minutes=5))
        override = {
            "person": "nina",
            "from": its["start"].isoformat(),
            "to": its["end"].isoformat(),
        }
        made = await api.post("/rotations/weekend/overrides", override)
        assert made.status_code == 201, made.text
        changed = await fetched(api, url)
        after = events(changed)
        assert changed.headers["etag"] != first.headers["etag"]
        assert changed.headers["last-modified"] != first.headers["last-modified"]
        assert after[gone]["status"] == "CANCELLED"
        assert after[gone]["sequence"] == 1
        cover = [u for u in after if u not in before]
        assert len(cover) == 1
        assert after[cover[0]]["status"] == "CONFIRMED"

        await api.delete(f"/rotations/weekend/overrides/{made.json()['id']}")
        back = events(await fetched(api, url))
        assert back[gone]["status"] == "CONFIRMED"
        assert back[gone]["sequence"] == 2
        assert back[cover[0]]["status"] == "CANCELLED"


async def test_a_calendar_is_free_time_unless_busy_is_asked_for(database_url: str):
    async with Api(database_url) as api:
        url = await linked(api, person="sara")
        free, busy = await fetched(api, url), await fetched(api, f"{url}?busy=1")
        assert "TRANSP:TRANSPARENT" in free.text
        assert "TRANSP:OPAQUE" not in free.text
        assert "TRANSP:OPAQUE" in busy.text
        assert free.headers["etag"] != busy.headers["etag"]
