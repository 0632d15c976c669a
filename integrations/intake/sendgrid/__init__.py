"""SendGrid: Inbound Parse, which does not sign: the secret is in the address.

Fields are as documented (medium-high confidence); both forms are read, the parsed
and the raw. A 4xx is retried for three days.
https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
"""

from integrations.intake.contract import Source
from integrations.intake.email.letter import LARGEST
from integrations.intake.sendgrid.message import parse
from integrations.intake.signature import body_digest, token

SOURCE = Source(
    kind="sendgrid",
    verify=token,
    plausible=token,
    parse=parse,
    delivery_id=body_digest,
    signs=False,
    largest=LARGEST,
)
