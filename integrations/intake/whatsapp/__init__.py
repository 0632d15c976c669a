"""WhatsApp Cloud API: batches of messages and of their states.

Shapes are as Meta documents them (high confidence).
https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from integrations.intake.contract import Source
from integrations.intake.meta import challenge, plausible, verify
from integrations.intake.nothing import in_body
from integrations.intake.signature import body_digest
from integrations.intake.whatsapp.message import parse

SOURCE = Source(
    kind="whatsapp",
    verify=verify,
    plausible=plausible,
    parse=parse,
    event=in_body("entry", 0, "changes", 0, "field"),
    delivery_id=body_digest,
    challenge=challenge,
)
