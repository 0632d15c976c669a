from datetime import time

import pytest

from rotations.week import Span, Weekly
from rotations.window import Calendar, Window, parse_window


def span(day: int, start: int, days: int, end: int) -> Span:
    return Span(day=day, start=time(start), days=days, end=time(end))


def weekly(*spans: Span) -> Weekly:
    return Weekly(spans=spans)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("weekend", Calendar.WEEKEND),
        ("Holidays", Calendar.HOLIDAYS),
        ("closed", Calendar.CLOSED),
        ("fri 17:00 - mon 08:00", weekly(span(4, 17, 3, 8))),
        ("Friday 17:00 – Monday 8:00", weekly(span(4, 17, 3, 8))),
        ("fri 20:00 - fri 23:00", weekly(span(4, 20, 0, 23))),
        ("fri 20:00 - fri 17:00", weekly(span(4, 20, 7, 17))),
        ("sat 00:00 - sun 24:00", weekly(span(5, 0, 2, 0))),
        ("sat, sun", weekly(span(5, 0, 1, 0), span(6, 0, 1, 0))),
        ("fri", weekly(span(4, 0, 1, 0))),
        ("sun-mon", weekly(span(0, 0, 1, 0), span(6, 0, 1, 0))),
        ("daily 22:00-06:00", weekly(*(span(day, 22, 1, 6) for day in range(7)))),
        ("daily 18:00-24:00", weekly(*(span(day, 18, 1, 0) for day in range(7)))),
        ("mon-fri 18:00-22:00", weekly(*(span(day, 18, 0, 22) for day in range(5)))),
        ("mon, wed 08:00-12:00", weekly(span(0, 8, 0, 12), span(2, 8, 0, 12))),
    ],
)
def test_windows_are_read_as_people_write_them(text: str, window: Window):
    assert parse_window(text) == window


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is not a day"),
        ("weekends", "'weekends' is not a day"),
        ("fri 25:00 - mon 08:00", "'25:00' is not a time of day"),
        ("fri 24:00 - mon 08:00", "'24:00' is not a time of day"),
        ("daily 08:00-08:00", "ends at the moment it begins"),
        ("mon 08:00 - mon 08:00", "ends at the moment it begins"),
        ("always", "'always' is not a day"),
    ],
)
def test_what_is_no_window_is_refused_with_what_can_be_written(text: str, why: str):
    with pytest.raises(ValueError, match="Possible are weekend, holidays") as refused:
        parse_window(text)
    assert why in str(refused.value)
