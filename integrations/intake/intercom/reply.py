"""Answers through Intercom: an admin's reply in the conversation.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations/replyconversation
"""

from collections.abc import Iterator
from html import escape

from integrations.intake.intercom.message import TICKET
from integrations.intake.reading import each, instant, text
from integrations.intake.reply import (
    Account,
    Call,
    ReplyApi,
    Said,
    Words,
    bearer,
    segment,
)

_VERSION = {"intercom-version": "2.11"}


def send(account: Account, words: Words) -> Call:
    """Return the call; `to` is the conversation, or `tickets/<id>`, `user` the admin.

    The body is read as HTML, so what means something there is written out.
    """
    return Call(
        path=f"{_place(words.to)}/reply",
        headers=_headers(account),
        json={
            "message_type": "comment",
            "type": "admin",
            "admin_id": account.user,
            "body": escape(words.text, quote=False).replace("\n", "<br>"),
        },
    )


def taken(body: object) -> str | None:
    """Return the id of the newest part, which is ours; a ticket returns the part."""
    newest = text(body, "conversation_parts", "conversation_parts", -1, "id")
    return newest or text(body, "id")


def look(account: Account, to: str) -> Call:
    """Return the call for a conversation with its parts."""
    path = f"{_place(to)}?display_as=plaintext"
    return Call(method="GET", path=path, headers=_headers(account))


def said(body: object) -> Iterator[Said]:
    """Yield the admins' comments."""
    for part in (
        *each(body, "conversation_parts", "conversation_parts"),
        *each(body, "ticket_parts", "ticket_parts"),
    ):
        ours = text(part, "author", "type") == "admin"
        if ours and text(part, "part_type") == "comment":
            yield Said(
                id=text(part, "id") or "",
                text=text(part, "body") or "",
                at=instant(part, "created_at"),
            )


def _place(to: str) -> str:
    kind = "tickets" if to.startswith(TICKET) else "conversations"
    return f"/{kind}/{segment(to.removeprefix(TICKET))}"


def _headers(account: Account) -> dict[str, str]:
    return bearer(account.token) | _VERSION


API = ReplyApi(
    kind="intercom",
    home="https://api.intercom.io",
    send=send,
    taken=taken,
    look=look,
    said=said,
)
