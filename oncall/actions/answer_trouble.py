"""An answer to a customer that was not taken: sent again, or given up.

A second letter with the same words is a nuisance and a lost one is worse. A product
that can be asked is asked first, as often as it takes; one that cannot is sent the
words once more after an outcome that is not known, a while later, and no third time.
"""

from datetime import datetime, timedelta

from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from oncall.actions import settle
from oncall.actions.answering import GIVE_UP_AFTER, source_of
from oncall.actions.house import View
from oncall.config.answers import terms
from oncall.model import Page
from oncall.store import Tx, answers

ONCE_MORE_AFTER = timedelta(minutes=2)
TWICE = 2
LOOK_THERE = "it may have arrived: look there before you send it again"


def not_taken(
    tx: Tx, view: View, page: Page, error: ChannelError, now: datetime
) -> None:
    """Note why it was not taken, and have it tried again where that makes sense."""
    why = _given_up(view, page, error, now)
    if why:
        settle.rejected(tx, view, page, why, now, broken=False)
        return
    doubt = isinstance(error, Uncertain)
    wish = error.retry_after if isinstance(error, Unavailable) else None
    if doubt and not _askable(view, page):
        wish = max(wish or ONCE_MORE_AFTER, ONCE_MORE_AFTER)
    settle.postponed(tx, page, error.detail, now, retry_after=wish, in_doubt=doubt)


def lost_twice(tx: Tx, view: View, page: Page, now: datetime) -> bool:
    """Give up what two senders took along and did not come back from.

    False for what may be sent: nothing is done then.
    """
    if not page.in_doubt or _askable(view, page):
        return False
    if page.attempts <= TWICE or not answers.holder_was_lost(tx, page.id):
        return False
    detail = f"its sender did not come back; {LOOK_THERE}"
    settle.rejected(tx, view, page, detail, now, broken=False)
    return True


def _given_up(view: View, page: Page, error: ChannelError, now: datetime) -> str:
    """Return why it is not tried again; empty when it is."""
    if isinstance(error, Rejected):
        return error.detail
    doubt = isinstance(error, Uncertain)
    if doubt and page.in_doubt and not _askable(view, page):
        return f"{error.detail}, twice; {LOOK_THERE}"
    if now - (page.sent_at or now) >= GIVE_UP_AFTER:
        advice = f"; {LOOK_THERE}" if doubt or page.in_doubt else ""
        return f"{error.detail}; given up after an hour{advice}"
    return ""


def _askable(view: View, page: Page) -> bool:
    return terms(view.config, source_of(page)).askable
