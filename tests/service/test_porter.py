"""The door for letters: opened, told of, and shut when the service ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
import structlog
from typing_extensions import override

from integrations.errors import Unavailable
from integrations.intake.email.delivery import Brought
from integrations.intake.kinds import LETTERS
from oncall.actions.sources import ConfiguredSource
from oncall.clock import SystemClock
from oncall.config.values import Secret
from oncall.engine.letters import Letters
from oncall.engine.porter import Porter
from oncall.store import Database

LETTER = Brought(raw=b"Subject: secret words\r\n\r\nhi", way="smtp", place="smtp://h")


class Broken(Letters):
    """Letters that cannot be kept, by a mistake."""

    @override
    async def keep(self, brought: Brought) -> None:
        del brought
        raise ZeroDivisionError


class HandDoor:
    """A door that a test opens and shuts by hand."""

    host, port = "127.0.0.1", 25

    def __init__(self) -> None:
        self.is_open = False

    async def open(self, take: Callable[[Brought], Awaitable[None]]) -> None:
        self.take, self.is_open = take, True

    async def close(self) -> None:
        self.is_open = False


async def begun(porter: Porter) -> asyncio.Task[None]:
    running = asyncio.create_task(porter.run())
    await asyncio.wait([running], timeout=0.01)
    return running


@pytest.fixture
def broken(database_url: str) -> Iterator[Letters]:
    source = ConfiguredSource(name="door", product=LETTERS["smtp"], secret=Secret(""))
    database = Database(database_url)
    yield Broken(database, source, SystemClock())
    database.close()


async def test_a_door_is_open_as_long_as_the_porter_works(broken: Letters):
    door = HandDoor()
    with structlog.testing.capture_logs() as said:
        running = await begun(Porter(door, broken))
    assert door.is_open
    assert [(each["source"], each["port"]) for each in said] == [("door", 25)]
    running.cancel()
    await asyncio.wait([running])
    assert not door.is_open


async def test_a_mistake_of_ours_is_logged_without_the_letter_and_comes_again(
    broken: Letters,
):
    door = HandDoor()
    running = await begun(Porter(door, broken))
    with structlog.testing.capture_logs() as said, pytest.raises(Unavailable):
        await door.take(LETTER)
    assert [each["log_level"] for each in said] == ["error"]
    assert "secret words" not in str(said)
    running.cancel()
    await asyncio.wait([running])
