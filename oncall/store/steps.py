"""The steps of a person's ladder in the outbox: which comes next, and when.

Each step is a page of its own; those of one ladder carry the same `sequence`.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from oncall.model import Page, PageState
from oncall.store.among import Among
from oncall.store.due import Due
from oncall.store.pages import CAME_TO_NOTHING, PAGE, as_page, call_off
from oncall.store.prepared import Prepared, Row
from oncall.store.tx import Tx

STILL_WAITING = (
    PAGE.c.sequence == bindparam("its_sequence"),
    PAGE.c.step > bindparam("after"),
    PAGE.c.state == PageState.PLANNED,
)
NEXT_STEP = Prepared(select(PAGE).where(*STILL_WAITING).order_by(PAGE.c.step).limit(1))
HOPEFUL = Prepared(
    select(PAGE.c.id)
    .where(
        PAGE.c.sequence == bindparam("its_sequence"),
        PAGE.c.step > bindparam("after"),
        PAGE.c.step < bindparam("before"),
        *(PAGE.c.state != state for state in CAME_TO_NOTHING),
    )
    .limit(1)
)
TAKEN = Prepared(
    select(PAGE.c.step)
    .where(
        PAGE.c.sequence == bindparam("its_sequence"),
        or_(*(PAGE.c.state == s for s in (PageState.ACCEPTED, PageState.DELIVERED))),
    )
    .order_by(PAGE.c.step)
    .limit(1)
)
REST_STANDBY = Prepared(
    update(PAGE).where(*STILL_WAITING, PAGE.c.ladder_at.is_(None)).values(due_at=None)
)
STEPS_LEFT = Prepared(
    select(PAGE.c.sequence)
    .where(Among(PAGE.c.sequence, "these"), PAGE.c.state == PageState.PLANNED)
    .distinct()
)


def with_steps_left(tx: Tx, sequences: Iterable[str]) -> set[str]:
    """Return those of these ladders that have steps waiting."""
    return {row["sequence"] for row in tx.all(STEPS_LEFT, these=list(sequences))}


def hasten_next_step(tx: Tx, page: Page, at: datetime) -> Page | None:
    """Bring the next waiting step after this one forward to `at`, and return it.

    None when one before it was tried and may reach them: what comes after that is its
    own to hasten, or a ladder would be run up by one method that fails again and again.
    """
    row = _next_step(tx, page)
    if row is None:
        return None
    if row["step"] > page.step + 1:
        between = {"after": page.step, "before": row["step"]}
        if tx.first(HOPEFUL, its_sequence=page.sequence, **between):
            return None
    if row["due_at"] is None or row["due_at"] > at:
        tx.run(update(PAGE).where(PAGE.c.id == row["id"]).values(due_at=at))
        tx.wake(Due.PAGE, at)
    return as_page(row)


def taken_step(tx: Tx, sequence: str) -> int | None:
    """Return the first step of a ladder that a provider took and that did not bounce."""
    row = tx.first(TAKEN, its_sequence=sequence)
    return None if row is None else int(row["step"])


def relax_next_step(tx: Tx, page: Page, now: datetime) -> None:
    """Let the next waiting step of the same ladder come at the ladder's own time.

    That is no later than its span from now, should the clock have been set back since.
    One that was tried already is tried again in its own time.
    """
    row = _next_step(tx, page)
    if row is None or row["ladder_at"] is None or row["attempts"]:
        return
    latest = now + (row["ladder_at"] - row["created_at"])
    own_time = {"due_at": min(row["ladder_at"], latest)}
    tx.run(update(PAGE).where(PAGE.c.id == row["id"]).values(own_time))


def _next_step(tx: Tx, page: Page) -> Row | None:
    return tx.first(NEXT_STEP, its_sequence=page.sequence, after=page.step)


def rest_standby(tx: Tx, taken: Iterable[Page]) -> None:
    """Let the steps that only wait for one of these to fail have no time again."""
    rows = [{"its_sequence": page.sequence, "after": page.step} for page in taken]
    tx.put_all(REST_STANDBY, rows)


def drop_standby(tx: Tx, page: Page, now: datetime) -> None:
    """Call off the steps that waited for this one to fail, or for their own provider."""
    call_off(tx, [PAGE.c.sequence == page.sequence], now, "not needed")
