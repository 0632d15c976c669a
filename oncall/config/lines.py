"""Where each dotted path of a TOML text stands; tomllib keeps no positions.

For text that tomllib has accepted: the scanner follows brackets, quotes and commas
and judges nothing. Lines count from 1.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_GAP = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_KEY = re.compile(rf"[A-Za-z0-9_-]+|{_STRING.pattern}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_BARE = re.compile(r"[\w-]+")


class Lines:
    """The line of every table, key and element of one text.

    The text is gone through when the first is asked for: most files have no problem to
    place, and it is a third of what reading them takes.
    """

    def __init__(self, text: str = "") -> None:
        self._text = text

    @cached_property
    def known(self) -> Mapping[Path, int]:
        """All of them; none of a text that is nested too deeply to be followed."""
        try:
            return _Scanner(self._text).run()
        except RecursionError:
            return {}

    def of(self, path: Path) -> int:
        """Return the line of `path`, else of what holds it; 0 when nothing does."""
        while path and path not in self.known:
            path = path[:-1]
        return self.known.get(path, 0)


def dotted(path: Path) -> str:
    """Write a path as people read it: `people.sara.contact.0`, odd keys in quotes."""
    return ".".join(
        part if _BARE.fullmatch(part) else f'"{part}"' for part in map(str, path)
    )


class _Scanner:
    """One pass over the text, a statement at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_starts = [match.end() for match in re.finditer("\n", text)]
        self._lines: dict[Path, int] = {}
        self._last_index: dict[Path, int] = {}  # of each array of tables

    def run(self) -> dict[Path, int]:
        table: Path = ()
        self._take(_BLANK)
        while self._at < len(self._text):
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._take(_BLANK)
        return self._lines

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: return the table that the next keys belong to."""
        line = self._line()
        is_array = self._text.startswith("[[", self._at)
        brackets = 2 if is_array else 1
        self._at += brackets
        *parents, name = self._key()
        self._at += brackets
        path: Path = ()
        for parent in parents:
            path = self._newest((*path, parent))
            self._lines.setdefault(path, line)
        path = (*path, name)
        if is_array:
            self._lines.setdefault(path, line)
            self._last_index[path] = self._last_index.get(path, -1) + 1
            path = self._newest(path)
        self._lines[path] = line
        return path

    def _newest(self, path: Path) -> Path:
        """Return the last element's path when `path` is an array of tables."""
        index = self._last_index.get(path)
        return path if index is None else (*path, index)

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._take(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        match self._peek():
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._take(_STRING)
            case _:
                self._take(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._more("]"):
            element = (*path, index)
            self._lines[element] = self._line()
            self._value(element)
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._more("}"):
            self._pair(path)

    def _more(self, closing: str) -> bool:
        """Go on to the next element; False once `closing` has been passed."""
        self._take(_GAP)
        if self._peek() not in (closing, ""):
            return True
        self._at += 1
        return False

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._take(_SPACE)
            parts.append(_plain(self._take(_KEY)))
            self._take(_SPACE)
            if self._peek() != ".":
                return parts
            self._at += 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        taken = match.group() if match else ""
        self._at += len(taken)
        return taken

    def _line(self) -> int:
        return bisect_right(self._line_starts, self._at) + 1


def _plain(key: str) -> str:
    """Undo a key's quotes and escapes."""
    if key[:1] in {'"', "'"}:
        return next(iter(tomllib.loads(f"{key} = 0")))
    return key
