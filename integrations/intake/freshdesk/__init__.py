"""Freshdesk: an automation rule's "Trigger webhook", which cannot sign.

The wrapper is well known (high confidence); its keys are what the rule's author
chose. Freshdesk sends at most 1,000 calls an hour and drops the rest.
"""

from integrations.intake.contract import Source
from integrations.intake.freshdesk.message import parse
from integrations.intake.signature import body_digest, token

SOURCE = Source(
    kind="freshdesk",
    verify=token,
    plausible=token,
    parse=parse,
    delivery_id=body_digest,
    signs=False,
)
