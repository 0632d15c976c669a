"""Our own answers as they come back from the products that we answer through."""

from datetime import datetime, timedelta

from integrations.contract import Delivery, DeliveryUpdate
from integrations.intake.contract import CanonicalMessage
from oncall.actions import settle
from oncall.actions.answering import source_of
from oncall.actions.arrival import Arrived
from oncall.actions.house import View
from oncall.model import Kind, Page, Via
from oncall.store import Tx, answers, paged
from oncall.store.prepared import Row

RECORDED_WITHIN = timedelta(days=1)
"""An answer given elsewhere is told by its product within so long of being recorded."""
SENT_WITHIN = timedelta(minutes=15)
"""An answer sent from here comes back within so long."""
STATES = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "failed": Delivery.UNDELIVERED,
}
"""What messengers say of a message, in our words."""


def is_ours(tx: Tx, issue: int, message: CanonicalMessage, now: datetime) -> bool:
    """Tell whether an outgoing message is on the issue already: by its id or words."""
    rows = answers.messages(tx, issue)
    return any(
        row["direction"] == "out" and _is(row, message, now) for row in reversed(rows)
    )


def _is(row: Row, message: CanonicalMessage, now: datetime) -> bool:
    if row["provider_id"] and row["provider_id"] == message.message_id:
        return True
    if row["page"] is None:
        lately = row["at"] > now - RECORDED_WITHIN
    else:
        lately = max(row["at"], row["sent_at"] or row["at"]) > now - SENT_WITHIN
    text: str = row["text"]
    return lately and text.split() == (message.text or "").split()


def receipt(tx: Tx, view: View, arrived: Arrived) -> int | None:
    """Take a product's word on an answer of ours; return its issue.

    None for news of anything else.
    """
    message = arrived.message
    state = STATES.get(message.text or "")
    page = _page(tx, arrived)
    if state is None or page is None:
        return None
    update = DeliveryUpdate(
        channel=Via.SOURCE,
        provider_id=message.message_id or "",
        state=state,
        reference=page.id,
        code=message.code or "",
    )
    settle.updated(tx, view, update, arrived.now)
    return page.issue


def _page(tx: Tx, arrived: Arrived) -> Page | None:
    """Return the page that is meant, if it went to a customer by this very source."""
    message = arrived.message
    page = paged.find(tx, message.reference) if message.reference else None
    if page is None and message.message_id:
        page = paged.by_provider_id(tx, message.message_id)
    if page is None or page.kind is not Kind.MESSAGE:
        return None
    return page if source_of(page) == arrived.source.name else None
