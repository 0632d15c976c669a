"""The fast answer is the slow one, whatever the rota."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.cadence import Turn, Unit
from rotations.coverage import Roster
from rotations.exception import Absence, Exceptions, Override, Swap
from rotations.rotation import Follow, Layer, Rotation, WhenAbsent
from rotations.window import Desk, Holiday, parse_window
from support.rota import wall
from support.slow_rota import slow_people

PEOPLE = ("ana", "bea", "cyr", "dov", "eva")
START = datetime(2027, 3, 1, tzinfo=UTC)
HOURS = 24 * 70  # over the clock changes of all the zones below
ZONES = tuple(map(ZoneInfo, ("Europe/Berlin", "Africa/Cairo", "America/New_York")))
QUICK = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def holidays(year: int) -> dict[date, Holiday]:
    return {date(year, 3, 26): Holiday("a Friday"), date(year, 4, 14): Holiday("mid")}


DESKS = (
    Desk(
        zone=ZONES[0],
        open=(time(9), time(17)),
        weekend=(parse_window("sat, sun"),),
        holidays=holidays,
        closed=((date(2027, 4, 5), date(2027, 4, 7)),),
    ),
    Desk(
        zone=ZONES[1],
        open=(time(8), time(15)),
        weekend=(parse_window("thu 13:00 - sat 08:00"),),
        holidays=holidays,
        not_holidays=frozenset({date(2027, 4, 14)}),
    ),
    Desk(zone=ZONES[2], weekend=(parse_window("sat, sun"),), holidays=holidays),
)
WINDOWS = tuple(
    map(
        parse_window,
        (
            "weekend",
            "holidays",
            "closed",
            "fri 17:00 - mon 08:00",
            "daily 22:00-06:00",
            "mon-fri 18:00-22:00",
            "sun",
        ),
    )
)
LONG_UNITS = [unit for unit in Unit if unit is not Unit.HOURS]
TURNS = st.builds(Turn, st.integers(1, 3), st.sampled_from(LONG_UNITS)) | st.builds(
    Turn, st.sampled_from([5, 8, 12]), st.just(Unit.HOURS)
)
person = st.sampled_from(PEOPLE)
spans = st.tuples(st.integers(0, HOURS), st.integers(1, 24 * 12)).map(
    lambda pair: (START + timedelta(hours=pair[0]), timedelta(hours=pair[1]))
)


@st.composite
def layers(draw: st.DrawFn, *, single: bool = False) -> Layer:
    entry = st.lists(person, min_size=1, max_size=1 if single else 2, unique=True)
    shape = st.lists(entry.map(tuple), min_size=1, max_size=4, unique=single)
    covered = st.lists(st.sampled_from(WINDOWS), max_size=2, unique=True)
    return Layer(
        ring=tuple(draw(shape)),
        turn=draw(TURNS),
        starts=wall("2027-02-27T00:00") + timedelta(hours=draw(st.integers(0, 96))),
        zone=draw(st.sampled_from(ZONES)),
        windows=tuple(draw(covered)),
        priority=draw(st.integers(0, 2)),
        phase=draw(st.integers(0, 3)),
    )


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    start, length = draw(spans)
    kind = draw(st.sampled_from(["plain", "plain", "instead", "add", "remove"]))
    return Override(
        id="o",
        rotation=draw(st.sampled_from(["r", "r", "backup"])),
        start=start,
        end=start + length,
        person=None if kind == "remove" else draw(person),
        instead_of=draw(person) if kind == "instead" else None,
        add=kind == "add",
        remove=draw(person) if kind == "remove" else None,
    )


@st.composite
def swaps(draw: st.DrawFn) -> Swap:
    (start, length), (back, back_length) = draw(spans), draw(spans)
    given_back = draw(st.booleans())
    return Swap(
        id=str(draw(st.uuids())),
        rotation=draw(st.sampled_from(["r", "r", "backup"])),
        person=draw(person),
        with_person=draw(person),
        start=start,
        end=start + length,
        back_start=back if given_back else None,
        back_end=back + back_length if given_back else None,
    )


absences = st.builds(
    lambda who, span: Absence(id="a", person=who, start=span[0], end=span[0] + span[1]),
    person,
    spans,
)


@st.composite
def rosters(draw: st.DrawFn, *, backup: bool = False) -> Roster:
    most = 1 if backup else 3
    rings = draw(st.lists(layers(single=backup), min_size=1, max_size=most))
    absent = st.sampled_from(WhenAbsent if not backup else [WhenAbsent.NEXT])
    main = Rotation(id="r", title="r", layers=tuple(rings), when_absent=draw(absent))
    first = Follow("r", by=draw(st.integers(1, 2)))
    chain = (
        main,
        Rotation(id="backup", title="b", follows=first),
        Rotation(id="third", title="t", follows=Follow("backup")),
    )
    return Roster(
        rotations={rotation.id: rotation for rotation in chain},
        desk=draw(st.sampled_from(DESKS)),
        exceptions=Exceptions(
            overrides=tuple(draw(st.lists(overrides(), max_size=5))),
            swaps=tuple(draw(st.lists(swaps(), max_size=3))),
            absences=tuple(draw(st.lists(absences, max_size=3))),
        ),
    )


def instants(draw: st.DataObject) -> list[datetime]:
    hours = draw.draw(st.lists(st.integers(0, HOURS), min_size=5, max_size=5))
    return [START + timedelta(hours=hour) for hour in hours]


@given(rosters(), st.data())
@QUICK
def test_layers_and_exceptions_answer_as_the_slow_reference(
    roster: Roster, data: st.DataObject
):
    for at in instants(data):
        assert set(roster.who_is_on_call("r", at).people) == slow_people(
            roster, "r", at
        )


@given(rosters(backup=True), st.data())
@QUICK
def test_followers_answer_as_the_slow_reference(roster: Roster, data: st.DataObject):
    for at in instants(data):
        for rotation in ("backup", "third"):
            fast = roster.who_is_on_call(rotation, at).people
            assert set(fast) == slow_people(roster, rotation, at)


@given(rosters(), spans)
@QUICK
def test_shifts_say_the_same_as_who_is_on_call_up_to_their_half_open_ends(
    roster: Roster, span: tuple[datetime, timedelta]
):
    start, end = span[0], span[0] + span[1]
    shifts = roster.shifts_between("r", start, end)
    edges = {edge for shift in shifts for edge in (shift.start, shift.end)}
    moments = {edge - timedelta.resolution for edge in edges} | edges | {start}
    for at in (moment for moment in moments if start <= moment < end):
        on = [shift.person for shift in shifts if shift.start <= at < shift.end]
        answer = roster.who_is_on_call("r", at)
        assert sorted(on) == sorted(answer.people)
        assert answer.until is None or answer.until > at


@given(rosters(), spans, st.integers(1, 24 * 12 - 1))
@QUICK
def test_asking_in_two_parts_gives_the_same_shifts(
    roster: Roster, span: tuple[datetime, timedelta], hours: int
):
    start, end = span[0], span[0] + span[1]
    middle = min(start + timedelta(hours=hours), end)
    whole = roster.shifts_between("r", start, end)
    parts = [
        *roster.shifts_between("r", start, middle),
        *roster.shifts_between("r", middle, end),
    ]
    for shift in whole:
        pieces = [
            part
            for part in parts
            if part.person == shift.person
            and part.slot_start == shift.slot_start
            and shift.start <= part.start < shift.end
        ]
        assert min(piece.start for piece in pieces) == shift.start
        assert max(piece.end for piece in pieces) == shift.end


@given(rosters(), spans)
@QUICK
def test_gaps_and_shifts_never_touch_the_same_time(
    roster: Roster, span: tuple[datetime, timedelta]
):
    start, end = span[0], span[0] + span[1]
    for gap in roster.gaps("r", start, end):
        for at in (gap.start, gap.end - timedelta.resolution):
            assert roster.who_is_on_call("r", at).people == ()


@given(rosters(), st.data())
@QUICK
def test_until_is_the_next_change_and_no_later(roster: Roster, data: st.DataObject):
    at = instants(data)[0]
    answer = roster.who_is_on_call("r", at)
    if answer.until is not None:
        before = roster.who_is_on_call("r", answer.until - timedelta.resolution)
        after = roster.who_is_on_call("r", answer.until)
        assert set(before.people) == set(answer.people) != set(after.people)
