"""The versions that were tested together are those that are asked for."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from support.papers import ROOT

PIN = re.compile(r"([A-Za-z0-9._-]+)==(\S+)")


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = (line for line in lines if line and not line.startswith("#"))
    found = [PIN.fullmatch(line) for line in pinned]
    assert None not in found, "a line of constraints.txt is not name==version"
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in found if pin}


def requirements() -> list[Requirement]:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"].values()
    lists = [project["dependencies"], *extras]
    return [Requirement(line) for each in lists for line in each]


@pytest.mark.parametrize("wanted", sorted(set(requirements()), key=str), ids=str)
def test_what_is_asked_for_is_pinned_to_a_version_that_will_do(wanted: Requirement):
    pinned = pins()
    name = canonicalize_name(wanted.name)
    assert name in pinned
    assert wanted.specifier.contains(pinned[name])
