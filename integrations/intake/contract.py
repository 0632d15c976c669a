"""What the service and a source of customers' messages say to one another.

A `Source` is a product: functions over one `IntakeRequest`. The service verifies,
keeps the request as it came, answers, and parses from what it kept.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

_NUMBER = re.compile(r"#(\d{1,9})(?!\d)")


class Unparsed(Exception):
    """A request that cannot be read. `reason` is a sentence for people.

    It holds none of the customer's words; those stay in the kept request.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Verdict(StrEnum):
    """What a request is, before anything of it is read."""

    ACCEPTED = "accepted"
    BAD_SIGNATURE = "bad_signature"
    CHALLENGE = "challenge"


class Direction(StrEnum):
    """Who speaks to whom. `status` is news of a message, not a message."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"
    STATUS = "status"


class Event(StrEnum):
    """What happened, in one word."""

    MESSAGE_IN = "message_in"
    MESSAGE_OUT = "message_out"
    NOTE = "note"
    STATUS = "status"


_EVENTS = {
    Direction.INBOUND: Event.MESSAGE_IN,
    Direction.OUTBOUND: Event.MESSAGE_OUT,
    Direction.INTERNAL: Event.NOTE,
    Direction.STATUS: Event.STATUS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRequest:
    """A request as it came. Header names are in lower case.

    `url` is the address as the product called it, by the configured public address,
    with its query. `received_at` is UTC.
    """

    url: str
    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who wrote, as far as the product says. `id` is the product's.

    `phone` is as the product writes it, in E.164 where the product's form is known.
    `tier` is `vip` where the product has such a mark.
    """

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    handle: str | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came along: it is listed, not kept apart from the raw delivery.

    `name` and `type` (such as `image/png`) are empty where nothing is said of them;
    `size` is in bytes.
    """

    name: str = ""
    type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a mail server says about letters that it could not hand over.

    `message_ids` are those of the letters that it gives back, as `<...>`.
    `recipients` are the addresses that were not reached. `permanent` is false for a
    delay: the server goes on trying, and nothing has failed yet.
    """

    message_ids: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    permanent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalMessage:
    """One message in one conversation, whatever product brought it.

    `opens`: it may open an issue. An inbound message that is no `auto_reply` and yet
    does not open claims to continue one; it opens one only if that one is not found.
    `dedup_key` is the same when the message is delivered again. `weak_key`: the
    product gives nothing that tells a message from the next, so an equal key means
    a duplicate only when the text is equal too.
    `needs_fetch`: the product keeps the rest, and has to be asked for it.
    `references` are the Message-Ids a letter answers, oldest first.
    `text` is what was newly written. `quoted` is what it answers, repeated below or
    above: for people to read, and for no rule to judge.
    `addresses` are those that a letter names as its writer's: From, then Reply-To.
    `bounce` is what a mail server says about letters of ours; None in other letters.
    `severity` is critical, high, normal or low, where the product says so. `amount`
    is what is at stake, finite and not negative.
    `occurred_at` is UTC, to the second.
    `edits` is the id of the message whose words these are now, `deletes` that of one
    which its writer took back; the latter is a `status`.
    `bare`: a lone word that phone companies understand, such as HELP; of somebody who
    never wrote before it opens nothing. `stops`: from now on the carrier hands on no
    text of ours to the writer (STOP); False: again (START); None: nothing changes.
    `reply_to` is where an answer goes, as the product's `reply` reads it; None where
    that is the conversation, empty where it is not known. `reference` is our own mark
    for a message of ours that the product gives back, `code` why it failed: both only
    of a `status`. `why` says, for people, why it is no message of a customer.
    """

    source: str
    direction: Direction
    opens: bool
    conversation_id: str
    dedup_key: str
    message_id: str | None = None
    customer: Customer = field(default_factory=Customer)
    subject: str | None = None
    text: str | None = None
    link: str | None = None
    occurred_at: datetime | None = None
    needs_fetch: bool = False
    auto_reply: bool = False
    weak_key: bool = False
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: str | None = None
    amount: Decimal | None = None
    attachments: tuple[Attachment, ...] = ()
    quoted: str | None = None
    addresses: tuple[str, ...] = ()
    bounce: Bounce | None = None
    reply_to: str | None = None
    reference: str | None = None
    code: str | None = None
    edits: str | None = None
    deletes: str | None = None
    bare: bool = False
    stops: bool | None = None
    why: str = ""

    @property
    def event(self) -> Event:
        """What happened."""
        return _EVENTS[self.direction]

    @property
    def number_hint(self) -> int | None:
        """The number after `#` in the subject: perhaps an issue's, perhaps not."""
        found = _NUMBER.search(self.subject or "")
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a product is answered when its request is taken."""

    status: int = 200
    content_type: str = "text/plain"
    body: str = ""


def _no_event(request: IntakeRequest) -> str:
    del request
    return ""


def _no_challenge(request: IntakeRequest, secret: str) -> Answer | None:
    del request, secret
    return None


def _perhaps(request: IntakeRequest, secret: str, now: datetime) -> bool:
    del request, secret, now
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A product whose requests we read.

    `verify(request, secret, now)` tells whether the request is the product's own.
    `plausible`, asked the same before the body has been read, is false where no body
    could make the request the product's own: its signature or secret is missing.
    `parse(request)` returns its messages, none when it says nothing that concerns
    customers. It raises Unparsed and nothing else, whatever the body.
    `delivery_id(request)` names the delivery, the same when it is sent again; without
    one of the product's own it is the body's digest, so two deliveries with the same
    words share it: then let it count for minutes, not for ever.
    `challenge(request, secret)` returns what a product's handshake must be answered,
    None when the request is none or not the product's own (ask after `verify` said
    yes, except for GET, which only handshakes use).
    `event(request)` is what the product itself calls the request, in its own word; empty
    where it has none. It says why there is nothing to read in what was taken.
    `answer` is what a taken request is answered: any other status has a meaning of
    its own somewhere (410 ends a Zoho subscription, 406 a Mailgun retry).
    `signs` is false where the secret itself is sent, over the address or a header.
    `called` is false where requests come by another way than `/intake/<name>`.
    `largest` is how many bytes a request may have; None where nothing large comes.
    """

    kind: str
    verify: Callable[[IntakeRequest, str, datetime], bool]
    parse: Callable[[IntakeRequest], tuple[CanonicalMessage, ...]]
    delivery_id: Callable[[IntakeRequest], str]
    plausible: Callable[[IntakeRequest, str, datetime], bool] = _perhaps
    challenge: Callable[[IntakeRequest, str], Answer | None] = _no_challenge
    event: Callable[[IntakeRequest], str] = _no_event
    answer: Answer = field(default_factory=Answer)
    signs: bool = True
    called: bool = True
    largest: int | None = None

    def judge(self, request: IntakeRequest, secret: str, now: datetime) -> Verdict:
        """Tell what a request is: the product's own, a handshake, or forged."""
        if request.method == "GET":
            handshake = self.challenge(request, secret) is not None
            return Verdict.CHALLENGE if handshake else Verdict.BAD_SIGNATURE
        if not self.verify(request, secret, now):
            return Verdict.BAD_SIGNATURE
        if self.challenge(request, secret) is not None:
            return Verdict.CHALLENGE
        return Verdict.ACCEPTED
