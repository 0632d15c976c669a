"""Telegram: the customers' own bot, apart from the one that pages people.

Shapes are the Bot API's (high confidence). The secret is the `secret_token` given to
setWebhook. https://core.telegram.org/bots/api#update
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.nothing import name
from integrations.intake.reading import keys, load_object, named_in_body
from integrations.intake.signature import same
from integrations.intake.telegram.message import SERVICE, is_start, parse


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the header has the secret."""
    del now  # nothing about time is sent
    return same(request.headers.get("x-telegram-bot-api-secret-token", ""), secret)


def delivery_id(request: IntakeRequest) -> str:
    """Return the update's id."""
    return named_in_body(request, "update_id")


def _event(request: IntakeRequest) -> str:
    """Return what an update is, and of a message what the app says in it."""
    update = load_object(request)
    what = next((key for key in update if key != "update_id"), "")
    if is_start(update.get(what)):
        return "/start"
    told = sorted(SERVICE & keys(update.get(what)))
    return name("/".join((what, *told)))


SOURCE = Source(
    kind="telegram",
    verify=verify,
    plausible=verify,
    parse=parse,
    event=_event,
    delivery_id=delivery_id,
)
