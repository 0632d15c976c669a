"""Words of people who want to write our headers: for every test of a writer."""

import base64
import quopri

from hypothesis import strategies as st

_ENDS = (
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x00",
    "\x1b[",
)
_FIELD = "Reply-To: x@example.com"


def encoded(words: str, way: str = "b") -> str:
    """Return words as a header's encoded word (RFC 2047)."""
    raw = words.encode(errors="replace")
    if way == "b":
        return f"=?utf-8?b?{base64.b64encode(raw).decode()}?="
    quoted = quopri.encodestring(raw, header=True).decode().replace("=\n", "")
    return f"=?utf-8?q?{quoted.replace(chr(10), '=0A').replace('?', '=3F')}?="


TWICE = encoded(encoded(f"paid\r\n{_FIELD}\r\nContent-Type: text/html\r\n\r\n<b>pay"))
"""What a parser that decodes a header once leaves dangerous."""

_PLAIN = st.text(max_size=30)
_LINES = st.builds(
    lambda before, end, after: f"{before}{end}{_FIELD}{end}{end}{after}",
    _PLAIN,
    st.sampled_from(_ENDS),
    _PLAIN,
)
_WRAPPED = st.recursive(
    _LINES, lambda inner: st.builds(encoded, inner, st.sampled_from("bq")), max_leaves=3
)
_SPLIT = st.builds(
    # invisible marks and line ends inside of what would be decoded
    lambda words, mark: words.replace("=?", f"={mark}?"),
    _WRAPPED,
    st.sampled_from(("\u200e", "\n", "\xad", " ", "\ufeff")),
)
HOSTILE = st.one_of(
    _PLAIN,
    _WRAPPED,
    _SPLIT,
    st.builds(lambda a, b, c: a + b + c, _PLAIN, _WRAPPED, _PLAIN),
)
