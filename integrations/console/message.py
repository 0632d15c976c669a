"""A message on a simulated phone, and how it looks in a terminal."""

from dataclasses import dataclass
from datetime import datetime

from integrations.contract import Button

Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMessage:
    """One message on a simulated phone.

    `id` counts up over all phones. `answer` tells what the person wrote from what
    was sent to them. `at` is UTC; `edited_at` is set when the text was replaced.
    """

    id: int
    via: str
    address: str
    text: str
    at: datetime
    buttons: Buttons = ()
    reference: str = ""
    answer: bool = False
    edited_at: datetime | None = None


def one_line(message: PhoneMessage) -> str:
    """Return a message as a line for a terminal, its buttons in brackets."""
    arrow = "<-" if message.answer else "->"
    mark = " (edited)" if message.edited_at else ""
    words = " / ".join(message.text.splitlines())
    labels = "".join(f" [{b.label}]" for row in message.buttons for b in row)
    return (
        f"{message.at:%H:%M:%S} {message.via} {arrow} {message.address}{mark}: "
        f"{words}{labels}"
    )
