"""Where Telegram calls us, when updates are pushed and not polled for."""

import hashlib
import hmac
import json
from urllib.parse import urlsplit

from integrations.contract import Inbound, MethodRefused, Said, WebhookRequest
from integrations.telegram.inbound import (
    CHANNEL,
    SECRET_HEADER,
    Blocked,
    parse,
    verify,
)


def secrets_of(token: str) -> tuple[str, str]:
    """Return the secret of the path and that of the header, made from the bot's token.

    So every node knows them, and none of them has to be configured or kept.
    """
    path, header = (
        hmac.digest(token.encode(), purpose, hashlib.sha256).hex()
        for purpose in (b"webhook path", b"webhook header")
    )
    return path[:32], header[:48]


def read(update: object) -> Inbound | None:
    """Return one update in the contract's words; None when it asks nothing of us."""
    said = parse(update)
    if isinstance(said, Blocked):
        return MethodRefused(channel=CHANNEL, sender=said.user)
    return said


class TelegramWebhook:
    """`/telegram/<secret>`, with a second secret in the header."""

    path = "/telegram/{secret}"

    def __init__(self, *, token: str) -> None:
        self._path_secret, self._header_secret = secrets_of(token)

    def plausible(self, request: WebhookRequest) -> bool:
        """Tell whether the request has both secrets: they are all there is to verify."""
        return self.verify(request)

    def verify(self, request: WebhookRequest) -> bool:
        """Tell whether the request has both secrets."""
        path = urlsplit(request.url).path.rpartition("/")[2]
        sent = request.headers.get(SECRET_HEADER.lower(), "")
        in_path = verify(header=path, secret=self._path_secret)
        return verify(header=sent, secret=self._header_secret) and in_path

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return what the update says; None for what is no update."""
        try:
            return read(json.loads(request.body))
        except (ValueError, RecursionError):
            return None

    def answer(self, said: Said) -> tuple[str, str]:
        """Return nothing: answers go out as messages."""
        del said
        return "text/plain", ""
