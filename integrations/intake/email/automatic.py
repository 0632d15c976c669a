"""Whether a machine wrote a letter. Such letters never page anybody.

RFC 3834, RFC 2369 and the habits of mail programs and list servers.
"""

import re
from collections.abc import Mapping

_BULK = {"bulk", "junk", "auto_reply"}
_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder")
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:mailto:)?([^\s<>,;:\"?]+@[^\s<>,;:\"?]+)")


def is_automatic(headers: Mapping[str, str], *, envelope: str | None = None) -> bool:
    """Tell whether a machine wrote it, or wrote it to many.

    `headers` have names in lower case. `envelope` is the return path; empty, it
    belongs to a bounce. None: not known.
    """
    submitted = headers.get("auto-submitted", "no").partition(";")[0]
    return (
        submitted.strip().lower() not in {"", "no"}
        or _precedence(headers) in _BULK
        or any(headers.get(mark, "no").strip().lower() != "no" for mark in _MARKS)
        or headers.get("content-type", "").lower().startswith("multipart/report")
        or (envelope is not None and _by_machine(envelope))
        or _is_for_readers(headers)
    )


def _precedence(headers: Mapping[str, str]) -> str:
    return headers.get("precedence", "").strip().lower()


def _by_machine(envelope: str) -> bool:
    address = envelope.strip().strip("<>")
    return not address or _MACHINES.match(address) is not None


def _is_for_readers(headers: Mapping[str, str]) -> bool:
    """Tell a newsletter from what a person wrote to a support address that is a list.

    A list server marks both alike. But a newsletter is sent to its readers, while a
    customer wrote to the list itself, at the address that takes letters for it.
    A List-Id alone only says by which way a letter came.
    """
    marked = _precedence(headers) == "list" or "list-unsubscribe" in headers
    return marked and _addresses(headers, "list-post").isdisjoint(
        _addresses(headers, "to", "cc")
    )


def _addresses(headers: Mapping[str, str], *names: str) -> set[str]:
    written = " ".join(headers.get(name, "") for name in names).lower()
    return set(_ADDRESS.findall(written))
