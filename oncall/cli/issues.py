"""`oncall issue`: opening, reading and finishing issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from escalation_policies.policy import Severity
from oncall.cli import ground, issue_text, output, roster
from oncall.cli.options import UNSAID, ConfigFile, Json, issue_number
from oncall.errors import Conflict, NotFound
from oncall.model import Outcome, Status

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from oncall.actions.done import Done
    from oncall.actions.house import View
    from oncall.actions.report import Reported
    from oncall.model import Issue
    from oncall.store import Tx

app = typer.Typer(
    help="Open, read and finish issues. A running service acts on a change within "
    "10 seconds, at once on PostgreSQL.",
    no_args_is_help=True,
)
PICKED_UP = "a running service acts on it within 10 seconds"
Number = Annotated[
    int, typer.Argument(parser=issue_number, metavar="NUMBER", help="Such as 128.")
]


def _words(text: str) -> str:
    if not text.strip():
        msg = "is empty"
        raise typer.BadParameter(msg)
    return text


@app.command(
    epilog='Example: oncall issue new --subject "Prize not paid" --customer "Mina R"'
)
def new(
    *,
    subject: Annotated[
        str, typer.Option(callback=_words, help="The problem in a few words.")
    ],
    text: Annotated[str, typer.Option(help="What the customer wrote.")] = "",
    customer: Annotated[str, typer.Option(help="The customer's name.")] = "",
    phone: Annotated[str, typer.Option(help="The customer's phone.")] = "",
    email: Annotated[str, typer.Option(help="The customer's mail address.")] = "",
    tier: Annotated[str, typer.Option(help="Such as vip, for the routes.")] = "",
    severity: Annotated[
        Severity | None, typer.Option(help="How bad; rules may find it worse.")
    ] = None,
    source: Annotated[
        str, typer.Option(callback=_words, help="Such as phone, or walk-in.")
    ] = "cli",
    external_id: Annotated[
        str, typer.Option(help="Its id there: while open, more is appended.")
    ] = "",
    author: Annotated[
        str, typer.Option(help="Who wrote it down, as after a call.")
    ] = "",
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Open an issue: whoever is on call is paged by the running service."""
    from oncall.actions.report import report
    from oncall.model import Customer, Report

    sent = Report(
        source=source,
        subject=subject,
        customer=Customer(name=customer, phone=phone, email=email, tier=tier),
        text=text,
        external_id=external_id,
        severity=severity,
        author=author,
    )

    def act(tx: Tx, view: View, now: datetime) -> Reported:
        return report(tx, view, sent, now)

    reported = ground.write(ground.configured(config), act)
    issue = reported.issue
    what = "is open" if reported.new else "was open and has these words too"
    sentence = f"#{issue.number} {what}, {issue.severity}; {PICKED_UP}"
    _tell(issue, sentence, json=json)


