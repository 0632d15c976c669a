"""The real process on a disk that is really full: a small one, of its own."""

import asyncio
import re
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from oncall.clock import SystemClock
from oncall.model import PageState
from support.fake_twilio import FakeTwilio
from support.one_texted import ENVIRON, configured
from support.process import ServiceProcess

SIZE = "6m"
MANY = 8
A_MOMENT = timedelta(milliseconds=50)
LONG = "x" * 100_000


def small_disk(place: Path) -> list[str]:
    """Return a command that runs another where `place` is a small disk."""
    mount = f'mount -t tmpfs -o size={SIZE} tmpfs "{place}" && exec "$@"'
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder that can be a disk of its own, where the machine allows it."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        tried = subprocess.run([*small_disk(place), "true"], check=False)  # noqa: S603 (our own command)
    except FileNotFoundError:
        pytest.skip("there is no unshare here; a failing commit is tested elsewhere")
    if tried.returncode:
        pytest.skip("nobody may mount here; a failing commit is tested elsewhere")
    return place


def fill(disk: Path) -> None:
    """Leave no room on it."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            try:
                ballast.write(bytes(4096))
            except OSError:
                return


async def report(client: httpx.AsyncClient, place: int) -> httpx.Response:
    body = {
        "source": "burst",
        "external_id": str(place),
        "customer": {"name": "Mina R"},
        "subject": "prize",
        "text": LONG,
        "severity": "critical",
    }
    return await client.post("/api/v1/issues", json=body)


async def is_written_down(client: httpx.AsyncClient, number: int) -> None:
    """Wait until what the provider said of an issue's page is on the disk."""
    async with asyncio.timeout(20):
        while True:
            pages = (await client.get(f"/api/v1/issues/{number}")).json()["pages"]
            if any(page["state"] == PageState.ACCEPTED for page in pages):
                return
            await SystemClock().sleep(A_MOMENT)


def paged(twilio: FakeTwilio) -> Counter[int]:
    """Return how often each issue's page was taken."""
    found = (re.search(r"#(\d+)", message.body) for message in twilio.messages)
    return Counter(int(number[1]) for number in found if number)


async def test_a_full_disk_refuses_what_it_cannot_keep_and_all_else_is_paged_once(
    tmp_path: Path, place: Path
):
    async with FakeTwilio(now=SystemClock().now) as twilio:
        config = configured(tmp_path, twilio)
        config.write_text(config.read_text().replace(f"{tmp_path}/", f"{place}/"))
        async with ServiceProcess(config, ENVIRON, small_disk(place)) as service:
            kept = await report(service.client, 0)
            assert kept.status_code == 201
            await twilio.messages.wait_for(1, within=20)
            await is_written_down(service.client, kept.json()["number"])
            disk = Path(f"/proc/{service.pid}/root{place}")
            fill(disk)
            refused = [await report(service.client, n) for n in range(1, MANY)]
            assert {answer.status_code for answer in refused} == {503}
            assert all(int(answer.headers["Retry-After"]) for answer in refused)
            shown = (await service.client.get("/api/v1/issues")).json()["items"]
            assert [issue["number"] for issue in shown] == [kept.json()["number"]]

            (disk / "ballast").unlink()
            taken = [await report(service.client, n) for n in range(MANY)]
            assert [answer.status_code for answer in taken] == [
                200,
                *[201] * (MANY - 1),
            ]
            numbers = {answer.json()["number"] for answer in taken}
            await twilio.messages.wait_for(
                lambda _: numbers <= paged(twilio).keys(), within=20
            )
        assert max(paged(twilio).values()) == 1
