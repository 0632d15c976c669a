"""What is known of contact methods, and the Telegram accounts people have linked."""

from datetime import datetime

from sqlalchemy import insert, select, update

from oncall.model import Via
from oncall.store.tables import LinkCodeRow, MethodRow, TelegramAccountRow, table
from oncall.store.tx import Tx
from oncall.store.versions import touch

METHOD = table(MethodRow)
CODE = table(LinkCodeRow)
ACCOUNT = table(TelegramAccountRow)


def broken(tx: Tx) -> dict[tuple[str, Via, str], str]:
    """Return the methods that failed for good, (person, via, address), and how."""
    statement = select(METHOD).where(METHOD.c.broken_at.is_not(None))
    rows = tx.all(statement)
    return {(row["person"], row["via"], row["address"]): row["detail"] for row in rows}


def proven(tx: Tx) -> frozenset[tuple[str, Via, str]]:
    """Return the methods by which a message has arrived."""
    statement = select(METHOD).where(
        METHOD.c.proven_at.is_not(None), METHOD.c.broken_at.is_(None)
    )
    rows = tx.all(statement)
    return frozenset((row["person"], row["via"], row["address"]) for row in rows)


def mark_broken(
    tx: Tx, person: str, via: Via, address: str, now: datetime, detail: str
) -> None:
    """Remember that this method has failed for good."""
    _mark(tx, (person, via, address), broken_at=now, detail=detail)


def mark_working(tx: Tx, person: str, via: Via, address: str, now: datetime) -> None:
    """Remember that this method works; it mends a broken one.

    Nothing is written when that was known: this runs for every message delivered.
    """
    statement = select(METHOD.c.person).where(
        METHOD.c.person == person,
        METHOD.c.via == via,
        METHOD.c.address == address,
        METHOD.c.proven_at.is_not(None),
        METHOD.c.broken_at.is_(None),
    )
    if tx.first(statement) is None:
        _mark(tx, (person, via, address), proven_at=now, broken_at=None, detail="")


def _mark(tx: Tx, key: tuple[str, Via, str], **values: object) -> None:
    person, via, address = key
    names = {"person": person, "via": via, "address": address}
    new = {"proven_at": None, "broken_at": None, "detail": ""} | values
    if not tx.insert_new(METHOD, **names, **new):
        same = [METHOD.c[name] == value for name, value in names.items()]
        tx.run(update(METHOD).where(*same).values(**values))
    touch(tx, "methods")


def telegram_accounts(tx: Tx) -> dict[str, int]:
    """Return the linked accounts: person → Telegram user id."""
    return {row["person"]: row["telegram"] for row in tx.all(select(ACCOUNT))}


def link_telegram(tx: Tx, person: str, telegram: int, now: datetime) -> None:
    """Link an account to a person; it is taken from whoever had it before."""
    either = (ACCOUNT.c.person == person) | (ACCOUNT.c.telegram == telegram)
    tx.run(ACCOUNT.delete().where(either))
    row = {"person": person, "telegram": telegram, "linked_at": now}
    tx.run(insert(ACCOUNT), row)
    touch(tx, "methods")


def add_link_code(tx: Tx, code_hash: str, person: str, expires_at: datetime) -> None:
    """Keep a one-time code's hash."""
    row = {"code_hash": code_hash, "person": person, "expires_at": expires_at}
    tx.run(insert(CODE), row)


def use_link_code(tx: Tx, code_hash: str, now: datetime) -> str | None:
    """Use up a code and return whose it was; None when it is unknown, used or old."""
    statement = (
        update(CODE)
        .where(
            CODE.c.code_hash == code_hash,
            CODE.c.used_at.is_(None),
            CODE.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(CODE.c.person)
    )
    row = tx.first(statement)
    return None if row is None else str(row["person"])
