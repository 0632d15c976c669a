"""Overrides, swaps and absences: dated changes to who is on call."""

from datetime import datetime
from typing import NoReturn

from oncall import ids
from oncall.actions.house import View
from oncall.errors import Conflict, NotFound, Refused
from oncall.feeds.absences import IMPORTED
from oncall.store import Tx, exceptions
from rotations.exception import Absence, Override, Swap


def new_id() -> str:
    """Return an id nobody can mistake for another."""
    return ids.new_id()[:12]


def override(tx: Tx, view: View, wanted: Override, now: datetime) -> Override:
    """Make an override. Raises NotFound for names, Refused for what makes no sense."""
    _rotation(view, wanted.rotation)
    _span(wanted.start, wanted.end, now)
    for name in (wanted.person, wanted.instead_of, wanted.remove):
        if name is not None:
            view.person(name)
    if (wanted.person is None) == (wanted.remove is None):
        msg = "an override names a person who covers, or one to remove, not both"
        raise Refused(msg, [("person", "or `remove`, and only one of them")])
    exceptions.add_override(tx, wanted, now)
    return wanted


def end_override(tx: Tx, rotation: str, override_id: str, now: datetime) -> None:
    """End an override: one that runs ends now, one that is to come never acts.

    Raises NotFound, also for one in the file; Conflict for one that is over.
    """
    found = exceptions.find_override(tx, override_id)
    if found is None or found.rotation != rotation:
        _none("override", override_id)
    _not_over("override", found.end, now)
    exceptions.end_override(tx, override_id, now)


def swap(tx: Tx, view: View, wanted: Swap, now: datetime, *, accepted: bool) -> Swap:
    """Ask for a swap, or make it at once. Raises NotFound and Refused."""
    _rotation(view, wanted.rotation)
    ends = max(wanted.end, wanted.back_end or wanted.end)
    _span(wanted.start, wanted.end, now if ends <= now else None)
    view.person(wanted.person)
    view.person(wanted.with_person)
    if wanted.person == wanted.with_person:
        msg = "a person cannot swap with themselves"
        raise Refused(msg, [("with", "is the same person")])
    if (wanted.back_start is None) != (wanted.back_end is None):
        msg = "give both with_from and with_to, or neither"
        raise Refused(msg, [("with_to", "or with_from is missing")])
    if wanted.back_start is not None and wanted.back_end is not None:
        _span(wanted.back_start, wanted.back_end, prefix="with_")
    exceptions.add_swap(tx, wanted, now, accepted=accepted)
    return wanted


def found_swap(tx: Tx, rotation: str, swap_id: str) -> tuple[Swap, bool]:
    """Return a swap, also one that is over, and whether it was accepted.

    Raises NotFound.
    """
    found = exceptions.find_swap(tx, swap_id)
    if found is None or found[0].rotation != rotation:
        _none("swap", swap_id)
    return found


def accept_swap(tx: Tx, rotation: str, swap_id: str, now: datetime) -> Swap:
    """Make a swap effective, from now on. Raises NotFound; Conflict when it is over.

    And when it was accepted before.
    """
    found, accepted = _swap(tx, rotation, swap_id, now)
    if accepted or not exceptions.accept_swap(tx, swap_id, now):
        msg = "this swap was accepted before"
        raise Conflict(msg)
    return found


def decline_swap(tx: Tx, rotation: str, swap_id: str, now: datetime) -> Swap:
    """End a swap: one that was accepted and runs ends now, any other never acts.

    Raises NotFound; Conflict for one that is over.
    """
    found, _ = _swap(tx, rotation, swap_id, now)
    exceptions.end_swap(tx, swap_id, now)
    return found


def absence(tx: Tx, view: View, wanted: Absence, now: datetime) -> Absence:
    """Note that a person is away. Raises NotFound and Refused."""
    view.person(wanted.person)
    _span(wanted.start, wanted.end, now)
    exceptions.add_absence(tx, wanted, now)
    return wanted


def end_absence(tx: Tx, absence_id: str, now: datetime) -> None:
    """End an absence: one that runs ends now, one that is to come never acts.

    Raises NotFound; Conflict for one that is over, and for one out of a calendar.
    """
    if absence_id.startswith(IMPORTED):
        msg = "this absence comes from a calendar: change it there"
        raise Conflict(msg)
    found = exceptions.find_absence(tx, absence_id)
    if found is None:
        _none("absence", absence_id)
    _not_over("absence", found.end, now)
    exceptions.end_absence(tx, absence_id, now)


def _swap(tx: Tx, rotation: str, swap_id: str, now: datetime) -> tuple[Swap, bool]:
    found = found_swap(tx, rotation, swap_id)
    swap, _ = found
    _not_over("swap", max(swap.end, swap.back_end or swap.end), now)
    return found


def _not_over(what: str, end: datetime, now: datetime) -> None:
    """Raise Conflict for what is over: who was on call then stays as it was."""
    if end <= now:
        msg = f"this {what} is over since {end:%Y-%m-%dT%H:%M:%SZ}: the past stays"
        raise Conflict(msg)


def _rotation(view: View, name: str) -> None:
    if name not in view.roster.rotations:
        msg = f"there is no rotation {name!r} in the configuration"
        raise NotFound(msg)


def _span(
    start: datetime, end: datetime, now: datetime | None = None, prefix: str = ""
) -> None:
    """Raise Refused for a span turned round, or one that is over by `now`."""
    if now is not None and start < end <= now:
        msg = "this time is over, and who was on call then stays as it was"
        raise Refused(msg, [(f"{prefix}to", "is in the past")])
    if end <= start:
        msg = f"`{prefix}to` must be later than `{prefix}from`"
        raise Refused(msg, [(f"{prefix}to", f"is not later than `{prefix}from`")])


def _none(what: str, key: str) -> NoReturn:
    hint = "what stands in the configuration is changed there"
    msg = f"there is no {what} {key!r} in force here; {hint}"
    raise NotFound(msg)
