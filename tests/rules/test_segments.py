import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.wording.segments import Encoding, fits_one_segment, sms_units


@pytest.mark.parametrize(
    ("text", "encoding", "units"),
    [
        ("", Encoding.GSM7, 0),
        ("prize not paid", Encoding.GSM7, 14),
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ", Encoding.GSM7, 27),
        ("ÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà", Encoding.GSM7, 18),
        ("€", Encoding.GSM7, 2),
        ("^{}\\[~]|\f", Encoding.GSM7, 18),
        ("ç", Encoding.UCS2, 1),
        ("`", Encoding.UCS2, 1),
        ("…", Encoding.UCS2, 1),
        ("مینا", Encoding.UCS2, 4),
        ("€ مینا", Encoding.UCS2, 6),
        ("😀", Encoding.UCS2, 2),
        ("\ud800", Encoding.UCS2, 1),
    ],
)
def test_a_text_is_measured_as_the_carrier_does(
    text: str, encoding: Encoding, units: int
):
    assert sms_units(text) == (encoding, units)


@pytest.mark.parametrize(
    ("longest", "one_more"),
    [("a" * 160, "a"), ("€" * 80, "a"), ("م" * 70, "م"), ("😀" * 35, "م")],
)
def test_one_segment_ends_exactly_where_the_standard_says(longest: str, one_more: str):
    assert fits_one_segment(longest)
    assert not fits_one_segment(longest + one_more)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_ucs2_units_are_those_of_utf_16(text: str):
    encoding, units = sms_units(text + "م")
    assert encoding is Encoding.UCS2
    assert units == len((text + "م").encode("utf-16-le")) // 2
