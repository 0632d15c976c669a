"""What Telegram's refusals mean for the person we try to reach.

Importing this module imports the Telegram library, which takes a third of a second.
The words are ours: Telegram's may repeat what was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from telegram import error

from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from integrations.telegram.codes import Code

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A refusal told by a phrase in Telegram's description, in lower case."""

    phrase: str
    code: Code
    detail: str
    broken: bool = False


NO_CHAT = "there is no such chat; the person must open the bot and press Start"
LATE = "the press was answered already or is too old"
FIXED = "the message is gone or cannot be changed any more"
KNOWN = (
    Known(phrase="chat not found", code=Code.NO_CHAT, detail=NO_CHAT, broken=True),
    Known(phrase="user not found", code=Code.NO_CHAT, detail=NO_CHAT, broken=True),
    Known(phrase="peer_id_invalid", code=Code.NO_CHAT, detail=NO_CHAT, broken=True),
    Known(phrase="not modified", code=Code.NOT_MODIFIED, detail="it says so already"),
    Known(phrase="query is too old", code=Code.QUERY_EXPIRED, detail=LATE),
    Known(phrase="query id is invalid", code=Code.QUERY_EXPIRED, detail=LATE),
    Known(phrase="to edit not found", code=Code.GONE, detail=FIXED),
    Known(phrase="can't be edited", code=Code.GONE, detail=FIXED),
    Known(phrase="text is empty", code=Code.REFUSED, detail="the text is empty"),
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the library's errors into Rejected, Unavailable and Uncertain."""
    try:
        yield
    except error.TelegramError as refused:
        raise meaning(refused) from refused
    except (AttributeError, LookupError, TypeError, ValueError) as unreadable:
        # the library trusts answers to be whole; a look-alike service's may not be
        detail = "Telegram's answer cannot be read; check api_url"
        raise Uncertain(detail, code=Code.UNREADABLE) from unreadable


def meaning(refused: error.TelegramError) -> ChannelError:
    """Return what the library's error means for the message."""
    match refused:
        case error.Forbidden():
            detail = "Telegram: the person has blocked the bot or never started it"
            return Rejected(detail, code=Code.BLOCKED)
        case error.ChatMigrated(new_chat_id=chat):
            return Rejected(
                f"Telegram: the group has moved to {chat}", code=Code.MIGRATED
            )
        case error.BadRequest():  # before NetworkError, of which it is a subclass
            return _bad_request(str(refused))
        case _:
            return _for_now(refused)


def _bad_request(description: str) -> Rejected:
    words = description.lower()
    for known in KNOWN:
        if known.phrase in words:
            detail = f"Telegram refused: {known.detail}"
            return Rejected(detail, code=known.code, broken=known.broken)
    return Rejected("Telegram refused the message", code=Code.REFUSED, broken=False)


def _for_now(refused: error.TelegramError) -> Unavailable:
    match refused:
        case error.RetryAfter(retry_after=pause):
            detail = "Telegram takes no more messages just now"
            wish = pause if isinstance(pause, timedelta) else timedelta(seconds=pause)
            return Unavailable(detail, code=Code.TOO_MANY, retry_after=wish)
        case error.InvalidToken():
            detail = "Telegram does not know the bot; check token and api_url"
            return Unavailable(detail, code=Code.TOKEN)
        case error.Conflict():
            detail = "somebody else reads this bot's updates, or a webhook is set"
            return Unavailable(f"Telegram: {detail}", code=Code.CONFLICT)
        case error.NetworkError(__cause__=cause) if isinstance(cause, NOT_SENT):
            detail = "Telegram cannot be reached; check the network and api_url"
            return Unavailable(detail, code=Code.UNREACHABLE)
        case _:
            detail = "Telegram did not answer; it may have taken the message"
            return Uncertain(detail, code=Code.NO_ANSWER)
