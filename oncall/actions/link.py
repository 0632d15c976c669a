"""Pairing a Telegram account with a person, by a code that works once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from oncall.actions.house import View
from oncall.model import Person
from oncall.store import Tx, methods

VALID = timedelta(minutes=15)


def new_code(tx: Tx, view: View, person: str, now: datetime) -> str:
    """Return a code for this person, good once and for 15 minutes. Raises NotFound."""
    view.person(person)
    code = secrets.token_urlsafe(24)
    methods.add_link_code(tx, digest(code), person, now + VALID)
    return code


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
