"""Everything that is wrong is told at once, where it is, and how to mend it."""

import re
from pathlib import Path

import pytest

from oncall.config.load import load, read
from oncall.errors import ConfigError
from support.config_text import DATA, SMALL, only_problem, problems_of

BROKEN = (DATA / "broken.toml").read_text(encoding="utf-8")
ENVIRON = {"ADMIN": "a", "TWILIO": "t", "TELEGRAM": "b", "BANK": "k"}
TWILIO = """
[integrations.twilio]
account_sid = "env:TWILIO"
auth_token = "env:TWILIO"
"""


def marked(text: str):
    """Read the marks `#! path path` at the ends of lines."""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = re.search(r"#! (.*)$", line)
        for path in re.findall(r'(?:"[^"]*"|\S)+', mark[1]) if mark else ():
            yield number, path


def test_all_problems_come_at_once_with_their_lines_and_paths():
    errors = [p for p in problems_of(BROKEN, ENVIRON) if p.level == "error"]
    assert {(p.line, p.path) for p in errors} == set(marked(BROKEN))


def test_problems_are_in_the_order_of_the_file():
    lines = [problem.line for problem in problems_of(BROKEN, ENVIRON)]
    assert lines == sorted(lines)


def test_nearly_every_problem_says_how_to_mend_it():
    assert [p for p in problems_of(BROKEN, ENVIRON) if not p.hint] == []


def test_a_problem_names_its_file_and_reads_as_a_sentence():
    with pytest.raises(ConfigError) as caught:
        read(SMALL.replace("phone", "phon"), environ={}, file="care.toml")
    assert str(caught.value) == (
        'care.toml:6: people.sara.phon: is an unknown key (did you mean "phone"?)'
    )


@pytest.mark.parametrize(
    ("more", "path", "message", "hint"),
    [
        (
            '[groups]\nleads = ["Sahra"]',
            "groups.leads.0",
            'there is no person "Sahra"',
            'did you mean "sara"?',
        ),
        (
            '[[absences]]\nperson = "sara"\nfrom = 2026-01-02\nto = 2026-01-03T00:00:00',
            "absences.0.from",
            "is a day without a time of day",
            "add the time: 2026-01-02T00:00:00",
        ),
        (
            '[rotations.a]\nfollows = "a"',
            "rotations.a.follows",
            "goes in a circle: a → a",
            "let one of them have people of its own",
        ),
        (
            '[desk]\ntimezone = "+03:30"',
            "desk.timezone",
            '"+03:30" is not a time zone',
            'name a place, so that clock changes are known: "Asia/Tehran"',
        ),
        (
            '[integrations.twilo]\nfrom = "+1"',
            "integrations.twilo",
            "is an unknown section",
            'did you mean "twilio"?',
        ),
        (
            "[api]\ntokens = 5",
            "api.tokens",
            "is not a table",
            "give it keys: [section] or braces",
        ),
        (
            '[rotations.a]\npeople = ["sara"]\nturn = "99999 weeks"',
            "rotations.a.turn",
            "is more than 10000 weeks",
            "write a shorter turn",
        ),
        (
            "[desk]\nclosed = [9999-12-31]",
            "desk.closed.0",
            "lies in the year 9999",
            "write one from 1970 to 2999",
        ),
        (
            '[people.mina]\nname = "Mi\\u0000na"',
            "people.mina.name",
            "holds a line break or another control character",
            "write it in one line",
        ),
        (
            "[absences]\na = 1",
            "absences",
            "is not a list of tables",
            "write it as [[absences]]",
        ),
        (
            "[[integrations]]",
            "integrations",
            "is not a section",
            "write it as [integrations]",
        ),
        (
            TWILIO + 'from = "+15550100"\nmessaging_service = "MG1"',
            "integrations.twilio.messaging_service",
            "stands beside from: only one of them can be the sender",
            "keep one of from and messaging_service",
        ),
        (
            TWILIO + 'from = "care@example.com"',
            "integrations.twilio.from",
            '"care@example.com" cannot be a sender',
            'write one of your numbers, such as "+15550100"',
        ),
        (
            TWILIO + 'from = "+15550100"\napi_url = "https://[::1"',
            "integrations.twilio.api_url",
            "is not a web address",
            'write it as "https://oncall.example.com"',
        ),
        (
            "[[people.sara.contact]]",
            "people.sara.contact.0.via",
            "is missing",
            "add `via = …`",
        ),
        (
            '[rotations]\na = "sara"',
            "rotations.a",
            "is not a table",
            "give it keys: [section] or braces",
        ),
        (
            '[rotations.a]\npeople = ["sara"]\ntimezone = "Asia/Teheran"',
            "rotations.a.timezone",
            '"Asia/Teheran" is not a time zone',
            'did you mean "Asia/Tehran"?',
        ),
    ],
)
def test_a_problem_is_told_as_a_calm_colleague_would(
    more: str, path: str, message: str, hint: str
):
    problem = only_problem(more, ENVIRON)
    assert (problem.path, problem.message, problem.hint) == (path, message, hint)


def test_missing_sections_are_named_one_by_one():
    found = problems_of('[people.sara]\nname = "Sara"')
    assert {p.path for p in found} == {"service", "escalation_policies", "routes"}
    assert {p.line for p in found} == {0}


