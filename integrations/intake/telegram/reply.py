"""Answers through Telegram: a message of the customers' bot.

It cannot be asked what it has sent. https://core.telegram.org/bots/api#sendmessage
"""

from datetime import timedelta
from http import HTTPStatus

from integrations.errors import ChannelError, Rejected, Unavailable
from integrations.intake.reading import size, text
from integrations.intake.reply import Account, Call, ReplyApi, Words, segment


def send(account: Account, words: Words) -> Call:
    """Return the call; `to` is the chat. The token is a part of the address.

    Of a business chat, `to` is `<connection>/<chat>`: the answer goes in its name.
    """
    bot = quoted_bot(account.token)
    connection, _, chat = words.to.rpartition("/")
    said = {"chat_id": chat, "text": words.text}
    named = {"business_connection_id": connection} if connection else {}
    return Call(path=f"/{bot}/sendMessage", json={**said, **named})


def quoted_bot(token: str) -> str:
    """Return the part of the address that is the bot; its colon stands as it is."""
    return "bot" + ":".join(segment(part) for part in token.split(":"))


def taken(body: object) -> str | None:
    """Return the message's id in its chat."""
    return text(body, "result", "message_id")


def meaning(status: int, body: object) -> ChannelError | None:
    """Tell a customer who left from a text that cannot be sent, and from haste."""
    words = (text(body, "description") or "").lower()
    if status == HTTPStatus.NOT_FOUND:
        detail = "Telegram does not know the bot; check api_token and api_url"
        return Unavailable(detail, code="token")
    if status == HTTPStatus.FORBIDDEN:
        detail = "the customer has blocked the bot; try another way"
        return Rejected(detail, code="blocked")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        pause = size(text(body, "parameters", "retry_after"))
        detail = "Telegram takes no more messages just now"
        wish = timedelta(seconds=pause)
        return Unavailable(detail, code="too_many", retry_after=wish)
    if status == HTTPStatus.BAD_REQUEST and "chat not found" in words:
        return Rejected("the chat is gone; try another way", code="no_chat")
    if status == HTTPStatus.BAD_REQUEST and "too long" in words:
        return Rejected("the text is longer than Telegram takes", code="too_long")
    return None


API = ReplyApi(
    kind="telegram",
    home="https://api.telegram.org",
    send=send,
    taken=taken,
    meaning=meaning,
)
