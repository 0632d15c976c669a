"""What the phone simulator needs of the simulated phones."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from integrations.contract import Button


class PhoneMessage(Protocol):
    """A message on a phone, or what its owner answered (`answer`)."""

    id: int
    via: str
    address: str
    text: str
    at: datetime
    buttons: tuple[tuple[Button, ...], ...]
    answer: bool
    edited_at: datetime | None


class Phones(Protocol):
    """All simulated phones."""

    @property
    def version(self) -> int:
        """How often anything has changed."""
        ...

    def deliver(self, *, via: str, address: str, text: str) -> PhoneMessage:
        """Put a message on a phone."""
        ...

    def record_answer(self, *, via: str, address: str, text: str) -> PhoneMessage:
        """Write down what a phone's owner answered."""
        ...

    def messages(self, address: str = "", *, via: str = "") -> Sequence[PhoneMessage]:
        """Return what is kept, oldest first."""
        ...

    def subscribe(self) -> AsyncIterator[int]:
        """Yield the version now and after changes."""
        ...
