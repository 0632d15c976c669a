"""The outbox. A page's state moves only by the named transitions below.

    planned ──claim──▶ sending ──accept──▶ accepted ──deliver──▶ delivered
       ▲ ▲                │ │ │                └──────bounce────▶ undelivered
       │ └──postpone──────┘ │ └──reject──▶ failed
       │ └──expire (lease)──┘
       ├──accept, deliver, bounce (of one in doubt)──▶ accepted, delivered, undelivered
       ├──cancel──▶ cancelled (acknowledged meanwhile)
       ├──hold──▶ planned (a snooze, until it ends)
       └──supersede──▶ superseded (bundled) ──release──▶ planned

An issue that is acknowledged calls off what waits; what is just being sent is called
off when it comes back to be sent once more. Each transition is guarded by the state it
leaves; those that leave `sending` also by the lease's epoch, so that a node that was
paused cannot write over the page's new holder. What waits to be sent once more, because
nobody knows whether it was taken, is taken when the provider itself says so, if only
to who held it last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from oncall.model import Kind, Page, PageState, Via
from oncall.store.among import Among
from oncall.store.due import Due
from oncall.store.prepared import Prepared
from oncall.store.tables import PLANNED, SENDING, PageChangeRow, PageRow, table
from oncall.store.tx import Tx

PAGE = table(PageRow)
CHANGE = table(PageChangeRow)
CARRIER = PAGE.alias()
PLAN_PAGES = Prepared(insert(PAGE))
RECORD = Prepared(insert(CHANGE))


class Transition(StrEnum):
    """Every way a page can move on."""

    PLAN = "plan"
    CLAIM = "claim"
    ACCEPT = "accept"
    DELIVER = "deliver"
    BOUNCE = "bounce"
    REJECT = "reject"
    POSTPONE = "postpone"
    EXPIRE = "expire"
    CANCEL = "cancel"
    SUPERSEDE = "supersede"
    RELEASE = "release"
    HOLD = "hold"


LEAVES: dict[Transition, tuple[PageState, ...]] = {
    Transition.PLAN: (),
    Transition.CLAIM: (PageState.PLANNED,),
    Transition.ACCEPT: (PageState.SENDING, PageState.PLANNED),
    # A callback may overtake our own commit, and a carrier may change its mind.
    Transition.DELIVER: (
        PageState.SENDING,
        PageState.PLANNED,
        PageState.ACCEPTED,
        PageState.UNDELIVERED,
    ),
    Transition.BOUNCE: (PageState.SENDING, PageState.PLANNED, PageState.ACCEPTED),
    Transition.REJECT: (PageState.SENDING,),
    Transition.POSTPONE: (PageState.SENDING,),
    Transition.EXPIRE: (PageState.SENDING,),
    Transition.CANCEL: (PageState.PLANNED,),
    # A bundle is made of what was claimed together, before any of it is handed over.
    Transition.SUPERSEDE: (PageState.PLANNED, PageState.SENDING),
    Transition.RELEASE: (PageState.SUPERSEDED,),
    Transition.HOLD: (PageState.PLANNED,),
}
REACHES: dict[Transition, PageState] = {
    Transition.PLAN: PageState.PLANNED,
    Transition.CLAIM: PageState.SENDING,
    Transition.ACCEPT: PageState.ACCEPTED,
    Transition.DELIVER: PageState.DELIVERED,
    Transition.BOUNCE: PageState.UNDELIVERED,
    Transition.REJECT: PageState.FAILED,
    Transition.POSTPONE: PageState.PLANNED,
    Transition.EXPIRE: PageState.PLANNED,
    Transition.CANCEL: PageState.CANCELLED,
    Transition.SUPERSEDE: PageState.SUPERSEDED,
    Transition.RELEASE: PageState.PLANNED,
    Transition.HOLD: PageState.PLANNED,
}
PROVEN = (Transition.ACCEPT, Transition.DELIVER, Transition.BOUNCE)
"""They leave `planned` only if the page is in doubt: by a provider's own report, or by
the receipt of its last holder, which came when the lease was over."""
SENT_OR_IN_DOUBT = or_(PAGE.c.state != PageState.PLANNED, PAGE.c.in_doubt.is_(True))
CAME_TO_NOTHING = (PageState.FAILED, PageState.UNDELIVERED)
"""What was joined into such a page is sent by itself."""
STILL_TO_COME = (PageState.PLANNED, PageState.SENDING, PageState.SUPERSEDED)
"""Such a page may still be handed over, or once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A page to be put into the outbox. `due_at` None waits for the step before."""

    id: str
    kind: Kind
    person: str
    via: Via
    address: str
    sequence: str
    step: int
    due_at: datetime | None
    priority: int
    issue: int | None = None
    level: int | None = None
    round: int = 0
    reason: str = ""
    text: str = ""
    owner: str | None = None
    edits: str | None = None


def plan(tx: Tx, plans: Sequence[Plan], now: datetime) -> None:
    """Put pages into the outbox."""
    if not plans:
        return
    for page in plans:
        if page.due_at is not None:
            tx.wake(Due.PAGE, page.due_at)
    tx.put_all(PLAN_PAGES, [_new(page, now) for page in plans])
    _record(tx, [page.id for page in plans], Transition.PLAN, now)


def _new(page: Plan, now: datetime) -> dict[str, object]:
    fields = {name: getattr(page, name) for name in Plan.__slots__}
    return fields | {
        "state": PageState.PLANNED,
        "ladder_at": page.due_at,
        "called_off": False,
        "held_until": None,
        "lease_until": None,
        "epoch": 0,
        "attempts": 0,
        "in_doubt": False,
        "bundle": [],
        "bundle_size": 0,
        "bundled_into": None,
        "provider_id": "",
        "detail": "",
        "created_at": now,
        "sent_at": None,
        "answered_at": None,
    }


def claim_due(
    tx: Tx, now: datetime, *, limit: int, lease: timedelta, vias: Iterable[Via]
) -> list[Page]:
    """Lease up to `limit` pages whose time has come, the most urgent first.

    What another node holds is passed over. An answer must be written with the epoch
    that the page carries.
    """
    rows = tx.all(CLAIM_DUE, now=now, most=limit, vias=list(vias), until=now + lease)
    _record(tx, [row["id"] for row in rows], Transition.CLAIM, now)
    claimed = sorted(rows, key=lambda row: (row["priority"], row["due_at"]))
    return [as_page(row) for row in claimed]


def give_back(
    tx: Tx, page: Page, until: datetime, now: datetime, *, detail: str
) -> None:
    """Put a page back that was leased and not tried; it is as if it had waited."""
    as_before = {"due_at": until, "attempts": page.attempts - 1}
    if page.attempts == 1:
        as_before |= {"sent_at": None}
    move(
        tx,
        page.id,
        Transition.POSTPONE,
        now,
        epoch=page.epoch,
        detail=detail,
        also=as_before,
    )


def put_off(tx: Tx, via: Via, until: datetime, due_by: datetime) -> list[Page]:
    """Let the pages of a method that are due by an instant wait; return them."""
    statement = (
        update(PAGE)
        .where(
            text(PLANNED),
            PAGE.c.due_at <= due_by,
            PAGE.c.via == via,
        )
        .values(due_at=until, detail="its provider is failing")
        .returning(PAGE)
    )
    return [as_page(row) for row in tx.all(statement)]


def move(
    tx: Tx,
    page: str,
    transition: Transition,
    now: datetime,
    *,
    epoch: int | None = None,
    detail: str = "",
    also: Mapping[str, object] | None = None,
) -> bool:
    """Carry out a transition and set what else is known by it.

    `epoch` is that of the lease whose holder says so; a provider's own report has none.
    False when the page was no longer where the transition leaves from.
    """
    statement = update(PAGE).where(
        PAGE.c.id == page, PAGE.c.state.in_(LEAVES[transition])
    )
    if epoch is not None:
        statement = statement.where(PAGE.c.epoch == epoch)
    if transition in PROVEN:
        statement = statement.where(SENT_OR_IN_DOUBT)
    state = REACHES[transition]
    values = {"state": state, "detail": detail, "lease_until": None, **(also or {})}
    until = values.get("due_at")
    if tx.run(statement.values(values)).rowcount == 0:
        return False
    _record(tx, [page], transition, now, detail)
    if state == PageState.PLANNED:
        tx.wake(Due.PAGE, until if isinstance(until, datetime) else now)
        _cancel_called_off(tx, [page], now)
    if state in CAME_TO_NOTHING:
        _release(tx, [page], now)
    return True


def _release(tx: Tx, carriers: Sequence[str], now: datetime) -> None:
    """Plan anew what was joined into pages that reach nobody now."""
    detail = "the page it was joined to came to nothing"
    plan_anew(tx, PAGE.c.bundled_into.in_(carriers), now, detail)


def part_from_bundles(tx: Tx, issue: int, now: datetime) -> None:
    """Let an issue's pages that wait stand for it alone, and it in no other's page."""
    its = (PAGE.c.issue == issue, PAGE.c.state == PageState.PLANNED)
    carries = select(PAGE.c.id).where(*its, PAGE.c.bundle_size > 0)
    if carriers := [row["id"] for row in tx.all(carries)]:
        # One in doubt may be on the phone, and stand for all of them.
        sure = PAGE.c.in_doubt.is_(False)
        alone = update(PAGE).where(PAGE.c.id.in_(carriers), sure)
        tx.run(alone.values(bundle=[], bundle_size=0))
        detail = "the page it was joined to is held"
        plan_anew(tx, PAGE.c.bundled_into.in_(carriers), now, detail)
    carrier = (
        CARRIER.c.id == PAGE.c.bundled_into,
        CARRIER.c.state == PageState.PLANNED,
    )
    joined = (PAGE.c.issue == issue) & select(CARRIER.c.id).where(*carrier).exists()
    plan_anew(tx, joined, now, "it waits by itself")


def plan_anew(tx: Tx, meant: ColumnElement[bool], now: datetime, detail: str) -> None:
    """Let those of these that were joined into another page be sent by themselves."""
    statement = (
        update(PAGE)
        .where(meant, PAGE.c.state.in_(LEAVES[Transition.RELEASE]))
        .values(state=PageState.PLANNED, bundled_into=None, sent_at=None, due_at=now)
        .returning(PAGE.c.id)
    )
    ids = [row["id"] for row in tx.all(statement)]
    if ids:
        _record(tx, ids, Transition.RELEASE, now, detail)
        tx.wake(Due.PAGE, now)
        _cancel_called_off(tx, ids, now)


def keep_texts(tx: Tx, texts: Mapping[str, str]) -> None:
    """Keep what is about to be handed over, so that it can be looked up later."""
    rows = [{"its": page, "said": text} for page, text in texts.items()]
    tx.put_all(KEEP_TEXT, rows)


def accept_all(tx: Tx, taken: Mapping[str, tuple[int, str]], now: datetime) -> set[str]:
    """Carry out ACCEPT for many; return those that were still ours to move.

    `taken` holds the lease's epoch and the provider's id by page.
    """
    held = {row["id"]: row["epoch"] for row in tx.all(HELD, these=sorted(taken))}
    ours = sorted(page for page, (epoch, _) in taken.items() if held.get(page) == epoch)
    if ours:
        known = [{"its": page, "known_as": taken[page][1]} for page in ours]
        tx.put_all(ACCEPT, known)
        _record(tx, ours, Transition.ACCEPT, now)
    return set(ours)


def cancel_waiting(
    tx: Tx,
    issue: int,
    now: datetime,
    *,
    detail: str,
    person: str | None = None,
    reasons: Collection[str] = (),
) -> int:
    """Cancel an issue's pages that nobody was handed yet; return how many.

    Those in a sender's hands are not handed over a second time, nor those joined into
    another page by themselves. With `person` only that person's are meant, with
    `reasons` only those that were planned for one of them, beside the levels.
    """
    meant = [PAGE.c.issue == issue, PAGE.c.kind == Kind.PAGE]
    if person is not None:
        meant.append(PAGE.c.person == person)
    if reasons:
        meant += [PAGE.c.reason.in_(reasons), PAGE.c.level.is_(None)]
    return call_off(tx, meant, now, detail)


def cancel_at_level(
    tx: Tx,
    issue: int,
    person: str,
    now: datetime,
    *,
    level: int | None,
    round_: int,
    detail: str,
) -> None:
    """Call off what waits for one person at one level of an issue."""
    its = PAGE.c.level.is_(None) if level is None else PAGE.c.level == level
    meant = [PAGE.c.issue == issue, PAGE.c.kind == Kind.PAGE, PAGE.c.person == person]
    call_off(tx, [*meant, its, PAGE.c.round == round_], now, detail)


def call_off_edits(tx: Tx, page: str, now: datetime) -> None:
    """Call off what was to change a page's message: something newer will."""
    its = select(PAGE.c.issue).where(PAGE.c.id == page).scalar_subquery()
    call_off(tx, [PAGE.c.issue == its, PAGE.c.edits == page], now, "changed since")


