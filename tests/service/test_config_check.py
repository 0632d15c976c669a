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


def test_a_configuration_with_all_it_needs_warns_of_nothing_but_the_alarm():
    assert told(TWILIO + TELEGRAM) == ["nobody hears it when paging itself is ill"]


def test_an_alarm_of_its_own_is_what_paging_needs():
    text = (SMALL + TWILIO + TELEGRAM).replace(
        "[service]\n", '[service]\nalarm_url = "https://watch.example/alarm"\n'
    )
    assert warnings(read(text, environ=ENVIRON), NOW) == ()


@pytest.mark.parametrize(
    ("desk", "messages"),
    [
        ('country = "IR"', ['its weekend is taken to be "fri"']),
        ('country = "DE"', ['its weekend is taken to be "sat, sun"']),
        ('country = "AE"', ['its weekend is taken to be "sat, sun"']),
        ('country = "IR"\nweekend = ["thu", "fri"]', []),
        ("", []),
    ],
)
def test_the_weekend_that_was_taken_for_a_country_is_said(
    desk: str, messages: list[str]
):
    found = told(f"[desk]\nholidays = false\n{desk}\n", at="desk")
    assert found == messages


RING = """
[rotations.r]
people = {people}
starts = 2026-01-03T08:00:00
turn = "{turn}"
on = [{on}]
"""


@pytest.mark.parametrize(
    ("people", "turn", "on", "idle"),
    [
        ('["sara", "reza"]', "12 hours", '"daily 08:00-20:00"', "reza"),
        (
            '["sara", "sara", "sara", "sara", "reza", "sara", "sara"]',
            "1 day",
            '"sat, sun"',
            "reza",
        ),
        ('["sara", "reza"]', "1 day", '"daily 08:00-20:00"', ""),
        ('["sara", "reza"]', "1 window", '"daily 08:00-20:00"', ""),
        ('[["sara", "reza"], "sara"]', "12 hours", '"daily 08:00-20:00"', ""),
    ],
)
def test_who_never_serves_in_a_year_is_named(
    people: str, turn: str, on: str, idle: str
):
    found = told(RING.format(people=people, turn=turn, on=on), at="rotations.r")
    never = [message for message in found if "never the turn" in message]
    expected = f"it is never the turn of {idle} in the coming year"
    assert never == ([expected] if idle else [])


FIRST = """
[rotations.r]
people = ["reza"]
starts = 2026-01-03T08:00:00
on = ["mon 09:00 - fri 17:00"]
[rotations.all]
people = ["reza"]
starts = 2026-01-03T08:00:00
[groups]
bosses = ["sara"]
[escalation_policies.p]
levels = [{levels}]
bad_news = [{{severity = "critical", tell = ["group:bosses"]}}]
"""


@pytest.mark.parametrize(
    ("levels", "warns"),
    [
        (["rotation:r", "group:bosses"], True),
        (["rotation:r"], True),
        (["rotation:r", "rotation:all", "group:bosses"], False),
        (["rotation:r", "person:reza", "group:bosses"], False),
        (["group:bosses", "rotation:r"], False),
    ],
)
def test_hours_at_which_a_policy_has_only_its_leaders_are_told(
    levels: list[str],
    warns: bool,  # noqa: FBT001 (what is expected)
):
    written = ", ".join(f'{{page = ["{one}"], wait = "5m"}}' for one in levels)
    found = told(FIRST.format(levels=written), at="escalation_policies.p")
    before = [message for message in found if "before its leaders" in message]
    when = "Fri 2026-09-04 17:00 to Mon 2026-09-07 09:00"
    told_so = f"{when}: it pages nobody before its leaders (and once more in 14 days)"
    assert before == ([told_so] if warns else [])


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
    assert told('[desk]\ncountry = "XX"\nweekend = ["fri"]\n', at="desk") == [
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
