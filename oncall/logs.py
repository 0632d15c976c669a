"""Logs: a sentence for people and fields for machines; no secrets, no customers' words."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

QUIET = (
    "httpx",
    "httpcore",
    "twilio",
    "apscheduler",
    "aiohttp",
    "alembic",
    "mail.log",
    "uvicorn.error",
)
"""Libraries that would log requests, and with them tokens or phone numbers."""
SILENT = ("telegram",)
"""Libraries that log answers they cannot read, whole; we say what failed ourselves."""


def configure(*, json: bool, level: str = "info") -> None:
    """Write logs to stderr: JSON lines for machines, sentences for a terminal."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Frames' locals hold customers' words: of a failure only where it happened is told.
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else _sentence
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(
                fmt="iso" if json else "%H:%M:%S", utc=json
            ),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _sentence(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return one log entry as `18:02:11  a message was handed over (via sms, …)`.

    `action` is for machines, and the level is said only where it matters.
    """
    at, words, level = (event.pop(key, "") for key in ("timestamp", "event", "level"))
    trace = event.pop("exception", "")
    event.pop("action", None)
    known = ", ".join(f"{key} {_shown(value)}" for key, value in event.items())
    mark = f"{level}: " if level in {"warning", "error", "critical"} else ""
    line = f"{at}  {mark}{words}{f' ({known})' if known else ''}"
    return f"{line}\n{trace}" if trace else line


def _shown(value: object) -> str:
    """Return a value's words; what a terminal would obey is written out."""
    words = str(value)
    return words if words.isprintable() else ascii(words)
