"""Every path of a text is found on its line, however the text is laid out."""

import tomllib
from collections.abc import Iterator

import pytest

from oncall.config.lines import Lines, Path, dotted
from support.config_text import DATA

ODD = '''\
title = "a # b = c"    # comment = 1
"quoted.key" = 'x'
dotted . inner."deep key" = """
[not.a.table]
key = 1 \\" """
numbers = [ # first
  1, 2,

  [ 3,
    "]" ], # nested
]
inline = {a = [{b = 1}, {c = "}"}], d.e = 2}
when = 1979-05-27 07:32:00
literal = \'\'\'
'[x]\'\'\'\'

[[fruit]]
name = "apple"
[fruit.physical]
colour = "red"
[[fruit.variety]]
name = "red delicious"
[[fruit.variety]]
name = "granny"
[[fruit]]
name = "banana"
[[fruit.variety]]
name = "plantain"
[ a . "b.c" ]
"\\u00e9" = true
'''


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    """Every path in a parsed document."""
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        yield from paths(inner, (*at, key))


@pytest.mark.parametrize(
    "text",
    [
        ODD,
        ODD.replace("\n", "\r\n"),
        (DATA / "broken.toml").read_text(encoding="utf-8"),
    ],
    ids=["odd", "crlf", "broken"],
)
def test_every_path_of_the_document_has_a_line_and_no_other_has(text: str):
    known = Lines(text).known
    assert set(known) == set(paths(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("quoted.key",), 2),
        (("dotted", "inner", "deep key"), 3),
        (("numbers", 1), 7),
        (("numbers", 2), 9),
        (("numbers", 2, 1), 10),
        (("inline", "a", 1, "c"), 12),
        (("inline", "d", "e"), 12),
        (("when",), 13),
        (("fruit",), 17),
        (("fruit", 0, "physical", "colour"), 20),
        (("fruit", 0, "variety", 1, "name"), 24),
        (("fruit", 1, "variety", 0, "name"), 28),
        (("a", "b.c", "é"), 30),
    ],
)
def test_a_path_is_found_on_its_line(path: Path, line: int):
    assert Lines(ODD).of(path) == line


def test_what_is_missing_is_found_at_the_table_that_lacks_it():
    assert Lines(ODD).of(("fruit", 1, "colour")) == 25


def test_what_stands_nowhere_has_no_line():
    assert Lines(ODD).of(("vegetable",)) == 0


def test_a_path_is_written_with_dots_and_odd_keys_in_quotes():
    assert dotted(("a", 0, "b.c", "خانه")) == 'a.0."b.c".خانه'
