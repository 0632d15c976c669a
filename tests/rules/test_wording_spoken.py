import pytest

from escalation_policies.policy import Severity
from oncall.model import Language, Verb
from oncall.wording import aloud, spoken_bundle, spoken_page, unknown_key, unspeakable
from oncall.wording.catalogue import catalogue, in_digits

CRITICAL = Severity.CRITICAL
OFFERED = (
    *(Verb.TAKE, Verb.PASS, Verb.TOLD, Verb.SNOOZE),
    *(Verb.RESOLVED, Verb.HELP, Verb.LEADERS),
)


def page(language: Language, problem: str = "prize not paid") -> str:
    return spoken_page(
        language, number=128, severity=CRITICAL, customer="Mina R", problem=problem
    )


def test_a_call_says_how_bad_which_who_what_and_the_keys():
    assert page(Language.ENGLISH) == (
        "critical issue, number 128. Customer: Mina R. prize not paid. "
        "Press 1 to take it, 2 to pass it on, 3 if you have told the customer, "
        "4 to snooze it, 5 if it is resolved, 6 to help its owner, "
        "9 to tell leadership."
    )


@pytest.mark.parametrize("language", Language)
def test_the_severity_comes_first_and_the_keys_last(language: Language):
    said, words = page(language), catalogue(language)
    assert said.startswith(words.severities[CRITICAL])
    assert said.endswith(words.spoken.keys)


@pytest.mark.parametrize("language", Language)
def test_every_key_that_acts_is_named_in_the_language_s_digits(language: Language):
    keys = catalogue(language).spoken.keys
    named = [char for char in keys if char.isdigit()]
    assert named == [in_digits(language, verb) for verb in OFFERED]


@pytest.mark.parametrize("language", Language)
def test_a_bundle_says_how_many_the_worst_and_the_one_key(language: Language):
    said = spoken_bundle(
        language, count=7, number=128, severity=CRITICAL, customer="Mina", problem="p"
    )
    words = catalogue(language)
    parts = ["7", words.severities[CRITICAL], "128", "Mina", words.spoken.bundle_keys]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)
    assert in_digits(language, Verb.TAKE_ALL) in words.spoken.bundle_keys


def test_a_long_problem_is_not_read_to_its_end():
    said = page(Language.ENGLISH, "prize not paid " * 50)
    assert said.count("prize not paid") == 8


def test_what_was_written_to_be_seen_is_changed_for_the_ear():
    assert aloud("You own #128.\n\u2068Sara\u2069") == "You own 128. Sara"


@pytest.mark.parametrize("language", Language)
def test_what_cannot_be_read_out_is_announced(language: Language):
    assert unspeakable(language) != unknown_key(language)
