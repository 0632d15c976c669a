"""A page's state moves by named transitions and in no other way, on both databases."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from integrations.contract import Delivery, DeliveryUpdate
from oncall.actions import settle
from oncall.actions.house import House
from oncall.model import Kind, Page, PageState, Via
from oncall.store import Database, Tx, paged, pages, steps
from oncall.store.pages import LEAVES, PAGE, REACHES, Transition
from oncall.store.set_back import bring_near
from support.config_text import configured

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
BOUNCED = DeliveryUpdate(channel="sms", provider_id="SM1", state=Delivery.UNDELIVERED)
MOVES = [t for t in Transition if t is not Transition.PLAN]


@pytest.fixture
def database(database_url: str):
    database = Database(database_url)
    yield database
    database.close()


def planned(tx: Tx, *, step: int = 0, sequence: str = "", due_in: float = 0) -> str:
    """Put a page into the outbox and return its id."""
    key = uuid.uuid4().hex
    plan = pages.Plan(
        id=key,
        kind=Kind.PAGE,
        person="sara",
        via=Via.SMS,
        address="+989121234567",
        sequence=sequence or key,
        step=step,
        due_at=NOW + timedelta(seconds=due_in),
        priority=0,
    )
    pages.plan(tx, [plan], NOW)
    return key


def put(tx: Tx, state: PageState, *, in_doubt: bool = True) -> str:
    """Return a page that stands in this state, wherever it came from."""
    key = planned(tx)
    stands = {"state": state, "in_doubt": in_doubt}
    tx.run(PAGE.update().where(PAGE.c.id == key).values(stands))
    return key


def found(tx: Tx, key: str) -> Page:
    page = paged.find(tx, key)
    assert page is not None
    return page


def claimed(tx: Tx, now: datetime = NOW) -> list[Page]:
    return pages.claim_due(tx, now, limit=10, lease=LEASE, vias=[Via.SMS])


def test_a_page_leaves_only_the_states_a_transition_leaves(database: Database):
    def work(tx: Tx) -> None:
        for transition in MOVES:
            for state in PageState:
                key = put(tx, state)
                before = len(paged.history(tx, key))
                moved = pages.move(tx, key, transition, NOW, detail="why")
                what = f"{transition} from {state}"
                assert moved == (state in LEAVES[transition]), what
                now_at = REACHES[transition] if moved else state
                assert found(tx, key).state == now_at, what
                added = paged.history(tx, key)[before:]
                assert [row["transition"] for row in added] == [transition] * moved, (
                    what
                )
                assert all(row["state"] == now_at for row in added), what

    database.write_now(work)


def test_what_waits_is_taken_only_by_a_report_and_only_if_it_is_in_doubt(
    database: Database,
):
    def work(tx: Tx) -> None:
        for transition in (Transition.ACCEPT, Transition.DELIVER, Transition.BOUNCE):
            never_sent = put(tx, PageState.PLANNED, in_doubt=False)
            assert not pages.move(tx, never_sent, transition, NOW)
            lost = put(tx, PageState.PLANNED)
            another = found(tx, lost).epoch - 1
            assert not pages.move(tx, lost, transition, NOW, epoch=another)
            assert pages.accept_all(tx, {lost: (another, "CA1")}, NOW) == set()
            assert found(tx, lost).state == PageState.PLANNED
            assert pages.move(tx, lost, transition, NOW)

    database.write_now(work)


def test_a_receipt_that_comes_when_the_lease_is_over_counts_until_another_has_it(
    database: Database,
):
    def work(tx: Tx) -> None:
        page = planned(tx)
        (held,) = claimed(tx)
        later = NOW + timedelta(minutes=2)
        assert pages.expire_leases(tx, later) == 1
        assert pages.accept_all(tx, {page: (held.epoch, "CA1")}, later) == {page}
        assert found(tx, page).state == PageState.ACCEPTED
        page = planned(tx)
        (held,) = claimed(tx)
        assert pages.expire_leases(tx, later) == 1
        assert claimed(tx, later + timedelta(minutes=1))
        assert pages.accept_all(tx, {page: (held.epoch, "CA1")}, later) == set()

    database.write_now(work)


def test_nothing_leaves_a_state_that_is_for_good():
    # A superseded page is not: it is released when the bundle that held it fails.
    final = {PageState.DELIVERED, PageState.FAILED, PageState.CANCELLED}
    left = {state for states in LEAVES.values() for state in states}
    assert left.isdisjoint(final)


def test_claiming_cancelling_and_expiring_obey_the_same_table(database: Database):
    def work(tx: Tx) -> None:
        for state in PageState:
            key = put(tx, state)
            assert [p.id for p in claimed(tx)] == [key] * (state == PageState.PLANNED)
            key = put(tx, state)
            lapsed = {"lease_until": NOW}
            tx.run(PAGE.update().where(PAGE.c.id == key).values(lapsed))
            expired = pages.expire_leases(tx, NOW)
            assert expired == (state == PageState.SENDING)
            tx.run(PAGE.update().values(state=PageState.CANCELLED))

    database.write_now(work)


def test_a_claim_is_a_lease_that_ends_and_leaves_the_page_in_doubt(
    database: Database,
):
    key = database.write_now(planned)
    (page,) = database.write_now(claimed)
    assert (page.id, page.state, page.epoch, page.attempts) == (key, "sending", 1, 1)
    assert page.sent_at == NOW
    assert database.write_now(claimed) == []
    ends = database.read_now(paged.next_lease_end)
    assert ends == NOW + LEASE
    early = NOW + LEASE - timedelta(seconds=1)
    assert database.write_now(lambda tx: pages.expire_leases(tx, early)) == 0
    assert database.write_now(lambda tx: pages.expire_leases(tx, NOW + LEASE)) == 1
    (again,) = database.write_now(lambda tx: claimed(tx, NOW + LEASE))
    assert (again.epoch, again.attempts, again.in_doubt) == (2, 2, True)
    assert again.sent_at == NOW, "since when it may have been taken"


def test_a_late_writer_with_an_old_epoch_changes_nothing(database: Database):
    database.write_now(planned)
    (paused,) = database.write_now(claimed)
    later = NOW + LEASE
    database.write_now(lambda tx: pages.expire_leases(tx, later))
    (holder,) = database.write_now(lambda tx: claimed(tx, later))

    def late(tx: Tx) -> list[bool]:
        return [
            pages.move(tx, paused.id, transition, later, epoch=paused.epoch)
            for transition in MOVES
        ]

    assert not any(database.write_now(late))
    assert database.read_now(lambda tx: found(tx, holder.id)).state == "sending"
    moved = database.write_now(
        lambda tx: pages.move(
            tx, holder.id, Transition.ACCEPT, later, epoch=holder.epoch
        )
    )
    assert moved


def test_two_claims_at_once_never_take_the_same_page(database: Database):
    def many(tx: Tx) -> None:
        for _ in range(40):
            planned(tx)

    database.write_now(many)
    claims = [database.submit(claimed) for _ in range(8)]
    taken = [page.id for claim in claims for page in claim.result()]
    assert len(taken) == len(set(taken)) == 40


def test_the_most_urgent_page_is_claimed_first(database: Database):
    def work(tx: Tx) -> None:
        late, early, urgent = (planned(tx, due_in=d) for d in (0, -60, 0))
        tx.run(PAGE.update().where(PAGE.c.id != urgent).values(priority=30))
        assert [page.id for page in claimed(tx)] == [urgent, early, late]

    database.write_now(work)


def test_a_step_is_hastened_and_gets_its_own_time_back(database: Database):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1, due_in=180)
        page = found(tx, first)
        soon = NOW + timedelta(seconds=60)
        steps.hasten_next_step(tx, page, soon)
        assert found(tx, second).due_at == soon
        steps.hasten_next_step(tx, page, soon + timedelta(seconds=30))
        assert found(tx, second).due_at == soon, "never later than it was"
        steps.relax_next_step(tx, page, NOW)
        assert found(tx, second).due_at == NOW + timedelta(seconds=180)

    database.write_now(work)


def test_its_own_time_is_no_later_than_its_span_when_the_clock_went_back(
    database: Database,
):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1, due_in=180)
        earlier = NOW - timedelta(hours=1)
        steps.relax_next_step(tx, found(tx, first), earlier)
        assert found(tx, second).due_at == earlier + timedelta(seconds=180)

    database.write_now(work)


@pytest.mark.parametrize(
    ("attempts", "due_in", "waits"),
    [
        (0, timedelta(minutes=3), timedelta(minutes=3)),
        (1, timedelta(seconds=10), timedelta(minutes=2)),
        (4, timedelta(minutes=3), timedelta(minutes=2)),
    ],
)
def test_when_the_clock_went_back_a_step_waits_its_span_and_a_retry_the_longest(
    database: Database, attempts: int, due_in: timedelta, waits: timedelta
):
    def work(tx: Tx) -> None:
        page = planned(tx, due_in=due_in.total_seconds())
        tx.run(PAGE.update().values(attempts=attempts))
        earlier = NOW - timedelta(hours=1)
        bring_near(tx, earlier, lease=LEASE)
        assert found(tx, page).due_at == earlier + waits

    database.write_now(work)


def test_a_step_that_was_tried_keeps_the_time_of_its_retry(database: Database):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1, due_in=180)
        again = NOW + timedelta(seconds=30)
        tried = PAGE.update().where(PAGE.c.id == second)
        tx.run(tried.values(attempts=1, due_at=again))
        steps.relax_next_step(tx, found(tx, first), NOW)
        assert found(tx, second).due_at == again

    database.write_now(work)


def test_a_step_is_hastened_by_one_that_another_before_it_outlived(
    database: Database,
):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1, due_in=60)
        third = planned(tx, sequence="s", step=2, due_in=180)
        tx.run(PAGE.update().where(PAGE.c.id == second).values(state="failed"))
        hastened = steps.hasten_next_step(tx, found(tx, first), NOW)
        assert hastened is not None
        assert (hastened.id, found(tx, third).due_at) == (third, NOW)

    database.write_now(work)


def test_only_the_step_right_after_one_is_hastened_by_it(database: Database):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1, due_in=60)
        third = planned(tx, sequence="s", step=2, due_in=180)
        tx.run(PAGE.update().where(PAGE.c.id == second).values(state="accepted"))
        assert steps.hasten_next_step(tx, found(tx, first), NOW) is None
        assert found(tx, third).due_at == NOW + timedelta(seconds=180)
        steps.hasten_next_step(tx, found(tx, second), NOW)
        assert found(tx, third).due_at == NOW

    database.write_now(work)


@pytest.mark.parametrize("together", [False, True])
def test_a_step_on_standby_rests_once_the_one_before_it_was_taken(
    database: Database, *, together: bool
):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1, due_in=60)
        hastened = {"ladder_at": None}
        tx.run(PAGE.update().where(PAGE.c.id == second).values(hastened))
        tx.run(PAGE.update().values(kind=Kind.BAD_NEWS))
        (page,) = claimed(tx)
        if together:
            settle.accepted_all(tx, [(page, "SM1")], NOW)
        else:
            settle.accepted(tx, page, "SM1", NOW, epoch=page.epoch)
        assert found(tx, first).state == PageState.ACCEPTED
        assert found(tx, second).due_at is None
        steps.hasten_next_step(tx, page, NOW)
        assert found(tx, second).due_at == NOW, "it still stands by"

    database.write_now(work)


def told_by_one_of_three(tx: Tx) -> tuple[Page, Page]:
    """Let the first method tell bad news; return the one under way and the one at rest."""
    first, second, third = (planned(tx, sequence="s", step=step) for step in range(3))
    tx.run(PAGE.update().values(ladder_at=None, kind=Kind.BAD_NEWS))
    tx.run(PAGE.update().where(PAGE.c.id == third).values(due_at=None))
    told, other = sorted(claimed(tx), key=lambda page: page.step)
    assert [told.id, other.id] == [first, second]
    settle.accepted(tx, told, BOUNCED.provider_id, NOW, epoch=told.epoch)
    return other, found(tx, third)


def test_what_one_method_told_is_not_told_by_a_third_since_the_second_failed(
    database: Database,
):
    def work(tx: Tx) -> None:
        view = House(configured(""), ()).view(tx, NOW)
        refused, resting = told_by_one_of_three(tx)
        settle.rejected(tx, view, refused, "refused", NOW, broken=False)
        assert found(tx, resting.id).due_at is None
        assert settle.updated(tx, view, BOUNCED, NOW)
        assert found(tx, resting.id).due_at == NOW

    database.write_now(work)


def test_a_step_under_way_is_not_tried_again_once_another_has_arrived(
    database: Database,
):
    def work(tx: Tx) -> None:
        first = planned(tx, sequence="s")
        second = planned(tx, sequence="s", step=1)
        tx.run(PAGE.update().values(kind=Kind.BAD_NEWS))
        page, other = sorted(claimed(tx), key=lambda page: page.step)
        settle.delivered(tx, other, "SM2", NOW, epoch=other.epoch)
        settle.postponed(tx, page, "busy", NOW, retry_after=None, in_doubt=False)
        assert found(tx, first).state == PageState.CANCELLED
        assert found(tx, second).state == PageState.DELIVERED

    database.write_now(work)


def test_what_one_method_told_rests_at_another_that_gave_no_answer(database: Database):
    def work(tx: Tx) -> None:
        view = House(configured(""), ()).view(tx, NOW)
        lost, resting = told_by_one_of_three(tx)
        settle.postponed(
            tx, lost, "no answer in time", NOW, retry_after=None, in_doubt=True
        )
        assert found(tx, lost.id).due_at is None
        assert found(tx, resting.id).due_at is None
        assert settle.updated(tx, view, BOUNCED, NOW)
        assert found(tx, lost.id).due_at == NOW

    database.write_now(work)


def test_many_receipts_are_kept_together_each_only_by_its_holder(database: Database):
    def work(tx: Tx) -> None:
        mine, also_mine, lost = (planned(tx) for _ in range(3))
        epochs = {page.id: page.epoch for page in claimed(tx)}
        done = put(tx, PageState.DELIVERED)
        taken = {
            mine: (epochs[mine], "SM1"),
            also_mine: (epochs[also_mine], "SM2"),
            lost: (epochs[lost] - 1, "SM3"),
            done: (0, "SM4"),
        }
        assert pages.accept_all(tx, taken, NOW) == {mine, also_mine}
        states = [found(tx, key).state for key in taken]
        accepted, sending = PageState.ACCEPTED, PageState.SENDING
        assert states == [accepted, accepted, sending, PageState.DELIVERED]
        assert found(tx, also_mine).provider_id == "SM2"
        assert paged.history(tx, mine)[-1]["transition"] == Transition.ACCEPT
        assert pages.accept_all(tx, taken, NOW) == set()

    database.write_now(work)
