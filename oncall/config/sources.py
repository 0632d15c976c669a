"""What must be right of where customers write, beside the other integrations."""

import re
from collections.abc import Collection, Mapping

from oncall.config.findings import Findings
from oncall.config.values import IntakeSource, Secret, Telegram, Twilio

_TELEGRAM_TAKES = re.compile(r"[A-Za-z0-9_-]{1,256}")
TEXTS = ("sms", "twilio-whatsapp")
"""The sources of what strangers write to our own Twilio number."""


def check_sources(
    intake: Mapping[str, IntakeSource],
    letters: Collection[str],
    twilio: Twilio | None,
    telegram: Telegram | None,
    findings: Findings,
) -> None:
    """Note sources that cannot be there together with an account of ours.

    `letters` names those by which letters come.
    """
    _check_bots(intake, telegram, findings)
    for name in TEXTS if twilio is not None else ():
        if name in intake or name in letters:
            findings.error(
                ("integrations", "intake", name),
                "is the name of what customers write to your Twilio number",
                "choose another name; that in the product's webhook changes too",
            )


def _check_bots(
    intake: Mapping[str, IntakeSource], telegram: Telegram | None, findings: Findings
) -> None:
    """Note bots with one token: Telegram hands each update to one of them only."""
    owners: dict[Secret, str] = {}
    if telegram is not None:
        owners[telegram.token] = "[integrations.telegram], which pages people"
    for name, source in intake.items():
        if source.kind != "telegram" or source.api_token is None:
            continue
        _check_webhook(source, findings)
        if source.api_token in owners:
            findings.error(
                ("integrations", "intake", name, "api_token"),
                f"is the token of {owners[source.api_token]}",
                "let @BotFather make a bot of its own for customers",
            )
        owners.setdefault(source.api_token, f"[integrations.intake.{name}]")


def _check_webhook(source: IntakeSource, findings: Findings) -> None:
    """Note a secret that cannot be the one we tell Telegram."""
    if source.updates != "webhook" or source.secret is None:
        return
    if not _TELEGRAM_TAKES.fullmatch(source.secret.reveal()):
        findings.error(
            ("integrations", "intake", source.name, "secret"),
            "has characters that Telegram does not take",
            "use letters, digits, _ and - alone, or take it out: the token will do",
        )
