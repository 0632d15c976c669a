"""The database away, locked or full: nothing is promised, and it goes on afterwards."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from support.api import ISSUE, Api, assert_problem


@contextmanager
def away(database_url: str) -> Iterator[None]:
    """Let the database be out of reach for a while."""
    if database_url.startswith("sqlite"):
        with locked(make_url(database_url).database or ""):
            yield
        return
    name = make_url(database_url).database
    administrator = create_engine(
        make_url(database_url).set(
            drivername="postgresql+psycopg", database="postgres"
        ),
        isolation_level="AUTOCOMMIT",
    )
    with administrator.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = :name"
            ),
            {"name": name},
        )
        yield
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    administrator.dispose()


@contextmanager
def locked(path: str) -> Iterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


def impatient(api: Api) -> None:
    """Let SQLite wait for a lock no longer than a test wants to."""
    database = api.service.database
    if not database.shared:
        with database.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("PRAGMA busy_timeout=30")


async def test_while_the_database_is_away_nothing_is_taken_and_then_it_goes_on(
    database_url: str,
):
    async with Api(database_url) as api:
        impatient(api)
        kept = (await api.opened())["number"]
        with away(database_url):
            for _ in range(2):
                response = await api.post("/issues", ISSUE, key="k")
                problem = assert_problem(response, 503)
                assert int(response.headers["Retry-After"]) > 0
                assert "nothing was kept" in problem["detail"]
            acted = await api.post(f"/issues/{kept}/acknowledge", {"person": "sara"})
            assert_problem(acted, 503)
            assert (await api.client.get("/healthz")).status_code == 200
        answer = await api.post("/issues", ISSUE, key="k")
        assert answer.status_code == 201, "the refused try has not used the key up"
        assert answer.json()["number"] > kept
        numbers = [i["number"] for i in (await api.get("/issues")).json()["items"]]
        assert numbers == [answer.json()["number"], kept]
        assert (await api.issue(kept))["status"] == "open"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_service_without_its_database_is_alive_and_not_ready(
    database_url: str,
):
    async with Api(database_url) as api:
        await api.service.engine.settle()
        assert (await api.client.get("/readyz")).status_code == 200
        with away(database_url):
            response = await api.client.get("/readyz")
            assert response.status_code == 503
            assert response.json()["database"] == "unreachable"
            assert_problem(await api.get("/issues"), 503)
        assert (await api.client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_refuses_writes_and_still_shows_what_is_there(
    database_url: str,
):
    async with Api(database_url) as api:
        number = (await api.opened())["number"]
        link = (await api.post("/feeds", {"person": "sara"})).json()["url"]
        assert (await api.client.get(link)).status_code == 200
        database = api.service.database
        with database.engine.connect() as connection, connection.begin():
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        large = ISSUE | {"text": "x" * 100_000}
        assert_problem(await api.post("/issues", large), 503)
        assert (await api.issue(number))["number"] == number
        other = {"User-Agent": "another program"}
        assert (await api.client.get(link, headers=other)).status_code == 200
        with database.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        assert (await api.post("/issues", large)).status_code == 201


async def test_one_unit_that_fails_leaves_those_beside_it_alone(database_url: str):
    async with Api(database_url) as api:
        database = api.service.database
        statement = text("INSERT INTO version (name, value) VALUES (:name, 1)")
        jobs = [
            database.submit(
                lambda tx, n=n: tx.connection.execute(
                    statement, {"name": f"v{n // 2 if n in (4, 5) else n}"}
                )
            )
            for n in range(6)
        ]
        failed = [job.exception() is not None for job in jobs]
        assert sum(failed) == 2, "v2 was there, and there can be only one"
        names = await database.read(
            lambda tx: {row["name"] for row in tx.all(text("SELECT name FROM version"))}
        )
        assert names >= {"v0", "v1", "v2", "v3"}


async def test_an_error_of_the_database_tells_no_customers_words(database_url: str):
    async with Api(database_url) as api:
        statement = text("INSERT INTO version (name, value) VALUES (:name, :name)")
        job = api.service.database.submit(
            lambda tx: [
                tx.connection.execute(statement, {"name": "secret words"})
                for _ in range(2)
            ]
        )
        error = job.exception()
        assert error is not None
        assert "[SQL parameters hidden" in str(error)
