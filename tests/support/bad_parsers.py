"""Parsers that go wrong, each in its way. They are found by name in another process."""

import os
import re
import signal

from integrations.intake.contract import (
    CanonicalMessage,
    Direction,
    IntakeRequest,
    Unparsed,
)
from integrations.intake.parser import Messages

RUNS_AWAY = re.compile(r"(?:a+)+$")


def bad(request: IntakeRequest) -> Messages:
    """Do what the body says; any other words are a message."""
    match request.body.decode():
        case "hang":
            # one expression: no other thread of its process runs until it is through
            RUNS_AWAY.match("a" * 60 + "!")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "eat":
            bytearray(1 << 40)
        case "err":
            raise ZeroDivisionError(request.body)
        case "print":
            print("what is this")  # noqa: T201 (it must not pass for a result)
        case "refuse":
            reason = "It is empty."
            raise Unparsed(reason)
    return (message(request.body.decode()),)


def message(text: str) -> CanonicalMessage:
    """Return a message with these words."""
    return CanonicalMessage(
        source="bank",
        direction=Direction.INBOUND,
        opens=True,
        conversation_id=text,
        dedup_key=text,
        text=text,
    )
