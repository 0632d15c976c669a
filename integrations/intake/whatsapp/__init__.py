"""WhatsApp Cloud API: batches of messages and of their states.

Shapes are as Meta documents them (high confidence).
https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from integrations.intake.contract import Source
from integrations.intake.meta import challenge, plausible, verify
from integrations.intake.signature import body_digest
from integrations.intake.whatsapp.message import parse

SOURCE = Source(
    kind="whatsapp",
    verify=verify,
    plausible=plausible,
    parse=parse,
    delivery_id=body_digest,
    challenge=challenge,
)
