"""A service of which a part cannot even begin ends with that part's error."""

import asyncio
import socket

import pytest

from oncall.running import run
from support.api import Api


class Opened:
    """A service that is opened in a way of its own."""

    def __init__(self, api: Api, *errors: Exception) -> None:
        self._service = api.service
        self._errors = [*errors]
        self.opened = asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._service, name)

    async def open(self) -> None:
        if self._errors:
            raise self._errors.pop(0)
        self.opened.set()

    async def close(self) -> None:
        """Leave that to the test's own house."""


def listener() -> socket.socket:
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


async def test_what_goes_wrong_at_opening_ends_the_service_with_its_error(
    database_url: str,
):
    async with Api(database_url) as api:
        service = Opened(api, ValueError("not a provider's"))
        with pytest.raises(ValueError, match="not a provider's"):
            async with asyncio.timeout(60):
                await run(service, listeners=[listener()])


async def test_a_service_that_was_opened_goes_on_until_it_is_told_to_end(
    database_url: str,
):
    async with Api(database_url) as api:
        service, stop = Opened(api), asyncio.Event()
        running = asyncio.create_task(run(service, listeners=[listener()], stop=stop))
        await service.opened.wait()
        assert not running.done()
        stop.set()
        async with asyncio.timeout(60):
            await running
