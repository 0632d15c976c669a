"""An answer in words: `<number> <verb>` or `<verb>` alone, in any script of digits.

Whatever else somebody writes is `Unclear` and changes nothing.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from integrations.intake import carrier
from oncall.model import Verb

LONGEST_REPLY = 200
"""Characters; what is longer is a letter, not an answer to a page."""

LONGEST_NUMBER = 10
"""Digits of an issue's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Do this; `number` is None when only the verb was given."""

    verb: Verb
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierWord:
    """A word that phone companies act on (`STOP`, `YES`, …): never an action of ours.

    `word` is in lower case.
    """

    word: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing that can be acted on."""


Reply = Command | CarrierWord | Unclear

_ALIASES = {
    Verb.TAKE_ALL: ("0",),
    Verb.TAKE: ("1", "ack", "ok", "take", "قبول", "استلام"),
    Verb.PASS: ("2", "pass", "ارجاع", "إحالة"),
    Verb.TOLD: ("3", "told", "گفتم", "أبلغت"),
    Verb.SNOOZE: ("4",),
    Verb.RESOLVED: ("5", "done", "resolve", "حل", "بستن"),
    Verb.HELP: ("6",),
    Verb.LEADERS: ("9", "escalate", "مدیر", "المدير"),
}
# Arabic and Persian write the same letter differently, and hurried people leave out the
# hamza and the dots of a ta marbuta: "احاله" is "إحالة".
_SAME_LETTERS = str.maketrans("يكأإآة", "یکاااه")


def read(text: str) -> Reply:
    """Understand an answer, however it is spelled; never raises."""
    if len(text) > LONGEST_REPLY:
        return Unclear()
    match _words(text):
        case [word]:
            return _lone(word)
        case [number, word] if _is_number(number):
            return _numbered(int(number), word)
        case [word, number] if _is_number(number):
            return _numbered(int(number), word)
        case _:
            return Unclear()


def _lone(word: str) -> Reply:
    if word in carrier.WORDS:
        return CarrierWord(word=word)
    verb = _VERBS.get(word)
    return Unclear() if verb is None else Command(verb=verb)


def _numbered(number: int, word: str) -> Reply:
    reply = _lone(word)
    if not isinstance(reply, Command):
        return reply
    if reply.verb is Verb.TAKE_ALL:  # all of one is neither
        return Unclear()
    return Command(verb=reply.verb, number=number)


def _is_number(word: str) -> bool:
    # A leading zero is not how we write numbers, so it is not guessed at.
    digits = word.isascii() and word.isdigit()
    return digits and len(word) <= LONGEST_NUMBER and not word.startswith("0")


def _words(text: str) -> list[str]:
    words = (_bare(word) for word in _normalised(text).split())
    return [word for word in words if word]


def _normalised(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text)
    visible = (char for char in composed if unicodedata.category(char) != "Cf")
    return _with_ascii_digits(visible).translate(_SAME_LETTERS).casefold()


def _with_ascii_digits(chars: Iterable[str]) -> str:
    return "".join(str(unicodedata.decimal(char, char)) for char in chars)


def _bare(word: str) -> str:
    """Return the word without the quotes, marks and symbols around it."""
    letters = [place for place, char in enumerate(word) if char.isalnum()]
    return word[letters[0] : letters[-1] + 1] if letters else ""


_VERBS = {
    _normalised(alias): verb for verb, aliases in _ALIASES.items() for alias in aliases
}
