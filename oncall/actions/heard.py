"""A customer has an answer: what waited for one waits no more.

An answer counts when it was taken on its way, or when a person says that the customer
was told elsewhere; one that is only written reached nobody, and stops no clock.
"""

from datetime import datetime

from oncall.store import Tx, issues, timeline


def heard(
    tx: Tx,
    number: int,
    now: datetime,
    *,
    written_at: datetime,
    by: str | None,
    how: str = "",
    detail: str = "",
) -> None:
    """End the waiting for all that the customer wrote before the answer was written.

    What came after it still wants one, and has waited since then. `how` is where the
    customer was told, or by what the answer went.
    """
    standing = issues.lock(tx, number)
    if standing is None:
        return
    since = standing.issue.waiting_since
    if since is not None and since <= written_at:
        since = timeline.first_since(tx, number, "customer_wrote", written_at)
    issues.change(tx, number, waiting_since=since, updated_at=now)
    timeline.note(
        tx, number, "answered_customer", now, reason=how, person=by, detail=detail
    )
