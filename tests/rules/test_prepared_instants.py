"""An instant is the same text on SQLite, whoever puts it together."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import sqlite

from oncall.store.pages import PAGE
from oncall.store.prepared import Prepared

DIALECT = sqlite.dialect()
DUE = Prepared(select(PAGE.c.id).where(PAGE.c.due_at == bindparam("at"))).form(
    DIALECT, {}
)
SQLALCHEMY = PAGE.c.due_at.type.dialect_impl(DIALECT).bind_processor(DIALECT)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2199, 1, 1), timezones=ZONES)  # noqa: DTZ001 (hypothesis adds the zone)
)
def test_an_instant_is_kept_as_sqlalchemy_keeps_it(instant: datetime):
    assert SQLALCHEMY is not None
    assert DUE.bound({"at": instant}) == [SQLALCHEMY(instant)]


def test_no_instant_is_none():
    assert DUE.bound({"at": None}) == [None]


def test_an_instant_in_no_zone_is_refused():
    naive = datetime(2026, 11, 20)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="in no time zone"):
        DUE.bound({"at": naive})


def test_the_hour_that_comes_twice_is_two_instants():
    berlin = ZoneInfo("Europe/Berlin")
    twice = [datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=berlin) for fold in (0, 1)]
    told = [DUE.bound({"at": instant})[0] for instant in twice]
    assert told == ["2026-10-25 00:30:00.000000", "2026-10-25 01:30:00.000000"]
