"""A million open issues: what looking at those that are due costs, and starting."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from figures import Aim, Figure, Floor
from setting import NOWHERE, config
from sqlalchemy import text

from escalation_policies.decide import start
from escalation_policies.policy import Severity
from oncall.actions.house import House
from oncall.config.load import read
from oncall.config.values import Config
from oncall.engine.alarms import Alarms
from oncall.engine.escalator import Escalator
from oncall.model import Customer, Issue, Status, Via
from oncall.store import Database, Tx, customers, issues
from oncall.store.issues import Standing
from oncall.store.migrate import upgrade
from service import ENVIRON, running

FEW, MANY = 10_000, 1_000_000
NOW = datetime(2027, 1, 1, tzinfo=UTC)


async def ticks() -> list[Figure]:
    """Work off 10,000 due issues, first all there are and then among a million."""
    alone, start_alone, _ = await _measured(FEW)
    among, start_among, memory = await _measured(MANY)
    return [
        Figure(name="10,000 due issues, alone", samples=[alone], unit="s"),
        Figure(
            name="10,000 due issues, among a million",
            samples=[among],
            unit="s",
            aims=[Aim(bound=1.2, floor=Floor(name="alone", value=alone, unit="s"))],
        ),
        Figure(name="start to ready, 10,000 open", samples=[start_alone], unit="s"),
        Figure(
            name="start to ready, a million open",
            samples=[start_among],
            unit="s",
            aims=[
                Aim(bound=1.8, floor=Floor(name="10,000", value=start_alone, unit="s"))
            ],
        ),
        Figure(
            name="memory, a million open",
            samples=[memory],
            unit="MiB",
            aims=[Aim(bound=250)],
        ),
    ]


async def _measured(many: int) -> tuple[float, float, float]:
    """Return the seconds for the ticks and for a start, and the memory after it."""
    with TemporaryDirectory() as folder:
        settings = config(folder, NOWHERE)
        found = read(settings, environ=ENVIRON)
        with _seeded(found, many) as database:
            begun = perf_counter()
            quiet = Alarms(alarm_url="", heartbeat_url="")
            escalator = Escalator(database, House(found, [Via.SMS]), quiet)
            while await escalator.tick(NOW):
                pass
            ticked = perf_counter() - begun
        async with running(Path(folder), settings) as service:
            return ticked, service.ready_after_s, service.resident_mib()


@contextmanager
def _seeded(found: Config, many: int) -> Iterator[Database]:
    """Yield a database with so many open issues, of which FEW are due."""
    database = Database(found.service.database.reveal())
    upgrade(database)
    database.write_now(lambda tx: _seed(tx, found, many))
    yield database
    database.close()


def _seed(tx: Tx, found: Config, many: int) -> None:
    """Open one issue as the service does, and let SQL copy it."""
    who = Customer(name="Mina R")
    policy = found.policies["p1"]
    issue = Issue(
        number=0,
        id="1",
        source="desk1",
        external_id="",
        customer=who,
        subject="Not paid",
        severity=Severity.NORMAL,
        status=Status.OPEN,
        policy=policy.id,
        owner=None,
        opened_at=NOW,
        updated_at=NOW,
        waiting_since=NOW,
    )
    standing = Standing(issue=issue, policy=policy, progress=start(policy, NOW))
    issues.insert(tx, standing, customer=customers.add(tx, who, NOW), because=[])
    tx.run(text(COPY).bindparams(many=many, few=FEW))


OWN = ("number", "id", "due_at")
SAME = ", ".join(column.name for column in issues.ISSUE.c if column.name not in OWN)
COPY = f"""
WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
INSERT INTO issue (number, id, due_at, {SAME})
SELECT i, i, CASE WHEN i <= :few THEN due_at ELSE replace(due_at, '2027', '2036') END,
       {SAME}
FROM n, issue WHERE number = 1
"""  # noqa: S608 (names of our own columns)