def readdress(tx: Tx, page: str, address: str) -> None:
    """Let a page that was not handed over go to another address than was planned."""
    tx.run(update(PAGE).where(PAGE.c.id == page).values(address=address))


def set_priority(tx: Tx, issue: int, priority: int) -> None:
    """Let an issue's pages that wait have another place among all that wait."""
    pages = update(PAGE).where(PAGE.c.issue == issue, PAGE.c.kind == Kind.PAGE)
    still_to_come = pages.where(PAGE.c.state.in_(STILL_TO_COME))
    tx.run(still_to_come.values(priority=priority))


def call_off(
    tx: Tx, meant: Sequence[ColumnElement[bool]], now: datetime, detail: str
) -> int:
    """Cancel those of these that wait, and the others when they come back."""
    # Also what is planned: another node may be claiming it at this moment. In the order
    # of the steps: who writes down that one was taken holds it, and then wants the next.
    in_order = (
        select(PAGE.c.id)
        .where(*meant, PAGE.c.state.in_(STILL_TO_COME))
        .order_by(PAGE.c.step)
        .with_for_update(key_share=True)
    )
    tx.run(update(PAGE).where(PAGE.c.id.in_(in_order)).values(called_off=True))
    return _cancel(tx, update(PAGE).where(*meant), now, detail)


