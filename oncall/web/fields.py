"""The types of what is sent to the API, and what is said when they do not fit."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Path
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

from escalation_policies.duration import parse_duration

LONGEST_TEXT = 200_000
LONGEST_LINE = 1_000
LONGEST_NAME = 1_000
"""Bytes in UTF-8: what is looked up must fit into an index."""
LARGEST_NUMBER = 2**31 - 1
LONGEST_SPAN = timedelta(days=31)
REACH = range(1970, 2200)
"""Years; nearer to the calendar's ends arithmetic on time breaks."""


class Sent(BaseModel):
    """A body. A field we do not know is an error, so that a typing slip is heard of."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _storable(text: str) -> str:
    if "\0" in text:
        msg = "has a NUL character, which no database and no phone can hold"
        raise ValueError(msg)
    return text


def _indexable(text: str) -> str:
    if len(text.encode(errors="replace")) > LONGEST_NAME:
        msg = f"is longer than {LONGEST_NAME} bytes in UTF-8"
        raise ValueError(msg)
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        msg = "is empty"
        raise ValueError(msg)
    return text


def _in_reach(instant: datetime) -> datetime:
    if instant.year not in REACH:
        msg = f"is not in the years {REACH[0]} to {REACH[-1]}"
        raise ValueError(msg)
    return instant.astimezone(UTC)


def _span(text: object) -> timedelta:
    if isinstance(text, str):
        return parse_duration(text)
    msg = 'is a text like "15m" or "1h30m"'
    raise ValueError(msg)


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_storable)]
"""Any Unicode, kept as it is."""
Line = Annotated[str, Field(max_length=LONGEST_LINE), AfterValidator(_storable)]
Name = Annotated[Line, AfterValidator(_indexable)]
"""What something is found by."""
Named = Annotated[Name, AfterValidator(_not_blank)]
Words = Annotated[Line, AfterValidator(_not_blank)]
Wanted = Annotated[Text, AfterValidator(_not_blank)]
Key = Annotated[str, AfterValidator(_storable)]
"""What is only compared with what we have: an id, a name."""
Span = Annotated[timedelta, Field(le=LONGEST_SPAN), BeforeValidator(_span)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_reach)]
"""UTC once it is in."""
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