@app.command("list", epilog="Example: oncall issue list --status open")
def list_(
    *,
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List issues, the newest first."""
    from oncall.store import issues
    from oncall.web import shapes

    read = ground.configured(config)

    def look(tx: Tx, _view: View, _now: datetime) -> list[Issue]:
        return issues.listed(tx, status=status, limit=limit)

    found = ground.read(read, look)
    if json:
        output.as_json([shapes.issue(each) for each in found])
    else:
        output.table(*issue_text.listed(read, found))


@app.command(epilog="Example: oncall issue show 128")
def show(number: Number, *, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """Show one issue with its messages, pages, promises and timeline."""
    from oncall.store import issues
    from oncall.web import shapes

    read = ground.configured(config)

    def look(tx: Tx, view: View, _now: datetime) -> dict[str, Any]:
        found = issues.find(tx, number)
        if found is None:
            raise _no_such(number)
        return shapes.whole_issue(tx, view, found)

    whole = ground.read(read, look)
    if json:
        output.as_json(whole)
    else:
        output.say("\n".join(issue_text.whole(read, whole)))


@app.command(epilog="Example: oncall issue acknowledge 128 --person sara")
def acknowledge(
    number: Number,
    *,
    person: Annotated[str, typer.Option(help="Who has it.")],
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Take an issue for somebody: nobody else is paged for it."""
    from oncall.actions import acknowledge as action

    def act(tx: Tx, view: View, now: datetime) -> Done:
        return action.acknowledge(tx, view, number, view.person(person).id, now)

    read = ground.configured(config)
    done = ground.write(read, act)
    issue = _open(done, number)
    owner = roster.people(read, [issue.owner] if issue.owner else [])
    if done.outcome is not Outcome.ALREADY:
        sentence = f"#{number} is acknowledged; its owner is {owner}"
    elif issue.owner == person:
        sentence = f"#{number} is already acknowledged; its owner is {owner}"
    else:
        name = roster.people(read, [person])
        at = output.local(issue.acknowledged_at, read.service.zone)
        sentence = f"#{number} is {owner}'s since {at}; {name} helps with it now"
    _tell(issue, sentence, json=json)


@app.command(
    epilog='Example: oncall issue answer 128 "We are on it, Mina." --author sara'
)
def answer(
    number: Number,
    text: Annotated[str, typer.Argument(callback=_words, help="Sent as it stands.")],
    *,
    author: Annotated[str | None, typer.Option(help="Who answers.")] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Answer the customer, by the source that they wrote by.

    What cannot be sent from here is refused: `oncall issue told` records what was said.
    """
    _say_to_customer(config, number, text, author, where=None, json=json)


@app.command(
    epilog='Example: oncall issue told 128 "It is paid." --where phone --author sara'
)
def told(
    number: Number,
    text: Annotated[str, typer.Argument(callback=_words, help="What was said.")],
    *,
    where: Annotated[
        str, typer.Option(callback=_words, help="Such as phone, or helpdesk.")
    ],
    author: Annotated[str | None, typer.Option(help="Who said it.")] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Record what the customer was told elsewhere: then nobody waits for it."""
    _say_to_customer(config, number, text, author, where=where, json=json)


@app.command(
    "confirm-address",
    epilog="Example: oncall issue confirm-address 128 mina@example.org --person sara",
)
def confirm_address(
    number: Number,
    address: Annotated[str, typer.Argument(help="One that `issue show` names.")],
    *,
    person: Annotated[str | None, typer.Option(help="Who says so.")] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Say that an address that also wrote is the customer's: answers go there then."""
    from oncall.actions.letter_address import confirm

    def act(tx: Tx, view: View, now: datetime) -> Done:
        who = None if person is None else view.person(person).id
        return confirm(tx, number, address, who, now)

    done = ground.write(ground.configured(config), act)
    issue = _open(done, number)
    _tell(issue, f"#{number}: the customer is answered at that address", json=json)


def _say_to_customer(
    config: Path,
    number: int,
    text: str,
    author: str | None,
    *,
    where: str | None,
    json: bool,
) -> None:
    """Send an answer, or record it where it is said where it was told."""
    from oncall.actions.converse import add_message
    from oncall.web import shapes

    def act(tx: Tx, view: View, now: datetime) -> dict[str, Any]:
        done = add_message(
            tx,
            view,
            number,
            direction="out",
            text=text,
            author=author,
            now=now,
            send=where is None,
            where=where or "",
        )
        issue = _open(done, number)
        return {**shapes.issue(issue), **shapes.conversation(tx, view, issue)}

    answered = ground.write(ground.configured(config), act)
    if json:
        output.as_json(answered)
    else:
        output.say(issue_text.answered(answered))


@app.command(
    epilog='Example: oncall issue resolve 128 --result "Paid today; he knows."'
)
def resolve(
    number: Number,
    *,
    result: Annotated[
        str, typer.Option(callback=_words, help="What the customer was told.")
    ],
    person: Annotated[str | None, typer.Option(help="Who finished it.")] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Finish an issue, saying what the customer was told."""
    from oncall.actions import resolve as action

    def act(tx: Tx, view: View, now: datetime) -> Done:
        who = None if person is None else view.person(person).id
        return action.resolve(tx, view, number, who, result, now)

    done = ground.write(ground.configured(config), act)
    _tell(_open(done, number), f"#{number} is resolved", json=json)


def _open(done: Done, number: int) -> Issue:
    """Return the issue that something was done to. Raises NotFound and Conflict."""
    if done.issue is None:
        raise _no_such(number)
    if done.outcome is Outcome.CLOSED:
        msg = f"issue #{number} is {done.issue.status} since it was finished"
        raise Conflict(msg)
    return done.issue


def _tell(issue: Issue, sentence: str, *, json: bool) -> None:
    from oncall.web import shapes

    if json:
        output.as_json(shapes.issue(issue))
    else:
        output.say(sentence)


def _no_such(number: int) -> NotFound:
    return NotFound(f"there is no issue #{number}")
