"""Programs that are not ours, reading our calendars."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import recurring_ical_events
from icalendar import Calendar

SCRIPT = Path(__file__).parent / "js" / "read_calendar.cjs"
PACKAGES = ("ical.js@2.2.1", "node-ical@0.27.2")
QUIET = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Read:
    """An event as a program has understood it."""

    start: datetime
    end: datetime
    uid: str
    status: str
    sequence: int
    summary: str


def by_python(body: bytes, start: datetime, end: datetime) -> list[Read]:
    """Return what recurring-ical-events finds in a span."""
    events = recurring_ical_events.of(Calendar.from_ical(body)).between(start, end)
    return sorted(
        Read(
            start=event["DTSTART"].dt.astimezone(UTC),
            end=event["DTEND"].dt.astimezone(UTC),
            uid=str(event["UID"]),
            status=str(event["STATUS"]),
            sequence=int(event["SEQUENCE"]),
            summary=str(event["SUMMARY"]),
        )
        for event in events
    )


def by_node(folder: Path, file: Path) -> dict[str, list[Read]]:
    """Return what ical.js and node-ical find in a file, by their names."""
    command = [shutil.which("node") or "node", str(SCRIPT), str(folder), str(file)]
    # Away from UTC, so that an instant taken for local time would be seen.
    environ = os.environ | {"TZ": "America/New_York"}
    done = subprocess.run(  # noqa: S603 (our own script)
        command, capture_output=True, check=True, timeout=PATIENCE_S, env=environ
    )
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return {
        name: sorted(_read(event) for event in events) for name, events in found.items()
    }


def why_not_installed(folder: Path) -> str:
    """Install the JavaScript parsers into `folder`; return why that is not possible."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "there is no npm here"
    command = [npm, "install", "--prefix", str(folder), *QUIET, *PACKAGES]
    try:
        done = subprocess.run(  # noqa: S603 (fixed names and versions)
            command, capture_output=True, check=False, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        return "the registry of npm does not answer in time"
    return "" if done.returncode == 0 else "npm cannot install the parsers here"


def _read(event: dict[str, Any]) -> Read:
    times = {name: datetime.fromisoformat(event[name]) for name in ("start", "end")}
    return Read(**(event | times))
