"""What Jira says: a request that was made, or a comment on one."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

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

_CREATED = {"jira:issue_created", None}  # an automation gives its request no name
_COMMENTED = "comment_created"
_NO_SITES = {None, "api.atlassian.com"}

Json = Mapping[str, object]


def parse(request: IntakeRequest, site: str = "") -> tuple[CanonicalMessage, ...]:
    """Read a webhook or an automation's request; other events are none.

    `site` is where Jira's pages are, if that is known better than Jira says it.
    """
    body = load_object(request)
    event = text(body, "webhookEvent")
    if event not in _CREATED and event != _COMMENTED:
        return ()
    issue = dig(body, "issue") or body
    key = must(text(issue, "key"), "issue key")
    comment = dig(body, "comment") if event == _COMMENTED else None
    direction = _direction(issue, comment)
    fields = dig(issue, "fields")
    message = CanonicalMessage(
        source="jira",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=key,
        message_id=text(comment, "id"),
        dedup_key=f"jira:{key}:{text(comment, 'id') or 'created'}",
        customer=_reporter(fields),
        subject=text(fields, "summary"),
        text=document_text(dig(comment, "body") or dig(fields, "description")),
        link=_link(key, site or _site(issue, comment, *_named(fields))),
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


def _named(fields: object) -> tuple[object, ...]:
    """Return what of an issue has an address of its own at the same site."""
    names = ("project", "issuetype", "status", "priority", "reporter")
    return tuple(dig(fields, each) for each in names)


def _reporter(fields: object) -> Customer:
    person = dig(fields, "reporter") or dig(fields, "creator")
    return Customer(
        id=_identity(person),
        name=text(person, "displayName"),
        email=text(person, "emailAddress"),
    )


def _link(key: str, site: str) -> str | None:
    return f"{site}/browse/{quote(key, safe='')}" if site else None


def _site(*nodes: object) -> str:
    """Return the address under which a site's pages are, as its API's addresses say.

    An app is told the API's common address, which has no pages.
    """
    for node in nodes:
        site, api, _ = (text(node, "self") or "").partition("/rest/")
        try:
            at = urlsplit(site)
        except ValueError:
            continue
        if api and at.scheme in {"https", "http"} and at.hostname not in _NO_SITES:
            return site
    return ""
