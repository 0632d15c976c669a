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
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from escalation_policies.contact import Rung
    from escalation_policies.policy import Policy
    from escalation_policies.simulate import Step
    from oncall.actions.house import View
    from oncall.config.values import Config

app = typer.Typer()
FOLDED = 3
"""What comes so often at the end is shown once."""
LONGEST_PART = 60
"""Steps; a last resort has as many as its people have contact methods."""


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
        notes=not json,
    )
    if json:
        output.as_json([_shape(step) for step in steps])
    else:
        _show(view, opened_at, steps)


def _shape(step: Step) -> dict[str, object]:
    shape = asdict(step) | {"at": output.instant(step.at)}
    del shape["detail"]  # only notes have one, and they are for people
    return shape


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
    rows: list[tuple[str, ...]] = []
    for step, more in folded(steps):
        rows.append(_row(view, step))
        if more is not None:
            every, times = more
            again = f"the same every {_span(every)}, {times} times more"
            rows.append(("…", "", "", again, "", "", ""))
    output.table(("after", "at", "level", "person", "via", "kind", "because"), rows)
    if not rows:
        output.say("Nobody would be told anything.")


def _row(view: View, step: Step) -> tuple[str, ...]:
    return (
        f"+{timedelta(seconds=step.after_s)}",
        output.local(step.at, view.config.service.zone),
        "-" if step.level is None else f"{step.level} (round {step.round})",
        "nobody" if step.kind == "note" else view.name_of(step.person),
        step.via or "-",
        step.kind,
        step.detail or step.because,
    )


def folded(
    steps: Sequence[Step],
) -> Iterator[tuple[Step, tuple[timedelta, int] | None]]:
    """Yield the steps with a repeated end only once.

    Beside the last step of the part that comes again: how long after itself, and how
    often. Nothing is folded that comes fewer than three times.
    """
    size, times = _repeated_end(steps)
    shown = len(steps) - size * (times - 1) if times >= FOLDED else len(steps)
    for place, step in enumerate(steps[:shown]):
        if times >= FOLDED and place == shown - 1:
            yield step, (steps[place + size].at - step.at, times - 1)
        else:
            yield step, None


def _repeated_end(steps: Sequence[Step]) -> tuple[int, int]:
    """Return the size of the part that comes again at the end, and how many times."""
    best = (0, 0)
    for size in range(1, min(LONGEST_PART, len(steps) // 2) + 1):
        times = 1
        while _are_alike(steps, len(steps) - size * (times + 1), size):
            times += 1
        if size * (times - 1) > best[0] * (best[1] - 1):
            best = size, times
    return best


def _are_alike(steps: Sequence[Step], start: int, size: int) -> bool:
    """Tell whether a part and the one after it say the same, at the same distance."""
    if start < 0:
        return False
    one, other = steps[start : start + size], steps[start + size : start + 2 * size]
    every = steps[-1].at - steps[-1 - size].at
    return all(
        b.at - a.at == every and _said(a) == _said(b)
        for a, b in zip(one, other, strict=True)
    )


def _said(step: Step) -> tuple[object, ...]:
    return (step.level, step.person, step.via, step.kind, step.because, step.detail)


def _span(every: timedelta) -> str:
    minutes, seconds = divmod(int(every.total_seconds()), 60)
    return f"{minutes} minutes" if not seconds else f"{minutes * 60 + seconds} seconds"
