"""What Twilio's refusals mean for the person we try to reach.

Codes: https://www.twilio.com/docs/api/errors. A code not named here is taken as
passing and as being about one message; the words are ours: Twilio's may repeat what the
customer wrote.
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain

BROKEN = {
    "21211": "the number is not a valid phone number; correct it",
    "21214": "the number cannot be reached; correct it",
    "21217": "the number is not a valid phone number; correct it",
    "21610": "the person has opted out (STOP); they must text START to our number",
    "21614": "the number is not a mobile phone; choose another contact method",
    "30005": "nobody has this number; correct it",
    "30006": "the number is a landline or its carrier cannot be reached",
    "63003": "nobody has this address; correct it",
    "63024": "the number is not on WhatsApp; choose another contact method",
}
REFUSED = {
    "21215": "calls to the number's country are off; turn the country on at Twilio",
    "21408": "texts to the number's country are off; turn the country on at Twilio",
    "21602": "the text is empty",
    "21612": "the sender cannot reach this number; use another sender for its country",
    "21617": "the text is longer than 1600 characters",
    "30004": "the message is blocked for this number",
    "30007": "the carrier filtered the message",
    "63016": "the person has not written to us within the last 24 hours",
}
MISCONFIGURED = {
    "10001": "the account is not active; see in Twilio's console why",
    "20003": "account_sid and auth_token do not fit together; check both",
    "20005": "the account is not active; see in Twilio's console why",
    "20403": "the account is suspended or closed; see in Twilio's console why",
    "20404": "there is no such account; check account_sid and api_url",
    "21205": "it cannot call us; service.url must be an address it can reach",
    "21210": "the caller's number is not verified; check `from`",
    "21212": "the sender is not valid; check `from`",
    "21603": "there is no sender; set `from` or `messaging_service`",
    "21606": "the sender is not a text number of this account; check `from`",
    "21609": "it cannot report to us; service.url must be an address it can reach",
    "21659": "the sender is not a Twilio number; check `from`",
    "21660": "the sender belongs to another account; check `from`",
    "21703": "the messaging service has no sender; add one at Twilio",
    "21705": "the messaging service is not valid; check `messaging_service`",
    "30034": "the sender is not registered for messages to the US",
    "63007": "the sender is not on WhatsApp; check `whatsapp_from`",
}


def breaks_number(code: str) -> bool:
    """Tell whether a code, in an answer or a status callback, means a dead number."""
    return code in BROKEN


def refusal(
    status: int, code: str = "", retry_after: timedelta | None = None
) -> ChannelError:
    """Return what an HTTP `status` of 300 or more with Twilio's `code` means."""
    code = code or str(status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        # never processed, says Twilio: the one failure that is surely safe to repeat
        detail = "Twilio takes no more messages just now"
        return Unavailable(detail, code=code, retry_after=retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = f"Twilio failed (HTTP {status}); it may have taken the message"
        return Uncertain(detail, code=code, retry_after=retry_after)
    return _by_code(status, code)


def _by_code(status: int, code: str) -> ChannelError:
    where = f"Twilio refused the message (HTTP {status}, code {code})"
    if code in BROKEN:
        return Rejected(f"{where}: {BROKEN[code]}", code=code)
    if code in REFUSED:
        return Rejected(f"{where}: {REFUSED[code]}", code=code, broken=False)
    if status == HTTPStatus.UNAUTHORIZED:
        return Unavailable(f"{where}: {MISCONFIGURED['20003']}", code=code)
    if code in MISCONFIGURED:
        return Unavailable(f"{where}: {MISCONFIGURED[code]}", code=code)
    mend = "look the code up at twilio.com/docs/api/errors"
    no_word_of_twilio = code == str(status)  # but of something on the way there
    return Unavailable(f"{where}: {mend}", code=code, ill=no_word_of_twilio)


def wished_pause(headers: Mapping[str, str]) -> timedelta | None:
    """Read `Retry-After` in seconds; the form with a date is not used by Twilio."""
    seconds = headers.get("Retry-After", "").strip()
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else None
