"""What is found wrong, gathered while reading goes on: all problems at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from oncall.config.lines import Lines, Path, dotted
from oncall.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a table, `at` counted from that table."""

    message: str
    hint: str = ""
    at: Path = ()


class Unfit(ValueError):
    """A value will not do. Neither text holds a secret."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = (Fault(message=message, hint=hint),)


class Incoherent(Unfit):
    """The values are right one by one, and do not go together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("does not fit together")
        self.faults = tuple(faults)


class Findings:
    """Problems under way; lines are named at the end, when somebody wants them."""

    def __init__(self) -> None:
        self._found: list[tuple[str, Path, str, str]] = []
        self.partial: dict[Path, Mapping[str, object]] = {}
        """The readable values of each table with a fault, by their fields' names."""

    @property
    def failed(self) -> bool:
        """Whether there is any error among them."""
        return any(level == "error" for level, *_ in self._found)

    def error(self, at: Path, message: str, hint: str = "") -> None:
        """Note what makes the configuration unusable."""
        self._found.append(("error", at, message, hint))

    def warning(self, at: Path, message: str, hint: str = "") -> None:
        """Note what people should know, and can live with."""
        self._found.append(("warning", at, message, hint))

    def problems(self, lines: Lines, file: str) -> tuple[Problem, ...]:
        """Return all that was found, in the order of the file."""
        placed = [
            Problem(
                level=level,
                path=dotted(at),
                line=lines.of(at),
                message=message,
                hint=hint,
                file=file,
            )
            for level, at, message, hint in self._found
        ]
        return tuple(sorted(placed, key=lambda problem: problem.line))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "sara"?`, or the known words when none is near."""
    names = sorted(known)
    near = get_close_matches(word.casefold(), [name.casefold() for name in names], n=1)
    if near:
        name = next(name for name in names if name.casefold() == near[0])
        return f'did you mean "{name}"?'
    if not names:
        return ""
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")  # noqa: PLR2004 - a line's worth
    return f"known here: {shown}"
