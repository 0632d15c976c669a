"""What must be right of where customers write, beside the other integrations."""

from collections.abc import Mapping

from oncall.config.findings import Findings
from oncall.config.values import IntakeSource, Twilio

TEXTS = ("sms", "twilio-whatsapp")
"""The sources of what strangers write to our own Twilio number."""


def check_sources(
    intake: Mapping[str, IntakeSource], twilio: Twilio | None, findings: Findings
) -> None:
    """Note sources that cannot be there together with an account of ours."""
    for name in TEXTS if twilio is not None else ():
        if name in intake:
            findings.error(
                ("integrations", "intake", name),
                "is the name of what customers write to your Twilio number",
                "choose another name; that in the product's webhook changes too",
            )
