"""Letters as deliveries, however they are brought: from a mailbox, by LMTP or SMTP.

A delivery's body is the letter as it came. Its headers are the envelope's, where there
is one: `return-path`, which is `<>` for a bounce, and `delivered-to` (RFC 5321).
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Source
from integrations.intake.email.letter import canonical
from integrations.intake.email.mime import read_letter
from integrations.intake.signature import body_digest

RETURN_PATH = "return-path"
DELIVERED_TO = "delivered-to"
_HEAD = re.compile(rb".*?(?:\r?\n){2}", re.DOTALL)
_MESSAGE_ID = re.compile(
    rb"^message-id:(?:[ \t]|\r?\n[ \t])*(<[^<>\s]{1,500}>)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A letter and how it came. `place` is an address such as `imap://host/INBOX`.

    `sender` is the envelope's, empty for a bounce; None when there is no envelope.
    """

    raw: bytes
    way: str
    place: str
    sender: str | None = None
    recipients: tuple[str, ...] = ()

    def request(self, received_at: datetime) -> IntakeRequest:
        """Return it as a delivery."""
        envelope: dict[str, str] = {}
        if self.sender is not None:
            envelope[RETURN_PATH] = f"<{self.sender}>"
        if self.recipients:
            envelope[DELIVERED_TO] = ", ".join(self.recipients)
        return IntakeRequest(
            url=self.place,
            method=self.way.upper(),
            query={},
            headers=envelope,
            body=self.raw,
            received_at=received_at,
        )


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read the letter of a delivery."""
    letter = read_letter(request.body, envelope=request.headers.get(RETURN_PATH))
    ours = request.headers.get(DELIVERED_TO, "").partition(",")[0]
    return (canonical(replace(letter, recipient=ours or letter.recipient)),)


def delivery_id(request: IntakeRequest) -> str:
    """Return the letter's Message-ID, which stays when it is delivered again."""
    head = _HEAD.match(request.body)
    found = _MESSAGE_ID.search(head[0] if head else request.body)
    if found is None:
        return body_digest(request)
    return found[1].decode("ascii", errors="replace")


def _nobody_calls(request: IntakeRequest, secret: str, now: datetime) -> bool:
    del request, secret, now
    return False


def letters(kind: str) -> Source:
    """Return the source of letters that come this way: imap, lmtp or smtp."""
    return Source(
        kind=kind,
        verify=_nobody_calls,
        parse=parse,
        delivery_id=delivery_id,
        signs=False,
        called=False,
    )
