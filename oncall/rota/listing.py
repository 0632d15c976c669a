"""A rota for a terminal: a line for each day and person, a space between weeks."""

from collections.abc import Iterator

from oncall.rota.dates import Pen
from oncall.rota.notes import notes
from oncall.rota.sheet import Day, Sheet, Watch
from oncall.rota.words import words_of

HANDOFF = "⇄"
LOUD = "!!"
Line = tuple[str, ...]


def headings(sheet: Sheet) -> Line:
    """Return the titles of the columns."""
    words = words_of(sheet.language)
    hours = f"{words.hours} ({sheet.zone.key})"
    calendars = Pen(words, sheet.zone).calendars
    return (words.day, *calendars, hours, words.on_call, words.notes)


def lines(sheet: Sheet) -> list[Line]:
    """Return the lines under `headings`."""
    pen = Pen(words_of(sheet.language), sheet.zone)
    space = ("",) * len(headings(sheet))
    written: list[Line] = []
    for week in sheet.weeks:
        if written:
            written.append(space)
        written += [line for day in week if day for line in _day(pen, day)]
    return written


def _day(pen: Pen, day: Day) -> Iterator[Line]:
    """Yield a line for each watch; the first one says which day it is."""
    said = "; ".join(notes(pen, day))
    date: Line = (pen.weekday(day.date), *pen.dates(day.date))
    if not day.watches:
        yield (*date, "", "-", said)
    for watch in day.watches:
        yield (*date, pen.hours(watch.part, day), _who(pen, watch), said)
        date, said = ("",) * len(date), ""


def _who(pen: Pen, watch: Watch) -> str:
    if watch.person is None:
        return f"{LOUD} {pen.words.nobody}"
    handoff = f"{HANDOFF} " if watch.takes_over else ""
    why = pen.words.because.get(watch.because)
    return f"{handoff}{watch.person}{f' ({why})' if why else ''}"
