"""The machine that figures were taken on: without it they mean nothing."""

import os
import platform
import sqlite3
from pathlib import Path

from oncall.clock import SystemClock


def described() -> str:
    """Return one line: processor, cores, memory, system, versions, day, other work."""
    day = SystemClock().now().date().isoformat()
    return ", ".join(
        (
            _processor(),
            f"{os.cpu_count()} cores",
            f"{_memory_gib():.0f} GiB",
            f"{platform.system()} {platform.machine()}",
            f"Python {platform.python_version()}",
            f"SQLite {sqlite3.sqlite_version}",
            day,
            f"load {os.getloadavg()[0]:.1f}",
        )
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "an unnamed processor"


def _memory_gib() -> float:
    pages: int = os.sysconf("SC_PHYS_PAGES")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**30
