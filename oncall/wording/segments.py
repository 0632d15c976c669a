"""How much room a text takes as an SMS (3GPP TS 23.038).

A message of GSM-7 characters only holds 160 of them in one segment; any other
character makes the whole message UCS-2, which holds 70.
"""

from enum import StrEnum
from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_GSM = _BASIC | _EXTENDED


class Encoding(StrEnum):
    """What the carrier will make of the text."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


class Size(NamedTuple):
    """`units` are septets in GSM-7, an extension character counting 2, else UTF-16."""

    encoding: Encoding
    units: int


ONE_SEGMENT = {Encoding.GSM7: 160, Encoding.UCS2: 70}
"""Units that one segment holds."""


def is_gsm(text: str) -> bool:
    """Say whether every character is in the GSM-7 alphabet or its extension."""
    return _GSM.issuperset(text)


def sms_units(text: str) -> Size:
    """Measure the text as the carrier will."""
    if is_gsm(text):
        return Size(Encoding.GSM7, len(text) + sum(char in _EXTENDED for char in text))
    return Size(Encoding.UCS2, len(text) + sum(char > "\uffff" for char in text))


def fits_one_segment(text: str) -> bool:
    """Say whether the text goes out as one SMS and not as several."""
    size = sms_units(text)
    return size.units <= ONE_SEGMENT[size.encoding]
