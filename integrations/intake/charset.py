"""Bytes that say which charset they are in, and often say it wrongly, as words.

What a label means is `webencodings`' to say: the table of the WHATWG, by which
browsers read `latin-1` as windows-1252 and `gb2312` as GBK. What bytes are whose
label cannot be true is `chardet`'s to say. Nothing here fails on any input.
"""

import codecs
import re

import webencodings

_LOOKED_AT = 16 * 1024
"""Bytes that a guess is made from, and that a label is weighed by."""
_LOST = "\N{REPLACEMENT CHARACTER}"
_BYTE_ORDER = "\N{ZERO WIDTH NO-BREAK SPACE}"
_BY_CHANCE = 3
"""So few bytes of the kind that follows may be UTF-8 where another charset is meant."""
_NONE = {"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default"}
"""Labels that say nothing of bytes beyond ASCII."""
_SWITCHES = (b"\x1b$", b"\x1b(")
_ANY_OTHER = re.compile(r"[^\x00-\x7f]")
_ACCENTED = re.compile(r"[\u00c0-\u017f]")
_PLAIN = re.compile(r"[A-Za-z]")
_FEW = 4
_MIXED = re.compile(r"[A-Za-z][\u0370-\u0fff]|[\u0370-\u0fff][A-Za-z]")
"""A Latin letter beside one of another alphabet: no language writes so."""


def decode(raw: bytes, label: str = "") -> str:
    """Return what `raw` says. `label` is the charset it is said to be in, or empty."""
    codec = _codec(label)
    if raw.isascii() and not _switches(raw, codec):
        return raw.decode("ascii")
    if _is_utf8(raw, codec):
        return raw.decode("utf-8").removeprefix(_BYTE_ORDER)
    said = _by_label(raw, codec)
    if said is None or _is_gibberish(said):
        return _guessed(raw)
    if _LOST not in said:
        return said
    guessed = _guessed(raw)
    return said if _holds(said) and not _completes(guessed, said) else guessed


def _codec(label: str) -> str:
    """Return Python's name for a label; empty for one that nobody knows."""
    named = label.strip(" \t\r\n\"'")[:60]
    if not named.isascii() or named.lower() in _NONE:
        return ""
    known = webencodings.lookup(named)
    # the table calls what browsers dropped for safety `replacement`; in mail it is used
    if known is not None and known.name not in {"replacement", "x-user-defined"}:
        return str(known.codec_info.name)
    from chardet.registry import lookup_encoding  # noqa: PLC0415  slow, seldom needed

    return lookup_encoding(named) or ""


def _switches(raw: bytes, codec: str) -> bool:
    """Tell whether ASCII bytes say something else, as in ISO-2022-JP or UTF-7."""
    if any(switch in raw for switch in _SWITCHES):
        return True
    return bool(codec) and _decoded(raw, codec) != raw.decode("ascii")


def _is_utf8(raw: bytes, codec: str) -> bool:
    """Tell whether it is UTF-8 whatever it is said to be: that is no chance.

    Only of a word or two it may be, where the label names a charset of several bytes
    a character and holds, too.
    """
    try:
        read = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if raw.isascii():
        return False
    following = len(raw) - len(read)
    if not codec or codec == "utf-8" or following > _BY_CHANCE:
        return True
    said = _decoded(raw, codec)
    return said is None or len(said) == len(raw)


def _by_label(raw: bytes, codec: str) -> str | None:
    return _decoded(raw, codec, errors="replace") if codec else None


def _decoded(raw: bytes, codec: str, errors: str = "strict") -> str | None:
    try:
        return codecs.decode(raw, codec, errors).removeprefix(_BYTE_ORDER)
    except (ValueError, LookupError):
        return None


def _is_gibberish(said: str) -> bool:
    """Tell whether a label for Latin letters makes nearly all of them accented.

    So it is when Arabic or Russian is said to be latin-1.
    """
    begun = said[:_LOOKED_AT]
    accented = len(_ACCENTED.findall(begun))
    return accented >= _FEW and accented > 2 * len(_PLAIN.findall(begun))


def _holds(said: str) -> bool:
    """Tell whether a label is true but for a few broken bytes."""
    begun = said[:_LOOKED_AT]
    lost = begun.count(_LOST)
    return len(_ANY_OTHER.findall(begun)) - lost > lost


def _completes(guessed: str, said: str) -> bool:
    """Tell whether a guess reads as the label does, and what it leaves out besides.

    So it is for a larger relative of the charset: GB 18030 where GB 2312 was named.
    """
    if _LOST in guessed:
        return False
    before, after = said.partition(_LOST)[0], said.rpartition(_LOST)[2]
    if _ANY_OTHER.search(before):
        return guessed.startswith(before)
    return bool(_ANY_OTHER.search(after)) and guessed.endswith(after)


def _guessed(raw: bytes) -> str:
    """Return what it says by what the bytes look like."""
    import chardet  # noqa: PLC0415  slow, and needed only for what lies

    seen = chardet.detect(
        raw[:_LOOKED_AT],
        encoding_era=chardet.EncodingEra.MODERN_WEB,
        prefer_superset=True,
        compat_names=False,
    )
    read = _decoded(raw, seen["encoding"] or "cp1252", errors="replace") or ""
    if len(read) == len(raw) and _MIXED.search(read[:_LOOKED_AT]):
        return raw.decode("cp1252", errors="replace")
    return read
