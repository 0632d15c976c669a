"""Other people's words as the value of a header, in a letter or a calendar.

A line break ends a header, and `=?…?=` is decoded once more by whoever reads it: also
by `email.message.EmailMessage` when it is set, and Pythons before 3.11.10 and 3.12.5
write the line break that comes out of it. So neither is left in what we write.
"""

import re
import unicodedata

# part of the spelling in Persian and of many emoji, though they cannot be seen
_JOINERS = frozenset({"\u200c", "\u200d"})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ENCODED = "=?"
_APART = "= ?"
# RFC 5322, section 3.4.1, without quotes and comments, which may hold anything
_MAILBOX = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,126}"
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")  # a line has 998 octets at most


def one_line(text: str) -> str:
    """Return what is visible of `text`, on one line."""
    return " ".join("".join(map(_visible, text)).split())


def header(text: str) -> str:
    """Return `text` as a header's value: one line in which nothing is encoded."""
    return one_line(text).replace(_ENCODED, _APART)


def mailbox(written: str) -> str:
    """Return a mail address that can stand in a header; empty for what cannot."""
    plain = _MAILBOX.fullmatch(written) is not None and _ENCODED not in written
    return written if plain else ""


def message_id(written: str) -> str:
    """Return a Message-ID that can stand in a header; empty for what cannot."""
    plain = _MESSAGE_ID.fullmatch(written) is not None and _ENCODED not in written
    return written if plain else ""


def _visible(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) not in _INVISIBLE:
        return char
    return " " if char.isspace() else ""
