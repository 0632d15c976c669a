"""The database fails in the middle: what is accepted is kept, and the rest refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from oncall.errors import StoreUnavailable
from oncall.store import Tx, issues, timeline
from support.night import Night

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> Iterator[str]:
    shutil.copy(migrated_sqlite, tmp_path / "oncall.db")
    return f"sqlite:///{tmp_path}/oncall.db"


def limit_pages(night: Night, limit: str) -> None:
    """Let the file grow no further than so many of SQLite's pages."""
    with night.service.database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {limit}")


def size(night: Night) -> int:
    """Return how many of SQLite's pages the file has."""
    with night.service.database.engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


async def test_a_full_disk_refuses_a_report_and_keeps_nothing_of_it(sqlite_url: str):
    async with Night(sqlite_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        limit_pages(night, str(size(night)))
        said = {
            "source": "web",
            "customer": {"name": "Dana W."},
            "subject": "No parcel",
            "text": "x" * 60_000,
        }
        refused = await night.client.post("/api/v1/issues", json=said)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        listed = (await night.client.get("/api/v1/issues")).json()
        assert [each["number"] for each in listed["items"]] == [128]

        limit_pages(night, "4294967294")
        taken = await night.post("/api/v1/issues", said)
        assert (taken.status_code, taken.json()["number"]) == (201, 129)
        await night.phone("sara").expect_telegram("#129")


def cut_all(url: str) -> None:
    """End every connection to a database but the one that asks for it."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


@on_postgresql
async def test_the_engine_goes_on_after_all_its_connections_were_cut(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        cut_all(database_url)
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms("#128")
        cut_all(database_url)
        assert await night.report("flowers") == 129
        await night.phone("sara").expect_telegram("#129")


@on_postgresql
async def test_a_transaction_whose_connection_is_cut_leaves_nothing_behind(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")

        def cut_off(tx: Tx) -> None:
            timeline.note(tx, number, "note", night.clock.now(), detail="half done")
            tx.run(text("SELECT pg_terminate_backend(pg_backend_pid())"))
            issues.change(tx, number, owner="nobody")

        with pytest.raises(StoreUnavailable):
            await night.service.database.write(cut_off)
        issue = await night.issue(number)
        assert issue["owner"] is None
        assert "half done" not in str(issue["timeline"])
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms("#128")
