"""Gorgias: an HTTP integration, whose body is a template; it cannot sign.

The body has the template's own names (medium confidence): a `ticket` with id,
subject, priority, tags, link, and a `message` with id, text, html, from_agent,
public, created and the sender's id, name, email, phone. Every value is a string.
https://developers.gorgias.com/reference/the-tickethttpintegration-object
"""

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.gorgias.message import parse
from integrations.intake.reading import named_in_body
from integrations.intake.signature import token


def delivery_id(request: IntakeRequest) -> str:
    """Return the message's id."""
    return named_in_body(request, "message", "id")


SOURCE = Source(
    kind="gorgias",
    verify=token,
    plausible=token,
    parse=parse,
    delivery_id=delivery_id,
    signs=False,
)
