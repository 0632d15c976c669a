"""How single values are read: each reader returns the value or raises Unfit.

`value` is whatever TOML held. A reader quotes it only where it cannot be a secret.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from escalation_policies.duration import parse_duration
from escalation_policies.policy import Target, TargetKind
from oncall.config.findings import Unfit, did_you_mean
from oncall.config.values import Secret
from oncall.config.zones import zone_named
from rotations.cadence import Turn, parse_turn
from rotations.week import Weekly
from rotations.window import Window, parse_window

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")

_MOMENT = (
    'write it as 2026-12-04T08:00:00, without quotes; an offset ("+03:30") may follow'
)
_WINDOWS = (
    'write days or spans such as "sat, sun", "fri 17:00 - mon 08:00", '
    '"daily 22:00-06:00", or "weekend", "holidays", "closed"'
)
_WEEK = 'write days or spans: "fri", "sat, sun", "thu 13:00 - sat 09:00"'
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def text(value: object) -> str:
    """Read some text that is not blank."""
    if not isinstance(value, str):
        msg = "is not text"
        raise Unfit(msg, "put it in quotes")
    if not value.strip():
        msg = "is empty"
        raise Unfit(msg, "fill it in, or leave the key out")
    return value.strip()


def choice(kind: type[Choice]) -> Callable[[object], Choice]:
    """Return the reader of one of the words of `kind`."""

    def read(value: object) -> Choice:
        word = text(value)
        if word not in set(kind):
            msg = f'"{word}" is no choice here'
            raise Unfit(msg, did_you_mean(word, kind))
        return kind(word)

    return read


def zone(value: object) -> ZoneInfo:
    """Read a zone of the tz database: `Asia/Tehran`."""
    return zone_named(text(value))


def duration(value: object) -> timedelta:
    """Read a span such as `90s` or `1h30m`; zero is allowed."""
    return _parsed(lambda words: parse_duration(words, zero=True), value)


def wait(value: object) -> timedelta:
    """Read a duration longer than nothing."""
    return _parsed(parse_duration, value)


def turn(value: object) -> Turn:
    """Read how long a turn is: `1 week`, `12 hours`, `1 window`."""
    return _parsed(parse_turn, value)


def window(value: object) -> Window:
    """Read a part of the week or of the calendar: `sat, sun`, `holidays`."""
    return _parsed(parse_window, value, _WINDOWS)


def weekly(value: object) -> Weekly:
    """Read a part of the week, for saying what the weekend is."""
    part = _parsed(parse_window, value, _WEEK)
    if not isinstance(part, Weekly):
        msg = f'"{value}" is no part of the week'
        raise Unfit(msg, _WEEK)
    return part


def _parsed(parse: Callable[[str], Value], value: object, own_hint: str = "") -> Value:
    """Read by a parser of the rules, whose error says what is wrong; how to write it."""
    words = text(value)
    try:
        return parse(words)
    except ValueError as error:
        message, *hint = re.split(r"[;.] ", str(error), maxsplit=1)
    raise Unfit(message, own_hint or "".join(hint))


def moment(value: object) -> datetime:
    """Read a date and time, naive for wall time or with an offset."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        msg = "is a day without a time of day"
        raise Unfit(msg, f"add the time: {value.isoformat()}T00:00:00")
    msg = "is not a date and time"
    raise Unfit(msg, _MOMENT)


def days(value: object) -> tuple[date, date]:
    """Read first and last day: `2027-03-21 - 2027-04-02`, or one day for both."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, value
    words = text(value)
    first, _, last = words.partition(" - ")
    try:
        span = (
            date.fromisoformat(first.strip()),
            date.fromisoformat((last or first).strip()),
        )
    except ValueError:
        span = None
    if span is None:
        msg = f'"{words}" is neither a day nor a span of days'
        raise Unfit(msg, 'write it as "2027-03-21 - 2027-04-02"')
    if span[1] < span[0]:
        msg = f'"{words}" ends before it begins'
        raise Unfit(msg, "put the earlier day first")
    return span


def day(value: object) -> date:
    """Read one day."""
    first, last = days(value)
    if first != last:
        msg = "is more than one day"
        raise Unfit(msg, "list the days one by one")
    return first


def opening_hours(value: object) -> tuple[time, time]:
    """Read opening and closing time of a day: `09:00-17:00`."""
    words = text(value)
    opens, _, closes = words.partition("-")
    try:
        hours = time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        hours = None
    if hours is None or any(hour.tzinfo for hour in hours):
        msg = f'"{words}" are not opening hours'
        raise Unfit(msg, 'write them as "09:00-17:00"')
    return hours


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
