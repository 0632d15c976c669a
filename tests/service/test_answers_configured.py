"""Which sources can be answered from here, and what is told of those that cannot."""

import pytest

from oncall.config.answers import MAIL, TERMS, why_not
from oncall.config.check import warnings
from oncall.config.values import Config
from support.config_text import configured, only_problem
from support.intake_service import FRIDAY

ENVIRON = {"S": "secret-not-real", "T": "token-not-real"}
SOURCE = '[integrations.intake.desk]\nkind = "{}"\nsecret = "env:S"\n'
KEYS = {
    "api_url": 'api_url = "https://desk.example.com"\n',
    "api_user": 'api_user = "814860"\n',
    "api_token": 'api_token = "env:T"\n',
}
SERVER = '[integrations.email]\nhost = "mail.example.com"\nfrom = "a@example.com"\n'
TWILIO = """[integrations.twilio]
account_sid = "AC1"
auth_token = "env:T"
from = "+15550100"
"""


def of(kind: str, *keys: str, more: str = "") -> Config:
    text = SOURCE.format(kind) + "".join(KEYS[key] for key in keys) + more
    return configured(text, ENVIRON)


def told(config: Config) -> list[str]:
    """The warnings about the source."""
    found = warnings(config, FRIDAY)
    return [p.message for p in found if p.path == "integrations.intake.desk"]


@pytest.mark.parametrize("kind", TERMS)
def test_a_product_with_all_it_needs_can_be_answered(kind: str):
    config = of(kind, *TERMS[kind].needs)
    assert why_not(config, "desk") == ""
    assert told(config) == []


@pytest.mark.parametrize("kind", TERMS)
def test_each_missing_key_is_named_and_worth_a_warning(kind: str):
    for missing in TERMS[kind].needs:
        config = of(kind, *(key for key in TERMS[kind].needs if key != missing))
        assert why_not(config, "desk").endswith(f"has no {missing}")
        (message,) = told(config)
        assert missing in message


@pytest.mark.parametrize("kind", ["mailgun", "sendgrid"])
def test_letters_are_answered_by_our_own_mail_server(kind: str):
    assert kind in MAIL
    assert "[integrations.email]" in why_not(of(kind), "desk")
    assert len(told(of(kind))) == 1
    assert why_not(of(kind, more=SERVER), "desk") == ""


@pytest.mark.parametrize("kind", ["front", "generic", "instagram"])
def test_what_can_never_be_answered_from_here_is_no_fault_of_the_file(kind: str):
    assert "cannot be answered" in why_not(of(kind), "desk")
    assert told(of(kind)) == []


def test_texts_are_answered_by_the_account_they_come_to():
    assert why_not(configured(TWILIO, ENVIRON), "sms") == ""
    assert "whatsapp_from" in why_not(configured(TWILIO, ENVIRON), "twilio-whatsapp")
    both = TWILIO + 'whatsapp_from = "+15550101"\n'
    assert why_not(configured(both, ENVIRON), "twilio-whatsapp") == ""
    assert "'sms'" in why_not(configured(), "sms")


def test_nobody_can_be_paged_through_a_source():
    ladder = '[people.mina]\nname = "Mina"\ncontact = [{via = "source"}]\n'
    assert '"source" is no choice' in only_problem(ladder).message