def _cancel_called_off(tx: Tx, pages: Sequence[str], now: datetime) -> None:
    called_off = update(PAGE).where(PAGE.c.id.in_(pages), PAGE.c.called_off.is_(True))
    _cancel(tx, called_off, now, "called off before it came back")


def _cancel(tx: Tx, pages: Update, now: datetime, detail: str) -> int:
    statement = (
        pages.where(PAGE.c.state == PageState.PLANNED)
        .values(state=PageState.CANCELLED, detail=detail)
        .returning(PAGE.c.id)
    )
    ids = [row["id"] for row in tx.all(statement)]
    _record(tx, ids, Transition.CANCEL, now, detail)
    if ids:
        _release(tx, ids, now)
    return len(ids)


def correct(tx: Tx, page: Page, text_: str) -> bool:
    """Let a page that was in doubt, and was not found, go elsewhere or say something new.

    False when its lease is another's by now.
    """
    mine = (PAGE.c.id == page.id, PAGE.c.epoch == page.epoch)
    its = update(PAGE).where(*mine, PAGE.c.state == PageState.SENDING)
    says = {"text": text_, "bundle": list(page.bundle), "bundle_size": len(page.bundle)}
    return tx.run(its.values(address=page.address, **says)).rowcount > 0


def renew(tx: Tx, held: Mapping[str, int], until: datetime) -> None:
    """Let the holder of these pages, by the epoch of its lease, keep them longer."""
    rows = [{"its": page, "held": epoch} for page, epoch in held.items()]
    tx.put_all(RENEW, [row | {"until": until} for row in rows])


