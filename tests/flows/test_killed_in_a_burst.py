"""The real process, killed at some moment of a burst: nothing is lost, nothing doubled."""

import asyncio
import random
import re
import signal
from collections import Counter
from pathlib import Path

import httpx
import pytest

from oncall.clock import SystemClock
from support.fake_twilio import FakeTwilio
from support.one_texted import ENVIRON, configured
from support.process import ServiceProcess

BURST = 40


async def report(client: httpx.AsyncClient, place: int) -> int | None:
    """Report an issue; return its number, None when the service died of it."""
    body = {
        "source": "burst",
        "external_id": str(place),
        "customer": {"name": "Mina R"},
        "subject": "prize",
        "severity": "critical",
    }
    try:
        answer = await client.post("/api/v1/issues", json=body)
    except httpx.TransportError:
        return None
    return int(answer.json()["number"]) if answer.status_code == 201 else None


def paged(twilio: FakeTwilio) -> Counter[int]:
    """Return how often each issue's page was taken."""
    found = (re.search(r"#(\d+)", message.body) for message in twilio.messages)
    return Counter(int(number[1]) for number in found if number)


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_accepted_is_paged_once_whenever_the_process_is_killed(
    tmp_path: Path, seed: int
):
    moment = random.Random(seed).randrange(1, BURST)  # noqa: S311 (a seed replays)
    async with FakeTwilio(now=SystemClock().now) as twilio:
        config = configured(tmp_path, twilio)
        async with ServiceProcess(config, ENVIRON) as service:
            burst = [
                asyncio.create_task(report(service.client, place))
                for place in range(BURST)
            ]
            await twilio.messages.wait_for(moment, within=20)
            service.tell(signal.SIGKILL)
            accepted = {n for n in await asyncio.gather(*burst) if n is not None}
            await service.ended()
        assert accepted
        async with ServiceProcess(config, ENVIRON):
            await twilio.messages.wait_for(
                lambda _: accepted <= paged(twilio).keys(), within=20
            )
        assert max(paged(twilio).values()) == 1
