"""Finding words in what customers write, in Latin, Persian, Arabic and other scripts."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# One letter for what keyboards and spellings write in several ways.
_SAME_LETTER = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ې": "ی",
        "ك": "ک", "ڪ": "ک",
        "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
        "ٱ": "ا",
    }
)  # fmt: skip
_TATWEEL = "\u0640"
_REMEMBERED = 4096


def normalise(text: str) -> str:
    """Return `text` as it is compared: without what only looks or is typed different.

    Compatibility forms, case, diacritics, invisible marks, tatweel, the script of
    digits, Arabic or Persian letter variants and runs of white space all fold. The
    result is decomposed (NFKD) and takes linear time whatever the text.
    """
    return " ".join(text.translate(_FOLDS).split())


def first_word_in(words: Sequence[str], normalised: str) -> str | None:
    """Return the first of `words` that `normalised` contains, or None.

    A Latin word is a whole word, or its plural in -s or -es. A Persian or Arabic word
    may carry an article, a preposition or «و» in front and up to six letters behind
    (endings like «هایشان»); a false alarm costs less than a missed one. Words in other
    scripts, which inflect or know no spaces, are found anywhere. A space in a phrase
    also matches a hyphen, an underscore or nothing.
    """
    return next((word for word in words if _occurs(word, normalised)), None)


def _occurs(word: str, normalised: str) -> bool:
    stem, pattern = _compiled(word)
    # A plain search first: it is a hundred times faster and nearly always says no.
    return stem in normalised and pattern.search(normalised) is not None


@lru_cache(maxsize=_REMEMBERED)
def _compiled(word: str) -> tuple[str, re.Pattern[str]]:
    """Return a part that every match contains, and the pattern that decides."""
    parts = normalise(word).split(" ")
    if not parts[0]:
        return "", re.compile(r"(?!)")
    phrase = "[ _-]?".join(re.escape(part) for part in parts)
    if phrase.isascii():
        return parts[0], re.compile(rf"(?<!\w){phrase}(?:e?s)?(?!\w)")
    if not _is_arabic(parts[0]):
        return parts[0], re.compile(phrase)
    return parts[0].removesuffix("ه"), re.compile(_with_affixes(phrase))


def _with_affixes(phrase: str) -> str:
    # ة was folded to ه, but before an ending it is written ت: جائزة, جائزتي.
    if phrase.endswith("ه"):
        phrase = phrase[:-1] + r"(?:ه|ت(?=\w))"
    return rf"(?<!\w)[وف]?(?:[بلک]?ال|لل|[بلک])?{phrase}\w{{0,6}}(?!\w)"


def _is_arabic(text: str) -> bool:
    return "ARABIC" in unicodedata.name(text[0], "")


class _Folds(dict[int, str]):
    """A translation table that works characters out as they come up."""

    def __missing__(self, codepoint: int) -> str:
        folded = _fold(chr(codepoint))
        if len(self) < _REMEMBERED:
            self[codepoint] = folded
        return folded


def _fold(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    # Folding case can bring compatibility forms back, so decompose once more.
    letters = unicodedata.normalize("NFKD", decomposed)
    return "".join(map(_plain, letters)).translate(_SAME_LETTER)


def _plain(character: str) -> str:
    if character == _TATWEEL or unicodedata.category(character) in {"Cf", "Mn"}:
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


_FOLDS = _Folds()
