"""Pairing a Telegram account with a person, by a code that works once."""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from oncall.actions.house import View
from oncall.model import Person
from oncall.store import Tx, methods

VALID = timedelta(minutes=15)
_BYTES = 24
_CODE = re.compile(r"[A-Za-z0-9_-]{32}")
"""What `secrets.token_urlsafe` makes of so many bytes."""
_LONGEST = 200
_START = re.compile(r"/start(?:@\w+)?\s+", re.IGNORECASE)


def new_code(tx: Tx, view: View, person: str, now: datetime) -> str:
    """Return a code for this person, good once and for 15 minutes. Raises NotFound."""
    view.person(person)
    code = secrets.token_urlsafe(_BYTES)
    methods.add_link_code(tx, digest(code), person, now + VALID)
    return code


def code_in(text: str) -> str | None:
    """Return the code that somebody sends the bot: after `/start`, or nothing else.

    Digits of any script are read, and spaces and invisible marks are passed over.
    None for a text that is no code; what follows `/start` is always meant as one.
    Words of as many letters may be taken for one: see whether it is known.
    """
    if len(text) > _LONGEST:
        return None
    started = _START.match(text)
    rest = text[started.end() :] if started else text
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", rest)))
    return plain if started or _CODE.fullmatch(plain) else None


def _plain(char: str) -> str:
    if char.isspace() or unicodedata.category(char) == "Cf":
        return ""
    return str(unicodedata.decimal(char, char))


def use_code(
    tx: Tx, view: View, code: str, telegram: int, now: datetime
) -> Person | None:
    """Link the account; None when the code is unknown, used, old, or of one who left."""
    person = methods.use_link_code(tx, digest(code), now)
    found = view.config.people.get(person or "")
    if found is not None:
        methods.link_telegram(tx, found.id, telegram, now)
    return found


def digest(secret: str) -> str:
    """Return what is kept of a secret: enough to know it again, not to use it."""
    # What comes in a chat may hold half a character: that is no code of ours.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
