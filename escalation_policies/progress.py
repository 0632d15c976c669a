"""Where an issue stands in its policy: all that must survive a restart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The escalation's memory. Instants are UTC.

    `level` is the index of the next level to page (one past the last when they have
    run out) and `round` the pass it is in, from 1. `next_level_at` is None while the
    levels stand still (acknowledged, finished). `last_resort` is true once the levels
    have run out. `passed` says that the next level is due because somebody passed, and
    `paged` holds the people who are being waited for: of a level, or the last resort.
    `told` holds the indexes of the bad-news rules that have fired and `asked_told_at`
    the latest asking that was obeyed. `reply_nudged_at` is when the owner was last
    paged for want of a reply. `standing` is why the levels stood still when last seen.
    `due` is the next instant at which `decide` has something to look at.
    """

    level: int = 0
    round: int = 1
    next_level_at: datetime | None = None
    last_resort: bool = False
    passed: bool = False
    paged: frozenset[str] = frozenset()
    told: frozenset[int] = frozenset()
    asked_told_at: datetime | None = None
    reply_nudged_at: datetime | None = None
    standing: Reason | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true of the issue at `now`, as far as escalation cares. Instants are UTC.

    `acknowledged_at` is None while nobody has it (also after the owner passed it on).
    `waiting_since` is the customer's oldest message that no human has answered.
    `promise_due` is the earliest due time of an open promise.
    `asked_at` is when somebody asked for leadership to be told (verb 9).
    `reply_held_until` is how long what the customer was told of an incident will do.
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
    reply_held_until: datetime | None = None
    finished: bool = False
    unreachable: frozenset[str] = frozenset()


def progress_to_json(progress: Progress) -> dict[str, Any]:
    """Return `progress` as what JSON can hold; instants in ISO 8601."""
    return {
        "level": progress.level,
        "round": progress.round,
        "next_level_at": _written(progress.next_level_at),
        "last_resort": progress.last_resort,
        "passed": progress.passed,
        "paged": sorted(progress.paged),
        "told": sorted(progress.told),
        "asked_told_at": _written(progress.asked_told_at),
        "reply_nudged_at": _written(progress.reply_nudged_at),
        "standing": progress.standing,
        "due": _written(progress.due),
    }


def progress_from_json(frozen: Mapping[str, Any]) -> Progress:
    """Return the progress that `progress_to_json` froze, also by another version.

    What this version does not know is ignored; what is missing has its default.
    """
    return Progress(
        level=frozen.get("level", 0),
        round=frozen.get("round", 1),
        next_level_at=_read(frozen.get("next_level_at")),
        last_resort=frozen.get("last_resort", False),
        passed=frozen.get("passed", False),
        paged=frozenset(frozen.get("paged", ())),
        told=frozenset(frozen.get("told", ())),
        asked_told_at=_read(frozen.get("asked_told_at")),
        reply_nudged_at=_read(frozen.get("reply_nudged_at")),
        standing=next((r for r in Reason if r == frozen.get("standing")), None),
        due=_read(frozen.get("due")),
    )


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
