"""Figures: samples, what they were to be, and a table of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

IN_MS = {"s": 1000.0}
"""Spans are compared in milliseconds, whatever they are written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What cannot be undercut, measured close in time to the figure above it.

    A machine, and what else it does, moves both alike: their ratio stays.
    """

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A bound on a percentile: so many times its floor, or absolute without one."""

    bound: float
    floor: Floor | None = None
    of: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured. `samples` are in `unit`; `aims` bound their percentiles.

    Smaller is better, except where `more_is_better`. `beside` names what to compare
    with: what others need, or how it was counted.
    """

    name: str
    samples: Sequence[float]
    unit: str
    aims: Sequence[Aim] = ()
    more_is_better: bool = False
    beside: str = ""

    @property
    def p50(self) -> float:
        """The median."""
        return percentile(self.samples, 50)

    @property
    def p99(self) -> float:
        """What all but one in a hundred are within."""
        return percentile(self.samples, 99)

    def seen(self, aim: Aim) -> float:
        """Return what the aim bounds: the percentile, or its ratio to the floor."""
        value = percentile(self.samples, aim.of)
        if aim.floor is None:
            return value
        floor = aim.floor.value * IN_MS.get(aim.floor.unit, 1)
        return value * IN_MS.get(self.unit, 1) / floor

    def met(self, aim: Aim) -> bool:
        """Tell whether an aim is met."""
        seen = self.seen(aim)
        return seen >= aim.bound if self.more_is_better else seen <= aim.bound


def percentile(samples: Sequence[float], which: int) -> float:
    """Return a percentile, between neighbours where it falls between."""
    if len(samples) == 1:
        return samples[0]
    return quantiles(samples, n=100, method="inclusive")[which - 1]


def table(figures: Iterable[Figure]) -> str:
    """Return a Markdown table, which reads well on a terminal too."""
    heads = ("figure", "median", "p99", "samples", "aim", "beside")
    rows = [heads, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = [_line(row, widths) for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        written(figure.p50, figure.unit),
        written(figure.p99, figure.unit) if len(figure.samples) >= 100 else "",
        str(len(figure.samples)),
        "; ".join(_aim(figure, aim) for aim in figure.aims),
        figure.beside,
    )


def _aim(figure: Figure, aim: Aim) -> str:
    """Say the bound, the floor with its own value, and what was seen."""
    sign = "≥" if figure.more_is_better else "≤"
    which = "" if aim.of == 50 else f"p{aim.of} "
    verdict = "met" if figure.met(aim) else "MISSED"
    said = f"{which}{sign} {aim.bound:g}"
    if aim.floor is None:
        return f"{said}: {verdict}"
    floor = f"{aim.floor.name} ({written(aim.floor.value, aim.floor.unit)})"
    return f"{said} × {floor}: {written(figure.seen(aim), '×')}, {verdict}"


def written(value: float, unit: str) -> str:
    """Write a value with three significant digits and its unit."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "| " + " | ".join(cells) + " |"
