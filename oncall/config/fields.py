"""How single values are read: each reader returns the value or raises Unfit.

`value` is whatever TOML held. A reader quotes it only where it cannot be a secret.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from escalation_policies.policy import Target, TargetKind
from oncall.config.findings import Unfit, did_you_mean
from oncall.config.values import Secret

Choice = TypeVar("Choice", bound=StrEnum)
AnyNetwork = IPv4Network | IPv6Network

_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def text(value: object) -> str:
    """Read some text that is not blank."""
    if not isinstance(value, str):
        msg = "is not text"
        raise Unfit(msg, "put it in quotes")
    if not value.strip():
        msg = "is empty"
        raise Unfit(msg, "fill it in, or leave the key out")
    if any(unicodedata.category(letter) == "Cc" for letter in value.strip()):
        msg = "holds a line break or another control character"
        raise Unfit(msg, "write it in one line")
    return value.strip()


def choice(
    kind: type[Choice], but: Collection[Choice] = ()
) -> Callable[[object], Choice]:
    """Return the reader of one of the words of `kind`, those of `but` left out."""
    words = [each for each in kind if each not in but]

    def read(value: object) -> Choice:
        word = text(value)
        if word not in words:
            msg = f'"{word}" is no choice here'
            raise Unfit(msg, did_you_mean(word, words))
        return kind(word)

    return read


def target(value: object) -> Target:
    """Read whom to page: `rotation:weekend`, `group:leadership`, `person:nina`."""
    words = text(value)
    try:
        return Target.parse(words)
    except ValueError:
        kinds = " or ".join(f'"{kind}:{words}"' for kind in TargetKind)
        msg = f'"{words}" does not say what it names'
    hint = "begin with rotation:, group: or person:" if ":" in words else kinds
    raise Unfit(msg, f"write {hint}" if hint is kinds else hint)


def amount(value: object) -> Decimal:
    """Read a number that is finite and not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = "is not a number"
        raise Unfit(msg, "write it without quotes, as 1000 or 99.5")
    number = Decimal(str(value))
    if not number.is_finite() or number < 0:
        msg = f"{value} is no amount"
        raise Unfit(msg, "write a number from 0 up, as 1000 or 99.5")
    return number


def email(value: object) -> str:
    """Read an address with one `@` and a domain."""
    words = text(value)
    if not _EMAIL.fullmatch(words):
        msg = f'"{words}" is not an e-mail address'
        raise Unfit(msg, 'write it as "sara@example.com"')
    return words


def address(value: object) -> str:
    """Read a web address, without its last slash. Never quoted: it may hold a password."""
    words = text(value)
    parts = _split(words)
    if parts is None or not parts.hostname or parts.scheme not in {"http", "https"}:
        msg = "is not a web address"
        raise Unfit(msg, 'write it as "https://oncall.example.com"')
    if parts.query or parts.fragment or parts.username:
        msg = "holds more than scheme, host, port and path"
        raise Unfit(msg, "leave out what follows `?` or `#`, and any user name")
    return words.rstrip("/")


def _split(words: str) -> SplitResult | None:
    try:
        parts = urlsplit(words)
        parts.port  # noqa: B018 - read for its ValueError
    except ValueError:
        return None
    return parts


def host(value: object) -> str:
    """Read a host name or an IP address alone; return it in lower case, as ASCII."""
    words = text(value).lower().removesuffix(".")
    with suppress(ValueError):
        return str(ip_address(words.removeprefix("[").removesuffix("]")))
    with suppress(UnicodeError):
        words = words.encode("idna").decode()
    if not _HOST.fullmatch(words):
        msg = f'"{words}" is not a host name'
        raise Unfit(msg, 'write it without scheme and port: "care.example.com"')
    return words


def network(value: object) -> AnyNetwork:
    """Read an IP address, or a network as `10.0.0.0/8`."""
    words = text(value)
    try:
        return ip_network(words, strict=False)
    except ValueError:
        msg = f'"{words}" is neither an IP address nor a network'
    raise Unfit(msg, 'write it as "10.0.0.7" or "10.0.0.0/8"')


def secret(value: object) -> Secret:
    """Read a secret as it was written: `env:NAME`, `file:PATH` or itself."""
    return Secret(text(value))


def several(value: object) -> tuple[str, ...]:
    """Read one word, or a list of words."""
    together = value if isinstance(value, list) else [value]
    if not together:
        msg = "is an empty list"
        raise Unfit(msg, "name at least one, or take the entry out")
    return tuple(text(one) for one in together)


def country(value: object) -> str:
    """Read a country's two letters."""
    words = text(value).upper()
    if not re.fullmatch(r"[A-Z]{2}", words):
        msg = f'"{words}" is not a country'
        raise Unfit(msg, 'write its two letters: "IR", "DE"')
    return words


def telegram_id(value: object) -> int:
    """Read a user's number in Telegram, not a @name."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    msg = "is not a Telegram user id"
    raise Unfit(msg, "write the number without quotes, or leave it out and link later")
