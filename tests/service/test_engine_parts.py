"""A part of the service that dies takes all of it down, loudly: half is not alive."""

import asyncio

import pytest

from support.night import Night


class Broken:
    name = "broken"

    async def run(self) -> None:
        message = "it broke"
        raise RuntimeError(message)


class ShortLived:
    name = "short-lived"

    async def run(self) -> None:
        """End at once, which no part of a service may."""


class Patient:
    """Runs as it should; notes that it was told to end."""

    name = "patient"

    def __init__(self) -> None:
        self.ended = False

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


@pytest.mark.parametrize(
    ("part", "why"), [(Broken(), "it broke"), (ShortLived(), "short-lived ended")]
)
async def test_a_side_task_that_dies_ends_the_engine_with_its_error(
    database_url: str, part: Broken | ShortLived, why: str
):
    async with Night(database_url) as night:
        patient = Patient()
        night.service.engine.side_tasks = [patient, part]
        async with asyncio.timeout(20):
            with pytest.raises(RuntimeError, match=why):
                await night.service.engine.run()
        assert patient.ended
