"""What a mail server's refusals mean for the person we try to reach.

Codes: RFC 5321; enhanced codes: RFC 3463. The words are ours: a server's may repeat
addresses. Importing this imports aiosmtplib.
"""

import re
import ssl

import aiosmtplib

from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain

FOR_GOOD = 500
_ENHANCED = re.compile(r"\s*5\.(\d+\.\d+)")
# what RFC 3463 and 7505 say of a dead address; other codes of the same classes are
# about the sender (1.7, 1.8), or about a mailbox that is there (2.2: it is full)
_DEAD = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
_DEAD_BY_ITSELF = frozenset({550, 551, 553})
"""RFC 5321: what a server means that says no more."""


def before_data(error: Exception) -> ChannelError:
    """Return what went wrong before the mail itself left: surely not taken."""
    match error:
        case aiosmtplib.SMTPRecipientRefused(code=code, message=text):
            return _recipient(code, text)
        case aiosmtplib.SMTPSenderRefused(code=code):
            detail = f"the mail server does not send for us (code {code}); check `from`"
            return Unavailable(detail, code=str(code))
        case aiosmtplib.SMTPAuthenticationError(code=code):
            detail = "the mail server refused the login; check username and password"
            return Unavailable(detail, code=str(code))
        case aiosmtplib.SMTPResponseException(code=code):
            detail = f"the mail server does not take mail just now (code {code})"
            return Unavailable(detail, code=str(code))
        case _ if _is_untrusted(error):
            detail = "the mail server cannot prove who it is; check host and security"
            return Unavailable(detail, code="certificate")
        case OSError():
            detail = "the mail server cannot be reached; check host, port and security"
            return Unavailable(detail, code="unreachable")
        case _:
            detail = "the mail server cannot do this; check security and username"
            return Unavailable(detail, code="unsupported")


def after_data(error: Exception) -> ChannelError:
    """Return what the server said of the mail itself; silence leaves it in doubt."""
    match error:
        case aiosmtplib.SMTPResponseException(code=code) if code >= FOR_GOOD:
            detail = f"the mail server refused the mail (code {code})"
            return Rejected(detail, code=str(code), broken=False)
        case aiosmtplib.SMTPResponseException(code=code):
            detail = f"the mail server does not take mail just now (code {code})"
            return Unavailable(detail, code=str(code))
        case _:
            detail = "the mail server did not answer; it may have taken the mail"
            return Uncertain(detail, code="no-answer")


def _recipient(code: int, text: str) -> ChannelError:
    if code < FOR_GOOD:
        detail = f"the mailbox cannot take mail just now (code {code})"
        return Unavailable(detail, code=str(code))
    enhanced = _ENHANCED.match(text)
    if enhanced[1] in _DEAD if enhanced else code in _DEAD_BY_ITSELF:
        detail = f"there is no such mailbox (code {code}); correct the address"
        return Rejected(detail, code=str(code))
    detail = f"the mail server refused to deliver there (code {code})"
    return Rejected(detail, code=str(code), broken=False)


def _is_untrusted(error: BaseException | None) -> bool:
    """Tell whether a certificate is behind it, however deep."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__
    return False
