"""Two releases on one database: the older works on, until what it writes would spoil."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from oncall.errors import Refused
from oncall.store import Database, formats, nodes
from oncall.store.formats import Format, Formats, Part
from oncall.store.migrate import FORMS, check, upgrade
from support.api import Api

OURS = FORMS[Part.TABLES]
NEXT = OURS.version + 1


def next_release(*, oldest: int = OURS.oldest) -> Formats:
    """Return what the release after ours knows, and who may write beside it."""
    return {**FORMS, Part.TABLES: Format(NEXT, oldest=oldest)}


def expand(url: str, forms: Formats) -> None:
    """Do as the next release does when it starts: add something, and say so."""
    database = Database(url)
    with database.engine.connect() as connection, connection.begin():
        connection.execute(text("ALTER TABLE issue ADD COLUMN mood VARCHAR"))
        number = text("UPDATE alembic_version SET version_num = :next")
        connection.execute(number, {"next": f"{NEXT:04}"})
    upgrade(database, forms)
    database.close()


async def paged_by(api: Api, subject: str) -> set[str]:
    """Let a customer write to this node, which pages; return who was paged."""
    number = (await api.opened(subject=subject, severity="high"))["number"]
    await api.service.engine.settle()
    issue = await api.issue(number)
    return {page["person"] for page in issue["pages"] if page["attempts"]}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_releases_take_in_and_page_side_by_side(database_url: str):
    async with Api(database_url) as running:
        assert await paged_by(running, "before") == {"sara"}
        expand(database_url, next_release())
        async with Api(database_url) as started:
            assert await paged_by(running, "beside") == {"sara"}
            assert await paged_by(started, "after") == {"sara"}
            tables = (await started.client.get("/readyz")).json()["tables"]
            assert tables == {"known": OURS.version, "in_force": NEXT}


async def test_an_older_release_starts_on_a_database_that_only_has_more(
    database_url: str,
):
    expand(database_url, next_release())
    database = Database(database_url)
    assert upgrade(database) == f"{NEXT:04}", "the newer schema stays"
    assert check(database) == []
    database.close()


async def test_an_older_release_refuses_a_database_it_would_spoil(database_url: str):
    expand(database_url, next_release(oldest=NEXT))
    database = Database(database_url)
    with pytest.raises(Refused, match=rf"tables .* at {NEXT}, ours at {OURS.version}"):
        upgrade(database)
    assert "install" in check(database)[0]
    database.close()


async def test_a_running_node_stops_when_a_newer_release_takes_something_away(
    database_url: str,
):
    async with Api(database_url) as running:
        await running.service.engine.settle()
        expand(database_url, next_release(oldest=NEXT))
        running.clock.turn(timedelta(seconds=10))
        with pytest.raises(Refused, match="must not write them any more"):
            await running.service.engine.settle()


async def test_readyz_says_which_releases_run(database_url: str):
    async with Api(database_url) as api:
        await api.service.engine.settle()
        now = api.clock.now()

        def beside(tx: formats.Tx) -> None:
            nodes.ticked(tx, "beside", now, "99.0.0", knows=NEXT)
            gone = now - timedelta(minutes=5)
            nodes.ticked(tx, "gone", gone, "98.0.0", knows=NEXT)

        api.service.database.write_now(beside)
        said = (await api.client.get("/readyz")).json()
        assert said["release"] == formats.release()
        assert said["nodes"] == [
            {"release": said["release"], "knows": OURS.version, "nodes": 1},
            {"release": "99.0.0", "knows": NEXT, "nodes": 1},
        ]


def test_a_form_in_force_never_goes_back(database_url: str):
    database = Database(database_url)
    upgrade(database, next_release(oldest=OURS.version))
    upgrade(database, FORMS)
    found = database.read_now(formats.in_force)[Part.TABLES]
    assert (found.version, found.oldest) == (NEXT, OURS.version)
    database.close()
