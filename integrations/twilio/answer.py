"""What we answer Twilio with: TwiML, for who wrote to us and for who picked up."""

import re
from xml.sax.saxutils import escape, quoteattr

from integrations.twilio.voices import voice_of
from integrations.twilio.whatsapp import fitting

CONTENT_TYPE = "application/xml; charset=utf-8"
WAIT_S = 8
"""How long a key is waited for after the words."""

# what XML 1.0 cannot hold even when escaped
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def twiml(text: str = "") -> str:
    """Return the document that sends `text` back to the sender; nothing when empty."""
    if not text:
        return "<Response/>"
    return f"<Response><Message>{_content(fitting(text))}</Message></Response>"


def asking(text: str, language: str, *, keys_to: str) -> str:
    """Return the document that says `text` twice and waits for a key each time.

    The key is posted to `keys_to`. Without one the call ends, and nothing is answered.
    """
    gather = (
        f'<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="{WAIT_S}" '
        f"action={quoteattr(keys_to)}>{_say(text, language)}</Gather>"
    )
    return f"<Response>{gather}{gather}<Hangup/></Response>"


def telling(text: str, language: str) -> str:
    """Return the document that says `text` once and hangs up; at once when empty."""
    words = _say(text, language) if text else ""
    return f"<Response>{words}<Hangup/></Response>"


def _say(text: str, language: str) -> str:
    voice = voice_of(language)
    who = f'voice="{voice.name}" language="{voice.language}"'
    return f"<Say {who}>{_content(text)}</Say>"


def _content(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))
