"""What the phone simulator needs of the simulated phones."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from integrations.contract import Button


class PhoneMessage(Protocol):
    """A message on a phone, or what its owner answered."""

    @property
    def id(self) -> int:
        """Counts up over all phones."""
        ...

    @property
    def via(self) -> str:
        """The contact method."""
        ...

    @property
    def address(self) -> str:
        """Whose phone it is."""
        ...

    @property
    def text(self) -> str:
        """What it says."""
        ...

    @property
    def at(self) -> datetime:
        """When it came, UTC."""
        ...

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The buttons under it."""
        ...

    @property
    def answer(self) -> bool:
        """Whether its owner wrote it."""
        ...

    @property
    def edited_at(self) -> datetime | None:
        """When its text was replaced."""
        ...


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
