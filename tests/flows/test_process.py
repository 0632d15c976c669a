"""The real process: killed at the worst moment, drained, reloaded."""

import signal
import socket
import sqlite3
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from oncall.clock import SystemClock
from support.fake_twilio import AUTH_TOKEN, FakeTwilio
from support.one_texted import ENVIRON, configured
from support.process import ServiceProcess
from support.provider_server import Fault, Journal, hang

ISSUE = {
    "source": "web",
    "customer": {"name": "Mina R"},
    "subject": "slow",
    "severity": "high",
}


def watched(twilio: FakeTwilio) -> Journal[str]:
    """Return a journal of the faults that requests to Twilio meet."""
    met: Journal[str] = Journal()
    give_up = twilio.give_up

    async def noted(fault: Fault, request: Request) -> Response:
        met.append(request.url.path)
        return await give_up(fault, request)

    twilio.give_up = noted  # type: ignore[method-assign]
    return met


@pytest.mark.parametrize("taken", [False, True])
async def test_a_process_killed_between_the_201_and_the_page_pages_at_its_restart(
    tmp_path: Path, *, taken: bool
):
    async with FakeTwilio(now=SystemClock().now) as twilio:
        config = configured(tmp_path, twilio)
        asked = watched(twilio)
        twilio.fail(hang(taken=taken))
        async with ServiceProcess(config, ENVIRON) as service:
            answer = await service.client.post("/api/v1/issues", json=ISSUE)
            assert answer.status_code == 201
            await asked.wait_for(1, within=20)
            service.tell(signal.SIGKILL)
            assert await service.ended() == -signal.SIGKILL
        async with ServiceProcess(config, ENVIRON) as service:
            await twilio.messages.wait_for(1, within=20)
            await service.says("send")
            issue = (await service.client.get("/api/v1/issues/1")).json()
            (page,) = issue["pages"]
            assert (page["state"], page["attempts"]) == ("accepted", 2)
        assert len(twilio.messages) == 1, "not lost, and not doubled either"


async def test_a_process_told_to_end_finishes_what_it_is_sending(tmp_path: Path):
    async with FakeTwilio(now=SystemClock().now) as twilio:
        async with ServiceProcess(configured(tmp_path, twilio), ENVIRON) as service:
            for _ in range(5):
                answer = await service.client.post("/api/v1/issues", json=ISSUE)
                assert answer.status_code == 201
            service.tell(signal.SIGTERM)
            assert await service.ended() == 0
            said = [line.get("event") for line in service.log]
            assert said[-1] == "stopped"
        with sqlite3.connect(tmp_path / "oncall.db") as database:
            (sending,) = database.execute(
                "SELECT count(*) FROM page WHERE state = 'sending'"
            ).fetchone()
        database.close()
        assert sending == 0


async def test_half_sent_requests_leave_room_to_take_an_issue_and_to_page(
    tmp_path: Path,
):
    few = ("sh", "-c", 'ulimit -n 200; exec "$@"', "sh")  # descriptors
    async with FakeTwilio(now=SystemClock().now) as twilio:
        config = configured(tmp_path, twilio)
        async with ServiceProcess(config, ENVIRON, under=few) as service:
            address = service.client.base_url
            halves = []
            for _ in range(300):
                half = socket.create_connection((address.host, address.port))
                half.sendall(b"POST /api/v1/issues HTTP/1.1\r\nHost: ")
                halves.append(half)
            answer = await service.client.post("/api/v1/issues", json=ISSUE)
            assert answer.status_code == 201
            await twilio.messages.wait_for(1)
            for half in halves:
                half.close()


async def test_a_reload_takes_a_good_file_and_leaves_the_old_one_for_a_bad_one(
    tmp_path: Path,
):
    async with FakeTwilio(now=SystemClock().now) as twilio:
        config = configured(tmp_path, twilio)
        async with ServiceProcess(config, ENVIRON) as service:

            async def person_is_known(name: str) -> bool:
                feed = {"person": name}
                answer = await service.client.post("/api/v1/feeds", json=feed)
                return answer.status_code == 201

            assert not await person_is_known("nina")
            configured(tmp_path, twilio, '[people.nina]\nname = "Nina"\ntyping = "x"')
            service.tell(signal.SIGHUP)
            said = await service.says("reload")
            assert "stays in force" in said["event"]
            assert (said["level"], said["problems"]) == ("error", 1)
            measured = (await service.client.get("/metrics")).text
            assert 'oncall_trouble_total{what="not_reloaded"} 1.0' in measured
            assert not await person_is_known("nina")
            assert await person_is_known("sara")

            config.unlink()
            service.tell(signal.SIGHUP)
            assert "stays in force" in (await service.says("reload"))["event"]

            nina = '[people.nina]\nname = "Nina"\nphone = "+4915112345678"'
            configured(tmp_path, twilio, nina)
            service.tell(signal.SIGHUP)
            assert "reloaded" in (await service.says("reload"))["event"]
            assert await person_is_known("nina")
            told = str(service.log)
            assert AUTH_TOKEN not in told


async def test_a_process_without_its_configuration_says_what_to_do(tmp_path: Path):
    service = ServiceProcess(tmp_path / "none.toml", ENVIRON)
    with pytest.raises(AssertionError, match=r"none\.toml"):
        await service.__aenter__()
    assert await service.ended() != 0
