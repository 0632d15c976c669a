"""A rota as one HTML file made for A4 on its side; it loads nothing and runs nothing."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from oncall.rota.dates import Pen
from oncall.rota.listing import HANDOFF
from oncall.rota.notes import clocks, weekend
from oncall.rota.sheet import Sheet
from oncall.rota.words import words_of


def to_html(sheet: Sheet) -> str:
    """Return the page; every value in it is escaped."""
    words = words_of(sheet.language)
    pen = Pen(words, sheet.zone)
    made = sheet.made_at.astimezone(sheet.zone).date()
    return _template().render(
        sheet=sheet,
        words=words,
        pen=pen,
        weekdays=[words.weekdays[day] for day in sheet.weekdays],
        handoff=HANDOFF,
        made=words.made.format(
            day=pen.dates(made, year=True)[0], at=pen.at(sheet.made_at)
        ),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("oncall", "rota"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"clocks": clocks, "weekend": weekend}
    return environment.get_template("page.html")
