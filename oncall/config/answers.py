"""Whether customers can be answered from here, source by source, and what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from oncall.config.sources import TEXTS
from oncall.config.values import Config, IntakeSource
from oncall.errors import Problem

MAIL = frozenset({"imap", "lmtp", "smtp", "mailgun", "sendgrid"})
"""Kinds whose customers are answered by a letter."""
WHATSAPP_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a product wants of us: keys of its section, and how we may write.

    `longest` is in characters. `window` is how long after a customer's last words
    anything may be written; None for no end. `askable`: the product can be asked
    whether it took an answer that we heard nothing of.
    """

    needs: tuple[str, ...] = ()
    longest: int | None = None
    window: timedelta | None = None
    askable: bool = False


FREE = Terms()
TERMS: Mapping[str, Terms] = {
    "zendesk": Terms(
        needs=("api_url", "api_user", "api_token"), longest=65_535, askable=True
    ),
    "intercom": Terms(needs=("api_user", "api_token"), askable=True),
    "chatwoot": Terms(needs=("api_token",), longest=150_000, askable=True),
    "zammad": Terms(needs=("api_url", "api_token"), askable=True),
    "telegram": Terms(needs=("api_token",), longest=4096),
    "whatsapp": Terms(needs=("api_token",), longest=4096, window=WHATSAPP_WINDOW),
}
"""Products that are answered through their own API."""
TEXT_TERMS: Mapping[str, Terms] = {
    "sms": Terms(longest=1600, askable=True),
    "twilio-whatsapp": Terms(longest=1600, window=WHATSAPP_WINDOW, askable=True),
}
"""What our own Twilio account takes; the keys are the sources' names."""


def terms(config: Config, source: str) -> Terms:
    """Return on what terms a source's customers may be written to."""
    kind = kind_of(config, source)
    return TERMS.get(kind) or TEXT_TERMS.get(kind) or FREE


def kind_of(config: Config, source: str) -> str:
    """Return a source's kind; empty for one that the file does not have."""
    if found := config.intake.get(source):
        return found.kind
    if source in config.mailboxes:
        return "imap"
    if listener := config.mail_listeners.get(source):
        return listener.kind
    return source if source in TEXTS and config.twilio is not None else ""


def why_not(config: Config, source: str) -> str:
    """Return why customers of a source cannot be answered from here; empty if they can.

    The sentence is for people, and holds no secret.
    """
    kind = kind_of(config, source)
    if kind in TERMS:
        missing = _missing(config.intake[source])
        return f"[integrations.intake.{source}] has no {missing}" if missing else ""
    if kind in MAIL:
        return "" if config.email else "there is no [integrations.email] to send from"
    if kind in TEXTS:
        return _why_no_text(config, kind)
    named = kind or f"what came in as {source!r}"
    return f"{named} cannot be answered from here"


def unanswerable(config: Config) -> Iterator[Problem]:
    """Yield a warning for every source that could be answered and lacks what it takes."""
    for source in (*config.intake, *config.mailboxes, *config.mail_listeners):
        kind = kind_of(config, source)
        why = why_not(config, source) if kind in TERMS or kind in MAIL else ""
        if why:
            yield config.warning(
                ("integrations", "intake", source),
                f"answers to its customers are not sent from here: {why}",
                "add it, or answer there: every issue shows the link",
            )


def _missing(source: IntakeSource) -> str:
    keys = TERMS[source.kind].needs
    return " and no ".join(key for key in keys if not getattr(source, key))


def _why_no_text(config: Config, kind: str) -> str:
    whatsapp = config.twilio.whatsapp_sender if config.twilio else ""
    if kind == "sms" or whatsapp:
        return ""
    return "[integrations.twilio] has no whatsapp_from"