def take_up(tx: Tx, now: datetime) -> int:
    """Give back all that is in a sender's hands: it is known that all senders are gone."""
    return expire_leases(tx, now, until=datetime.max.replace(tzinfo=UTC))


def expire_leases(tx: Tx, now: datetime, *, until: datetime | None = None) -> int:
    """Give pages back whose holder is gone; whether they were sent is in doubt.

    Its lease ended by `until`, else by now.
    """
    ids = [row["id"] for row in tx.all(EXPIRE, now=now, until=until or now)]
    _record(tx, ids, Transition.EXPIRE, now, "the sender did not come back")
    if ids:
        tx.wake(Due.PAGE, now)
        _cancel_called_off(tx, ids, now)
    return len(ids)


def _record(
    tx: Tx,
    pages: Sequence[str],
    transition: Transition,
    now: datetime,
    detail: str = "",
) -> None:
    if pages:
        shared = {
            "at": now,
            "transition": transition,
            "state": REACHES[transition],
            "detail": detail,
        }
        tx.put_all(RECORD, [{"page": page, **shared} for page in pages])


_FIELDS = tuple(name for name in Page.__slots__ if name in PAGE.c)


def as_page(row: Any) -> Page:  # noqa: ANN401 (a row mapping)
    """Return a page from its row."""
    values = {name: row[name] for name in _FIELDS}
    return Page(**values | {"bundle": tuple(row["bundle"])})


