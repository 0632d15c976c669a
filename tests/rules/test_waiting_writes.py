"""What waits to be written goes together, unless somebody could see the difference."""

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import sqlite

from oncall.store.issues import ISSUE
from oncall.store.pages import CHANGE, PAGE
from oncall.store.prepared import Form, Prepared
from oncall.store.timeline import TIMELINE
from oncall.store.waiting import Entry, Waiting

DIALECT = sqlite.dialect()
NEW_PAGE = Prepared(insert(PAGE)).form(DIALECT, {"id": ""})
NEW_CHANGE = Prepared(insert(CHANGE)).form(DIALECT, {"page": ""})
NEW_LINE = Prepared(insert(TIMELINE)).form(DIALECT, {"issue": 0})
NEW_ISSUE = Prepared(insert(ISSUE).returning(ISSUE.c.number)).form(DIALECT, {"id": ""})
SAY = Prepared(
    update(PAGE).where(PAGE.c.id == bindparam("its")).values(text=bindparam("said"))
).form(DIALECT, {})
PAGES = Prepared(select(PAGE.c.id)).form(DIALECT, {})
CHANGES = Prepared(select(CHANGE.c.page)).form(DIALECT, {})
LINES = Prepared(select(TIMELINE.c.issue)).form(DIALECT, {})
CLOSE = Prepared(update(ISSUE).values(status=bindparam("to"))).form(DIALECT, {})


def put(*forms: Form) -> Waiting:
    """Have a row written by each; a row is the number of its turn."""
    waiting = Waiting()
    for turn, form in enumerate(forms):
        waiting.put(form, [turn])
    return waiting


def rows(entries: list[Entry]) -> list[list[int]]:
    return [entry.rows for entry in entries]


def test_rows_for_one_table_go_together():
    waiting = put(NEW_PAGE, NEW_CHANGE, NEW_LINE, NEW_PAGE, NEW_CHANGE, NEW_LINE)
    assert rows(waiting.take()) == [[0, 3], [1, 4], [2, 5]]
    assert not waiting


def test_rows_do_not_overtake_the_rows_that_they_point_to():
    assert rows(put(NEW_CHANGE, NEW_PAGE, NEW_CHANGE).take()) == [[0], [1], [2]]


def test_rows_do_not_overtake_a_change_nor_a_mark():
    assert rows(put(NEW_PAGE, SAY, NEW_PAGE).take()) == [[0], [1], [2]]
    assert rows(put(NEW_LINE, SAY, NEW_LINE).take()) == [[0], [1], [2]]
    waiting = put(NEW_LINE)
    waiting.mark("SAVEPOINT here")
    waiting.put(NEW_LINE, [2])
    assert len(waiting.take()) == 3


def test_changes_stay_as_many_as_they_were():
    assert rows(put(SAY, SAY).take()) == [[0], [1]]


def test_who_reads_has_written_what_they_look_at_and_the_rest_waits():
    waiting = put(NEW_PAGE, NEW_LINE)
    assert rows(waiting.take_for(LINES)) == [[1]]
    assert waiting.take_for(CHANGES) == []
    assert rows(waiting.take_for(PAGES)) == [[0]]
    assert not waiting


def test_what_is_looked_at_is_written_after_what_it_points_to():
    assert rows(put(NEW_PAGE, NEW_LINE, NEW_CHANGE).take_for(CHANGES)) == [[0], [2]]
    assert rows(put(NEW_PAGE, SAY, NEW_LINE).take_for(PAGES)) == [[0], [1]]


def test_new_issues_let_lines_about_others_wait_and_a_changed_issue_does_not():
    assert put(NEW_LINE).take_for(NEW_ISSUE) == []
    assert rows(put(NEW_LINE).take_for(CLOSE)) == [[0]]


def test_a_mark_that_was_not_made_is_forgotten_with_all_that_came_after_it():
    waiting = put(NEW_PAGE)
    waiting.mark("SAVEPOINT here")
    waiting.put(NEW_LINE, [1])
    assert waiting.forget_from("SAVEPOINT here")
    assert not waiting.forget_from("SAVEPOINT here")
    assert rows(waiting.take()) == [[0]]
