"""What would happen: a policy played through, with the very decision that runs it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from escalation_policies.case import never_changes
from escalation_policies.contact import Rung
from escalation_policies.decide import (
    CallOff,
    Decision,
    Effect,
    Note,
    PagePeople,
    TellBadNews,
    decide,
    start,
)
from escalation_policies.policy import Policy, Severity, Target
from escalation_policies.progress import Facts, Progress
from escalation_policies.reason import Reason

OnCallAt = Callable[[Target, datetime], tuple[str, ...]]
ChangesAfter = Callable[[Target, datetime], datetime | None]
_SAME_MINUTE = timedelta(minutes=1)
Ladder = Callable[[str], tuple[Rung, ...]]
KINDS: Mapping[type[Effect], str] = {
    PagePeople: "page",
    TellBadNews: "bad_news",
    Note: "note",
}
LEFT_OUT = frozenset(
    {
        Reason.LEVEL_EMPTY,
        Reason.LEVEL_UNREACHABLE,
        Reason.PERSON_UNREACHABLE,
        Reason.NOBODY_TO_PAGE,
        Reason.NOBODY_TO_TELL,
    }
)
"""Why somebody who is meant is not reached: what an operator wants to know beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message to one person through one contact method.

    `after_s` is whole seconds since the issue opened, `at` the instant in UTC.
    `level` and `round` count from 1; both are None for the last resort, for the owner
    and for bad news. `kind` is `page`, `bad_news` or `note`, `because` a reason's name.
    A note is about what is not done: it has no person, and `detail` says it to people.
    """

    after_s: int
    at: datetime
    level: int | None
    round: int | None
    person: str
    via: str
    kind: str
    because: str
    detail: str = ""


def simulate(
    policy: Policy,
    *,
    severity: Severity,
    opened_at: datetime,
    on_call: OnCallAt,
    ladder: Ladder,
    changes: ChangesAfter = lambda target, _: never_changes(target),
    acknowledge_after: timedelta | None = None,
    horizon: timedelta = timedelta(hours=24),
    notes: bool = False,
) -> tuple[Step, ...]:
    """Return what would be sent, in order of time, for an issue opened at `opened_at`.

    Whoever was paged last acknowledges `acknowledge_after` the opening; ladders being
    climbed stop there. If nobody was paged by then, nobody ever does. The customer is
    never answered, so that `reply_within` shows. `changes` says when the people of a
    target next change after an instant: who joins a level then is paged.
    Bad news takes the first rung of a
    ladder only: it wants no acknowledgement. People without a contact method count as
    unreachable, as they would. With `notes` it also tells who is not paged, and why.
    """
    play = _Play(
        policy=policy,
        opened_at=opened_at,
        taken_at=None if acknowledge_after is None else opened_at + acknowledge_after,
        ends_at=opened_at + horizon,
        on_call=on_call,
        ladder=ladder,
        changes=changes,
        notes=notes,
    )
    facts = Facts(severity=severity, opened_at=opened_at, waiting_since=opened_at)
    steps = sorted(play.steps(facts), key=lambda step: step.at)
    return tuple(step for step in steps if not _is_paged_with_it(step, steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Play:
    """The stage: what stays the same from first to last."""

    policy: Policy
    opened_at: datetime
    taken_at: datetime | None
    ends_at: datetime
    on_call: OnCallAt
    ladder: Ladder
    changes: ChangesAfter
    notes: bool

    def steps(self, facts: Facts) -> list[Step]:
        """Decide at every due instant and tell what comes of it."""
        progress = start(self.policy, self.opened_at)
        steps: list[Step] = []
        paged_last = ""
        while (now := progress.due) is not None and now < self.ends_at:
            if now == self.taken_at and paged_last:
                facts = replace(facts, owner=paged_last, acknowledged_at=now)
            decision = self._decide(progress, facts, now)
            for effect in decision.effects:
                if isinstance(effect, PagePeople):
                    paged_last = effect.people[0]
                if isinstance(effect, CallOff):
                    steps = [step for step in steps if not _is_off(step, effect, now)]
                steps += self._sent(effect, now)
            progress = self._up_to_taking(decision.progress, now)
        return steps

    def _decide(self, progress: Progress, facts: Facts, now: datetime) -> Decision:
        on_call = partial(self._people, now=now)
        changes = partial(self._change, now=now)
        everybody = {
            person for target in self.policy.targets for person in on_call(target)
        }
        lost = frozenset(person for person in everybody if not self.ladder(person))
        facts = replace(facts, unreachable=lost)
        return decide(self.policy, progress, facts, on_call, now, changes)

    def _people(self, target: Target, *, now: datetime) -> tuple[str, ...]:
        return self.on_call(target, now)

    def _change(self, target: Target, *, now: datetime) -> datetime | None:
        return self.changes(target, now)

    def _up_to_taking(self, progress: Progress, now: datetime) -> Progress:
        """Stop at the acknowledgement too, should nothing be due before it."""
        due, taken_at = progress.due, self.taken_at
        if due is None or taken_at is None or not now < taken_at < due:
            return progress
        return replace(progress, due=taken_at)

    def _sent(self, effect: Effect, now: datetime) -> Iterator[Step]:
        if isinstance(effect, CallOff):
            return
        if isinstance(effect, Note):
            if self.notes and effect.reason in LEFT_OUT:
                yield self._step(effect, "", "", now)
            return
        for person in effect.people:
            ladder = self.ladder(person)
            if isinstance(effect, TellBadNews):
                ladder = ladder[:1]
            for rung in ladder:
                at = now + rung.after
                if at < self.ends_at and not self._cancelled(now, at):
                    yield self._step(effect, person, rung.via, at)

    def _cancelled(self, begun: datetime, at: datetime) -> bool:
        return self.taken_at is not None and begun < self.taken_at <= at

    def _step(
        self,
        effect: PagePeople | TellBadNews | Note,
        person: str,
        via: str,
        at: datetime,
    ) -> Step:
        level, lap = None, None
        if not isinstance(effect, TellBadNews) and effect.level is not None:
            level, lap = effect.level + 1, effect.round
        return Step(
            after_s=int((at - self.opened_at).total_seconds()),
            at=at,
            level=level,
            round=lap,
            person=person,
            via=via,
            kind=KINDS[type(effect)],
            because=effect.reason.value,
            detail=effect.detail if isinstance(effect, Note) else "",
        )


def _is_paged_with_it(step: Step, steps: list[Step]) -> bool:
    """Whether somebody is paged in the minute in which they would be told bad news."""
    return step.kind == "bad_news" and any(
        page.kind == "page"
        and page.person == step.person
        and timedelta(0) <= step.at - page.at < _SAME_MINUTE
        for page in steps
    )


def _is_off(step: Step, effect: CallOff, now: datetime) -> bool:
    """Whether a step waited for somebody who has left its level."""
    level = None if effect.level is None else effect.level + 1
    its = step.kind == "page" and step.level == level and step.person in effect.people
    return its and step.at >= now
