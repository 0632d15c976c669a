"""Products' priorities and marks in our words."""

SEVERITIES = frozenset({"critical", "high", "normal", "low"})

_PRIORITIES = {
    "blocker": "critical",
    "critical": "critical",
    "emergency": "critical",
    "highest": "critical",
    "urgent": "critical",
    "high": "high",
    "major": "high",
    "medium": "normal",
    "normal": "normal",
    "low": "low",
    "lowest": "low",
    "minor": "low",
    "trivial": "low",
}


def severity(priority: str | None) -> str | None:
    """Read a priority's name, such as `URGENT` or `3 high`; None when unknown."""
    if priority is None:
        return None
    return _PRIORITIES.get(priority.casefold().lstrip("0123456789 -"))


def tier(*, vip: bool | None) -> str | None:
    """Return the tier of a customer whom the product marks as important."""
    return "vip" if vip else None
