"""Zoho Desk: webhooks of the API, in batches.

Events and answers are as documented; fields come from the API's own (low-medium
confidence). Its JWT header is signed with a key that has to be fetched, so the
secret in the address is what counts: `?token=`. A 410 would end the subscription.
https://desk.zoho.com/support/WebhookDocument.do
"""

from integrations.intake.contract import Source
from integrations.intake.nothing import in_each
from integrations.intake.signature import body_digest, token
from integrations.intake.zoho.message import parse

SOURCE = Source(
    kind="zoho",
    verify=token,
    plausible=token,
    parse=parse,
    event=in_each("eventType"),
    delivery_id=body_digest,
    signs=False,
)
