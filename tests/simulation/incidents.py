"""Incidents in the simulation: opened over some issues, joined, taken, left and ended."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from oncall.actions import incidents
from oncall.errors import Conflict, NotFound
from oncall.store.issues import ISSUE
from oncall.store.prepared import Prepared

if TYPE_CHECKING:
    from simulation.world import World

JOINED = Prepared(select(ISSUE.c.number).where(ISSUE.c.incident == bindparam("its")))
SEVERAL = 4
"""At most so many issues are joined at a time."""
REMEMBERED = 2
"""So many incidents are spoken of at a time."""
NEWEST = 8
"""Issues that may have one cause came in together."""


class Incidents:
    """What people do about many issues at once.

    It is drawn from a source of its own, so that a weekend without incidents plays as
    it did before there were any.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._random = Random(f"incidents {world.seed}")  # noqa: S311 (it must replay)
        self._opened: list[int] = []

    @property
    def is_time(self) -> bool:
        """Whether something is done about an incident in this step."""
        return self.world.has_incidents and self._random.random() < 0.03

    def somebody_sees_one_cause(self) -> str:
        """Somebody does something to an incident, or the engine carries one on."""
        if not self.world.accepted:
            return "there is no issue"
        if self._random.random() < 0.2:
            node = self._random.choice(self.world.awake())
            return f"{node.name} carries on, busy {node.tick(node.incidents)}"
        acts = [self._open] if not self._opened else [self._open, *self._acts()]
        try:
            return self._random.choice(acts)()
        except (Conflict, NotFound) as error:
            return str(error)

    def _acts(self) -> tuple[Callable[[], str], ...]:
        return (self._join, self._join, self._take, self._take, self._leave, self._end)

    def _some_issues(self) -> list[int]:
        issues = tuple(self.world.accepted)[-NEWEST:]
        many = self._random.randint(1, SEVERAL)
        return self._random.sample(issues, min(many, len(issues)))

    def _lately(self) -> int:
        return self._random.choice(self._opened[-REMEMBERED:])

    def _somebody(self) -> str:
        return self._random.choice(tuple(self.world.config.people))

    def _open(self) -> str:
        numbers, by = self._some_issues(), self._somebody()
        opened = self.world.act(
            lambda tx, view, now: incidents.open_incident(
                tx, view, "one cause", numbers, now, by=by
            )
        )
        self._opened.append(opened.id)
        return f"{by} opens incident {opened.id} over {numbers}"

    def _join(self) -> str:
        key, numbers = self._lately(), self._some_issues()
        self.world.act(
            lambda tx, view, now: incidents.join(tx, view, key, numbers, now, by=None)
        )
        return f"{numbers} join incident {key}"

    def _take(self) -> str:
        key, person = self._lately(), self._somebody()
        self.world.act(
            lambda tx, view, now: incidents.acknowledge(tx, view, key, person, now)
        )
        return f"{person} takes incident {key}"

    def _leave(self) -> str:
        key = self._lately()
        joined = self.world.database.read_now(lambda tx: tx.all(JOINED, its=key))
        if not joined:
            return f"nothing is in incident {key}"
        number = self._random.choice(joined)["number"]
        self.world.act(
            lambda tx, view, now: incidents.leave(tx, view, key, number, now, by=None)
        )
        return f"#{number} leaves incident {key}"

    def _end(self) -> str:
        key, also = self._lately(), self._random.random() < 0.5
        by = self._somebody()
        self.world.act(
            lambda tx, view, now: incidents.resolve(
                tx, view, key, "mended", now, by=by, with_issues=also
            )
        )
        return f"{by} ends incident {key}, its issues too: {also}"
