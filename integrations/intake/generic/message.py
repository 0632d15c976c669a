"""What a source of one's own says, by its mapping. A missing path is no error."""

from collections.abc import Callable, Mapping
from functools import partial

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
    Unparsed,
)
from integrations.intake.generic.mapping import Place
from integrations.intake.levels import SEVERITIES, severity
from integrations.intake.reading import amount, flag, instant, link, load

_NOWHERE = Place()


def parser(
    name: str, places: Mapping[str, Place]
) -> Callable[[IntakeRequest], tuple[CanonicalMessage, ...]]:
    """Return the parser of the source called `name`; it can be pickled."""
    return partial(_parse, f"generic:{name}", places)


def _parse(
    source: str, places: Mapping[str, Place], request: IntakeRequest
) -> tuple[CanonicalMessage, ...]:
    return (_message(source, places, load(request)),)


def _message(
    source: str, places: Mapping[str, Place], body: object
) -> CanonicalMessage:
    def field(canonical: str) -> str | None:
        return places.get(canonical, _NOWHERE).read(body)

    conversation, message_id = field("conversation_id"), field("message_id")
    thread = conversation or message_id
    if thread is None:
        raise Unparsed(_no_conversation(places))
    direction = _direction(field("direction"))
    automatic = flag(field("auto_reply")) or False
    return CanonicalMessage(
        source=source,
        direction=direction,
        opens=direction is Direction.INBOUND and not automatic,
        conversation_id=thread,
        message_id=message_id,
        dedup_key=":".join(filter(None, (source, conversation, message_id))),
        weak_key=message_id is None,
        customer=_customer(field),
        subject=field("subject"),
        text=field("text"),
        link=link(field("link")),
        occurred_at=instant(field("occurred_at")),
        auto_reply=automatic,
        tags=places.get("tags", _NOWHERE).read_all(body),
        severity=_severity(field("severity")),
        amount=amount(field("amount")),
    )


def _customer(field: Callable[[str], str | None]) -> Customer:
    return Customer(
        id=field("customer.id"),
        name=field("customer.name"),
        email=field("customer.email"),
        phone=field("customer.phone"),
        handle=field("customer.handle"),
        tier=field("customer.tier"),
    )


def _direction(written: str | None) -> Direction:
    """Read a direction; what a mapping does not say is a customer's message."""
    try:
        return Direction(written or "")
    except ValueError:
        return Direction.INBOUND


def _severity(written: str | None) -> str | None:
    return written if written in SEVERITIES else severity(written)


def _no_conversation(places: Mapping[str, Place]) -> str:
    if "conversation_id" not in places:
        return "The mapping names no conversation_id; add it to the source."
    path = ".".join(places["conversation_id"].path)
    return f'There is nothing at "{path}", where the mapping looks for conversation_id.'
