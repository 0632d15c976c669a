"""New words and old ones: what somebody wrote, and the letter repeated around it.

Old words stay readable beside the new ones, and no rule judges them. Cut is only what
is marked: quoted lines with the line that announces them, and what stands below a
separator or below the labels of a letter (`From:`, `Sent:`, `To:`, `Subject:`).
Whatever is handed on ("Fwd:") is new: it is why somebody writes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from integrations.intake.history import announced, hands_on, history, lower
from integrations.intake.html import Line, Mark, html_lines
from integrations.intake.quote_words import ANSWERS, FORWARDS
from integrations.intake.text import clean

LONGEST_TEXT = 200_000
"""Characters that are kept of a letter's words; the rest stays in the raw delivery."""
_LONGEST_PREFIX = 100  # characters, with what stands before it
_PREFIX = re.compile(r"^\W*([^\W\d_][\w .]{0,20}?)\s*(?:\[\d{1,3}\])?\s*[:：]")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """New words, and the old ones that came along. None where there are none."""

    text: str | None = None
    quoted: str | None = None


def said_in_html(html: str, *, subject: str = "", answers: bool = False) -> Said:
    """Tell new words from old in HTML, as `separate` does."""
    return separate(html_lines(html), subject=subject, answers=answers)


def said_in_plain(plain: str, *, subject: str = "", answers: bool = False) -> Said:
    """Tell new words from old in plain text, as `separate` does."""
    return separate(plain_lines(plain), subject=subject, answers=answers)


def seen(html: str) -> str:
    """Return all that a reader of HTML sees."""
    return words(html_lines(html))


def plain_lines(plain: str) -> list[Line]:
    """Return the lines of plain text; `>` marks what looks like a quote."""
    letter = clean(plain).replace("\r\n", "\n").replace("\r", "\n")
    return [
        Line(line, Mark.LOOKS_OLD if _looks_old(line) else Mark.NONE)
        for line in letter.split("\n")
    ]


def _looks_old(line: str) -> bool:
    """Tell whether a line is quoted; GroupWise separates by ">>> who and when >>>"."""
    return line.startswith((">", " >")) and not line.rstrip().endswith(" >>>")


def words(lines: Iterable[Line]) -> str:
    """Return lines as words."""
    joined = "\n".join(line.text for line in lines).strip()
    return _EMPTY_LINES.sub("\n\n", joined)[:LONGEST_TEXT]


def separate(
    lines: Sequence[Line], *, subject: str = "", answers: bool = False
) -> Said:
    """Tell new words from old. `answers`: the letter is known to answer another.

    A letter that answers nothing and has only old words is taken for new.
    """
    prefix = subject_prefix(subject)
    if prefix in FORWARDS:
        return Said(text=words(lines) or None)
    answers = answers or prefix in ANSWERS
    old = _old(lines, answers=answers)
    new = words(line for line, is_old in zip(lines, old, strict=True) if not is_old)
    if not new and not answers:
        return Said(text=words(lines) or None)
    quoted = words(line for line, is_old in zip(lines, old, strict=True) if is_old)
    return Said(text=new or None, quoted=quoted or None)


def subject_prefix(subject: str) -> str:
    """Return what stands before a subject's first colon: `re`, `fwd`."""
    found = _PREFIX.match(subject[:_LONGEST_PREFIX])
    return lower(found[1]) if found else ""


def _old(lines: Sequence[Line], *, answers: bool) -> list[bool]:
    """Tell of each line whether it is old."""
    old = [False] * len(lines)
    cut = history(lines, answers=answers)
    start = 0
    while start < cut:
        if lines[start].mark is Mark.NONE:
            start += 1
            continue
        stop = _run_end(lines, start, cut)
        begun = announced(lines, start)
        if begun == start and hands_on(lines[start]):
            return old
        if lines[start].mark is Mark.OLD or answers or begun < start:
            old[begun:stop] = [True] * (stop - begun)
        start = stop
    if cut < len(lines) and not hands_on(lines[cut]):
        old[cut:] = [True] * (len(lines) - cut)
    return old


def _run_end(lines: Sequence[Line], start: int, limit: int) -> int:
    """Return where marked lines that begin at `start` end, empty ones among them."""
    end = at = start
    while at < limit and (lines[at].mark is not Mark.NONE or not lines[at].text):
        at += 1
        end = at if lines[at - 1].mark is not Mark.NONE else end
    return end
