"""Many rows in one statement: what they become, and what is refused."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql

from oncall.store.many import as_json
from oncall.store.pages import CHANGE, PAGE
from oncall.store.prepared import Form, Prepared

AT = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
ONE = {"page": "p", "at": AT, "transition": "plan", "state": "planned", "detail": ""}


def many(prepared: Prepared, **values: object) -> Form:
    form = prepared.form(postgresql.dialect(), values).for_many
    assert form is not None
    return form


def test_new_rows_are_selected_from_what_was_given_with_their_types():
    sql = " ".join(many(Prepared(insert(CHANGE)), **ONE).sql.split())
    assert sql.startswith("INSERT INTO page_change (page, at, transition, state")
    assert "SELECT given.page, given.at, given.transition" in sql
    assert "at TIMESTAMP WITH TIME ZONE" in sql


def test_a_change_takes_each_row_of_what_was_given_by_its_key():
    say = update(PAGE).where(PAGE.c.id == bindparam("its"), PAGE.c.state == "sending")
    form = many(Prepared(say.values(text=bindparam("said"))))
    sql = " ".join(form.sql.split())
    assert "SET text=given.said FROM json_to_recordset" in sql
    assert "WHERE page.id = given.its" in sql
    assert "sending" in form.bound({"rows": "[]"}).values()


def test_what_is_not_known_for_many_is_done_one_by_one():
    gone = Prepared(delete(PAGE).where(PAGE.c.id == bindparam("its")))
    assert gone.form(postgresql.dialect(), {"its": ""}).for_many is None


def test_rows_are_said_in_json_as_they_are():
    words = "سلام 🙂 \"'\\"
    assert json.loads(as_json([{"text": words, "at": AT, "none": None}])) == [
        {"text": words, "at": AT.isoformat(), "none": None}
    ]


def test_what_json_cannot_say_is_refused():
    with pytest.raises(TypeError, match="bytes is not written in JSON"):
        as_json([{"body": b"\x00"}])
