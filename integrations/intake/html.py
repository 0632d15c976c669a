"""What a reader of HTML sees, line by line, in one pass that is linear on any input.

The standard library's parser is not: it looks for the end of what is never closed
again and again. Here a tag ends before the next one begins.
"""

import re
from enum import IntEnum
from html import unescape
from typing import NamedTuple

from integrations.intake.text import clean

LONGEST_HTML = 2_000_000  # characters; what lies beyond stays in the kept request

_UNSEEN = {"script", "style", "title", "template", "noscript"}
_BLOCKS = {"hr", "p", "div", "li", "tr", "table", "blockquote", "pre", "ul", "ol"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
_CELLS = {"td", "th"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base"}

# what mail programs and helpdesks put around the letter that is answered
_QUOTES = {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix"}
_QUOTES |= {"protonmail_quote", "zd-comment-quoted", "freshdesk_quote", "quoted-text"}
_QUOTES |= {"gmail_attr", "gmail_extra_quote", "zmail_extra"}
_QUOTE_NAMES = {"quote", "messageReplySection"}
_REST_IS_QUOTED = {"appendonsend", "divRplyFwdMsg", "mail-editor-reference-message"}
_REST_IS_QUOTED |= {"mail-editor-reference-message-container"}

# possessive, and never past another tag: linear on any input
_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[a-zA-Z][\w:-]*+)(?P<rest>[^<>]*+)>")
_LONGEST_ATTRIBUTES = 2_000  # characters that are looked at
_ATTRIBUTE = re.compile(
    r"\b(id|class|type|name)=(\"[^\"]*\"|'[^']*'|[^\s\"']+)", re.IGNORECASE
)
_DECLARATION = re.compile(r"<[!?][^>]*>?")
# the standard library raises for numbers of more than 4,300 digits
_NO_CHARACTER = re.compile(r"&#(?:[xX][0-9a-fA-F]{12,}+|[0-9]{12,}+);?")
_SPACES = re.compile(r"[^\S\n]+")


class Mark(IntEnum):
    """Whether a line is marked as an older letter's; `LOOKS_OLD` by a mere indent."""

    NONE = 0
    LOOKS_OLD = 1
    OLD = 2


class Line(NamedTuple):
    """A line of a letter, tidied, without its end."""

    text: str
    mark: Mark = Mark.NONE


def html_lines(html: str) -> list[Line]:
    """Return what is seen, and which of it is marked as quoted."""
    html = _DECLARATION.sub(" ", _without_comments(html[:LONGEST_HTML]))
    reader = _Reader()
    at = 0
    for tag in _TAG.finditer(html):
        if tag.start() > at:
            reader.words(html[at : tag.start()])
        reader.tag(tag["name"].lower(), tag["rest"], closes=bool(tag["closes"]))
        at = tag.end()
    reader.words(html[at:])
    return reader.lines()


def _without_comments(html: str) -> str:
    """Take comments out, in one pass; one that is never closed hides nothing."""
    kept = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start)
        if end < 0:
            at = start + len("<!--")
            break
        at = end + len("-->")
    return " ".join([*kept, html[at:].replace("<!--", " ")])


def characters(raw: str) -> str:
    """Return words with their references replaced: `&amp;` is `&`."""
    return unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", raw))


class _Reader:
    """Gathers what is seen, as pieces that each have a mark."""

    def __init__(self) -> None:
        self._seen: list[tuple[Mark, str]] = []
        self._hidden = _Inside()
        self._quote = _Inside()
        self._block = _Inside()
        self._rest_is_old = False

    def lines(self) -> list[Line]:
        """Return what was gathered, in lines without superfluous spaces."""
        found: list[Line] = []
        line: list[str] = []
        mark: Mark | None = None
        for piece_mark, piece in [*self._seen, (Mark.NONE, "\n")]:
            if piece != "\n":
                mark = piece_mark if mark is None and piece.strip() else mark
                line.append(piece)
                continue
            tidy = clean(_SPACES.sub(" ", "".join(line))).strip()
            found.append(Line(tidy, piece_mark if mark is None else mark))
            line, mark = [], None
        return found

    def words(self, raw: str) -> None:
        """Take what stands between two tags."""
        if raw and not self._hidden:
            self._seen.append((self._mark(), characters(raw).replace("\n", " ")))

    def tag(self, name: str, rest: str, *, closes: bool) -> None:
        """Take one tag."""
        if self._hidden:
            self._hidden.step(name, closes=closes)
        elif not closes and name in _UNSEEN:
            self._hidden = _Inside(name)
        else:
            self._note(name, rest, closes=closes)

    def _note(self, name: str, rest: str, *, closes: bool) -> None:
        if name == "br" or (name in _BLOCKS and not self._at_start()):
            self._seen.append((self._mark(), "\n"))
        elif name in _CELLS:
            self._seen.append((self._mark(), " "))
        self._follow_quotes(name, rest, closes=closes)

    def _follow_quotes(self, name: str, rest: str, *, closes: bool) -> None:
        if name == "blockquote":
            self._step_block(closes=closes)
        if self._quote:
            self._quote.step(name, closes=closes)
        elif not closes and name not in _VOID and _begins_quote(rest):
            self._quote = _Inside(name)
        if not closes and _begins_rest(rest):
            self._rest_is_old = True

    def _step_block(self, *, closes: bool) -> None:
        """Follow indents: what comes after one inside a quote was written anew.

        So programs do when somebody answers between the lines of the old letter.
        """
        if self._block:
            self._block.step("blockquote", closes=closes)
            if not self._block and self._quote.name == "div":
                self._quote = _Inside()
        elif not closes:
            self._block = _Inside("blockquote")

    def _mark(self) -> Mark:
        if self._quote or self._rest_is_old:
            return Mark.OLD
        return Mark.LOOKS_OLD if self._block else Mark.NONE

    def _at_start(self) -> bool:
        return not self._seen or self._seen[-1][1] == "\n"


class _Inside:
    """The element that we are in, and how many of its name are open within it."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._depth = 1 if name else 0

    def __bool__(self) -> bool:
        return self._depth > 0

    def step(self, name: str, *, closes: bool) -> None:
        """Take a tag: the element ends when all of its name are closed."""
        if name == self.name:
            self._depth += -1 if closes else 1


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(rest[:_LONGEST_ATTRIBUTES])
    return {key.lower(): value.strip("\"'") for key, value in found}


def _begins_quote(rest: str) -> bool:
    if len(rest) < len(" id=a"):
        return False
    has = _attributes(rest)
    return (
        not _QUOTES.isdisjoint(has.get("class", "").split())
        or has.get("name", "") in _QUOTE_NAMES
        or has.get("type", "") == "cite"
    )


def _begins_rest(rest: str) -> bool:
    return "id" in rest and _attributes(rest).get("id", "") in _REST_IS_QUOTED
