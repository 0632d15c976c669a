"""Answers to customers: where a conversation is answered, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, tuple_, update

from oncall.model import Via
from oncall.store.pages import CHANGE, PAGE, Transition
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import ConversationRow, SentAnswerRow, table
from oncall.store.threads import TAKEN
from oncall.store.timeline import MESSAGE
from oncall.store.tx import Tx

CONVERSATION = table(ConversationRow)
SENT = table(SentAnswerRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Where a customer is answered, in the source's own words.

    `said_at` is when the customer last said something there. `stopped_at` is since when
    no text of ours arrives there; None where they do.
    """

    address: str
    said_at: datetime
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A conversation by its name, and where the customer is answered in it."""

    source: str
    conversation: str
    known: Conversation


def customer_said(
    tx: Tx,
    source: str,
    conversation: str,
    *,
    address: str,
    at: datetime,
    stops: bool | None = None,
) -> None:
    """Remember where a customer who just spoke is answered.

    `stops`: from now on texts do not arrive there; False: they do again.
    """
    known: dict[str, object] = {"address": address, "said_at": at}
    if stops is not None:
        known["stopped_at"] = at if stops else None
    its = {"source": source, "conversation": conversation}
    if not tx.insert_new(CONVERSATION, **its, **known):
        same = [CONVERSATION.c[name] == value for name, value in its.items()]
        newer = CONVERSATION.c.said_at <= at
        tx.run(update(CONVERSATION).where(*same, newer).values(known))


def conversation(tx: Tx, source: str, name: str) -> Conversation | None:
    """Return what is known of a conversation, or None."""
    row = tx.first(
        select(
            CONVERSATION.c.address, CONVERSATION.c.said_at, CONVERSATION.c.stopped_at
        ).where(CONVERSATION.c.source == source, CONVERSATION.c.conversation == name)
    )
    return None if row is None else Conversation(**row)


def add(
    tx: Tx, issue: int, now: datetime, *, page: str, text: str, author: str | None
) -> None:
    """Keep what we say to a customer, and the page of the outbox that carries it."""
    said = {
        "issue": issue,
        "direction": "out",
        "author": author,
        "text": text,
        "at": now,
        "occurred_at": None,
    }
    key = tx.run(insert(MESSAGE), said).inserted_primary_key
    message = key[0] if key else None
    tx.run(insert(SENT), {"message": message, "page": page, "issue": issue})


def of_page(tx: Tx, page: str) -> Row | None:
    """Return the message that a page carries, as `id, author, at`."""
    return tx.first(OF_PAGE, its=page)


def messages(tx: Tx, issue: int) -> Sequence[Row]:
    """Return what was said on an issue, in order, and what became of what we sent.

    `direction, author, text, at, occurred_at`; `page, state, attempts, sent_at, detail`
    are None for what was not sent from here.
    """
    statement = (
        select(
            MESSAGE,
            PAGE.c.id.label("page"),
            PAGE.c.state,
            PAGE.c.attempts,
            PAGE.c.sent_at,
            PAGE.c.detail,
            PAGE.c.provider_id,
        )
        .outerjoin(SENT, SENT.c.message == MESSAGE.c.id)
        .outerjoin(PAGE, PAGE.c.id == SENT.c.page)
        .where(MESSAGE.c.issue == issue)
        .order_by(MESSAGE.c.id)
    )
    return tx.all(statement)


def letters(tx: Tx, source: str, issue: int) -> list[str]:
    """Return the Message-Ids of an issue's letters, in and out, the oldest first."""
    came = select(TAKEN.c.message_id.label("name"), TAKEN.c.at).where(
        TAKEN.c.issue == issue, TAKEN.c.source == source
    )
    went = select(PAGE.c.provider_id.label("name"), PAGE.c.sent_at.label("at")).where(
        PAGE.c.issue == issue, PAGE.c.via == Via.SOURCE
    )
    rows = [*tx.all(came), *tx.all(went)]
    letters = [row for row in rows if row["name"].startswith("<")]
    ordered = sorted(letters, key=lambda row: row["at"])
    return list(dict.fromkeys(row["name"] for row in ordered))


def mailbox_of(address: str) -> str:
    """Return the mailbox of where a letter goes, in lower case; what follows is ours."""
    return address.partition(" ")[0].lower()


def sent_to(tx: Tx, references: Sequence[str]) -> frozenset[str]:
    """Return the mailboxes to which those of these letters went that are ours."""
    if not references:
        return frozenset()
    ours = (PAGE.c.provider_id.in_(references), PAGE.c.via == Via.SOURCE)
    rows = tx.all(select(PAGE.c.address).where(*ours))
    return frozenset(mailbox_of(row["address"].partition("/")[2]) for row in rows)


def last_spoken(tx: Tx, issue: int) -> list[Spoken]:
    """Return the conversations in which an issue's customer wrote, the latest first."""
    return [
        Spoken(
            source=row["source"],
            conversation=row["conversation"],
            known=Conversation(
                address=row["address"],
                said_at=row["said_at"],
                stopped_at=row["stopped_at"],
            ),
        )
        for row in tx.all(LAST_SPOKEN, its=issue)
    ]


def by_letters(tx: Tx, source: str, references: Sequence[str]) -> int | None:
    """Return the newest issue with a letter of ours among these."""
    if not references:
        return None
    statement = (
        select(PAGE.c.issue)
        .where(
            PAGE.c.provider_id.in_(references),
            PAGE.c.via == Via.SOURCE,
            PAGE.c.address.startswith(f"{source}/", autoescape=True),
        )
        .order_by(PAGE.c.issue.desc())
        .limit(1)
    )
    row = tx.first(statement)
    return None if row is None else int(row["issue"])


LAST_SPOKEN = Prepared(
    select(CONVERSATION)
    .where(
        tuple_(CONVERSATION.c.source, CONVERSATION.c.conversation).in_(
            select(TAKEN.c.source, TAKEN.c.conversation).where(
                TAKEN.c.issue == bindparam("its")
            )
        )
    )
    .order_by(CONVERSATION.c.said_at.desc())
    .limit(20)
)
OF_PAGE = Prepared(
    select(MESSAGE.c.id, MESSAGE.c.author, MESSAGE.c.at)
    .join(SENT, SENT.c.message == MESSAGE.c.id)
    .where(SENT.c.page == bindparam("its"))
)


def holder_was_lost(tx: Tx, page: str) -> bool:
    """Tell whether whoever had a page before its present holder did not come back."""
    statement = (
        select(CHANGE.c.transition)
        .where(CHANGE.c.page == page, CHANGE.c.transition != Transition.CLAIM)
        .order_by(CHANGE.c.id.desc())
        .limit(1)
    )
    row = tx.first(statement)
    return row is not None and row["transition"] == Transition.EXPIRE
