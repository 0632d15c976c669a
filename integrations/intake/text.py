"""Words out of HTML and mail: what the customer wrote, without what was quoted."""

import re
from collections.abc import Sequence
from html import unescape

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
_DATED = re.compile(r"@|\b[0-9]{4}\b")

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# possessive, and never past another tag: linear on any input, which the standard
# library's parser is not
_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[a-zA-Z][\w:-]*+)(?P<rest>[^<>]*+)>")
_ATTRIBUTE = re.compile(
    r"\b(id|class|type)=(\"[^\"]*\"|'[^']*'|[^\s\"']+)", re.IGNORECASE
)
_DECLARATION = re.compile(r"<[!?][^>]*>?")
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
    html = _DECLARATION.sub(" ", _without_comments(html[:LONGEST_HTML]))
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
    begun = lines[end - 2] if end > 1 else ""
    is_broken = not lines[end - 1].startswith(_ATTRIBUTED)
    if is_broken and begun.startswith(_ATTRIBUTED) and _DATED.search(begun):
        return end - 2
    return end - 1


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


def _seen(html: str, *, quotes: bool) -> str:
    reader = _Reader(quotes=quotes)
    at = 0
    for tag in _TAG.finditer(html):
        reader.words(html[at : tag.start()])
        reader.tag(tag["name"].lower(), tag["rest"], closes=bool(tag["closes"]))
        at = tag.end()
    reader.words(html[at:])
    return _tidy("".join(reader.seen))


def _tidy(words: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in words.split("\n"))
    return clean(_EMPTY_LINES.sub("\n\n", "\n".join(lines))).strip()


class _Reader:
    """Gathers what is seen; `_hidden` is the element we are in that is not shown."""

    def __init__(self, *, quotes: bool) -> None:
        self.seen: list[str] = []
        self._quotes = quotes
        self._hidden = ""
        self._depth = 0
        self._over = False

    def words(self, raw: str) -> None:
        """Take what stands between two tags."""
        if raw and not self._hidden and not self._over:
            self.seen.append(unescape(raw).replace("\n", " "))

    def tag(self, name: str, rest: str, *, closes: bool) -> None:
        """Take one tag."""
        if self._hidden:
            self._inside(name, closes=closes)
        elif not closes and self._hides(name, rest):
            self._hidden, self._depth = name, 1
        elif name == "br" or (name in _BLOCKS and not self._at_start()):
            self.seen.append("\n")

    def _inside(self, name: str, *, closes: bool) -> None:
        if name == self._hidden:
            self._depth += -1 if closes else 1
        if not self._depth:
            self._hidden = ""

    def _at_start(self) -> bool:
        return not self.seen or self.seen[-1].endswith("\n")

    def _hides(self, name: str, rest: str) -> bool:
        if name in _UNSEEN:
            return True
        if self._quotes or name in _VOID:
            return False
        attributes = {key.lower(): value for key, value in _ATTRIBUTE.findall(rest)}
        if attributes.get("id", "").strip("\"'") in _REST_IS_QUOTED:
            self._over = True
        marks = set(attributes.get("class", "").strip("\"'").split())
        return (
            bool(marks & _QUOTES) or attributes.get("type", "").strip("\"'") == "cite"
        )
