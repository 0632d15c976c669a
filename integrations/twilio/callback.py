"""The addresses that Twilio calls back: ours, with our page id in the query."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from integrations.contract import WebhookRequest

PAGE = "page"
MOST_FIELDS = 200
"""Twilio sends under 100."""


def for_page(url: str, reference: str) -> str:
    """Return `url` so that what comes back there names the page."""
    return f"{url}?{urlencode({PAGE: reference})}"


def page_in(query: str) -> str:
    """Return the page that a called address names; empty when it names none."""
    return dict(parse_qsl(query)).get(PAGE, "")


def too_many_fields(request: WebhookRequest) -> bool:
    """Tell whether a form has more fields than Twilio sends: reading them takes long."""
    return request.body.count(b"&") >= MOST_FIELDS


def fields(request: WebhookRequest) -> list[tuple[str, str]]:
    """Return all that Twilio posted, in its order, also what is empty."""
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def form(request: WebhookRequest) -> Mapping[str, str]:
    """Return what Twilio posted by name; of what is given twice the last."""
    return dict(fields(request))
