"""What Jira says: a request that was made, or a comment on one."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.jira.document import document_text
from integrations.intake.levels import severity
from integrations.intake.reading import (
    dig,
    files,
    flag,
    instant,
    load_object,
    must,
    text,
    words,
)

IDENTIFIER_HEADER = "x-atlassian-webhook-identifier"

_CREATED = {"jira:issue_created", None}  # an automation gives its request no name
_COMMENTED = "comment_created"

Json = Mapping[str, object]


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a webhook or an automation's request; other events are none."""
    body = load_object(request)
    event = text(body, "webhookEvent")
    if event not in _CREATED and event != _COMMENTED:
        return ()
    issue = dig(body, "issue") or body
    key = must(text(issue, "key"), "issue key")
    comment = dig(body, "comment") if event == _COMMENTED else None
    direction = _direction(issue, comment)
    named = request.headers.get(IDENTIFIER_HEADER)
    fields = dig(issue, "fields")
    message = CanonicalMessage(
        source="jira",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=key,
        message_id=text(comment, "id"),
        dedup_key=named or f"jira:{key}:{text(comment, 'id') or 'created'}",
        customer=_reporter(fields),
        subject=text(fields, "summary"),
        text=document_text(dig(comment, "body") or dig(fields, "description")),
        link=_link(key, text(issue, "self")),
        occurred_at=instant(comment or fields, "created") or instant(body, "timestamp"),
        tags=words(fields, "labels"),
        severity=severity(text(fields, "priority", "name")),
        attachments=() if comment else files(fields, "attachment"),
    )
    return (message,)


def _direction(issue: object, comment: object) -> Direction:
    """Tell who wrote: only the reporter and portal customers are not of the house."""
    if comment is None:
        return Direction.INBOUND
    if flag(comment, "jsdPublic") is False:
        return Direction.INTERNAL
    if text(comment, "author", "accountType") == "customer":
        return Direction.INBOUND
    author = _identity(dig(comment, "author"))
    reporter = _identity(dig(issue, "fields", "reporter"))
    return Direction.INBOUND if author and author == reporter else Direction.OUTBOUND


def _identity(person: object) -> str | None:
    """Return the id of an account: Cloud's, else that of a server."""
    return text(person, "accountId") or text(person, "key") or text(person, "name")


def _reporter(fields: object) -> Customer:
    person = dig(fields, "reporter") or dig(fields, "creator")
    return Customer(
        id=_identity(person),
        name=text(person, "displayName"),
        email=text(person, "emailAddress"),
    )


def _link(key: str, api_address: str | None) -> str | None:
    try:
        at = urlsplit(api_address or "")
    except ValueError:
        return None
    if not at.scheme.startswith("http"):
        return None
    return f"{at.scheme}://{at.netloc}/browse/{key}"
