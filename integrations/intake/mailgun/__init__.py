"""Mailgun: a route that posts a parsed letter.

Fields and signature are as documented (high confidence). The signature covers a time
and a token, not the letter, so a token counts once: it is the delivery's id.
https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http
"""

from datetime import datetime, timedelta

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.email.letter import LARGEST
from integrations.intake.form import read_form
from integrations.intake.mailgun.message import parse
from integrations.intake.signature import body_digest, epoch, fresh, hex_mac, same

# it retries for eight hours, and refusing a retry as stale would lose a letter; the
# token, which counts once, stands against replay
_WINDOW = timedelta(hours=9)

_SIGNED = frozenset({"timestamp", "token", "signature"})


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the form's signature fits its time and token, and is not old."""
    form = read_form(request, only=_SIGNED)
    at, token = form.text("timestamp"), form.text("token")
    expected = hex_mac(secret, f"{at}{token}".encode())
    genuine = bool(token) and same(form.text("signature"), expected)
    return genuine and fresh(epoch(at), now, _WINDOW)


def delivery_id(request: IntakeRequest) -> str:
    """Return the token, which Mailgun uses once."""
    return read_form(request, only=_SIGNED).text("token") or body_digest(request)


SOURCE = Source(
    kind="mailgun",
    verify=verify,
    parse=parse,
    delivery_id=delivery_id,
    largest=LARGEST,
)
