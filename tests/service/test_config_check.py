"""What people should know of a configuration that works."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.config.check import check, warnings
from oncall.config.load import read
from support.config_text import SMALL, configured

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ENVIRON = {"T": "x"}

TELEGRAM = '[integrations.telegram]\ntoken = "env:T"\n'
TWILIO = """
[integrations.twilio]
account_sid = "AC1"
auth_token = "env:T"
from = "+15550100"
"""
MINA = '[people.mina]\nname = "Mina"\nphone = "{}"\ncontact = [{{via = "sms"}}]\n'


def told(more: str = "", at: str = ""):
    """The messages of warnings about `at` and below."""
    found = warnings(configured(more, ENVIRON), NOW)
    return [problem.message for problem in found if problem.path.startswith(at)]


def test_a_configuration_with_all_it_needs_warns_of_nothing():
    assert told(TWILIO + TELEGRAM) == []


def test_pages_to_simulated_phones_are_worth_a_warning():
    (message,) = told(at="integrations.console")
    assert "simulated phones" in message


def test_who_has_no_method_that_is_carried_cannot_be_reached():
    assert told(TWILIO, at="people.reza") == [
        "cannot be reached: nothing carries telegram"
    ]


def test_a_sender_that_is_no_number_carries_no_calls():
    by_name = TWILIO.replace("+15550100", "Parvaz")
    caller = '[people.mina]\nname = "Mina"\nphone = "+4915112345678"\n'
    caller += 'contact = [{via = "voice"}]\n'
    assert told(TWILIO + caller, at="people.mina") == []
    assert told(by_name + caller, at="people.mina") == [
        "cannot be reached: nothing carries voice"
    ]


def test_whatsapp_is_carried_only_from_a_number_of_its_own():
    writer = '[people.mina]\nname = "Mina"\nphone = "+4915112345678"\n'
    writer += 'contact = [{via = "whatsapp"}]\n'
    with_number = TWILIO + 'whatsapp_from = "+15550101"\n'
    assert told(with_number + writer, at="people.mina") == []
    assert told(TWILIO + writer, at="people.mina") == [
        "cannot be reached: nothing carries whatsapp"
    ]


def test_mail_is_a_way_to_reach_somebody():
    reader = '[people.mina]\nname = "Mina"\nemail = "mina@example.com"\n'
    reader += 'contact = [{via = "email"}]\n'
    mail = '[integrations.email]\nhost = "mail.example.com"\nfrom = "a@example.com"\n'
    assert told(mail + reader, at="people.mina") == []
    assert told(TWILIO + reader, at="people.mina") == [
        "cannot be reached: nothing carries email"
    ]


def test_who_has_no_account_yet_cannot_be_reached():
    more = TELEGRAM + '[people.mina]\nname = "Mina"\n'
    assert told(more, at="people.mina") == [
        "cannot be reached: no Telegram account is known"
    ]


def test_sms_alone_is_not_enough_where_answers_do_not_arrive():
    (message,) = told(TWILIO + TELEGRAM + MINA.format("+989351234567"), "people.mina")
    assert "answers from that country do not arrive" in message


def test_sms_alone_is_enough_where_answers_arrive():
    assert told(TWILIO + TELEGRAM + MINA.format("+4915112345678"), "people.mina") == []


def test_nobody_can_answer_a_sender_that_is_a_name():
    by_name = TWILIO.replace("+15550100", "Parvaz")
    mina = MINA.format("+4915112345678")
    (message,) = told(by_name + TELEGRAM + mina, "people.mina")
    assert "a sender that is a name takes no answers" in message
    chats = mina.replace('[{via = "sms"}]', '[{via = "sms"}, {via = "telegram"}]')
    with_chat = chats + "telegram = 123456701\n"
    assert told(by_name + TELEGRAM + with_chat, "people.mina") == []


def test_a_last_resort_that_nothing_reaches_is_told():
    text = SMALL.replace('["person:sara"]', '["person:reza"]', 1) + TWILIO
    (message,) = last_resort_of(text)
    assert message.startswith("nobody of it can be reached")
    mended = SMALL + TWILIO
    assert last_resort_of(mended) == []


def last_resort_of(text: str) -> list[str]:
    found = warnings(read(text, environ=ENVIRON), NOW)
    return [p.message for p in found if p.path == "service.last_resort"]


def test_gaps_of_the_next_90_days_are_told_once_for_each_rotation():
    more = """
    [rotations.duty]
    people = ["sara"]
    [[rotations.duty.overrides]]
    remove = "sara"
    from = 2026-10-01T00:00:00
    to = 2026-10-02T00:00:00
    [[rotations.duty.overrides]]
    remove = "sara"
    from = 2026-10-08T00:00:00
    to = 2026-10-09T00:00:00
    [[rotations.duty.overrides]]
    remove = "sara"
    from = 2027-10-08T00:00:00
    to = 2027-10-09T00:00:00
    """
    (message,) = told(more, at="rotations.duty")
    assert message.startswith("2026-10-01 00:00 to 2026-10-02 00:00: nobody")
    assert message.endswith("(1 more like it in 90 days)")


def test_a_shift_that_a_clock_change_moves_is_told():
    more = """
    [rotations.duty]
    people = ["sara", "reza"]
    starts = 2026-10-18T02:30:00
    turn = "1 week"
    """
    assert any("twice" in message for message in told(more, at="rotations.duty"))


def test_a_policy_that_never_tells_leaders_is_told():
    text = SMALL.replace("bad_news = ", "# ")
    found = warnings(read(text, environ={}), NOW)
    assert "leadership never hears of an issue that goes wrong" in {
        problem.message for problem in found
    }


def test_telegram_cannot_push_to_a_plain_address():
    (message,) = told(TELEGRAM + 'updates = "webhook"\n', at="integrations.telegram")
    assert "https" in message


def test_a_country_without_known_holidays_is_told():
    assert told('[desk]\ncountry = "XX"\n', at="desk") == [
        "no public holidays are known for this country"
    ]


def test_a_rotation_on_holidays_that_never_come_is_told():
    more = '[rotations.off]\npeople = ["sara"]\non = ["sat", "holidays"]\n'
    assert 'is on "holidays", and no holidays are known' in told(more, "rotations.off")
    assert told(more + "[desk]\nclosed = [2026-09-04]\n", "rotations.off") == []


@pytest.mark.parametrize(("text", "level"), [(SMALL, "warning"), ("", "error")])
def test_a_check_of_a_file_returns_its_problems_whatever_they_are(
    tmp_path: Path, text: str, level: str
):
    path = tmp_path / "oncall.toml"
    path.write_text(text)
    assert {p.level for p in check(path, environ={}, now=NOW)} == {level}
