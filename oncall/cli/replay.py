"""`oncall replay`: what the rules of now say of what was delivered before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.actions.rejudge import Change, Opinion
    from oncall.config.values import Config
    from oncall.store import Tx

app = typer.Typer()
KEPT_DAYS = 90


@app.command(epilog="Example: oncall --config changed.toml replay --days 30")
def replay(
    *,
    days: Annotated[
        int, typer.Option(min=1, max=KEPT_DAYS, help="How far back to look.")
    ] = 30,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Judge stored deliveries by the configuration as it is now.

    Prints whose severity or policy would be another. Nothing is changed, nobody paged.
    """
    from oncall.actions.rejudge import rejudge
    from oncall.wiring.sources import sources_of

    read = ground.configured(config)
    sources = sources_of(read)

    def look(tx: Tx, view: View, now: datetime) -> list[Change]:
        return list(rejudge(tx, view, sources, now - timedelta(days=days)))

    changes = ground.read(read, look)
    if json:
        output.as_json([_shape(change) for change in changes])
    else:
        _show(read, changes, days)


def _shape(change: Change) -> dict[str, object]:
    return {
        "delivery": change.delivery,
        "source": change.source,
        "received_at": output.instant(change.received_at),
        "issue": change.issue,
        "before": _opinion(change.before),
        "after": _opinion(change.after),
        "because": list(change.because),
    }


def _opinion(opinion: Opinion) -> dict[str, str] | None:
    if not opinion.policy:
        return None
    return {"severity": opinion.severity, "policy": opinion.policy}


def _show(config: Config, changes: Sequence[Change], days: int) -> None:
    if not changes:
        output.say(f"Nothing of the last {days} days would be judged otherwise.")
        return
    zone = config.service.zone
    rows = [
        (
            output.local(change.received_at, zone),
            change.source,
            "-" if change.issue is None else f"#{change.issue}",
            _told(change.before),
            _told(change.after),
            "; ".join(change.because),
        )
        for change in changes
    ]
    output.table(("at", "source", "issue", "was", "would be", "because"), rows)


def _told(opinion: Opinion) -> str:
    if not opinion.policy:
        return "unreadable"
    return f"{opinion.severity}, {opinion.policy}"
