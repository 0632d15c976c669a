"""A calendar is fetched with limits, and its address is told to nobody."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from oncall.config.values import AbsenceCalendar, Secret
from oncall.engine.calendar_source import LARGEST, CalendarSource, place
from oncall.errors import Refused

WEB = AbsenceCalendar(person="sara", url=Secret("https://cal.example/private-word.ics"))


class Endless(httpx.AsyncByteStream):
    """A body that never ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000


def answering(*responses: httpx.Response) -> CalendarSource:
    left: Iterator[httpx.Response] = iter(responses)
    return CalendarSource(httpx.MockTransport(lambda _: next(left)))


async def test_a_calendar_is_fetched_also_where_it_has_moved():
    moved = httpx.Response(301, headers={"Location": "https://cal.example/new.ics"})
    source = answering(moved, httpx.Response(200, content=b"BEGIN"))
    assert await source.fetch(WEB) == b"BEGIN"


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(404, text="private-word"),
        httpx.Response(304),
        httpx.Response(200, stream=Endless()),
        httpx.Response(500, text="private-word"),
        httpx.Response(302, headers={"Location": "https://xn--/private-word"}),
    ],
)
async def test_what_is_not_a_calendar_of_some_size_is_refused(response: httpx.Response):
    with pytest.raises(Refused) as caught:
        await answering(response).fetch(WEB)
    assert "private-word" not in caught.value.detail
    assert caught.value.__context__ is None or caught.value.__suppress_context__


async def test_a_place_that_does_not_answer_is_told_without_its_address():
    def away(request: httpx.Request) -> httpx.Response:
        msg = f"no route to {request.url}"
        raise httpx.ConnectError(msg)

    source = CalendarSource(httpx.MockTransport(away))
    with pytest.raises(Refused, match=r"cannot be fetched \(ConnectError\)"):
        await source.fetch(WEB)


async def test_a_file_is_read_up_to_the_same_size(tmp_path: Path):
    path = tmp_path / "leave.ics"
    calendar = AbsenceCalendar(person="sara", file=path)
    with pytest.raises(Refused, match="No such file"):
        await CalendarSource().fetch(calendar)
    path.write_bytes(b"x" * LARGEST)
    assert len(await CalendarSource().fetch(calendar)) == LARGEST
    path.write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(Refused, match="larger than 1024 KiB"):
        await CalendarSource().fetch(calendar)


def test_a_place_is_remembered_without_being_told():
    assert "private" not in place(WEB)
    assert place(WEB) != place(AbsenceCalendar(person="sara", url=Secret("https://a")))
