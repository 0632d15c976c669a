"""`oncall customers`: who of those who write to us are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json
from oncall.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.store import Tx
    from oncall.store.customers import Known, Suggestion

app = typer.Typer(
    help="See who is perhaps one person; merge them, or say that they are not.",
    no_args_is_help=True,
)
LARGEST = 2**31 - 1
Customer = Annotated[int, typer.Argument(min=1, max=LARGEST, help="The customer's id.")]


@app.command(epilog="Example: oncall customers suggestions")
def suggestions(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List customers who are perhaps one person, the newest suggestion first."""
    from oncall.actions.customers import suggested

    def look(tx: Tx, _view: View, _now: datetime) -> list[Suggestion]:
        return suggested(tx, before=None, limit=limit)

    found = ground.read(ground.configured(config), look)
    if json:
        from oncall.web.customers import suggestion

        output.as_json([suggestion(each) for each in found])
    else:
        _show(found)


@app.command(epilog="Example: oncall customers merge 17 --into 4")
def merge(
    customer: Customer,
    *,
    into: Annotated[
        int,
        typer.Option(min=1, max=LARGEST, help="Who this customer turned out to be."),
    ],
    config: ConfigFile = UNSAID,
) -> None:
    """Let two customers be one person; `unmerge` takes it back."""
    from oncall.actions import customers

    def act(tx: Tx, _view: View, now: datetime) -> Known:
        return customers.merge(tx, customer, into, now)

    known = ground.write(ground.configured(config), act)
    output.say(f"customer {customer} and customer {known.merged_into} are one person")


@app.command(epilog="Example: oncall customers unmerge 17")
def unmerge(customer: Customer, *, config: ConfigFile = UNSAID) -> None:
    """Take a merge back: both are again what they were."""
    from oncall.actions import customers

    def act(tx: Tx, _view: View, _now: datetime) -> Known:
        return customers.unmerge(tx, customer)

    ground.write(ground.configured(config), act)
    output.say(f"customer {customer} stands alone again")


@app.command(epilog="Example: oncall customers erase 17")
def erase(
    customer: Customer, *, json: Json = False, config: ConfigFile = UNSAID
) -> None:
    """Replace a customer's words, names and handles by nothing, everywhere.

    That there were issues, and how they went, stays. It cannot be taken back.
    """
    from oncall.actions.erase import Erasure, figures

    read = ground.configured(config)
    if not ground.kept(read):
        msg = "there is no database yet; `oncall db upgrade` makes one"
        raise NotFound(msg)
    erasure, now = Erasure(customer), ground.present()
    with ground.opened(read) as database:
        while erasure.done.more:
            database.write_now(lambda tx: erasure.step(tx, now))()
            output.progress(f"{erasure.done.issues} issues …")
    if json:
        output.as_json(figures(erasure.done))
        return
    told = ", ".join(f"{many} {what}" for what, many in figures(erasure.done).items())
    output.say(f"customer {customer} is erased: {told}")


@app.command(epilog="Example: oncall customers dismiss 3")
def dismiss(
    suggestion: Annotated[
        int, typer.Argument(min=1, max=LARGEST, help="The suggestion's id.")
    ],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """Say that two customers are not one person; it is not suggested again."""
    from oncall.actions import customers

    def act(tx: Tx, _view: View, now: datetime) -> None:
        customers.dismiss(tx, suggestion, now)

    ground.write(ground.configured(config), act)
    output.say(f"suggestion {suggestion} is dismissed")


def _show(found: Sequence[Suggestion]) -> None:
    if not found:
        output.say("Nobody is suggested to be one person with somebody else.")
        return
    rows = [
        (
            str(each.id),
            _named(each.customer),
            _named(each.other),
            f"{each.handle.kind} {each.handle.value}",
        )
        for each in found
    ]
    output.table(("id", "customer", "perhaps the same as", "because of"), rows)


def _named(known: Known) -> str:
    return f"{known.id} {known.customer.display_name}"
