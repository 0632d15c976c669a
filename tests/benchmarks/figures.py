"""Figures: samples, what they were to be, and a table of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured. `samples` are in `unit`; an aim is a bound on a percentile.

    Smaller is better, except where `more_is_better`. `beside` names what to compare
    with: a floor under it, or what others need.
    """

    name: str
    samples: Sequence[float]
    unit: str
    aim_p50: float | None = None
    aim_p99: float | None = None
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

    @property
    def met(self) -> bool | None:
        """Whether every aim is met; None when there is none."""
        aims = ((self.aim_p50, self.p50), (self.aim_p99, self.p99))
        judged = [
            found >= aim if self.more_is_better else found <= aim
            for aim, found in aims
            if aim is not None
        ]
        return all(judged) if judged else None


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
        _aim(figure),
        figure.beside,
    )


def _aim(figure: Figure) -> str:
    sign = "≥" if figure.more_is_better else "≤"
    bounds = (("", figure.aim_p50), ("p99 ", figure.aim_p99))
    said = [f"{name}{sign} {aim:g}" for name, aim in bounds if aim is not None]
    if not said:
        return ""
    return f"{', '.join(said)}: {'met' if figure.met else 'MISSED'}"


def written(value: float, unit: str) -> str:
    """Write a value with three significant digits and its unit."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "| " + " | ".join(cells) + " |"