# Statements that never change are built once: building is most of what they cost.
KEEP_TEXT = Prepared(
    update(PAGE).where(PAGE.c.id == bindparam("its")).values(text=bindparam("said"))
)
CLAIM_DUE = Prepared(
    update(PAGE)
    .where(
        PAGE.c.id.in_(
            select(PAGE.c.id)
            .where(
                text(PLANNED),
                PAGE.c.due_at <= bindparam("now"),
                Among(PAGE.c.via, "vias"),
            )
            .order_by(PAGE.c.priority, PAGE.c.due_at)
            .limit(bindparam("most", type_=Integer()))
            .with_for_update(skip_locked=True)
        )
    )
    .values(
        state=REACHES[Transition.CLAIM],
        lease_until=bindparam("until"),
        epoch=PAGE.c.epoch + 1,
        attempts=PAGE.c.attempts + 1,
        sent_at=func.coalesce(PAGE.c.sent_at, bindparam("now")),
    )
    .returning(PAGE)
)
EXPIRE = Prepared(
    update(PAGE)
    .where(text(SENDING), PAGE.c.lease_until <= bindparam("until"))
    .values(
        state=REACHES[Transition.EXPIRE],
        due_at=bindparam("now"),
        lease_until=None,
        in_doubt=True,
    )
    .returning(PAGE.c.id)
)
RENEW = Prepared(
    update(PAGE)
    .where(
        PAGE.c.id == bindparam("its"),
        PAGE.c.epoch == bindparam("held"),
        PAGE.c.state == PageState.SENDING,
    )
    .values(lease_until=bindparam("until"))
)
# not `in_`, whose list cannot be prepared
ACCEPTABLE = and_(
    or_(*(PAGE.c.state == state for state in LEAVES[Transition.ACCEPT])),
    SENT_OR_IN_DOUBT,
)
HELD = Prepared(
    select(PAGE.c.id, PAGE.c.epoch)
    .where(
        Among(PAGE.c.id, "these"),
        ACCEPTABLE,
    )
    .order_by(PAGE.c.id)
    .with_for_update()
)
ACCEPT = Prepared(
    update(PAGE)
    .where(
        PAGE.c.id == bindparam("its"),
        ACCEPTABLE,
    )
    .values(
        state=REACHES[Transition.ACCEPT],
        provider_id=bindparam("known_as"),
        in_doubt=False,
        detail="",
        lease_until=None,
    )
)
