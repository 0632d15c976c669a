"""Small configurations for tests, and what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

from oncall.config.load import read
from oncall.config.values import Config
from oncall.errors import ConfigError, Problem

DATA = Path(__file__).parent.parent / "data" / "config"

SMALL = """\
[service]
timezone = "Europe/Berlin"
last_resort = ["person:sara"]
[people.sara]
name = "Sara"
phone = "+989121234567"
[people.reza]
name = "Reza"
telegram = 5
[escalation_policies.issue]
levels = [{page = ["person:reza"], wait = "5m"}]
bad_news = [{severity = "critical", tell = ["person:sara"]}]
[[routes]]
policy = "issue"
"""


def configured(more: str = "", environ: Mapping[str, str] | None = None) -> Config:
    """Return the small configuration with `more` sections behind it."""
    return read(SMALL + more, environ=environ or {})


def problems_of(text: str, environ: Mapping[str, str] | None = None) -> list[Problem]:
    """Return what is wrong with a whole text; an empty list when it can be used."""
    try:
        read(text, environ=environ or {})
    except ConfigError as error:
        return list(error.problems)
    return []


def only_problem(more: str, environ: Mapping[str, str] | None = None) -> Problem:
    """Return the one error that `more` brings into the small configuration."""
    found = problems_of(SMALL + more, environ)
    (error,) = (problem for problem in found if problem.level == "error")
    return error
