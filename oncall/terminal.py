"""Text for a terminal: control characters are shown, never obeyed."""

from collections.abc import Mapping

KEPT = "\n\t"
_EMBEDDINGS = range(0x202A, 0x202F)
"""Overrides and embeddings, which turn what stands after them; isolates stay: they end
with their line, and the product's own sentences hold them."""


def _shown(code: int) -> str:
    return chr(code).encode("unicode_escape").decode()


_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_TEXT: Mapping[int, str] = {
    code: _shown(code) for code in (*_CONTROLS, *_EMBEDDINGS) if chr(code) not in KEPT
}
_JSON: Mapping[int, str] = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""JSON escapes what is below a space itself."""


def printable(text: str) -> str:
    r"""Return the text with each control character written out, as `\x1b`.

    Line breaks and tabs stay. What a customer wrote may reach a terminal, where an
    escape sequence could move the cursor, change the title or answer in our name.
    """
    return text.translate(_TEXT)


def printable_json(text: str) -> str:
    r"""Return JSON with the control characters that JSON lets through as `\u009b`."""
    return text.translate(_JSON)
