"""`[[absence_calendars]]`: whose, and the one place each is read from."""

from datetime import timedelta
from pathlib import Path

import pytest

from oncall.config.example import render
from oncall.config.load import load
from oncall.store import Database, Tx, absence_calendars
from oncall.store.migrate import upgrade
from support.command_line import FRIDAY, CommandLine
from support.config_text import SMALL, configured, only_problem

TABLE = '[[absence_calendars]]\nperson = "sara"\n'


def test_an_address_is_a_secret_and_webcal_is_https():
    environ = {"LEAVE": "webcal://cal.example/private.ics?token=1"}
    config = configured(f'{TABLE}url = "env:LEAVE"\n', environ)
    (calendar,) = config.absence_calendars
    assert calendar.url is not None
    assert calendar.url.reveal() == "https://cal.example/private.ics?token=1"
    assert "private" not in repr(config)


def test_a_file_stands_beside_the_configuration(tmp_path: Path):
    path = tmp_path / "oncall.toml"
    path.write_text(f'{SMALL}{TABLE}file = "leave.ics"\n')
    (calendar,) = load(path, environ={}).absence_calendars
    assert calendar.file == tmp_path / "leave.ics"


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        (TABLE, "absence_calendars.0", "needs one place"),
        (f'{TABLE}file = "a"\nurl = "env:A"\n', "absence_calendars.0", "one place"),
        (f'{TABLE}url = "env:NONE"\n', "absence_calendars.0.url", "NONE is not set"),
        (f'{TABLE}url = "env:A"\n', "absence_calendars.0.url", "not a web address"),
        (
            f'{TABLE}file = "a"\n'.replace("sara", "zoe"),
            "absence_calendars.0.person",
            'no person "zoe"',
        ),
        (
            f'{TABLE}file = "a"\n' * 2,
            "absence_calendars.1.person",
            "has another calendar already",
        ),
    ],
)
def test_what_is_wrong_is_told(more: str, path: str, message: str):
    problem = only_problem(more, {"A": "/var/leave.ics"})
    assert problem.path == path
    assert message in problem.message


def test_check_tells_of_a_calendar_that_was_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    oncall = CommandLine(tmp_path, monkeypatch)
    table = '[[absence_calendars]]\nperson = "sara"\nfile = "leave.ics"\n'
    oncall.configure(f"{render()}\n{table}")
    assert "calendar" not in str(oncall.json("check"))
    database = Database(f"sqlite:///{oncall.database}")
    upgrade(database)

    def tried(tx: Tx) -> None:
        absence_calendars.claim(tx, "sara", "there", FRIDAY, timedelta(minutes=15))
        absence_calendars.note_failed(tx, "sara", "its place answers 404")

    database.write_now(tried)
    told = "sara's calendar was never read: its place answers 404"
    assert told in [found["message"] for found in oncall.json("check")]

    database.write_now(
        lambda tx: absence_calendars.take_in(tx, "sara", "ical:sara:", (), FRIDAY)
    )
    assert "sara's calendar" not in str(oncall.json("check"))
    oncall.turn_to(FRIDAY + timedelta(hours=25))
    told = "sara's calendar was last read 2026-12-04 21:00"
    assert told in [found["message"] for found in oncall.json("check")]
    database.close()
