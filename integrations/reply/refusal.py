"""What a product's refusal means for an answer, where HTTP alone says it.

The words are ours: a product's may repeat what was written.
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain

LONGEST_WISH = timedelta(hours=1)
_LOGIN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_BUSY = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.CONFLICT,
    HTTPStatus.LOCKED,
    HTTPStatus.SERVICE_UNAVAILABLE,
}


def refusal(kind: str, status: int, headers: Mapping[str, str]) -> ChannelError:
    """Return what a status other than 2xx means; `kind` names the product."""
    code = str(status)
    if status in _LOGIN:
        detail = f"{kind} refused our login; check api_user and api_token"
        return Unavailable(detail, code=code)
    if status in _GONE:
        return Rejected(f"the conversation is gone from {kind}", code=code)
    if status in _BUSY:
        detail = f"{kind} takes no answer just now (status {code})"
        return Unavailable(detail, code=code, retry_after=wished_pause(headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = f"{kind} failed (status {code}); it may have taken the answer"
        return Uncertain(detail, code=code)
    if status >= HTTPStatus.BAD_REQUEST:
        return Rejected(f"{kind} refused the answer (status {code})", code=code)
    detail = f"{kind} sent us elsewhere (status {code}); check api_url"
    return Unavailable(detail, code=code)


def wished_pause(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long the product wants to be left alone; None for no wish, or a date."""
    written = headers.get("retry-after", "")
    if not (written.isascii() and written.isdecimal()):
        return None
    return min(timedelta(seconds=int(written[:6])), LONGEST_WISH)
