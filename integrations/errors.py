"""What can go wrong between us and a provider.

ChannelError
├── Rejected      for good: this address will not take it; try the person another way
└── Unavailable   for now: try again later
    └── Uncertain it may have been taken: look it up before sending once more
"""

from datetime import timedelta


class ChannelError(Exception):
    """A message was not handed over. `detail` is for people and holds no secret."""

    def __init__(self, detail: str, *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class Rejected(ChannelError):
    """The provider refused for good: a wrong number, an opt-out, a block.

    `broken` says that the address itself is dead, not only this message.
    """

    def __init__(self, detail: str, *, code: str = "", broken: bool = True) -> None:
        super().__init__(detail, code=code)
        self.broken = broken


class Unavailable(ChannelError):
    """The provider did not take it now. `retry_after` is the provider's own wish.

    `ill` says that others would fare no better; else it may be this message alone.
    """

    def __init__(
        self,
        detail: str,
        *,
        code: str = "",
        retry_after: timedelta | None = None,
        ill: bool = True,
    ) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after
        self.ill = ill


class Uncertain(Unavailable):
    """No answer, or a server error: the message may have been taken."""
