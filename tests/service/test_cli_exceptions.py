from pathlib import Path

import pytest

from support.command_line import CommandLine

WEEKEND = ("--from", "2026-12-10T13:00", "--to", "2026-12-12T09:00")
NEXT = ("--with-from", "2026-12-17T13:00", "--with-to", "2026-12-19T09:00")
TIMES = {"from": "2026-12-10T09:30:00Z", "to": "2026-12-12T05:30:00Z"}
UNKNOWN = "000000000000"


@pytest.fixture
def oncall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_sqlite: Path
) -> CommandLine:
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.database.write_bytes(migrated_sqlite.read_bytes())
    return oncall


def people(oncall: CommandLine, at: str = "2026-12-11") -> list[str]:
    found: list[str] = oncall.json("who", "weekend", "--at", at)[0]["people"]
    return found


def test_an_override_has_the_names_of_the_api(oncall: CommandLine):
    made = oncall.json("override", "new", "weekend", "--person", "omid", *WEEKEND)
    assert made == TIMES | {
        "id": made["id"],
        "rotation": "weekend",
        "person": "omid",
        "instead_of": None,
        "add": False,
        "remove": None,
        "reason": None,
    }


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (("--person", "omid"), ["omid"]),
        (("--person", "omid", "--instead-of", "nina"), ["omid"]),
        (("--person", "omid", "--instead-of", "sara"), ["nina"]),
        (("--person", "omid", "--add"), ["nina", "omid"]),
        (("--remove", "nina"), []),
    ],
)
def test_an_override_covers_adds_or_removes(
    oncall: CommandLine, words: tuple[str, ...], after: list[str]
):
    assert people(oncall) == ["nina"]
    oncall.says("override", "new", "weekend", *words, *WEEKEND)
    assert people(oncall) == after


def test_an_override_that_makes_no_sense_is_refused(oncall: CommandLine):
    new = ("override", "new", "weekend")
    back = ("--from", "2026-12-12", "--to", "2026-12-10")
    assert "not both" in oncall.fails(*new, *WEEKEND)
    assert "later than" in oncall.fails(*new, "--person", "omid", *back)
    assert "'zed'" in oncall.fails(*new, "--person", "zed", *WEEKEND)
    assert "no rotation" in oncall.fails(
        "override", "new", "nights", "--person", "omid", *WEEKEND
    )
    assert "--from" in oncall.misused(*new, "--person", "omid", "--to", "2026-12-12")


def test_overrides_are_listed_and_ended(oncall: CommandLine):
    made = oncall.json("override", "new", "weekend", "--person", "omid", *WEEKEND)
    assert oncall.json("override", "list", "weekend") == [made]
    assert "omid instead of everybody" in oncall.says("override", "list")
    oncall.says("override", "end", "weekend", made["id"])
    assert oncall.json("override", "list", "weekend") == []
    assert people(oncall) == ["nina"]
    assert made["id"] in oncall.fails("override", "end", "weekend", made["id"])


def test_overrides_of_the_configuration_are_listed_while_they_last(
    oncall: CommandLine,
):
    (listed,) = oncall.json("override", "list", "care")
    assert listed["id"].startswith("config:")
    assert "in the configuration" not in oncall.says("override", "list")
    assert "is changed there" in oncall.fails("override", "end", "care", listed["id"])


def test_a_swap_waits_until_it_is_accepted(oncall: CommandLine):
    new = ("swap", "new", "weekend", "--person", "nina", "--with", "sara")
    made = oncall.json(*new, *WEEKEND, *NEXT)
    assert made == TIMES | {
        "id": made["id"],
        "rotation": "weekend",
        "person": "nina",
        "with": "sara",
        "with_from": "2026-12-17T09:30:00Z",
        "with_to": "2026-12-19T05:30:00Z",
        "reason": None,
        "accepted": False,
    }
    assert (people(oncall), people(oncall, "2026-12-18")) == (["nina"], ["sara"])
    assert oncall.json("swap", "list") == [made]
    accepted = oncall.json("swap", "accept", "weekend", made["id"])
    assert accepted == made | {"accepted": True}
    assert (people(oncall), people(oncall, "2026-12-18")) == (["sara"], ["nina"])
    assert oncall.json("swap", "list", "weekend") == [accepted]
    assert "before" in oncall.fails("swap", "accept", "weekend", made["id"])


def test_a_swap_that_both_want_is_made_at_once(oncall: CommandLine):
    new = ("swap", "new", "weekend", "--person", "nina", "--with", "sara")
    said = oncall.says(*new, *WEEKEND, "--accepted")
    assert said.endswith("of weekend is in force\n")
    assert people(oncall) == ["sara"]


def test_who_asks_for_a_swap_is_told_how_it_is_accepted(oncall: CommandLine):
    new = ("swap", "new", "weekend", "--person", "nina", "--with", "sara")
    *_, line = oncall.says(*new, *WEEKEND).splitlines()
    oncall.says(*line.split()[1:])
    assert people(oncall) == ["sara"]


def test_a_declined_swap_is_gone(oncall: CommandLine):
    new = ("swap", "new", "weekend", "--person", "nina", "--with", "sara")
    made = oncall.json(*new, *WEEKEND, "--accepted")
    ended = oncall.json("swap", "decline", "weekend", made["id"])
    assert ended == made | {"accepted": False}
    assert people(oncall) == ["nina"]
    assert oncall.json("swap", "list") == []


def test_swaps_are_shown_as_waiting_or_in_force(oncall: CommandLine):
    new = ("swap", "new", "weekend", "--person", "nina", "--with", "sara")
    oncall.says(*new, *WEEKEND)
    assert oncall.says("swap", "list").splitlines()[1].endswith("waiting")
    oncall.says(*new, *WEEKEND, "--accepted")
    ends = {line.split()[-1] for line in oncall.says("swap", "list").splitlines()[1:]}
    assert ends == {"waiting", "force"}


def test_half_a_way_back_is_refused(oncall: CommandLine):
    new = ("swap", "new", "weekend", "--person", "nina", "--with", "sara")
    assert "with_to" in oncall.fails(*new, *WEEKEND, *NEXT[:2])
    assert oncall.json("swap", "list") == []


def test_an_absence_lets_the_next_cover_until_it_is_ended(oncall: CommandLine):
    made = oncall.json("absence", "new", "nina", *WEEKEND, "--reason", "leave")
    assert made == TIMES | {"id": made["id"], "person": "nina", "reason": "leave"}
    assert people(oncall) == ["sara"]
    assert made in oncall.json("absence", "list")
    assert made["id"] in oncall.says("absence", "list")
    oncall.says("absence", "end", made["id"])
    assert people(oncall) == ["nina"]


@pytest.mark.parametrize(
    "words",
    [
        ("override", "end", "weekend"),
        ("swap", "accept", "weekend"),
        ("swap", "decline", "weekend"),
        ("absence", "end"),
    ],
)
def test_what_is_not_there_cannot_be_ended(oncall: CommandLine, words: tuple[str, ...]):
    assert UNKNOWN in oncall.fails(*words, UNKNOWN)
