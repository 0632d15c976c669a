"""`oncall rota`: the turns of the coming weeks, for a wall, a screen or a spreadsheet."""

from __future__ import annotations

import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, MaybeFrom, MaybeTo
from oncall.cli.roster import known
from oncall.errors import Refused
from oncall.model import Language

if TYPE_CHECKING:
    from datetime import date

    from oncall.config.values import Config
    from oncall.rota.sheet import Sheet

app = typer.Typer()
AHEAD = timedelta(weeks=5)
_DAY = timedelta(days=1)


@app.command(
    epilog="Example: oncall rota weekend --language fa --html rota.html, then print it"
)
def rota(
    rotation: Annotated[str, typer.Argument(help="Which rotation.")],
    *,
    start: MaybeFrom = None,
    end: MaybeTo = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a page to print, A4 on its side."),
    ] = None,
    pdf: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as PDF, by an installed browser."),
    ] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print a row for each day and person.")
    ] = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin the CSV so that Excel reads UTF-8.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option(help="Else the service's.")
    ] = None,
    config: ConfigFile = UNSAID,
) -> None:
    """Show who is on call on each day, by weeks.

    Whole days in the service's time zone: the next five weeks unless said otherwise.
    Marks handoffs, gaps, holidays, weekends and clock changes.
    """
    if sum((html is not None, pdf is not None, csv)) > 1:
        msg = "choose one of --html, --pdf and --csv"
        raise typer.BadParameter(msg)
    if bom and not csv:
        msg = "--bom is for --csv"
        raise typer.BadParameter(msg)
    read = ground.configured(config)
    sheet = _sheet(read, rotation, start, end, language or read.service.language)
    if html is not None:
        _page(sheet, html)
    elif pdf is not None:
        _printed(sheet, pdf)
    elif csv:
        _spreadsheet(sheet, bom=bom)
    else:
        _listing(sheet)


def _sheet(
    config: Config,
    rotation: str,
    start: datetime | None,
    end: datetime | None,
    language: Language,
) -> Sheet:
    from oncall.rota.plan import Asked, sheet_of

    first, until = _days(config, start, end)
    midnight = ground.when(config, datetime.combine(first, time()))
    over = ground.when(config, datetime.combine(until, time()))
    roster = ground.roster_of(config, midnight - _DAY, over + _DAY)
    asked = Asked(
        rotation=known(roster, rotation),
        first=first,
        end=until,
        zone=config.service.zone,
        language=language,
    )
    names = {id_: person.name for id_, person in config.people.items()}
    return sheet_of(
        roster, names, asked, service=config.service.name, now=ground.present()
    )


def _days(
    config: Config, start: datetime | None, end: datetime | None
) -> tuple[date, date]:
    """Return the local days `[first, until)` that hold all of what is asked for."""
    zone = config.service.zone
    begins = ground.when(config, start)
    first = begins.astimezone(zone).date()
    if end is None:
        return first, first + AHEAD
    _, ends = ground.in_order(begins, ground.until(config, end))
    return first, (ends - timedelta.resolution).astimezone(zone).date() + _DAY


def _page(sheet: Sheet, file: Path) -> None:
    from oncall.rota.page import to_html

    _write(file, to_html(sheet).encode())


def _printed(sheet: Sheet, file: Path) -> None:
    from oncall.cli.printing import to_pdf
    from oncall.rota.page import to_html

    _write(file, to_pdf(to_html(sheet)))


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        msg = f"{file} cannot be written: {error.strerror}"
        raise Refused(msg) from error
    output.aside(f"the rota is in {file}")


def _spreadsheet(sheet: Sheet, *, bom: bool) -> None:
    from oncall.rota.spreadsheet import to_csv

    sys.stdout.buffer.write(to_csv(sheet, bom=bom))
    sys.stdout.buffer.flush()


def _listing(sheet: Sheet) -> None:
    from oncall.rota.listing import headings, lines

    output.table(headings(sheet), lines(sheet))
