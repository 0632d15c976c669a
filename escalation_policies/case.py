"""All that a decision is made from, and who can be reached in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation_policies.policy import Policy, Target
from escalation_policies.progress import Facts

OnCallLookup = Callable[[Target], tuple[str, ...]]
"""The people a target stands for at the instant of the decision."""


ChangesLookup = Callable[[Target], datetime | None]
"""When the people of a target next change, by what is known now; None if never."""


def never_changes(_: Target) -> None:
    """Say that a target's people stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One issue at one instant."""

    policy: Policy
    facts: Facts
    on_call: OnCallLookup
    now: datetime
    changes: ChangesLookup = never_changes

    @property
    def snoozed(self) -> bool:
        """Whether a snooze runs."""
        until = self.facts.snoozed_until
        return until is not None and self.now < until

    def people(self, targets: Sequence[Target]) -> tuple[str, ...]:
        """Return everybody that `targets` stand for, each once, in their order."""
        found = (person for target in targets for person in self.on_call(target))
        return tuple(dict.fromkeys(found))

    def reachable(self, targets: Sequence[Target]) -> tuple[str, ...]:
        """Return those of `people` who still have a contact method that works."""
        lost = self.facts.unreachable
        return tuple(person for person in self.people(targets) if person not in lost)

    def last_resort(self) -> tuple[str, ...]:
        """Return whom to turn to when nobody else answers."""
        return self.reachable(self.last_resort_targets())

    def last_resort_targets(self) -> tuple[Target, ...]:
        """Return what the last resort is now.

        Should the policy's own stand for nobody, everybody of its levels.
        """
        if self.reachable(self.policy.last_resort):
            return self.policy.last_resort
        return tuple(target for level in self.policy.levels for target in level.targets)
