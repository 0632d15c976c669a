from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from oncall.feeds import etag, uid

START = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


def test_an_event_keeps_its_name_for_ever():
    assert uid("weekend", 0, START, "sara") == (
        "bfd5257039982f5d4ceb34c7525c0e85aa357e2b@customer-oncall"
    )


def test_an_event_s_name_does_not_depend_on_the_zone_it_is_told_in():
    tehran = START.astimezone(ZoneInfo("Asia/Tehran"))
    assert uid("weekend", 0, tehran, "sara") == uid("weekend", 0, START, "sara")


def test_rotation_layer_start_and_person_each_make_another_event():
    names = [
        uid("weekend", 0, START, "sara"),
        uid("nights", 0, START, "sara"),
        uid("weekend", 1, START, "sara"),
        uid("weekend", 0, START + timedelta(seconds=1), "sara"),
        uid("weekend", 0, START, "reza"),
    ]
    assert all(one != other for one, other in combinations(names, 2))


def test_a_tag_is_strong_quoted_and_that_of_the_bytes():
    tag = etag(b"calendar")
    assert tag[0] == tag[-1] == '"'
    assert tag == etag(b"calendar")
    assert tag != etag(b"calendar ")
