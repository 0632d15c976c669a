"""A page on paper: our own HTML, printed to PDF by a browser that is installed.

Joining Persian letters and laying a table out from right to left takes a layout engine
and fonts. A browser has both, and prints the very page that it shows.
"""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from oncall.errors import Refused

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
OTHERWISE = "write --html FILE and print that from any browser"
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
_PATIENCE_S = 60


def to_pdf(html: str) -> bytes:
    """Return the page as PDF. Raises Refused without a browser, or when it fails."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        msg = (
            "a PDF is printed by Chromium, Chrome or Edge, and none is installed: "
            f"install one (on Debian: apt install chromium), or {OTHERWISE}"
        )
        raise Refused(msg)
    with TemporaryDirectory() as folder:
        source, printed = Path(folder, "rota.html"), Path(folder, "rota.pdf")
        source.write_text(html, encoding="utf-8")
        _print(browser, source, printed)
        if not printed.is_file():
            msg = f"{browser} printed nothing; {OTHERWISE}"
            raise Refused(msg)
        return printed.read_bytes()


def _print(browser: str, source: Path, printed: Path) -> None:
    command = [
        browser,
        *_QUIET,
        *_rights(),
        f"--user-data-dir={source.parent / 'profile'}",
        f"--print-to-pdf={printed}",
        source.as_uri(),
    ]
    try:
        subprocess.run(  # noqa: S603  a browser found on PATH, our own words
            command, check=True, capture_output=True, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"{browser} could not print ({type(error).__name__}); {OTHERWISE}"
        raise Refused(msg) from error


def _rights() -> tuple[str, ...]:
    """Chromium refuses to run as root, as in a container, inside its sandbox."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ("--no-sandbox",) if root else ()
