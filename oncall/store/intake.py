"""What products deliver, as it came: kept before it is read, read from what is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from oncall.store.among import Among
from oncall.store.due import Due
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import IntakeDeliveryRow, table
from oncall.store.tx import Tx

DELIVERY = table(IntakeDeliveryRow)
REPEATS_WITHIN = timedelta(minutes=10)
"""A delivery that its product gives no name is a duplicate only for so long."""
AT_ONCE_BYTES = 4 * 1024 * 1024
"""So much is held to be read at once; of a delivery that is larger, it alone."""
BEING_READ = "is being read"
"""The detail of a delivery that was taken to be read, and is not through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request that was verified. `named`: the product gave `delivery_id` itself."""

    source: str
    kind: str
    delivery_id: str
    named: bool
    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A delivery as it is kept. `outcomes` are `{outcome, issue}`, one a message.

    `asked` is what its product said of what it only points at: `parts` by a message's
    key, and why some are missing, `failed`. None: the product was not asked.
    `attempts` is how often it was begun to be read, with this time; `detail` is
    BEING_READ where the time before came to no end.
    """

    id: int
    source: str
    kind: str
    delivery_id: str
    duplicate_of: int | None
    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    attempts: int
    read_at: datetime | None
    verdict: str
    outcomes: Sequence[Mapping[str, Any]]
    detail: str
    asked: Mapping[str, Any] | None = None


def keep(tx: Tx, arrival: Arrival, *, verdict: str, now: datetime) -> int | None:
    """Keep a delivery to be read; return which one it repeats, or None."""
    first = _first(tx, arrival, now)
    if first is None and _insert(tx, arrival, verdict, now):
        tx.wake(Due.DELIVERY, now)
        return None
    return first or _first(tx, arrival, now)


def note_duplicate(
    tx: Tx, arrival: Arrival, *, of: int, verdict: str, now: datetime
) -> None:
    """Note that a delivery came again; there is nothing in it to read."""
    row = _row(arrival, verdict, now)
    tx.run(insert(DELIVERY), row | {"body": b"", "duplicate_of": of, "due_at": None})


def claim_due(tx: Tx, now: datetime, until: datetime, limit: int) -> list[Stored]:
    """Hold up to `limit` deliveries that are to be read, for this node, `until` then.

    Each is counted as begun before anything of it is read: who commits this and does
    not come back leaves word of it. What was left so is held alone, so that nothing
    else is blamed for it.
    """
    due = sorted(tx.all(DUE, now=now, most=limit), key=itemgetter("due_at", "id"))
    these = list(_together(due))
    if not these:
        return []
    held = [_stored(row) for row in tx.all(ALL_OF, these=these)]
    tx.do(BEGIN, these=these, until=until)
    return [replace(each, attempts=each.attempts + 1) for each in held]


def _together(due: Sequence[Row]) -> Iterator[int]:
    """Yield the first of these, as many as are held at once."""
    size = 0
    for place, row in enumerate(due):
        size += row["size"]
        lost = row["detail"] == BEING_READ
        if place and (lost or size > AT_ONCE_BYTES):
            return
        yield row["id"]
        if lost:
            return


def still_held(tx: Tx, deliveries: Sequence[int], until: datetime) -> frozenset[int]:
    """Return which of these are still held `until` then: no other node has begun them."""
    rows = tx.all(STILL_HELD, these=list(deliveries), until=until)
    return frozenset(int(row["id"]) for row in rows)


def let_go(tx: Tx, now: datetime) -> None:
    """Have what somebody began to read be due now: whoever it was is no more."""
    tx.do(LET_GO, now=now)


def next_due(tx: Tx) -> datetime | None:
    """Return when there is a delivery to read."""
    row = tx.first(NEXT_DUE)
    return None if row is None else row["due_at"]


def settle(
    tx: Tx,
    delivery: int,
    *,
    verdict: str,
    outcomes: Sequence[Mapping[str, Any]],
    detail: str,
    now: datetime,
) -> None:
    """Note what became of a delivery; it is read no more."""
    tx.do(
        SETTLE,
        its=delivery,
        now_verdict=verdict,
        now_outcomes=list(outcomes),
        now_detail=detail,
        now_read_at=now,
    )


