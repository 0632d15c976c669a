"""Calendars: links to them by the API, and the calendars themselves."""

import gzip
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from oncall.actions.calendar import (
    OVERLAP,
    Rendered,
    addresses,
    new_feed,
    rotate_feed,
)
from oncall.actions.house import View
from oncall.actions.link import digest
from oncall.errors import NotFound, StoreUnavailable
from oncall.store import Tx, calendars
from oncall.store.calendars import Feed
from oncall.web import answers
from oncall.web.auth import Reader, Responder, Service
from oncall.web.fields import Key, Sent, Words
from oncall.web.instants import written
from oncall.web.kept import keep
from oncall.web.parts import Parts
from oncall.web.writes import NOTHING, Answer, Write

router = APIRouter(tags=["calendars"])

NOTED_EVERY_S = 60
HIDDEN = {"Cache-Control": "private, max-age=300", "Vary": "Accept-Encoding"}


class CalendarResponse(Response):
    """A calendar."""

    media_type = "text/calendar"


class SentFeed(Sent):
    """Whose or which calendar. With only `person` it is `mine`."""

    person: Words | None = None
    rotation: Words | None = None
    kind: Literal["mine", "rotation", "team", "gaps"] | None = None


@router.post("/api/v1/feeds", response_model=answers.NewFeed, status_code=201)
async def make_feed(_: Responder, sent: SentFeed, write: Write) -> Response:
    """Make a calendar link. It is shown this once."""

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        feed, token = new_feed(
            tx,
            view,
            now,
            kind=sent.kind,
            person=sent.person,
            rotation=sent.rotation,
        )
        return 201, {"id": feed.id, "kind": feed.kind} | addresses(view, token)

    return await write(action, at="/api/v1/feeds/{id}")


@router.get("/api/v1/feeds", response_model=answers.FeedList)
async def list_feeds(_: Reader, parts: Service) -> Response:
    """List the links in force: whose they are and when they were last fetched."""

    def listed(tx: Tx, _view: View, now: datetime) -> list[Feed]:
        return calendars.feeds(tx, now)

    found = await parts.read(listed)
    return answers.shown(
        {"items": [_feed(feed) for feed in found], "next_cursor": None}
    )


@router.delete("/api/v1/feeds/{feed_id}", status_code=204)
async def end_feed(_: Responder, feed_id: Key, write: Write) -> Response:
    """End a link: whoever has it sees nothing any more."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        if not calendars.revoke_feed(tx, feed_id, now):
            msg = f"there is no calendar link {feed_id!r}"
            raise NotFound(msg)
        return NOTHING

    return await write(action)


@router.post(
    "/api/v1/feeds/{feed_id}/rotate",
    response_model=answers.ReplacedFeed,
    status_code=201,
)
async def replace_feed(_: Responder, feed_id: Key, write: Write) -> Response:
    """Make a new link in place of one, which goes on working for a week."""

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        feed, token = rotate_feed(tx, feed_id, now)
        made = {"id": feed.id, "kind": feed.kind} | addresses(view, token)
        return 201, made | {"old_until": written(now + OVERLAP)}

    return await write(action, at="/api/v1/feeds/{id}")


@router.get(
    "/feeds/{token}.ics",
    response_class=CalendarResponse,
    responses={304: {"description": "not changed since it was fetched"}},
)
async def feed(
    request: Request, parts: Service, token: str, busy: str = ""
) -> Response:
    """Return a calendar, or 304 when the program has it already."""
    found, known = await parts.read(
        lambda tx, view, now: _look(tx, view, now, parts, token, busy=busy == "1")
    )
    if known is None:
        known = await parts.write(
            lambda tx, view, now: parts.calendars.build(
                tx, found, view, now, busy=busy == "1"
            )
        )
    await _note_fetch(request, parts, found)
    keep(request, found.revoked_at)
    return _respond(request, known)


def _look(
    tx: Tx, view: View, now: datetime, parts: Parts, token: str, *, busy: bool
) -> tuple[Feed, Rendered | None]:
    found = calendars.feed_by_token(tx, digest(token), now)
    if found is None:
        msg = "there is no such calendar; its link may have been ended"
        raise NotFound(msg)
    return found, parts.calendars.known(found, view, now, busy=busy)


async def _note_fetch(request: Request, parts: Parts, found: Feed) -> None:
    """Remember the fetch, at most once a minute for each program."""
    program = request.headers.get("User-Agent", "")[:200].replace("\0", "")
    now = parts.clock.now()
    before = found.fetched_at
    recent = before is not None and (now - before).total_seconds() < NOTED_EVERY_S
    if not (recent and found.fetched_by == program):
        with suppress(StoreUnavailable):  # a full disk must not hide who is on call
            await parts.write(
                lambda tx, _view, now: calendars.note_fetch(tx, found.id, now, program)
            )


def _respond(request: Request, shown: Rendered) -> Response:
    zipped = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    tag = f'{shown.etag[:-1]}-gz"' if zipped else shown.etag
    headers = HIDDEN | {"ETag": tag, "Last-Modified": shown.last_modified}
    wanted = request.headers.get("If-None-Match")
    if _has(wanted, shown.etag) or (
        wanted is None
        and request.headers.get("If-Modified-Since") == shown.last_modified
    ):
        return Response(status_code=304, headers=headers)
    body = gzip.compress(shown.body, mtime=0) if zipped else shown.body
    if zipped:
        headers |= {"Content-Encoding": "gzip"}
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def _has(header: str | None, etag: str) -> bool:
    """Tell whether If-None-Match names the calendar, in any encoding or weakness."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags or f'{etag[:-1]}-gz"' in tags


def _takes_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")
    return False


def _feed(found: Feed) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind,
        "person": found.person,
        "rotation": found.rotation,
        "created_at": written(found.created_at),
        "fetched_at": written(found.fetched_at),
        "fetched_by": found.fetched_by or None,
        "ends_at": written(found.revoked_at),
    }
