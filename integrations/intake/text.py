"""Words out of HTML and mail: what the customer wrote, without what was quoted."""

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser

from typing_extensions import override

LONGEST_HTML = 200_000  # characters; what lies beyond stays in the kept request

_UNSEEN = {"script", "style", "title", "template", "noscript"}
_BLOCKS = {"hr", "p", "div", "li", "tr", "table", "blockquote", "pre", "ul", "ol"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base"}

# what mail programs and helpdesks put around the letter that is answered
_QUOTES = {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix"}
_QUOTES |= {"protonmail_quote", "zd-comment-quoted", "freshdesk_quote", "quoted-text"}
_REST_IS_QUOTED = {"appendonsend", "divRplyFwdMsg", "mail-editor-reference-message"}

_ATTRIBUTED = ("On ", "Am ", "Le ", "El ", "در ", "في ")

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_CUT = re.compile(
    r"^(?:##- .{0,200} -##|-{2,} ?Original Message ?-{2,})[^\S\n]*$", re.MULTILINE
)


def clean(words: str) -> str:
    """Return words that every database and channel can keep: no NUL, no surrogates."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", words)


def html_to_text(html: str) -> str:
    """Return what a reader of `html` sees, without quoted history."""
    html = html[:LONGEST_HTML]
    return _seen(html, quotes=False) or _seen(html, quotes=True)


def without_quotes(plain: str) -> str:
    """Return a plain letter without the history quoted below it.

    Only what is marked is cut: `>` lines at the end with the line that announces
    them, and what follows a reply line. Nothing is cut from what is only a quote.
    """
    letter = plain.replace("\r\n", "\n")
    mark = _CUT.search(letter)
    written = _without_trailing_quote(letter[: mark.start()] if mark else letter)
    return written.strip() or letter.strip()


def _without_trailing_quote(letter: str) -> str:
    lines = letter.split("\n")
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    if not any(line.startswith(">") for line in lines[end:]):
        return letter
    return "\n".join(lines[: _before_attribution(lines, end)])


def _before_attribution(lines: Sequence[str], end: int) -> int:
    """Step over "On Thursday, Mina wrote:", which programs break over two lines."""
    if not end or not lines[end - 1].rstrip().endswith(":"):
        return end
    broken = not lines[end - 1].startswith(_ATTRIBUTED)
    above = broken and end > 1 and lines[end - 2].startswith(_ATTRIBUTED)
    return end - 2 if above else end - 1


def _seen(html: str, *, quotes: bool) -> str:
    reader = _Reader(quotes=quotes)
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # how the parser gives up on `<![`
        return _tidy(unescape(_TAG.sub(" ", html)))
    return _tidy("".join(reader.seen))


def _tidy(words: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in words.split("\n"))
    return clean(_EMPTY_LINES.sub("\n\n", "\n".join(lines))).strip()


class _Reader(HTMLParser):
    """Gathers what is seen; `hidden` is the element we are in that is not shown."""

    def __init__(self, *, quotes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._quotes = quotes
        self._hidden = ""
        self._depth = 0
        self._over = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            self._depth += tag == self._hidden
        elif self._hides(tag, dict(attrs)):
            self._hidden, self._depth = tag, 1
        else:
            self._break(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._hidden:
            self._break(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._depth -= 1
            if not self._depth:
                self._hidden = ""
        elif not self._hidden and tag != "br":
            self._break(tag)

    @override
    def handle_data(self, data: str) -> None:
        if not self._hidden and not self._over:
            self.seen.append(data.replace("\n", " "))

    def _break(self, tag: str) -> None:
        at_start = not self.seen or self.seen[-1].endswith("\n")
        if tag == "br" or (tag in _BLOCKS and not at_start):
            self.seen.append("\n")

    def _hides(self, tag: str, attributes: dict[str, str | None]) -> bool:
        if tag in _UNSEEN:
            return True
        if self._quotes or tag in _VOID:
            return False
        if attributes.get("id") in _REST_IS_QUOTED:
            self._over = True
        marks = set((attributes.get("class") or "").split())
        return bool(marks & _QUOTES) or attributes.get("type") == "cite"
