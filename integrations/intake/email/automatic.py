"""Whether a machine wrote a letter. Such letters never page anybody.

RFC 3834 and the habits of mail programs and list servers.
"""

import re
from collections.abc import Mapping

_BULK = {"bulk", "junk", "list", "auto_reply"}
_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder", "list-id")
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)


def is_automatic(headers: Mapping[str, str], *, envelope: str | None = None) -> bool:
    """Tell whether a machine wrote it.

    `headers` have names in lower case. `envelope` is the return path; empty, it
    belongs to a bounce. None: not known.
    """
    submitted = headers.get("auto-submitted", "no").partition(";")[0]
    return (
        submitted.strip().lower() not in {"", "no"}
        or headers.get("precedence", "").strip().lower() in _BULK
        or any(headers.get(mark, "no").strip().lower() != "no" for mark in _MARKS)
        or headers.get("content-type", "").lower().startswith("multipart/report")
        or (envelope is not None and _by_machine(envelope))
    )


def _by_machine(envelope: str) -> bool:
    address = envelope.strip().strip("<>")
    return not address or _MACHINES.match(address) is not None
