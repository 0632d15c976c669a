"""The data behind a button: which page, which verb.

It comes back from outside, so it names things and proves nothing: whoever reads it
checks that the presser is the person who was paged.
"""

import re

from oncall.model import Verb

LONGEST = 64
"""Bytes of button data that Telegram carries."""

_FORM = re.compile(rf"p:([{''.join(Verb)}]):([A-Za-z0-9_-]{{1,60}})", re.ASCII)


def encode_button(page_id: str, verb: Verb) -> str:
    """Return at most 64 ASCII bytes that `read_button` reads back.

    ValueError when `page_id` has more than 60 characters or others than A–Z a–z 0–9 _ -.
    """
    data = f"p:{verb}:{page_id}"
    if not _FORM.fullmatch(data):
        msg = f"a page id of {len(page_id)} characters does not fit a button's data"
        raise ValueError(msg)
    return data


def read_button(data: str) -> tuple[str, Verb] | None:
    """Return the page's id and the verb, or None when it is no button of ours."""
    form = _FORM.fullmatch(data)
    return (form[2], Verb(form[1])) if form else None
