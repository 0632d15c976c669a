"""`oncall simulate`: what a policy would do, without sending anything."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from escalation_policies.policy import Severity
from oncall.cli import ground, output
from oncall.cli.options import UNSAID, At, ConfigFile, Json, duration
from oncall.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_policies.contact import Rung
    from escalation_policies.policy import Policy
    from escalation_policies.simulate import Step
    from oncall.actions.house import View
    from oncall.config.values import Config

app = typer.Typer()


@app.command(
    epilog="Example: oncall simulate --policy customer-issue --severity critical"
)
def simulate(
    *,
    policy: Annotated[str, typer.Option(help="Which escalation policy.")],
    severity: Annotated[
        Severity, typer.Option(help="How bad the issue is.")
    ] = Severity.NORMAL,
    at: At = None,
    acknowledge: Annotated[
        timedelta | None,
        typer.Option(
            parser=duration,
            metavar="DURATION",
            help="Whoever was paged last takes it so long after it opened, e.g. 7m.",
        ),
    ] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Tell whom a policy would page, without sending.

    Plays an issue through from its opening to its end, or for a day.
    """
    from escalation_policies import simulate as rules

    read = ground.configured(config)
    opened_at = ground.when(read, at)
    view = ground.view_at(read, opened_at)
    steps = rules.simulate(
        _policy(read, policy),
        severity=severity,
        opened_at=opened_at,
        on_call=view.people_of,
        changes=view.change_of,
        ladder=lambda person: _ladder(view, person),
        acknowledge_after=acknowledge,
    )
    if json:
        output.as_json(
            [asdict(step) | {"at": output.instant(step.at)} for step in steps]
        )
    else:
        _show(view, opened_at, steps)


def _policy(config: Config, name: str) -> Policy:
    if name not in config.policies:
        names = ", ".join(config.policies)
        msg = f"there is no escalation policy {name!r}; there are: {names}"
        raise NotFound(msg)
    return config.policies[name]


def _ladder(view: View, person: str) -> tuple[Rung, ...]:
    from escalation_policies.contact import Rung

    steps = view.ladder(view.person(person))
    return tuple(Rung(via=step.via, after=step.after) for step in steps)


def _show(view: View, opened_at: datetime, steps: tuple[Step, ...]) -> None:
    zone = view.config.service.zone
    output.say(f"An issue opened on {output.local(opened_at, zone)} ({zone.key}):")
    rows = [
        (
            f"+{timedelta(seconds=step.after_s)}",
            output.local(step.at, zone),
            "-" if step.level is None else f"{step.level} (round {step.round})",
            view.name_of(step.person),
            step.via,
            step.kind,
            step.because,
        )
        for step in steps
    ]
    output.table(("after", "at", "level", "person", "via", "kind", "because"), rows)
    if not rows:
        output.say("Nobody would be told anything.")
