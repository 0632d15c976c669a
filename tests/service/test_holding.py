"""What a snooze holds, as the store does it."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.contract import Delivery, DeliveryUpdate
from oncall.actions import settle
from oncall.actions.acknowledge import acknowledge
from oncall.actions.house import House
from oncall.actions.report import report
from oncall.model import Customer, Page, PageState, Report, Via
from oncall.store import Database, Tx, bundles, holding, paged, pages, timeline
from support.config_text import configured

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=15)
LEASE = timedelta(seconds=60)


@pytest.fixture
def database(database_url: str):
    database = Database(database_url)
    yield database
    database.close()


def two_in_one(tx: Tx) -> tuple[Page, Page]:
    """Return a page that waits and stands for two issues, and the one that it took in."""
    view = House(configured(), [Via.TELEGRAM]).view(tx, NOW)
    for each in ("a", "b"):
        customer = Customer(name=each)
        said = Report(source=each, customer=customer, subject="where is it")
        report(tx, view, said, NOW)
    carrier, other = pages.claim_due(tx, NOW, limit=9, lease=LEASE, vias=[Via.TELEGRAM])
    bundles.join(tx, carrier, [other], [1, 2], NOW)
    pages.give_back(tx, carrier, NOW, NOW, detail="later")
    return carrier, other


def found(tx: Tx, page: Page) -> Page:
    again = paged.find(tx, page.id)
    assert again is not None
    return again


def test_a_page_for_many_that_is_held_lets_go_of_the_others(database: Database):
    def work(tx: Tx) -> None:
        carrier, other = two_in_one(tx)
        assert carrier.issue is not None
        holding.hold(tx, carrier.issue, UNTIL, NOW)
        held, free = found(tx, carrier), found(tx, other)
        assert (held.state, held.bundle, held.due_at) == (PageState.PLANNED, (), UNTIL)
        assert (free.state, free.due_at) == (PageState.PLANNED, NOW)

    database.write_now(work)


def test_what_was_joined_into_a_page_that_waits_is_held_by_itself(database: Database):
    def work(tx: Tx) -> None:
        carrier, other = two_in_one(tx)
        assert other.issue is not None
        holding.hold(tx, other.issue, UNTIL, NOW)
        held = found(tx, other)
        assert (held.state, held.due_at) == (PageState.PLANNED, UNTIL)
        assert found(tx, carrier).due_at == NOW
        holding.let_go(tx, other.issue, NOW)
        assert (found(tx, other).due_at, found(tx, other).held_until) == (NOW, None)

    database.write_now(work)


def test_a_shorter_snooze_holds_no_longer_than_it_says(database: Database):
    def work(tx: Tx) -> None:
        carrier, _ = two_in_one(tx)
        assert carrier.issue is not None
        holding.hold(tx, carrier.issue, NOW + timedelta(hours=2), NOW)
        holding.hold(tx, carrier.issue, UNTIL, NOW)
        held = found(tx, carrier)
        assert (held.due_at, held.held_until) == (UNTIL, UNTIL)

    database.write_now(work)


def test_what_comes_later_than_the_end_of_a_snooze_keeps_its_time(database: Database):
    def work(tx: Tx) -> None:
        carrier, _ = two_in_one(tx)
        later = NOW + timedelta(hours=1)
        pages.claim_due(tx, NOW, limit=9, lease=LEASE, vias=[Via.TELEGRAM])
        pages.move(
            tx, carrier.id, pages.Transition.POSTPONE, NOW, also={"due_at": later}
        )
        assert carrier.issue is not None
        holding.hold(tx, carrier.issue, UNTIL, NOW)
        assert found(tx, carrier).due_at == later

    database.write_now(work)


def test_a_page_that_bounces_once_somebody_has_it_hurries_no_level(database: Database):
    def work(tx: Tx) -> None:
        view = House(configured(), [Via.TELEGRAM]).view(tx, NOW)
        customer = Customer(name="Mina R")
        said = Report(source="web", customer=customer, subject="where is it")
        number = report(tx, view, said, NOW).issue.number
        (page,) = pages.claim_due(tx, NOW, limit=9, lease=LEASE, vias=[Via.TELEGRAM])
        settle.accepted(tx, page, "m1", NOW, epoch=page.epoch)
        acknowledge(tx, view, number, "sara", NOW)
        bounced = DeliveryUpdate(
            channel="telegram", provider_id="m1", state=Delivery.UNDELIVERED
        )
        assert settle.updated(tx, view, bounced, NOW)
        happened = [row["event"] for row in timeline.of_issue(tx, number)]
        assert "not_delivered" in happened
        assert "level_unreachable" not in happened

    database.write_now(work)
