"""What a letter says: its words, new and old, once and in order, and its files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.intake.contract import Attachment
from integrations.intake.email.parts import Part
from integrations.intake.html import Line, Mark, html_lines
from integrations.intake.quote_words import ANSWERS
from integrations.intake.quotes import (
    LONGEST_TEXT,
    Said,
    plain_lines,
    separate,
    subject_prefix,
    words,
)
from integrations.intake.text import clean

_LETTERS = ("message/rfc822", "message/global", "message/news")
_NO_WORDS = {"text/calendar", "text/x-vcard", "text/vcard", "text/rfc822-headers"}
_NO_WORDS |= {"text/rtf", "text/richtext", "text/css", "text/javascript", "text/csv"}
_NO_WORDS |= {"text/x-amp-html", "text/x-watch-html"}
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
_PAGE = re.compile(r"\s{0,100}<(?:!doctype html|html)[\s>]", re.IGNORECASE)
"""How a web page begins that is said to be plain text."""
_COMPARED = 10_000  # characters of two bodies that are compared
_STRETCH = 5  # characters in a row that are compared: longer than chance
_MOST_OF = 0.75  # of the words: what has so many of them has them all
_FEW_OF = 0.3
_NO_STUB = 300  # stretches: more than any program says in place of a letter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """Lines that belong together, and whether they are a web page's."""

    lines: Sequence[Line]
    is_html: bool = False


def said(letter: Part, *, subject: str, answered: Sequence[str]) -> Said:
    """Return a letter's words. `answered` are the Message-Ids of what it answers."""
    # a letter that is handed on whole may be named as answered, too
    is_answer = subject_prefix(subject) in ANSWERS
    bodies = _bodies(letter, frozenset(answered if is_answer else ()))
    found = [
        separate(body.lines, subject=subject, answers=bool(answered)) for body in bodies
    ]
    new = "\n\n".join(filter(None, (one.text for one in found)))[:LONGEST_TEXT]
    old = "\n\n".join(filter(None, (one.quoted for one in found)))[:LONGEST_TEXT]
    return Said(text=new or None, quoted=old or None)


def attachments(letter: Part) -> tuple[Attachment, ...]:
    """Return the files that came along, in order; pictures among the words are some."""
    return tuple(
        Attachment(name=_file_name(part), type=part.type, size=part.size)
        for part in leaves(letter)
        if not _has_words(part) or part.name or part.disposition == "attachment"
    )


def leaves(letter: Part) -> Iterator[Part]:
    """Yield the parts that hold something, a letter that came along as one of them."""
    if letter.type.startswith("multipart/"):
        for part in letter.parts:
            yield from leaves(part)
    else:
        yield letter


def _file_name(part: Part) -> str:
    if part.name or part.type not in _LETTERS or not part.parts:
        return part.name
    return part.parts[0].header("subject")


def _has_words(part: Part) -> bool:
    return part.type.startswith("text/") and part.type not in _NO_WORDS


def _bodies(part: Part, answered: frozenset[str]) -> list[_Body]:
    """Return what is to be read of a part, in order."""
    if part.type in _LETTERS:
        return _came_along(part, answered)
    if part.type == "multipart/report":
        # what follows the words for people is for machines
        return _bodies(part.parts[0], answered)
    if part.type.startswith("multipart/"):
        each = [_bodies(child, answered) for child in part.parts]
        return _one_of(each) if part.type.endswith("/alternative") else _all_of(each)
    if not _has_words(part) or part.disposition == "attachment":
        return []
    text = part.text
    if part.type in {"text/html", "text/enriched"} or _PAGE.match(text):
        return _written(html_lines(text), is_html=True)
    return _written(plain_lines(text[: 2 * LONGEST_TEXT]), is_html=False)


def _written(lines: Sequence[Line], *, is_html: bool) -> list[_Body]:
    has_words = any(line.text.strip() for line in lines)
    return [_Body(lines=lines, is_html=is_html)] if has_words else []


def _came_along(part: Part, answered: frozenset[str]) -> list[_Body]:
    """Return the words of a letter that came along: it was handed on.

    The letter that is answered is no news, where a program sends it along whole.
    """
    if not part.parts:
        return []
    held = part.parts[0]
    own = held.headers.get("message-id", b"").decode("ascii", errors="replace").strip()
    is_answered = own in answered
    lines = [Line(clean(held.header("subject")))]
    for body in _bodies(held, frozenset()):
        lines += body.lines
    mark = Mark.OLD if is_answered else Mark.NONE
    return _written([line._replace(mark=mark) for line in lines], is_html=False)


def _one_of(each: Sequence[list[_Body]]) -> list[_Body]:
    """Return the best of several forms of the same words: plain, where it has them.

    Some programs put a stub beside the web page, or a beginning of it.
    """
    best: list[_Body] = []
    for bodies in each:
        best = _better(best, bodies) if best and bodies else best or bodies
    return best


def _better(first: list[_Body], other: list[_Body]) -> list[_Body]:
    of_first, of_other = _stretches(first), _stretches(other)
    common = len(of_first & of_other)
    if common >= _MOST_OF * len(of_other):
        return first
    if common < _FEW_OF * len(of_first) and len(of_first) > max(
        _NO_STUB, 2 * len(of_other)
    ):
        return [*first, *other]
    return other


def _all_of(each: Sequence[list[_Body]]) -> list[_Body]:
    """Return all words in order; those that are there in two forms once."""
    found: list[_Body] = []
    for body in (body for bodies in each for body in bodies):
        if found and found[-1].is_html != body.is_html and _is_same(found[-1], body):
            found[-1:] = _better(found[-1:], [body])
        else:
            found.append(body)
    return found


def _is_same(body: _Body, other: _Body) -> bool:
    these, those = _stretches([body]), _stretches([other])
    return len(these & those) >= _MOST_OF * max(len(these), len(those))


def _stretches(bodies: Sequence[_Body]) -> set[str]:
    """Return what can be compared: letters in a row, wherever lines are broken."""
    text = " ".join(words(body.lines)[:_COMPARED] for body in bodies)[:_COMPARED]
    row = "".join(_LETTERS_AND_DIGITS.findall(text.lower()))
    return {row[at : at + _STRETCH] for at in range(max(len(row) - _STRETCH, 0) + 1)}
