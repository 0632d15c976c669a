"""What a change of the file would do to people's shifts, told before or as it is done."""

from rotations.preview import Change, ChangeKind
from rotations.shift import Shift


def told(change: Change) -> str:
    """Say in a sentence what becomes of one shift."""
    who = f"{change.rotation}: {change.person}"
    match change.kind:
        case ChangeKind.APPEARS:
            return f"{who} is on call {_span(change.new)}, and was not"
        case ChangeKind.VANISHES:
            return f"{who} is no longer on call {_span(change.old)}"
        case ChangeKind.MOVES:
            return (
                f"{who} is on call {_span(change.new)} instead of {_span(change.old)}"
            )


def _span(shift: Shift | None) -> str:
    if shift is None:
        return ""
    return f"{shift.start:%Y-%m-%dT%H:%MZ} to {shift.end:%Y-%m-%dT%H:%MZ}"
