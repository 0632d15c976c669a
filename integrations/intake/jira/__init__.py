"""Jira Service Management: webhooks, and an automation's "Send web request".

Events, identifier and signature are as documented (medium-high confidence). An
automation cannot sign: it sends the secret as a header.
https://developer.atlassian.com/cloud/jira/platform/webhooks/
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.jira.message import parse
from integrations.intake.nothing import in_body
from integrations.intake.signature import bears_or_token, body_digest, prefixed, token

_IDENTIFIER_HEADER = "x-atlassian-webhook-identifier"


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the body's signature fits; without one, whether a token does."""
    sent = request.headers.get("x-hub-signature")
    if sent is None:
        return token(request, secret, now)
    return prefixed(sent, secret, request.body)


def delivery_id(request: IntakeRequest) -> str:
    """Return the webhook's identifier, which stays the same across retries."""
    return request.headers.get(_IDENTIFIER_HEADER) or body_digest(request)


def at(site: str) -> Source:
    """Return the source of a Jira whose pages are at `site`; empty: as Jira says."""
    return replace(SOURCE, parse=partial(parse, site=site.rstrip("/")))


SOURCE = Source(
    kind="jira",
    verify=verify,
    plausible=bears_or_token("x-hub-signature"),
    parse=parse,
    event=in_body("webhookEvent"),
    delivery_id=delivery_id,
)
