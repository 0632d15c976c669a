"""What was put and is not written yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oncall.store.prepared import Form

NO_VALUES: Sequence[Any] = ((),)


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement for many rows; one without a form is about the transaction."""

    sql: str
    rows: list[Any]
    form: Form | None = None


class Waiting:
    """Writes in their order. New rows for one table go together where they may.

    They may unless something between them would see the difference: another write to
    that table, or new rows that these point to.
    """

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def __bool__(self) -> bool:
        return bool(self._entries)

    def put(self, form: Form, rows: Sequence[Any]) -> None:
        """Have rows written."""
        entry = self._joinable(form) if form.inserts else None
        if entry is None:
            entry = Entry(form.sql, [], form)
            self._entries.append(entry)
        entry.rows.extend(rows)

    def _joinable(self, form: Form) -> Entry | None:
        """Return the entry that new rows may go along with."""
        for entry in reversed(self._entries):
            if entry.sql == form.sql:
                return entry
            if entry.form is None or not entry.form.inserts:
                return None
            if not form.touches.isdisjoint(entry.form.writes):
                return None
        return None

    def mark(self, sql: str) -> None:
        """Have a statement about the transaction executed in its turn."""
        self._entries.append(Entry(sql, list(NO_VALUES)))

    def forget_from(self, sql: str) -> bool:
        """Forget a mark and what was put since; False if it is not waiting."""
        marks = [entry.sql for entry in self._entries]
        if sql not in marks:
            return False
        del self._entries[marks.index(sql) :]
        return True

    def take_for(self, form: Form) -> list[Entry]:
        """Return what a statement could see or need, and what goes before that."""
        wanted: list[Entry] = []
        others: list[Entry] = []
        seen = set(form.touches)
        changed = set(() if form.inserts else form.writes)
        for entry in reversed(self._entries):
            its = entry.form
            if its and seen.isdisjoint(its.writes) and changed.isdisjoint(its.touches):
                others.append(entry)
            else:
                wanted.append(entry)
                seen.update(its.touches if its else ())
                changed.update(() if its is None or its.inserts else its.writes)
        self._entries = others[::-1]
        return wanted[::-1]

    def take(self) -> list[Entry]:
        """Return all in order; nothing waits any more."""
        taken, self._entries = self._entries, []
        return taken
