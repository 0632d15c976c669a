"""`oncall why`: every page that was sent and every page that was not, explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, At, ConfigFile, Json, issue_number

if TYPE_CHECKING:
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.actions.why import Entry
    from oncall.cli.why_text import Sentences
    from oncall.store import Tx

app = typer.Typer()


@app.command(epilog="Examples: oncall why 128 · oncall why sara --at 2026-12-04T23:00")
def why(
    subject: Annotated[
        str, typer.Argument(metavar="ISSUE|PERSON", help="A number, or a person's id.")
    ],
    *,
    at: At = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Explain who was paged, who was not, and why.

    Of an issue: everything until now, or until --at. Of a person: the day before.
    """
    from oncall.actions import why as action
    from oncall.cli.why_text import Sentences, shape

    read = ground.configured(config)
    moment = ground.present() if at is None else ground.when(read, at)
    number = _number(subject)

    def look(tx: Tx, view: View, _now: datetime) -> tuple[View, list[Entry]]:
        whom = subject if number is None else number
        until = action.by_now(tx, whom, moment) if at is None else moment
        if number is None:
            return view, action.of_person(tx, view, subject, until)
        return view, action.of_issue(tx, view, number, until)

    view, entries = ground.read(read, look, moment)
    sentences = Sentences(view)
    if json:
        output.as_json([shape(entry, sentences.say) for entry in entries])
    else:
        _show(view, sentences, entries)


def _number(subject: str) -> int | None:
    """Return an issue's number, or None for what can only be a person's id."""
    return issue_number(subject) if subject.removeprefix("#").isdecimal() else None


def _show(view: View, sentences: Sentences, entries: list[Entry]) -> None:
    from oncall.wording.plain import one_line

    for entry in entries:
        if sentence := sentences.say(entry):
            at = output.local(entry.at, view.config.service.zone)
            output.say(f"{at}  {one_line(sentence)}")
    if not entries:
        output.say("Nothing was sent, and there was nothing to send.")
