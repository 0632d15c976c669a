"""Logs: a sentence for people and fields for machines; no secrets, no customers' words."""

import logging
import sys

import structlog

QUIET = ("httpx", "httpcore", "twilio", "apscheduler", "aiohttp", "alembic", "mail.log")
"""Libraries that would log requests, and with them tokens or phone numbers."""
SILENT = ("telegram",)
"""Libraries that log answers they cannot read, whole; we say what failed ourselves."""


def configure(*, json: bool, level: str = "info") -> None:
    """Write logs to stderr: JSON lines for machines, colours for a terminal."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Frames' locals hold customers' words: of a failure only where it happened is told.
    renderers: list[structlog.typing.Processor] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
