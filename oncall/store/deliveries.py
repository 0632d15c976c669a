"""What providers delivered to us, and what writers asked for: each taken once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from oncall.store.prepared import Row
from oncall.store.tables import DeliveryRow, IdempotencyRow, table
from oncall.store.tx import Tx

DELIVERY = table(DeliveryRow)
IDEMPOTENCY = table(IdempotencyRow)


def first_time(tx: Tx, channel: str, delivery_id: str, now: datetime) -> bool:
    """Note a delivery; False when it was here before."""
    return tx.insert_new(
        DELIVERY,
        channel=channel,
        delivery_id=delivery_id,
        received_at=now,
        outcome="",
        answer="",
    )


def said(tx: Tx, channel: str, delivery_id: str) -> Row | None:
    """Return what was answered to a delivery: `outcome, answer`."""
    return tx.first(select(DELIVERY).where(*_key(channel, delivery_id)))


def say(tx: Tx, channel: str, delivery_id: str, *, outcome: str, answer: str) -> None:
    """Keep what was answered, to say the same when it comes again."""
    statement = update(DELIVERY).where(*_key(channel, delivery_id))
    tx.run(statement.values(outcome=outcome, answer=answer))


def _key(channel: str, delivery_id: str) -> tuple[Any, Any]:
    return (DELIVERY.c.channel == channel, DELIVERY.c.delivery_id == delivery_id)


def answered_write(tx: Tx, key: str) -> Row | None:
    """Return the answer a write with this key got: `fingerprint, status, body`."""
    return tx.first(select(IDEMPOTENCY).where(IDEMPOTENCY.c.key == key))


def reserve_write(tx: Tx, key: str, fingerprint: str, now: datetime) -> bool:
    """Claim a write's key; False when it was used, also by a write under way."""
    return tx.insert_new(
        IDEMPOTENCY,
        key=key,
        fingerprint=fingerprint,
        status=0,
        body={},
        created_at=now,
    )


def keep_write(tx: Tx, key: str, *, status: int, body: Mapping[str, Any]) -> None:
    """Keep a write's answer, in the write's own transaction."""
    answer = {"status": status, "body": dict(body)}
    tx.run(update(IDEMPOTENCY).where(IDEMPOTENCY.c.key == key).values(answer))


def forget_before(tx: Tx, instant: datetime) -> int:
    """Drop keys and deliveries that nobody will send again; return how many."""
    old = delete(IDEMPOTENCY).where(IDEMPOTENCY.c.created_at < instant)
    gone = tx.run(old).rowcount
    old = delete(DELIVERY).where(DELIVERY.c.received_at < instant)
    return gone + tx.run(old).rowcount
