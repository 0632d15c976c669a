"""Expected failures, told in words that say what to do.

OncallError
├── ConfigError       the configuration has problems; all of them are in `.problems`
├── NotFound          no such issue, person, rotation, …
├── Refused           the request makes no sense now; `.errors` names paths
├── Conflict          it was possible once, not any more
├── Forbidden         not for you
└── StoreUnavailable  the database does not answer or the disk is full; try again
"""

from collections.abc import Sequence
from dataclasses import dataclass


class OncallError(Exception):
    """The base of all; `detail` is a sentence for people and holds no secret."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in the configuration, where it is, and how to mend it.

    `level` is `error` or `warning`; `path` is dotted (`people.sara.phone`);
    `line` counts from 1, 0 when no line can be named; `file` may be empty.
    """

    level: str
    path: str
    line: int
    message: str
    hint: str = ""
    file: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        path = f"{self.path}: " if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{path}{self.message}{hint}"


class ConfigError(OncallError):
    """The configuration cannot be used. `problems` holds everything found, in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotFound(OncallError):
    """Nothing by that name."""


class Refused(OncallError):
    """The request is understood and cannot be done. `errors` are (path, message)."""

    def __init__(self, detail: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.errors = tuple(errors)


class Conflict(OncallError):
    """The thing is not in a state in which this can be done."""


class Forbidden(OncallError):
    """Not for this person or token."""


class StoreUnavailable(OncallError):
    """The database does not answer or cannot write."""
