"""`[rotations]`, `[[absences]]` and `[[absence_calendars]]`."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, PlainValidator
from typing_extensions import override

from oncall.config import fields, times
from oncall.config.findings import Fault
from oncall.config.schema.table import (
    Hidden,
    Moment,
    Part,
    Some,
    Table,
    Text,
    Zone,
)
from rotations.cadence import Turn, Unit
from rotations.rotation import WhenAbsent

Entry = Annotated[tuple[str, ...], PlainValidator(fields.several)]
TurnLength = Annotated[Turn, PlainValidator(times.turn)]
Absent = Annotated[WhenAbsent, PlainValidator(fields.choice(WhenAbsent))]


class RingTable(Table):
    """People taking turns."""

    people: Annotated[list[Entry], Some] | None = None
    starts: Moment | None = None
    turn: TurnLength | None = None
    on: Annotated[list[Part], Some] | None = None

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when several people have no order in time; one alone needs none."""
        if self.people is None:
            return
        if len(self.people) > 1:
            yield from self._unordered()
        if self.turn and self.turn.unit is Unit.WINDOWS and not self.on:
            yield Fault(
                at=("turn",),
                message="counts windows, and there are none",
                hint='say which: on = ["weekend"]',
            )

    def _unordered(self) -> Iterable[Fault]:
        if self.turn is None:
            yield Fault(
                at=("turn",),
                message="is missing: how long is a turn?",
                hint='add turn = "1 week"',
            )
        if self.starts is None:
            yield Fault(
                at=("starts",),
                message="is missing: when does the first person begin?",
                hint="add starts = 2026-01-01T17:00:00",
            )


class LayerTable(RingTable):
    """`[[rotations.NAME.layers]]`; a higher priority wins, by default the later."""

    people: Annotated[list[Entry], Some]
    priority: int | None = None


ENDS_FIRST = Fault(
    at=("to",), message="is not after from", hint="put the earlier time into from"
)


class Stretch(Table):
    """What begins and ends."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    reason: str = ""

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when it ends before it begins, as far as that shows without a zone."""
        same_kind = (self.start.tzinfo is None) == (self.end.tzinfo is None)
        if same_kind and self.end <= self.start:
            yield ENDS_FIRST


class OverrideTable(Stretch):
    """`[[rotations.NAME.overrides]]`."""

    person: Text | None = None
    instead_of: Text | None = None
    add: bool = False
    remove: Text | None = None

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when it does not do one of: cover, add, take away."""
        yield from super().faults()
        if self.person is None and self.remove is None:
            yield Fault(
                message="names nobody",
                hint='add person = "…" (who covers) or remove = "…" (who is taken away)',
            )
        if self.remove and (self.person or self.instead_of or self.add):
            yield Fault(
                at=("remove",),
                message="stands beside a person who covers",
                hint="to cover somebody, write person and instead_of",
            )
        if self.add and self.instead_of:
            yield Fault(
                at=("add",),
                message="cannot be both beside and instead of somebody",
                hint="keep one of add and instead_of",
            )


class AbsenceTable(Stretch):
    """`[[absences]]`."""

    person: Text


class AbsenceCalendarTable(Table):
    """`[[absence_calendars]]`: whose leave stands in a calendar kept elsewhere."""

    person: Text
    url: Hidden | None = None
    file: Text | None = None

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when it does not stand in exactly one place."""
        if (self.url is None) == (self.file is None):
            yield Fault(
                message="needs one place to be read from",
                hint='write url = "env:SARA_LEAVE_URL" or file = "leave.ics"',
            )


class RotationTable(RingTable):
    """`[rotations.NAME]`: a single ring, or layers, or following another."""

    title: Text | None = None
    timezone: Zone | None = None
    layers: Annotated[list[LayerTable], Some] | None = None
    follows: Text | None = None
    by: Annotated[int, Field(ge=1)] | None = None
    when_absent: Absent = WhenAbsent.NEXT
    handover: list[Text] = Field(default_factory=list)
    overrides: list[OverrideTable] = Field(default_factory=list)

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when a rotation does not get its people in exactly one way."""
        yield from super().faults()
        ways = [way for way in ("people", "layers", "follows") if getattr(self, way)]
        if not ways:
            yield Fault(
                message="says not who takes turns",
                hint="add one of people, [[layers]] and follows",
            )
        if len(ways) > 1:
            yield Fault(
                at=(ways[1],),
                message=f"stands beside {ways[0]}: only one of them can say who is on",
                hint=f"keep {ways[0]} or {ways[1]}",
            )
        if ways and ways != ["people"]:
            yield from self._strays(ways[0])
        if self.by and not self.follows:
            yield Fault(
                at=("by",),
                message="belongs to a rotation that follows another",
                hint='add follows = "…", or take it out',
            )

    def _strays(self, way: str) -> Iterable[Fault]:
        place = "into each layer" if way == "layers" else "to the rotation it follows"
        for key in ("starts", "turn", "on"):
            if getattr(self, key) is not None:
                yield Fault(
                    at=(key,),
                    message=f"has no effect beside {way}",
                    hint=f"move it {place}",
                )
