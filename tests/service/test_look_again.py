"""Issues are brought forward in portions, each once, and by one of several nodes."""

from datetime import UTC, datetime, timedelta

import pytest

from oncall.actions.house import House
from oncall.actions.look_again import PORTION, Looked, look_again
from oncall.actions.report import report
from oncall.config.values import Config
from oncall.model import Customer, Report, Via
from oncall.store import Database, Tx, issues, versions
from oncall.store.issues import ISSUE
from support.config_text import configured

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
CONFIG = configured()


@pytest.fixture
def database(database_url: str):
    database = Database(database_url)
    yield database
    database.close()


def opened(tx: Tx, many: int) -> None:
    """Open issues that are all due again at the same instant."""
    view = House(CONFIG, [Via.TELEGRAM, Via.SMS]).view(tx, NOW)
    for each in range(many):
        said = Report(
            source="shop",
            external_id=f"e{each}",
            customer=Customer(name="Mina"),
            subject="where is it",
        )
        report(tx, view, said, NOW)


def brought(tx: Tx) -> int:
    return len(tx.all(ISSUE.select().where(ISSUE.c.due_at == LATER)))


def test_all_that_wait_are_brought_forward_a_portion_at_a_time(database: Database):
    def work(tx: Tx) -> tuple[list[int], Looked]:
        opened(tx, 2 * PORTION + 1)
        looked = look_again(tx, CONFIG, None, LATER)
        counts = [brought(tx)]
        while looked.after is not None:
            issues.change(tx, 1, due_at=LATER + timedelta(minutes=9))
            looked = look_again(tx, CONFIG, looked, LATER)
            counts.append(brought(tx))
        return counts, looked

    counts, looked = database.write_now(work)
    assert counts == [PORTION, 2 * PORTION - 1, 2 * PORTION + 1]
    again = database.write_now(lambda tx: look_again(tx, CONFIG, looked, LATER))
    assert again == looked


def test_one_of_two_nodes_is_enough_but_a_new_file_is_each_nodes_own(
    database: Database,
):
    def settled(tx: Tx, config: Config, before: Looked | None) -> Looked:
        looked = look_again(tx, config, before, LATER)
        while looked.after is not None:
            looked = look_again(tx, config, looked, LATER)
        return looked

    def work(tx: Tx) -> list[int]:
        opened(tx, 1)
        one = settled(tx, CONFIG, None)
        two = settled(tx, CONFIG, None)
        counts = []
        for change in (lambda: versions.touch(tx, "exceptions"), lambda: None):
            change()
            tx.run(ISSUE.update().values(due_at=LATER + timedelta(minutes=5)))
            one = settled(tx, CONFIG, one)
            counts.append(brought(tx))
            tx.run(ISSUE.update().values(due_at=LATER + timedelta(minutes=5)))
            two = settled(tx, CONFIG, two)
            counts.append(brought(tx))
        other = configured("[people.eve]\nname = 'Eve'\nphone = '+989121234599'\n")
        for looked in (one, two):
            tx.run(ISSUE.update().values(due_at=LATER + timedelta(minutes=5)))
            settled(tx, other, looked)
            counts.append(brought(tx))
        return counts

    assert database.write_now(work) == [1, 0, 0, 0, 1, 1]
