"""The words that phone companies act on when they are sent to a number by SMS.

https://www.twilio.com/docs/messaging/guides/opt-out-keywords
"""

import unicodedata

OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
"""After these the company hands on no text of ours any more."""
OPT_IN = frozenset({"start", "yes", "unstop"})
"""After these it does so again."""
WORDS = OPT_OUT | OPT_IN | {"help", "info"}
_LONGEST = 40


def lone_word(text: str) -> str:
    """Return the word of a text that is one such word alone; empty for all else.

    Marks and spaces around it, case and width do not matter.
    """
    if len(text) > _LONGEST:
        return ""
    composed = unicodedata.normalize("NFKC", text).casefold()
    letters = [place for place, char in enumerate(composed) if char.isalnum()]
    word = composed[letters[0] : letters[-1] + 1] if letters else ""
    return word if word in WORDS else ""
