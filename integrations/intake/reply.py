"""How a product is asked to hand an answer to a customer.

A `ReplyApi` is a product: functions from words to one HTTP call, and from the answer to
what it means. Nothing here calls anybody; `integrations.reply` does.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from integrations.errors import ChannelError
from integrations.intake.quotes import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who we are at a product. `user` is its own idea: an address, an admin's id."""

    url: str
    token: str = field(repr=False)
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is to be said. `to` is as the product's parser wrote it in `reply_to`.

    `reference` is our own mark for it, for products that give such a mark back.
    """

    to: str
    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, below the account's address. No `json` is a GET."""

    path: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that stands in a conversation as said by us, in the product's words."""

    id: str
    text: str
    at: datetime | None


def _no_meaning(status: int, body: object) -> ChannelError | None:
    del status, body
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyApi:
    """A product that hands answers to customers.

    `home` is the vendor's address, empty where everybody has an own one.
    `send(account, words)` is the call. `taken(body)` finds the message's id in the JSON
    that a taken call is answered with; None when it has none.
    `meaning(status, body)` is what a refusal means, None for what HTTP alone says.
    `look(account, to)` is the call that lists a conversation, and `said(body)` what we
    said there: for telling whether an answer was taken that we heard nothing of. A
    product without `look` cannot be asked.
    """

    kind: str
    home: str = ""
    send: Callable[[Account, Words], Call]
    taken: Callable[[object], str | None]
    meaning: Callable[[int, object], ChannelError | None] = _no_meaning
    look: Callable[[Account, str], Call] | None = None
    said: Callable[[object], Iterable[Said]] = field(default=lambda _: ())


def bearer(token: str) -> dict[str, str]:
    """Return the header that proves who we are by a token."""
    return {"authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> dict[str, str]:
    """Return the header that proves who we are by a name and a password (RFC 7617)."""
    proof = b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {proof}"}


def segment(written: str) -> str:
    """Return one part of a path: what a product once wrote leads nowhere else."""
    return quote(written, safe="") if written.strip(".") else "_"


def same_words(text: str, sent: str) -> bool:
    """Tell whether words are ours, as plain text or dressed in HTML by a product."""
    wanted = sent.split()
    return text.split() == wanted or seen(text).split() == wanted