def put_off(tx: Tx, stored: Stored, until: datetime) -> None:
    """Have a delivery that could not be taken in be tried again."""
    _change(tx, stored.id, due_at=until, detail="")


def ask(tx: Tx, delivery: int, now: datetime) -> None:
    """Have a delivery's product be asked for the rest; it is read afterwards."""
    _change(tx, delivery, due_at=None, ask_at=now, attempts=0, detail="")
    tx.wake(Due.QUESTION, now)


def claim_questions(tx: Tx, now: datetime, until: datetime, limit: int) -> list[Stored]:
    """Hold deliveries whose product is to be asked now, for this node, `until` then."""
    statement = (
        select(DELIVERY)
        .where(DELIVERY.c.ask_at <= now)
        .order_by(DELIVERY.c.ask_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    held = [_stored(row) for row in tx.all(statement)]
    for stored in held:
        _change(tx, stored.id, ask_at=until)
    return held


def next_question(tx: Tx) -> datetime | None:
    """Return when there is a product to ask."""
    waiting = DELIVERY.c.ask_at.is_not(None)
    return tx.run(select(func.min(DELIVERY.c.ask_at)).where(waiting)).scalar()


def ask_later(tx: Tx, stored: Stored, at: datetime) -> None:
    """Have a product that did not answer be asked again."""
    _change(tx, stored.id, ask_at=at, attempts=stored.attempts + 1)


def answered(
    tx: Tx, delivery: int, parts: Mapping[str, object], failed: str, now: datetime
) -> None:
    """Keep what a product answered, and have the delivery read with it."""
    said = {"parts": dict(parts), "failed": failed}
    _change(tx, delivery, asked=said, ask_at=None, due_at=now, attempts=0)
    tx.wake(Due.DELIVERY, now)


def read_again(tx: Tx, stored: Stored, now: datetime) -> None:
    """Have a delivery read anew, from what is kept of it.

    A product that did not answer is asked again.
    """
    asked = None if stored.asked and stored.asked["failed"] else stored.asked
    _change(tx, stored.id, due_at=now, ask_at=None, asked=asked, attempts=0)
    tx.wake(Due.DELIVERY, now)


def find(tx: Tx, delivery: int) -> Stored | None:
    """Return a delivery, or None."""
    row = tx.first(select(DELIVERY).where(DELIVERY.c.id == delivery))
    return None if row is None else _stored(row)


def listed(
    tx: Tx,
    *,
    source: str | None = None,
    verdict: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Stored]:
    """Return deliveries, the newest first, with ids below `before`.

    Their bodies stay where they are: a letter may be as large as all others together.
    """
    statement = _without_bodies().order_by(DELIVERY.c.id.desc()).limit(limit)
    if source is not None:
        statement = statement.where(DELIVERY.c.source == source)
    if verdict is not None:
        statement = statement.where(DELIVERY.c.verdict == verdict)
    if before is not None:
        statement = statement.where(DELIVERY.c.id < before)
    return [_stored(row) for row in tx.all(statement)]


def since(tx: Tx, start: datetime, after: int, limit: int) -> list[Stored]:
    """Return first deliveries from `start` on, in the order in which they came.

    Of those that came at `start` only the ones with ids above `after`.
    """
    statement = (
        select(DELIVERY)
        .where(
            DELIVERY.c.received_at >= start,
            DELIVERY.c.duplicate_of.is_(None),
            or_(DELIVERY.c.received_at > start, DELIVERY.c.id > after),
        )
        .order_by(DELIVERY.c.received_at, DELIVERY.c.id)
        .limit(limit)
    )
    return [_stored(row) for row in tx.all(statement)]


def forget_before(tx: Tx, instant: datetime) -> int:
    """Drop deliveries that were read long ago; return how many."""
    old = (DELIVERY.c.received_at < instant, DELIVERY.c.due_at.is_(None))
    again = delete(DELIVERY).where(*old, DELIVERY.c.duplicate_of.is_not(None))
    gone = tx.run(again).rowcount
    repeat = DELIVERY.alias("repeat")
    repeated = exists().where(repeat.c.duplicate_of == DELIVERY.c.id)
    first = delete(DELIVERY).where(*old, ~repeated)
    return gone + tx.run(first).rowcount


def _insert(tx: Tx, arrival: Arrival, verdict: str, now: datetime) -> bool:
    return tx.insert_new(DELIVERY, **_row(arrival, verdict, now))


def _row(arrival: Arrival, verdict: str, now: datetime) -> dict[str, Any]:
    return {
        "source": arrival.source,
        "kind": arrival.kind,
        "delivery_id": arrival.delivery_id,
        "slot": _slots(arrival, now)[0],
        "method": arrival.method,
        "url": arrival.url,
        "query": dict(arrival.query),
        "headers": dict(arrival.headers),
        "body": arrival.body,
        "received_at": now,
        "due_at": now,
        "attempts": 0,
        "verdict": verdict,
        "outcomes": [],
        "detail": "",
    }


def _slots(arrival: Arrival, now: datetime) -> tuple[str, ...]:
    """Return in which span an equal delivery is no other, and the spans beside it.

    Nodes agree on it unasked. One that its product has named is no other in any.
    """
    if arrival.named:
        return ("",)
    beside = (now, now - REPEATS_WITHIN, now + REPEATS_WITHIN)
    span = REPEATS_WITHIN.total_seconds()
    return tuple(str(at.timestamp() // span) for at in beside)


def _first(tx: Tx, arrival: Arrival, now: datetime) -> int | None:
    """Return the delivery that this one repeats."""
    same: list[ColumnElement[bool]] = [
        DELIVERY.c.source == arrival.source,
        DELIVERY.c.delivery_id == arrival.delivery_id,
        DELIVERY.c.slot.in_(_slots(arrival, now)),
        DELIVERY.c.duplicate_of.is_(None),
    ]
    if not arrival.named:
        same.append(DELIVERY.c.received_at > now - REPEATS_WITHIN)
    # At most one for each slot: in order of their ids all of the source would be read.
    found = tx.all(select(DELIVERY.c.id).where(*same))
    return max((int(row["id"]) for row in found), default=None)


def _change(tx: Tx, delivery: int, **values: object) -> None:
    tx.run(update(DELIVERY).where(DELIVERY.c.id == delivery).values(**values))


_SAME = (
    "id",
    "source",
    "kind",
    "delivery_id",
    "duplicate_of",
    "method",
    "url",
    "query",
    "headers",
    "body",
    "received_at",
    "attempts",
    "read_at",
    "verdict",
    "outcomes",
    "detail",
    "asked",
)


def _without_bodies() -> Select[Any]:
    columns = [DELIVERY.c[name] for name in _SAME if name != "body"]
    return select(*columns, literal(b"").label("body"))


def _stored(row: Row) -> Stored:
    return Stored(**{name: row[name] for name in _SAME})


DUE = Prepared(
    select(
        DELIVERY.c.id,
        DELIVERY.c.due_at,
        DELIVERY.c.detail,
        func.length(DELIVERY.c.body, type_=Integer()).label("size"),
    )
    .where(DELIVERY.c.due_at <= bindparam("now"))
    .order_by(DELIVERY.c.due_at, DELIVERY.c.id)  # by the index of what is due
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)
ALL_OF = Prepared(
    select(DELIVERY)
    .where(Among(DELIVERY.c.id, "these", Integer()))
    .order_by(DELIVERY.c.id)
)
BEGIN = Prepared(
    update(DELIVERY)
    .where(Among(DELIVERY.c.id, "these", Integer()))
    .values(
        due_at=bindparam("until"), attempts=DELIVERY.c.attempts + 1, detail=BEING_READ
    )
)
STILL_HELD = Prepared(
    select(DELIVERY.c.id)
    .where(
        Among(DELIVERY.c.id, "these", Integer()),
        DELIVERY.c.due_at == bindparam("until"),
    )
    .with_for_update()
)
LET_GO = Prepared(
    update(DELIVERY)
    .where(DELIVERY.c.due_at > bindparam("now"), DELIVERY.c.detail == BEING_READ)
    .values(due_at=bindparam("now"))
)
NEXT_DUE = Prepared(
    select(DELIVERY.c.due_at)
    .where(DELIVERY.c.due_at.is_not(None))
    .order_by(DELIVERY.c.due_at)
    .limit(1)
)
SETTLE = Prepared(
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("its"))
    .values(
        verdict=bindparam("now_verdict"),
        outcomes=bindparam("now_outcomes"),
        detail=bindparam("now_detail"),
        read_at=bindparam("now_read_at"),
        due_at=None,
    )
)
