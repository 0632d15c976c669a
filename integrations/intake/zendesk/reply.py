"""Answers through Zendesk: a public comment on the ticket.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
"""

from collections.abc import Iterator

from integrations.intake.reading import each, flag, instant, text
from integrations.intake.reply import (
    Account,
    Call,
    ReplyApi,
    Said,
    Words,
    basic,
    segment,
)


def send(account: Account, words: Words) -> Call:
    """Return the call; `to` is the ticket's id, `user` the agent's mail address."""
    comment = {"body": words.text, "public": True}
    return Call(
        method="PUT",
        path=f"/api/v2/tickets/{segment(words.to)}.json",
        headers=_proof(account),
        json={"ticket": {"comment": comment}},
    )


def taken(body: object) -> str | None:
    """Return the comment's id, which is its event's."""
    events = each(body, "audit", "events")
    comments = (text(one, "id") for one in events if text(one, "type") == "Comment")
    return next(comments, None)


def look(account: Account, to: str) -> Call:
    """Return the call for a ticket's newest comments."""
    path = f"/api/v2/tickets/{segment(to)}/comments.json?sort_order=desc"
    return Call(method="GET", path=path, headers=_proof(account))


def said(body: object) -> Iterator[Said]:
    """Yield the public comments."""
    for one in each(body, "comments"):
        if flag(one, "public"):
            yield Said(
                id=text(one, "id") or "",
                text=text(one, "plain_body") or text(one, "body") or "",
                at=instant(one, "created_at"),
            )


def _proof(account: Account) -> dict[str, str]:
    return basic(f"{account.user}/token", account.token)


API = ReplyApi(kind="zendesk", send=send, taken=taken, look=look, said=said)
