"""What we answer Twilio with when a text message came in: TwiML."""

import re
from xml.sax.saxutils import escape

CONTENT_TYPE = "application/xml; charset=utf-8"
# what XML 1.0 cannot hold even when escaped
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def twiml(text: str = "") -> str:
    """Return the document that sends `text` back to the sender; nothing when empty."""
    if not text:
        return "<Response/>"
    return f"<Response><Message>{escape(_FORBIDDEN.sub('', text))}</Message></Response>"
