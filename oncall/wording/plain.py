"""Other people's words made safe to stand inside ours.

Line breaks, control characters and direction marks of a customer's text must not
rearrange the message around it.
"""

import unicodedata

LONGEST_LINE = 300
LONGEST_TEXT = 1000
"""Characters of a customer's words that a message quotes."""

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
_ZERO_WIDTH_JOINER = "\u200d"
# Invisible, yet part of the spelling in Persian and of many emoji.
_JOINERS = frozenset({"\u200c", _ZERO_WIDTH_JOINER})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_PLAIN_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)


def one_line(text: str) -> str:
    """Return the visible text as one line of at most `LONGEST_LINE` characters."""
    composed = unicodedata.normalize("NFC", text[:LONGEST_LINE])
    line = " ".join("".join(map(_visible, composed)).split())
    return cut(line, LONGEST_LINE)


def for_sms(text: str) -> str:
    """Return one line whose punctuation does not cost a GSM-7 text its encoding.

    What has nothing visible in it becomes `?`: a message never names nobody.
    """
    return one_line(text).translate(_PLAIN_PUNCTUATION) or "?"


def isolated(text: str) -> str:
    """Return the line between FSI and PDI: it takes its own direction, and no more."""
    return f"{_FIRST_STRONG_ISOLATE}{one_line(text)}{_POP_ISOLATE}"


def isolated_lines(text: str, room: int = 3 * LONGEST_TEXT) -> str:
    """Isolate each line by itself, since an isolate ends with its line.

    No more lines are shown than have `room`, also for what is added to each.
    """
    shown = cut(text, LONGEST_TEXT)
    lines = [isolated(line) for line in shown.splitlines() if one_line(line)]
    if shown == text and len("\n".join(lines)) <= room:
        return "\n".join(lines)
    lines.append(isolated("…"))
    while len(lines) > 1 and len("\n".join(lines)) > room:
        del lines[-2]
    return "\n".join(lines)


def cut(text: str, longest: int) -> str:
    """Return at most `longest` characters, ending where a written character ends."""
    if len(text) <= longest:
        return text
    return text[: cut_places(text[: longest + 1])[-1]]


def cut_places(text: str) -> list[int]:
    """Return where the text may end early without tearing a written character."""
    return [
        place
        for place in range(len(text))
        if place == 0 or not _belong_together(text[place - 1], text[place])
    ]


def _belong_together(before: str, after: str) -> bool:
    return (
        _ZERO_WIDTH_JOINER in {before, after}
        or unicodedata.category(after).startswith("M")
        or ord(after) in _SKIN_TONES
    )


def _visible(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) not in _INVISIBLE:
        return char
    return " " if char.isspace() else ""
