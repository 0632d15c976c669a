"""Answers through Chatwoot: an outgoing message in the conversation.

https://developers.chatwoot.com/api-reference/messages/create-new-message
"""

from collections.abc import Iterator

from integrations.intake.reading import each, flag, instant, text
from integrations.intake.reply import Account, Call, ReplyApi, Said, Words, segment

_OUTGOING = {"outgoing", "1"}


def send(account: Account, words: Words) -> Call:
    """Return the call; `to` is `<account>/<conversation>`."""
    return Call(
        path=_messages(words.to),
        headers=_proof(account),
        json={
            "content": words.text,
            "message_type": "outgoing",
            "content_type": "text",
            "private": False,
        },
    )


def taken(body: object) -> str | None:
    """Return the message's id."""
    return text(body, "id")


def look(account: Account, to: str) -> Call:
    """Return the call for a conversation's newest messages."""
    return Call(method="GET", path=_messages(to), headers=_proof(account))


def said(body: object) -> Iterator[Said]:
    """Yield what agents wrote and the customer may read."""
    for one in each(body, "payload"):
        if text(one, "message_type") in _OUTGOING and not flag(one, "private"):
            yield Said(
                id=text(one, "id") or "",
                text=text(one, "content") or "",
                at=instant(one, "created_at"),
            )


def _messages(to: str) -> str:
    account, _, conversation = to.partition("/")
    within = f"/api/v1/accounts/{segment(account)}"
    return f"{within}/conversations/{segment(conversation)}/messages"


def _proof(account: Account) -> dict[str, str]:
    return {"api_access_token": account.token}


API = ReplyApi(
    kind="chatwoot",
    home="https://app.chatwoot.com",
    send=send,
    taken=taken,
    look=look,
    said=said,
)
