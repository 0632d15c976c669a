import os
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from oncall.config.load import load
from oncall.wiring.service import build
from support.command_line import FRIDAY, CommandLine


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def bytes_of(oncall: CommandLine, *words: str) -> bytes:
    result = oncall.run("ical", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout_bytes


def starts(calendar: bytes) -> list[str]:
    events = Calendar.from_ical(calendar).walk("VEVENT")
    return sorted(event["DTSTART"].to_ical().decode() for event in events)


async def fetched(oncall: CommandLine, url: str) -> bytes:
    service = build(load(oncall.config, environ=os.environ), tzdata="")
    transport = httpx.ASGITransport(app=service.app)
    async with httpx.AsyncClient(transport=transport) as browser:
        response = await browser.get(url)
    await service.close()
    response.raise_for_status()
    return response.content


@pytest.mark.parametrize(
    ("of", "words"),
    [(("--rotation", "weekend"), ("weekend",)), (("--person", "sara"),) * 2],
    ids=["rotation", "person"],
)
async def test_a_calendar_has_the_bytes_of_its_feed(
    oncall: CommandLine, of: tuple[str, ...], words: tuple[str, ...]
):
    link = oncall.json("feed", "new", *of)
    assert set(link) == {"id", "kind", "url", "webcal"}
    here = bytes_of(oncall, *words)
    assert here == await fetched(oncall, link["url"])
    assert len(starts(here)) > 5


def test_without_a_database_none_is_made_and_the_second_does_not_matter(
    oncall: CommandLine,
):
    before = bytes_of(oncall, "weekend")
    oncall.turn_to(FRIDAY + timedelta(seconds=7))
    assert bytes_of(oncall, "weekend") == before
    assert [path.name for path in oncall.folder.iterdir()] == ["oncall.toml"]


def test_a_calendar_can_be_narrowed(oncall: CommandLine):
    span = ("--from", "2026-12-09", "--to", "2026-12-16")
    assert starts(bytes_of(oncall, "weekend", *span)) == ["20261210T093000Z"]
    later = starts(bytes_of(oncall, "weekend", "--from", "2026-12-09"))
    assert later[0] == "20261210T093000Z"
    assert len(later) > 5


def test_whose_calendar_must_be_said(oncall: CommandLine):
    assert "--person" in oncall.misused("ical")
    assert "--person" in oncall.misused("ical", "weekend", "--person", "sara")
    assert "no rotation" in oncall.fails("ical", "nights")
    assert "'zed'" in oncall.fails("ical", "--person", "zed")
    back = ("--from", "2026-12-09", "--to", "2026-12-01")
    assert "later than" in oncall.fails("ical", "weekend", *back)


def test_a_link_is_shown_once_and_listed_without_its_secret(oncall: CommandLine):
    said = oncall.says("feed", "new", "--kind", "team").splitlines()
    assert said[1].strip().startswith("http://127.0.0.1:8000/feeds/")
    assert said[2].strip().startswith("webcal://127.0.0.1:8000/feeds/")
    secret = said[1].rpartition("/")[2].removesuffix(".ics")
    listed = oncall.says("feed", "list")
    assert "team" in listed
    assert secret not in listed
    (feed,) = oncall.json("feed", "list")
    assert feed == {
        "id": feed["id"],
        "kind": "team",
        "person": None,
        "rotation": None,
        "created_at": "2026-12-04T17:30:12.345678Z",
        "fetched_at": None,
        "fetched_by": None,
        "ends_at": None,
    }


async def test_a_revoked_link_shows_nothing_any_more(oncall: CommandLine):
    link = oncall.json("feed", "new", "--person", "sara")
    oncall.says("feed", "revoke", link["id"])
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await fetched(oncall, link["url"])
    assert oncall.json("feed", "list") == []
    assert link["id"] in oncall.fails("feed", "revoke", link["id"])


def test_a_link_to_nothing_is_not_made(oncall: CommandLine):
    assert "--person" in oncall.misused("feed", "new")
    assert "'zed'" in oncall.fails("feed", "new", "--person", "zed")
    assert "no rotation" in oncall.fails("feed", "new", "--rotation", "nights")
