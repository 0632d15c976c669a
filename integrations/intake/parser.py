"""A kept request, and all that is needed to read it: fit to be sent to another process.

A job holds no secret and no connection, and can be pickled.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Unparsed

Messages = tuple[CanonicalMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """How a source's requests are read.

    `complete` puts a message together with what its product answered about it; None
    where the product cannot be asked. It raises Unparsed for what is no such answer.
    """

    parse: Callable[[IntakeRequest], Messages]
    complete: Callable[[CanonicalMessage, object], CanonicalMessage] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One request to be read. `parts` are its product's answers, by a message's key."""

    parser: Parser
    request: IntakeRequest
    parts: Mapping[str, object] = field(default_factory=dict)

    def run(self) -> Messages:
        """Return what it says. Raises Unparsed."""
        return tuple(self._whole(one) for one in self.parser.parse(self.request))

    def _whole(self, message: CanonicalMessage) -> CanonicalMessage:
        """Return a message with its rest; as it is where that cannot be read."""
        complete = self.parser.complete
        if complete is not None and message.dedup_key in self.parts:
            with suppress(Unparsed):
                return complete(message, self.parts[message.dedup_key])
        return message
