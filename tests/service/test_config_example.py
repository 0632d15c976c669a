"""The example works as it is, and tells the story that the guide tells."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from oncall.config.check import warnings
from oncall.config.example import render, write
from oncall.config.load import load, read
from oncall.config.values import Config
from oncall.errors import Refused
from oncall.model import ContactStep, Language, Via

ROOT = Path(__file__).parent.parent.parent
FRIDAY_NIGHT = datetime(2026, 11, 20, 22, 12, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def example():
    return read(render(), environ={})


def test_the_file_at_the_root_is_what_init_writes():
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == render()


def test_the_example_runs_without_accounts_and_environment(tmp_path: Path):
    path = tmp_path / "oncall.toml"
    write(path)
    config = load(path, environ={})
    assert config.console
    assert config.path == str(path)
    assert {warning.path for warning in config.warnings} == {
        "api.tokens.helpdesk.secret",
        "api.tokens.admin.secret",
    }


def test_nothing_is_overwritten_by_the_example(tmp_path: Path):
    path = tmp_path / "oncall.toml"
    path.write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        write(path)
    assert path.read_text() == "mine"


def test_an_example_that_cannot_be_written_says_why(tmp_path: Path):
    with pytest.raises(Refused, match="No such file or directory"):
        write(tmp_path / "nowhere" / "oncall.toml")


def test_on_friday_night_sara_has_the_weekend_and_reza_backs_her_up(example: Config):
    assert example.roster.who_is_on_call("weekend", FRIDAY_NIGHT).people == ("sara",)
    backup = example.roster.who_is_on_call("weekend-backup", FRIDAY_NIGHT)
    assert backup.people == ("reza",)


def test_sara_reads_persian_and_is_paged_by_telegram_then_sms(example: Config):
    sara = example.people["sara"]
    assert sara.language is Language.PERSIAN
    assert sara.contact[:2] == (
        ContactStep(via=Via.TELEGRAM),
        ContactStep(via=Via.SMS, after=timedelta(minutes=1)),
    )


def test_a_weekend_belongs_to_one_person_from_its_first_hour_to_its_last(
    example: Config,
):
    start = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)  # Thursday 13:00 in Tehran
    shifts = example.roster.shifts_between("weekend", start, FRIDAY_NIGHT)
    assert [(shift.person, shift.start) for shift in shifts] == [("sara", start)]


def test_everything_commented_out_can_be_uncommented():
    text = "\n".join(uncommented(render()))
    environ = dict.fromkeys(
        [
            *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TELEGRAM_TOKEN"),
            *("SMTP_PASSWORD", "ZENDESK_SECRET", "SUPPORT_PASSWORD"),
            "ZENDESK_TOKEN",
        ],
        "x",
    )
    config = read(
        text,
        environ={
            **environ,
            "CUSTOMERS_BOT_TOKEN": "y",
            "BANK_SECRET": "y",
            "NINA_APPRISE_URL": "json://x",
        },
    )
    assert config.twilio
    assert config.twilio.whatsapp_sender == "+15550101"
    assert config.telegram
    assert config.email
    assert config.email.host == "smtp.example.com"
    assert config.console
    assert config.intake["bank"].mapping["customer.phone"] == {
        "path": "client.tel",
        "region": "IR",
    }
    assert config.intake["zendesk"].kind == "zendesk"
    assert config.mailboxes["support"].host == "imap.example.com"
    assert config.mail_listeners["letters"].recipients == {"care@example.com"}


def uncommented(text: str):
    """The example with every `# key = …` and `# [section]` switched on."""
    for line in text.splitlines():
        rest = line.removeprefix("# ")
        switches_on = rest != line and (rest[:1] in '["' or " = " in rest)
        yield rest if switches_on else line


def test_the_example_warns_of_nothing_but_what_it_has_not_got(example: Config):
    levels = {warning.level for warning in warnings(example, FRIDAY_NIGHT)}
    roots = {warning.path.split(".")[0] for warning in warnings(example, FRIDAY_NIGHT)}
    assert levels == {"warning"}
    # Tokens are off, pages go to the simulator, some holidays are estimates; and there
    # is no other way to ring.
    assert roots == {"api", "integrations", "desk", "service"}
