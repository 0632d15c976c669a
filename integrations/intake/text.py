"""Words that every database and channel can keep."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(words: str) -> str:
    """Return words that every database and channel can keep: no NUL, no surrogates."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", words)
