"""Instagram messaging: batches of messages, echoes, reactions and postbacks.

Shapes are as Meta documents them (high confidence). It names the customer by id only.
https://developers.facebook.com/docs/messenger-platform/instagram/features/webhook/
"""

from integrations.intake.contract import Source
from integrations.intake.instagram.message import parse
from integrations.intake.meta import challenge, plausible, verify
from integrations.intake.nothing import in_body
from integrations.intake.signature import body_digest

SOURCE = Source(
    kind="instagram",
    verify=verify,
    plausible=plausible,
    parse=parse,
    event=in_body("entry", 0, "changes", 0, "field"),
    delivery_id=body_digest,
    challenge=challenge,
)
