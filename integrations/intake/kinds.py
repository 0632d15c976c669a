"""All sources by kind."""

from collections.abc import Mapping

from integrations.intake import (
    chatwoot,
    freshdesk,
    front,
    gorgias,
    helpscout,
    hubspot,
    instagram,
    intercom,
    jira,
    mailgun,
    sendgrid,
    telegram,
    twilio,
    whatsapp,
    zammad,
    zendesk,
    zoho,
)
from integrations.intake.contract import Source
from integrations.intake.email.delivery import letters
from integrations.intake.generic import generic

GENERIC = "generic"
_PRODUCTS = {
    each.kind: each
    for each in (
        zendesk.SOURCE,
        intercom.SOURCE,
        chatwoot.SOURCE,
        zammad.SOURCE,
        helpscout.SOURCE,
        front.SOURCE,
        hubspot.SOURCE,
        freshdesk.SOURCE,
        jira.SOURCE,
        gorgias.SOURCE,
        zoho.SOURCE,
        mailgun.SOURCE,
        sendgrid.SOURCE,
        whatsapp.SOURCE,
        instagram.SOURCE,
        telegram.SOURCE,
    )
}
KINDS = (*_PRODUCTS, GENERIC)
LETTERS = {kind: letters(kind) for kind in ("imap", "lmtp", "smtp")}
"""Letters, which we fetch or are handed: nobody calls `/intake` for them."""
TEXTS = {each.kind: each for each in (twilio.SMS, twilio.WHATSAPP)}
"""Texts to our own number; they need no source in the configuration."""


def source(
    kind: str,
    *,
    name: str = "",
    mapping: Mapping[str, object] | None = None,
    site: str = "",
) -> Source:
    """Return the source of a kind. Raises KeyError: no such kind.

    `name` (as in the configuration) and `mapping` are what a generic source needs,
    `site` is the address at which people read what a product holds, where known.
    """
    if kind == jira.SOURCE.kind and site:
        return jira.at(site)
    if kind == GENERIC:
        return generic(name=name, mapping=mapping or {})
    return _PRODUCTS[kind]
