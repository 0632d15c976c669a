"""What the file says becomes typed values: people, desk, policies, access."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation_policies.policy import Severity, Target, TargetKind
from oncall.config.load import read
from oncall.model import ContactStep, Language, Scope, Via
from support.config_text import SMALL, configured


def utc(*parts: int):
    return datetime(*parts, tzinfo=UTC)


def test_a_person_who_says_nothing_has_the_service_s_language_and_zone():
    text = SMALL.replace("[service]", '[service]\nlanguage = "ar"')
    sara = read(text, environ={}).people["sara"]
    assert (sara.language, sara.zone) == (Language.ARABIC, ZoneInfo("Europe/Berlin"))


def test_a_ladder_that_is_not_written_follows_the_addresses():
    people = configured().people
    assert [step.via for step in people["sara"].contact] == [
        Via.TELEGRAM,
        Via.SMS,
        Via.VOICE,
    ]
    assert people["reza"].contact == (ContactStep(via=Via.TELEGRAM),)


def test_a_ladder_is_climbed_in_the_order_of_time():
    more = """
    [people.mina]
    name = "Mina"
    phone = "+4915112345678"
    contact = [{via = "voice", after = "1h30m"}, {via = "sms", after = "0s"}]
    """
    assert configured(more).people["mina"].contact == (
        ContactStep(via=Via.SMS),
        ContactStep(via=Via.VOICE, after=timedelta(hours=1, minutes=30)),
    )


@pytest.mark.parametrize(
    "written", ["+98 912 123-4567", "+۹۸۹۱۲۱۲۳۴۵۶۷", "+٩٨٩١٢١٢٣٤٥٦٧"]
)
def test_a_phone_number_may_be_written_as_people_write_it(written: str):
    text = SMALL.replace("+989121234567", written)
    assert read(text, environ={}).people["sara"].phone == "+989121234567"


def test_a_number_in_no_known_range_is_accepted_with_a_warning():
    text = SMALL.replace("+989121234567", "+15550100001")
    config = read(text, environ={})
    assert [warning.path for warning in config.warnings] == ["people.sara.phone"]


def test_two_people_with_one_number_are_worth_a_word():
    more = '[people.mina]\nname = "Mina"\nphone = "+98 912 123 45 67"'
    (warning,) = configured(more).warnings
    assert warning.path == "people.mina.phone"
    assert warning.message.endswith("answers are taken for sara's")


@pytest.mark.parametrize(
    ("country", "rest_days"),
    [
        ("IR", [4]),
        ("AF", [3, 4]),
        ("SA", [4, 5]),
        ("IN", [6]),
        ("AE", [5, 6]),
        ("DE", [5, 6]),
    ],
)
def test_the_desk_rests_on_the_country_s_weekend(country: str, rest_days: list[int]):
    more = f'[desk]\ncountry = "{country}"\nholidays = false\ntimezone = "UTC"'
    more += '\n[rotations.rest]\npeople = ["sara"]\non = ["weekend"]'
    roster = configured(more).roster
    monday = utc(2026, 6, 1, 12)
    week = [monday + timedelta(days=day) for day in range(7)]
    assert [
        noon.weekday() for noon in week if roster.who_is_on_call("rest", noon).people
    ] == rest_days


def test_the_desk_s_own_words_win_over_the_country():
    more = """
    [desk]
    country = "IR"
    open = "09:00-17:00"
    weekend = ["thu 13:00 - sat 09:00"]
    holidays = false
    closed = ["2027-03-21 - 2027-04-02", 2027-05-01]
    not_holidays = [2027-03-25]
    """
    desk = configured(more).roster.desk
    assert desk.open == (time(9), time(17))
    assert len(desk.weekend) == 1
    assert desk.closed == (
        (date(2027, 3, 21), date(2027, 4, 2)),
        (date(2027, 5, 1), date(2027, 5, 1)),
    )
    assert desk.not_holidays == {date(2027, 3, 25)}
    assert desk.holidays(2027) == {}


def test_the_country_s_holidays_are_known_and_estimates_are_marked():
    holidays = configured('[desk]\ncountry = "EG"').roster.desk.holidays(2029)
    assert not holidays[date(2029, 1, 7)].estimated
    assert holidays[date(2029, 2, 14)].estimated


def test_a_country_without_a_calendar_has_no_holidays():
    assert configured('[desk]\ncountry = "XX"').roster.desk.holidays(2029) == {}


def test_a_policy_is_complete_with_the_service_s_last_resort():
    policy = configured().policies["issue"]
    assert policy.last_resort == (Target(TargetKind.PERSON, "sara"),)
    assert policy.levels[0].wait == timedelta(minutes=5)
    assert policy.bad_news[0].severity is Severity.CRITICAL


def test_routes_and_severity_rules_take_one_word_or_several():
    more = """
    [[severity_rules]]
    severity = "critical"
    words = ["data leak", "جایزه"]
    tier = "vip"
    """
    text = SMALL.replace(
        "[[routes]]",
        '[[routes]]\nwhen = {tier = "vip", severity = "high"}\npolicy = "issue"\n[[routes]]',
    )
    config = read(text + more, environ={})
    first, last = config.routes
    assert (first.when.tier, first.when.severity) == (("vip",), Severity.HIGH)
    assert last.when.tier == ()
    assert config.severity_rules[0].words == ("data leak", "جایزه")
    assert config.severity_rules[0].tier == ("vip",)


def test_a_token_says_what_it_may():
    more = '[api.tokens]\ndesk = {secret = "env:DESK", may = ["intake", "read"]}'
    (token,) = configured(more, {"DESK": "x"}).tokens
    assert token.may == {Scope.INTAKE, Scope.READ}


def test_the_console_is_on_exactly_while_there_is_no_provider():
    telegram = '[integrations.telegram]\ntoken = "env:T"\nupdates = "webhook"\n'
    console = "[integrations.console]\nenabled = {}\n"
    token = {"T": "x"}
    assert configured().console
    assert not configured(telegram, token).console
    assert configured(telegram + console.format("true"), token).console
    assert not configured(console.format("false")).console


def test_an_address_loses_its_last_slash():
    text = SMALL.replace("[service]", '[service]\nurl = "https://care.example/x/"')
    assert read(text, environ={}).service.url == "https://care.example/x"
