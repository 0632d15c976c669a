"""Secrets come from elsewhere, and are never shown: not in errors nor tracebacks."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.config.check import warnings
from oncall.config.load import load, read
from oncall.errors import ConfigError
from support.config_text import SMALL, configured, only_problem, problems_of

HIDDEN = "s3cr3t-w0rd"
NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)

TWILIO = """
[integrations.twilio]
account_sid = "AC1"
auth_token = "{}"
from = "+15550100"
"""
TOKEN = '[api.tokens]\nadmin = {{secret = "{}", may = ["admin"]}}\n'


def test_a_secret_is_read_from_the_environment():
    config = configured(TWILIO.format("env:TOKEN"), {"TOKEN": f" {HIDDEN}\n"})
    assert config.twilio
    assert config.twilio.auth_token.reveal() == HIDDEN


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_secret_is_read_from_a_file_beside_the_configuration(
    tmp_path: Path, mark: str
):
    (tmp_path / "token").write_text(f"{mark}{HIDDEN}\n", encoding="utf-8")
    path = tmp_path / "oncall.toml"
    path.write_text(SMALL + TWILIO.format("file:token"))
    config = load(path, environ={})
    assert config.twilio
    assert config.twilio.auth_token.reveal() == HIDDEN
    assert config.warnings == ()


def test_a_literal_secret_is_accepted_with_a_warning():
    config = configured(TWILIO.format(HIDDEN))
    (warning,) = config.warnings
    assert warning.path == "integrations.twilio.auth_token"
    assert warning.message == "the secret itself stands in the file"
    assert HIDDEN not in str(warning)


def test_a_token_without_its_secret_is_off_and_the_rest_works():
    config = configured(TOKEN.format("env:ADMIN"))
    (warning,) = config.warnings
    assert config.tokens == ()
    assert warning.message == "the token is off: ADMIN is not set"


def test_an_empty_variable_is_no_secret():
    assert configured(TOKEN.format("env:ADMIN"), {"ADMIN": " "}).tokens == ()


def test_a_provider_without_its_secret_is_an_error():
    problem = only_problem(TWILIO.format("env:TWILIO_TOKEN"))
    assert problem.path == "integrations.twilio.auth_token"
    assert problem.message == "TWILIO_TOKEN is not set"


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "cannot be read"), (b" \n", "is empty"), (b"\xff\xfe\xfa", "is not text")],
)
def test_an_unusable_secret_file_says_why(
    tmp_path: Path, content: bytes | None, why: str
):
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(ConfigError, match=why):
        read(SMALL + TWILIO.format("file:token"), environ={}, folder=tmp_path)


def test_what_follows_env_is_not_repeated_when_it_cannot_be_a_name():
    problem = only_problem(TWILIO.format(f"env:{HIDDEN}"))
    assert HIDDEN not in str(problem)


def test_two_tokens_with_one_secret_are_refused():
    more = TOKEN.format("env:A") + 'other = {secret = "env:B", may = ["read"]}\n'
    problem = only_problem(more, {"A": HIDDEN, "B": HIDDEN})
    assert problem.path == "api.tokens.other.secret"
    assert HIDDEN not in str(problem)


@pytest.mark.parametrize(
    "address",
    [f"mysql://u:{HIDDEN}@host/db", f"{HIDDEN}", f"postgresql//u:{HIDDEN}@host"],
)
def test_a_wrong_database_address_is_not_repeated(address: str):
    text = SMALL.replace("[service]", f'[service]\ndatabase = "{address}"')
    errors = [p for p in problems_of(text) if p.level == "error"]
    assert [p.path for p in errors] == ["service.database"]
    assert HIDDEN not in "".join(map(str, problems_of(text)))


@pytest.mark.parametrize(
    "address", ["postgresql://u:p@host/db", "postgresql:///d?password=p"]
)
def test_a_database_password_in_the_file_is_warned_about(address: str):
    text = SMALL.replace("[service]", f'[service]\ndatabase = "{address}"')
    (warning,) = read(text, environ={}).warnings
    assert warning.path == "service.database"


def test_the_short_name_of_postgresql_is_understood():
    text = SMALL.replace("[service]", '[service]\ndatabase = "env:URL"')
    config = read(text, environ={"URL": "postgres://u@host/db"})
    assert config.service.database.reveal() == "postgresql://u@host/db"


@pytest.mark.parametrize(
    "more",
    [
        TWILIO.format(HIDDEN).replace("from", "form"),
        f'[integrations.twilio]\nauth_token = ["{HIDDEN}"]',
        f'[integrations.telegram]\ntoken = {{value = "{HIDDEN}"}}',
        f'[integrations]\ntelegram = "{HIDDEN}"',
        f'[api.tokens]\nadmin = "{HIDDEN}"',
        f'[api]\ntokens = ["{HIDDEN}"]',
        f'[integrations.intake.x]\nkind = 5\nsecret = "{HIDDEN}"\nsercet = "{HIDDEN}"',
        f'[integrations.telegram]\ntoken = "{HIDDEN}"\napi_url = "https://{HIDDEN}@h?"',
        f'[integrations.telegram]\ntoken = "{HIDDEN}" oops',
        f'[integrations.telegram]\ntoken = "{HIDDEN}\nupdates = "polling"',
    ],
)
def test_no_secret_appears_in_a_traceback(more: str):
    with pytest.raises(ConfigError) as caught:
        read(SMALL + more, environ={})
    shown = "".join(traceback.format_exception(caught.value))
    assert HIDDEN not in shown + repr(caught.value.problems)


def test_no_secret_appears_when_a_configuration_is_shown():
    more = TWILIO.format(HIDDEN) + TOKEN.format(HIDDEN)
    config = configured(more)
    assert HIDDEN not in f"{config} {config!r} {warnings(config, NOW)}"