@pytest.mark.parametrize("empty", ["people = {}", "routes = []"])
def test_a_section_that_is_needed_must_hold_something(empty: str):
    name = empty.partition(" ")[0]
    found = problems_of(f"{empty}\n")
    assert ("is empty", 1) in {(p.message, p.line) for p in found if p.path == name}


def test_a_fault_in_one_section_does_not_hide_a_wrong_name_in_another():
    text = SMALL.replace('"Europe/Berlin"', "3") + '[groups]\nleads = ["mina"]'
    assert [p.path for p in problems_of(text)] == ["service.timezone", "groups.leads.0"]


def test_a_broken_person_is_still_somebody():
    text = SMALL.replace("telegram = 5", "telegram = true")
    assert [p.path for p in problems_of(text)] == ["people.reza.telegram"]


def test_a_last_resort_must_be_people_who_are_always_there():
    text = SMALL.replace('"person:sara"]\n[people', '"rotation:a"]\n[people')
    (problem,) = problems_of(text + '[rotations.a]\npeople = ["sara"]')
    assert problem.path == "service.last_resort"


@pytest.mark.parametrize(
    ("text", "line", "start"),
    [
        ("[service]\nname = \n", 2, "this is not TOML, column 8"),
        ("[service]\nname = 'a'\nname = 'b'\n", 3, "this is not TOML, column"),
        ("[service", 1, "this is not TOML: "),
        ("a = " + "[" * 5000, 0, "brackets are nested too deeply"),
    ],
)
def test_a_syntax_error_has_its_line_and_column(text: str, line: int, start: str):
    (problem,) = problems_of(text)
    assert problem.line == line
    assert problem.message.startswith(start)


def test_a_missing_file_says_how_to_begin(tmp_path: Path):
    with pytest.raises(ConfigError, match="oncall init") as caught:
        load(tmp_path / "oncall.toml", environ={})
    assert "No such file" in caught.value.problems[0].message


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path):
    path = tmp_path / "oncall.toml"
    path.write_bytes(b"[service]\nname = '\xe3\xd1\xcd\xc8\xc7'\n")
    with pytest.raises(ConfigError, match="line 2 is not UTF-8"):
        load(path, environ={})


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    path = tmp_path / "oncall.toml"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert load(path, environ={}).people["sara"].name == "Sara"


@pytest.mark.parametrize("name", ["sms", "twilio-whatsapp"])
def test_texts_to_the_twilio_number_have_their_name_to_themselves(name: str):
    source = f'[integrations.intake.{name}]\nkind = "zendesk"\nsecret = "env:BANK"\n'
    assert problems_of(SMALL + source, ENVIRON) == []
    problem = only_problem(f'{TWILIO}from = "+15550100"\n{source}', ENVIRON)
    assert problem.path == f"integrations.intake.{name}"
    assert "Twilio number" in problem.message


@pytest.mark.parametrize(
    ("first", "second", "paths"),
    [
        (
            'database = "oracle://db"\n',
            "flavour = 1\n",
            ["service.database", "service.flavour"],
        ),
        (
            'database = "oracle://db"\n',
            'url = "nowhere"\n',
            ["service.database", "service.url"],
        ),
    ],
)
def test_a_mistake_in_a_section_hides_no_other(
    first: str, second: str, paths: list[str]
):
    text = SMALL.replace("[service]\n", f"[service]\n{first}{second}")
    errors = [p.path for p in problems_of(text, ENVIRON) if p.level == "error"]
    assert sorted(errors) == paths


@pytest.mark.parametrize(
    ("more", "paths"),
    [
        (
            '[integrations.twilio]\naccount_sid = 1\nauth_token = "env:NONE"\nper_second = "x"',
            ["account_sid", "auth_token", "integrations.twilio", "per_second"],
        ),
        (
            '[integrations.telegram]\ntoken = "env:NONE"\nupdates = "pigeon"',
            ["token", "updates"],
        ),
        (
            '[integrations.email]\nhost = "mail.example"\nfrom = 1\nusername = "a"',
            ["from", "integrations.email"],
        ),
        (
            '[integrations.intake.bank]\nkind = "pigeon"\nsecret = "env:NONE"',
            ["kind", "secret"],
        ),
        (
            '[integrations.apprise.nobody]\nurl = "env:NONE"\nflavour = 1',
            ["flavour", "url"],
        ),
        (
            '[people.kim]\nname = "Kim"\nlanguage = "xx"\ncontact = [{via = "sms"}]',
            ["contact.0", "language"],
        ),
        (
            '[[absences]]\nperson = "sara"\nflavour = 1\n'  # noqa: ISC004
            "from = 2026-12-02T00:00:00\nto = 2026-12-01T00:00:00",
            ["flavour", "to"],
        ),
    ],
)
def test_a_mistake_in_a_table_hides_no_other(more: str, paths: list[str]):
    errors = [
        p.path for p in problems_of(f"{SMALL}\n{more}\n", ENVIRON) if p.level == "error"
    ]
    table = ".".join(more[1:].replace("[", "").partition("]")[0].split("."))
    prefix = f"{table}.0" if table == "absences" else table
    found = [p.removeprefix(f"{prefix}.") for p in errors if p.startswith(prefix)]
    assert sorted(found) == paths
