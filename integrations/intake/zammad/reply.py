"""Answers through Zammad: an article of the kind that the customer's was.

https://docs.zammad.org/en/latest/api/ticket/articles.html
"""

from collections.abc import Iterator

from integrations.intake.reading import each, flag, instant, text
from integrations.intake.reply import Account, Call, ReplyApi, Said, Words, segment


def send(account: Account, words: Words) -> Call:
    """Return the call; `to` is `<ticket>/<kind of article>/<recipient, if it has one>`.

    Zammad hands on what is of a channel's kind: a note it would only keep.
    """
    ticket, kind, recipient = _parts(words.to)
    article: dict[str, object] = {
        "ticket_id": int(ticket) if ticket.isdecimal() else ticket,
        "type": kind,
        "sender": "Agent",
        "internal": False,
        "content_type": "text/plain",
        "body": words.text,
    }
    if recipient:
        article["to"] = recipient
    return Call(path="/api/v1/ticket_articles", headers=_proof(account), json=article)


def taken(body: object) -> str | None:
    """Return the article's id."""
    return text(body, "id")


def look(account: Account, to: str) -> Call:
    """Return the call for a ticket's articles."""
    path = f"/api/v1/ticket_articles/by_ticket/{segment(_parts(to)[0])}"
    return Call(method="GET", path=path, headers=_proof(account))


def said(body: object) -> Iterator[Said]:
    """Yield what agents wrote and the customer may read."""
    for one in each(body):
        if text(one, "sender") == "Agent" and not flag(one, "internal"):
            yield Said(
                id=text(one, "id") or "",
                text=text(one, "body") or "",
                at=instant(one, "created_at"),
            )


def _parts(to: str) -> tuple[str, str, str]:
    ticket, _, rest = to.partition("/")
    kind, _, recipient = rest.partition("/")
    return ticket, kind or "note", recipient


def _proof(account: Account) -> dict[str, str]:
    return {"authorization": f"Token token={account.token}"}


API = ReplyApi(kind="zammad", send=send, taken=taken, look=look, said=said)
