"""What became of an action: a value, since none of these outcomes is an error."""

from dataclasses import dataclass

from oncall.model import Issue, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The outcome, and the issue as it is afterwards (None when there is no such)."""

    outcome: Outcome
    issue: Issue | None = None
