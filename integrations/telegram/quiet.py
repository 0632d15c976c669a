"""Keep the bot's token, and what people write, out of the libraries' logs.

Telegram has the token in every address, and httpx logs each address it calls; the
Telegram library logs whole messages when it debugs.
"""

import logging
from collections.abc import Callable

LOGGERS = ("httpx", "telegram.Bot")


def hide_token(token: str) -> Callable[[], None]:
    """Mask `token` in both loggers and drop their debug lines; returns the undoing."""

    def mask(record: logging.LogRecord) -> bool:
        record.msg = record.getMessage().replace(token, "***")
        record.args = ()
        return record.levelno > logging.DEBUG

    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(mask)

    def undo() -> None:
        for logger in loggers:
            logger.removeFilter(mask)

    return undo
