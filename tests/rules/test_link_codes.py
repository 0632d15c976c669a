"""Which texts to the bot are pairing codes, however they were typed."""

import pytest

from oncall.actions.link import code_in

CODE = "Ab3_9-xQ7ZpLmN0rT5uVwYkE2cD4fGhJ"


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        f"/start {CODE}",
        f"/START   {CODE}\n",
        f"/start@parvaz_bot {CODE}",
        f" {CODE[:8]} {CODE[8:20]}\u00a0{CODE[20:]}\n",
        f"\u200f{CODE}\u2069",
        CODE.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        CODE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        f"/start {CODE.translate(str.maketrans('0123456789', '०१२३४५६७८९'))}",
        CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_a_code_is_read_however_it_was_sent(text: str):
    assert code_in(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "128 1", "/start", "/started " + CODE, CODE[:-1], CODE + "x"),
        *("123456", "۱۲۳۴۵۶", CODE.replace("_", "/"), "x" * 10_000, "\ud800" * 32),
    ],
)
def test_what_is_no_code_is_an_answer_like_any(text: str):
    assert code_in(text) is None


def test_what_follows_start_is_always_meant_as_a_code():
    assert code_in("/start nonsense") == "nonsense"
