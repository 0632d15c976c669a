"""Whatever the file holds, it is either a Config or a ConfigError."""

import tomllib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.config.check import warnings
from oncall.config.example import render
from oncall.config.lines import Lines
from oncall.config.load import read
from oncall.errors import ConfigError, Problem

Change = tuple[int, str, str]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
LINES = render().splitlines()
HEADERS = [line.split("#")[0].strip() for line in LINES if line.startswith("[")]
KEYS = sorted({line.split(" = ")[0].strip("# ") for line in LINES if " = " in line})

values = st.one_of(
    st.sampled_from(
        [
            "0",
            "-1",
            "true",
            "1.5",
            "nan",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            '""',
            '" "',
            '"env:"',
            '"env:NO"',
            '"file:"',
            '"file:\\u0000"',
            '"9999999999w"',
            '"999999999 months"',
            '"{key}"',
            '"2027-03-21 - "',
            '"Asia/"',
            '"../etc"',
            '"http://[::1"',
            '"http://a:99999"',
            '"\\U0001F600"',
            "2026-01-01",
            "0001-01-01T00:00:00",
            "9999-12-31T23:59:59+14:00",
            "0001-01-01T00:00:00+14:00",
            "07:32:00",
            '{a = "b"}',
            '["person:sara", 3]',
            '["rotation:", ":x", "a:b:c"]',
        ]
    ),
    st.text(max_size=12).map(lambda text: "'''" + text.replace("'", "") + "'''"),
)
replaced = st.tuples(st.sampled_from(KEYS), values).map(" = ".join)
new_lines = st.one_of(replaced, st.sampled_from(HEADERS), st.text(max_size=20))
mutations = st.lists(
    st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from("-+="), new_lines),
    min_size=1,
    max_size=6,
)


def mutated(changes: list[Change]) -> str:
    """The example with lines taken out, added, or given another value."""
    lines: list[str | None] = list(LINES)
    for number, how, line in changes:
        old = lines[number] or ""
        key, equals, _ = old.partition(" = ")
        match how:
            case "-":
                lines[number] = None
            case "+":
                lines[number] = f"{old}\n{line}"
            case "=" if equals:
                lines[number] = f"{key} = {line.partition(' = ')[2] or '0'}"
    return "\n".join(line for line in lines if line is not None)


@settings(max_examples=300, deadline=None)
@given(mutations)
def test_a_mutated_example_is_read_or_refused_and_nothing_else(changes: list[Change]):
    problems = read_or_refused(mutated(changes))
    assert all(problem.message for problem in problems)


def read_or_refused(text: str) -> tuple[Problem, ...]:
    """What is told of a text: warnings of a good one, problems of a bad one."""
    try:
        config = read(text, environ={})
    except ConfigError as error:
        return error.problems
    return warnings(config, NOW)


@settings(max_examples=300, deadline=None)
@given(mutations)
def test_every_key_of_a_mutated_example_has_its_line(changes: list[Change]):
    text = mutated(changes)
    try:
        document = tomllib.loads(text)
    except ValueError:
        return
    lines = Lines(text)
    for section in document:
        assert section in text.split("\n")[lines.of((section,)) - 1]
