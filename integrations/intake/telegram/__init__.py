"""Telegram: the customers' own bot, apart from the one that pages people.

Shapes are the Bot API's (high confidence). The secret is the `secret_token` given to
setWebhook. https://core.telegram.org/bots/api#update
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.reading import named_in_body
from integrations.intake.signature import same
from integrations.intake.telegram.message import parse


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the header has the secret."""
    del now  # nothing about time is sent
    return same(request.headers.get("x-telegram-bot-api-secret-token", ""), secret)


def delivery_id(request: IntakeRequest) -> str:
    """Return the update's id."""
    return named_in_body(request, "update_id")


SOURCE = Source(
    kind="telegram",
    verify=verify,
    plausible=verify,
    parse=parse,
    delivery_id=delivery_id,
)
