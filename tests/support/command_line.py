"""The command line in a folder of its own, on the example, at a time that stands still."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from oncall.cli.app import app
from oncall.clock import SystemClock
from oncall.config import example

FRIDAY = datetime(2026, 12, 4, 17, 30, 12, 345678, tzinfo=UTC)
"""Friday evening in Tehran: the weekend rotation is on, and it is Mina's turn."""


class CommandLine:
    """Runs commands as `oncall` does, without a process for each."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.config = folder / "oncall.toml"
        self.database = folder / "oncall.db"
        self._patch = patch
        self._patch.chdir(folder)
        self.turn_to(FRIDAY)
        self.configure(example.render())

    def turn_to(self, now: datetime) -> None:
        self._patch.setattr(SystemClock, "now", lambda _: now)

    def configure(self, text: str, *, database: str = "") -> None:
        url = database or f"sqlite:///{self.database}"
        text = text.replace("sqlite:///oncall.db", url)
        self.config.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> Result:
        runner = CliRunner(env={"ONCALL_CONFIG": str(self.config)})
        return runner.invoke(app, words)

    def says(self, *words: str) -> str:
        """Return what a command prints that must go well."""
        result = self.run(*words)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def json(self, *words: str) -> Any:  # noqa: ANN401 (any JSON)
        return json.loads(self.says(*words, "--json"))

    def fails(self, *words: str) -> str:
        """Return the sentence on stderr of a command that must fail clearly."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert isinstance(result.exception, SystemExit)
        return result.stderr.strip()

    def misused(self, *words: str) -> str:
        """Return what is said of words that make no command."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        return result.stderr
