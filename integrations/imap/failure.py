"""What goes wrong with a mailbox, in words that hold nothing of what was said there."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4

from imap_tools.errors import (
    MailboxCopyError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxMoveError,
)

from integrations.errors import ChannelError, Rejected, Unavailable


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn whatever a server or its library may raise into Rejected or Unavailable."""
    try:
        yield
    except ChannelError:
        raise
    except (MailboxCopyError, MailboxMoveError):
        msg = "a letter cannot be moved; is there a folder as `done` says?"
        raise Rejected(msg, broken=False) from None
    except Exception as error:  # noqa: BLE001 (a server that talks nonsense must not end us)
        raise Unavailable(_plainly(error)) from None


def _plainly(error: Exception) -> str:
    match error:
        case MailboxLoginError():
            return "it refuses the login; see `user` and `password`"
        case MailboxFolderSelectError():
            return "it has no such folder, or does not let us read it; see `folder`"
        case IMAP4.readonly():
            return "its letters may only be read, not marked; see the user's rights"
        case ssl.SSLCertVerificationError():
            return "its certificate does not hold for this host; see `host`"
        case IMAP4.abort() | BrokenPipeError() | ConnectionResetError():
            return "the connection broke off"
        case TimeoutError():
            return "it does not answer in time"
        case OSError():
            return (
                f"it cannot be reached ({type(error).__name__}); see `host` and `port`"
            )
        case _:
            return f"it does not speak as it should ({type(error).__name__})"
