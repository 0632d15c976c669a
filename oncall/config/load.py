"""From the file to a Config, or to all of its problems at once.

text → tomllib → tables (`document`) → names (`references`) → values.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from oncall.config.access import Access
from oncall.config.build import build
from oncall.config.document import read_document
from oncall.config.findings import Findings
from oncall.config.lines import Lines
from oncall.config.references import check_references
from oncall.config.secret import SecretSource
from oncall.config.values import Config
from oncall.errors import ConfigError, Problem

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load(path: Path, *, environ: Mapping[str, str], offline: bool = False) -> Config:
    """Read the file at `path`. Raises ConfigError with every problem found.

    `offline` is for whoever speaks to no provider: their secrets may be missing then.
    """
    return read(
        _text_of(path),
        environ=environ,
        file=str(path),
        folder=path.parent,
        offline=offline,
    )


def read(
    text: str,
    *,
    environ: Mapping[str, str],
    file: str = "oncall.toml",
    folder: Path | None = None,
    offline: bool = False,
) -> Config:
    """Read a configuration's text; `file:` secrets are looked for in `folder`.

    Raises ConfigError with every problem found.
    """
    raw, lines = _parse(text, file), Lines(text)
    findings = Findings()
    document = read_document(raw, findings)
    check_references(raw, findings)
    secrets = SecretSource(environ=environ, folder=folder or Path())
    config = build(document, Access(secrets, findings, offline=offline), findings)
    problems = findings.problems(lines, file)
    if config is None:
        raise ConfigError(problems)
    return replace(config, path=file, warnings=problems, lines=lines)


def _text_of(path: Path) -> str:
    hint = "`oncall init` writes an example; --config or ONCALL_CONFIG name another"
    try:
        # Some editors begin a file with a byte order mark; TOML knows none.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = f"cannot be read: {error.strerror or 'it is not there'}"
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        why, hint = f"line {line} is not UTF-8", "save the file as UTF-8"
    except ValueError:
        why = "is not the name of a file"
    raise ConfigError([_unreadable(why, hint, str(path))])


def _parse(text: str, file: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        problem = _unreadable("brackets are nested too deeply", "", file)
    except ValueError as error:
        problem = _syntax_problem(str(error), text, file)
    raise ConfigError([problem])


def _syntax_problem(message: str, text: str, file: str) -> Problem:
    """Place what tomllib says; the text itself is not quoted: it may hold secrets."""
    place = _PLACE.search(message)
    lines = max(1, len(text.splitlines()))
    line = int(place[1] or lines) if place else 0
    column = f", column {place[2]}" if place and place[2] else ""
    what = _PLACE.sub("", message)
    return Problem(
        level="error",
        path="",
        line=line,
        message=f"this is not TOML{column}: {what}",
        hint="mend this first: the rest is read once it is",
        file=file,
    )


def _unreadable(why: str, hint: str, file: str) -> Problem:
    return Problem(level="error", path="", line=0, message=why, hint=hint, file=file)
