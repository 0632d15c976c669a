"""A rota for a spreadsheet: comma-separated values (RFC 4180), a row a day and person.

Columns and reasons are the same in every language, for scripts; names of days and
holidays are the reader's. Times are wall times, since that is what spreadsheets know.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from oncall.rota.dates import Pen, jalali_of
from oncall.rota.notes import holiday
from oncall.rota.sheet import Day, Sheet, Watch
from oncall.rota.words import words_of

COLUMNS = ("date", "weekday", "start", "end", "person", "because", "holiday")
JALALI = "jalali_date"
"""After the date, where people live by that calendar."""
GAP = "gap"


def to_csv(sheet: Sheet, *, bom: bool = False) -> bytes:
    """Return UTF-8 with CRLF; `bom` has Excel see that it is UTF-8.

    A gap is a row without a person and `gap` as its reason.
    """
    pen = Pen(words_of(sheet.language), sheet.zone)
    text = StringIO(newline="")
    writer = csv.writer(text)
    first, *rest = COLUMNS
    writer.writerow((first, *((JALALI,) if pen.knows_jalali else ()), *rest))
    for day in sheet.days:
        writer.writerows(_rows(pen, day))
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _rows(pen: Pen, day: Day) -> Iterator[tuple[str, ...]]:
    jalali = (jalali_of(day.date).isoformat(),) if pen.knows_jalali else ()
    for watch in day.watches:
        yield (
            day.date.isoformat(),
            *jalali,
            pen.weekday(day.date),
            _wall(pen, watch.part.start),
            _wall(pen, watch.part.end),
            watch.person or "",
            _because(watch),
            holiday(pen, day),
        )


def _because(watch: Watch) -> str:
    return GAP if watch.person is None else watch.because.value


def _wall(pen: Pen, at: datetime) -> str:
    return f"{at.astimezone(pen.zone):%Y-%m-%d %H:%M}"
