"""How a product is asked for what its webhook only points at.

Nothing here calls anybody: an `Asking` says which call to make, and reads its answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.intake.contract import CanonicalMessage
from integrations.intake.reply import Account, Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A product that can be asked for the rest of a message.

    `home` is the vendor's address, empty where everybody has an own one. `call` is a
    GET. `complete(message, body, account)` returns the message with what the product
    answered; it raises Unparsed for what is no such answer, and nothing else.
    """

    kind: str
    home: str = ""
    call: Callable[[Account, CanonicalMessage], Call]
    complete: Callable[[Account, CanonicalMessage, object], CanonicalMessage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """A product together with who we are there."""

    asking: Asking
    account: Account

    def call(self, message: CanonicalMessage) -> Call:
        """Return the call for the rest of a message."""
        return self.asking.call(self.account, message)
