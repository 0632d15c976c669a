"""What a decision asks the service to do, and the decision itself."""

from dataclasses import dataclass

from escalation_policies.progress import Progress
from escalation_policies.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePeople:
    """Page each of `people` on their own ladder.

    `level` is the level's index, None for the last resort and for the owner.
    """

    people: tuple[str, ...]
    level: int | None
    round: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """Call off what waits for `people` at a level that they have left.

    `level` and `round` are those of the pages, as in `PagePeople`.
    """

    people: tuple[str, ...]
    level: int | None
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TellBadNews:
    """Tell `people` the bad news, whatever the hour.

    `rule` is the index of the policy's rule, `ASKED_RULE` when somebody asked and no
    rule of the policy answers to that.
    """

    people: tuple[str, ...]
    rule: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Write to the timeline what was not done, and why. `detail` is for people."""

    reason: Reason
    detail: str
    level: int | None = None
    round: int | None = None


Effect = PagePeople | CallOff | TellBadNews | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where the issue stands now, and what to do about it, in this order."""

    progress: Progress
    effects: tuple[Effect, ...] = ()
