"""Where an issue stands in its policy: all that must survive a restart."""

from dataclasses import dataclass
from datetime import datetime

from escalation_policies.policy import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The escalation's memory. Instants are UTC.

    `level` is the index of the next level to page and `round` the pass it is in, from 1.
    `next_level_at` is None while the levels stand still (acknowledged, finished).
    `told` holds the indexes of the bad-news rules that have fired.
    `reply_nudged_at` is when the owner was last paged for want of a reply.
    `due` is the next instant at which `decide` has something to look at.
    """

    level: int = 0
    round: int = 1
    next_level_at: datetime | None = None
    last_resort: bool = False
    told: frozenset[int] = frozenset()
    reply_nudged_at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true of the issue at `now`, as far as escalation cares. Instants are UTC.

    `acknowledged_at` is None while nobody has it (also after the owner passed it on).
    `waiting_since` is the customer's oldest message that no human has answered.
    `promise_due` is the earliest due time of an open promise.
    `asked_at` is when somebody asked for leadership to be told (verb 9).
    `unreachable` are people all of whose contact methods have failed for good.
    """

    severity: Severity
    opened_at: datetime
    owner: str | None = None
    acknowledged_at: datetime | None = None
    waiting_since: datetime | None = None
    promise_due: datetime | None = None
    asked_at: datetime | None = None
    snoozed_until: datetime | None = None
    finished: bool = False
    unreachable: frozenset[str] = frozenset()
