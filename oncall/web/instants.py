"""Instants as the API writes them."""

from datetime import datetime


def written(instant: datetime | None) -> str | None:
    """Write an instant as RFC 3339 in UTC with Z, to the second or finer."""
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")
