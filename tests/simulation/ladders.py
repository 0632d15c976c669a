"""Whether a person's next method does not wait for one that fails or says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import bindparam, select

from oncall.model import Kind, PageState, Person
from oncall.store import Tx
from oncall.store.holding import HELD
from oncall.store.pages import PAGE, Transition
from oncall.store.prepared import Prepared, Row
from simulation.broken import hold

WITHIN = {
    Transition.ACCEPT: timedelta(seconds=60),
    Transition.POSTPONE: timedelta(seconds=60),
    Transition.REJECT: timedelta(0),
    Transition.BOUNCE: timedelta(0),
}
"""How long after each of these the next method may have to wait."""
NOT_TRIED = {"one after the other", "waits for the next bundle", HELD}
"""Why a page is put off that nothing ails: nobody is reached in its stead."""
NEXT = Prepared(
    select(PAGE.c.id, PAGE.c.state, PAGE.c.due_at).where(
        PAGE.c.sequence == bindparam("its"), PAGE.c.step == bindparam("following")
    )
)

TAKEN = Prepared(
    select(PAGE.c.id).where(
        PAGE.c.sequence == bindparam("its"), PAGE.c.state == PageState.ACCEPTED
    )
)
"""What wants no answer and was taken is told."""


def climbed(tx: Tx, changes: Iterable[Row]) -> None:
    """Look at each page that changed, by the last that it did. Raises Broken.

    A next step that changed with it has had a say of its own.
    """
    last = {change["id"]: change for change in changes}
    for change in last.values():
        transition = Transition(change["transition"])
        one_is_enough = transition is Transition.ACCEPT and change["kind"] != Kind.PAGE
        if transition not in WITHIN or one_is_enough or change["because"] in NOT_TRIED:
            continue
        told = change["kind"] != Kind.PAGE and tx.first(TAKEN, its=change["sequence"])
        if told:
            continue
        following = tx.first(NEXT, its=change["sequence"], following=change["step"] + 1)
        if following is None or following["state"] != PageState.PLANNED:
            continue
        if following["id"] in last:
            continue
        due, latest = following["due_at"], change["changed_at"] + WITHIN[transition]
        soon = due is not None and due <= latest
        hold(soon, f"after {transition} of {change['id']} the next waits until {due}")


def whole(
    planned: Iterable[Row], lines: Iterable[Row], people: Mapping[str, Person]
) -> None:
    """Look at whether each method of who is told of an issue is tried. Raises Broken.

    Or a line says why it is not.
    """
    left_out = {
        (line["issue"], line["person"], line["reason"])
        for line in lines
        if line["event"] == "method_left_out"
    }
    tried: dict[tuple[str, int, str], set[str]] = {}
    for page in planned:
        if page["issue"] is not None and page["kind"] in (Kind.PAGE, Kind.BAD_NEWS):
            whose = (page["sequence"], page["issue"], page["person"])
            tried.setdefault(whose, set()).add(page["via"])
    for (_, number, person), vias in tried.items():
        for via in {step.via for step in people[person].contact} - vias:
            said = (number, person, via) in left_out
            hold(said, f"nothing says why {person} got nothing of #{number} by {via}")
