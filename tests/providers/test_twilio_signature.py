"""Whether a request comes from Twilio, against its own library and real shapes."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import (  # type: ignore[import-untyped]
    RequestValidator,
)

from integrations.twilio.signature import HEADER, sign, signed_address, verify
from support.payloads import payload

SMS = "twilio_sms_reply_persian_digits"
STATUS = "twilio_sms_status_undelivered"
URL = "https://care.example.test/twilio/sms"
WORDS = st.text(st.characters(exclude_categories=["Cs"]))

SETTLED = settings(derandomize=True, deadline=None)


def as_received(name: str) -> dict[str, Any]:
    """Return what `verify` takes, from a fixture."""
    fixture = payload(name)
    return {
        "secret": fixture["signature"]["secret"],
        "url": fixture["request"]["url"],
        "form": parse_qsl(fixture["request"]["raw_body"], keep_blank_values=True),
        "signature": fixture["request"]["headers"][HEADER],
    }


@pytest.mark.parametrize("name", [SMS, STATUS])
def test_twilios_own_signature_is_good(name: str) -> None:
    assert verify(**as_received(name))


@pytest.mark.parametrize("name", [SMS, STATUS])
@pytest.mark.parametrize(
    ("part", "forged"),
    [
        ("secret", "another"),
        ("secret", ""),
        ("url", "https://oncall.example.test/in/twilio/status?page=other"),
        ("signature", ""),
        ("signature", "AAAA"),
        ("signature", "امضا"),
        ("settings", "key=k,algorithm=HMAC_SHA256"),
        ("settings", "key=k,algorithm=NONE"),
    ],
)
def test_a_forged_request_is_refused(name: str, part: str, forged: str) -> None:
    assert not verify(**{**as_received(name), part: forged})


@pytest.mark.parametrize("name", [SMS, STATUS])
def test_a_field_changed_added_or_taken_away_is_refused(name: str) -> None:
    received = as_received(name)
    form = list(received["form"])
    for tampered in (
        [(form[0][0], "AC-other"), *form[1:]],
        [*form, ("Body", "128 5")],
        form[1:],
        [],
    ):
        assert not verify(**{**received, "form": tampered})


def test_without_a_secret_nothing_is_good() -> None:
    signature = sign(secret="", url=URL, form=[])
    assert not verify(secret="", url=URL, form=[], signature=signature)


@SETTLED
@given(st.dictionaries(WORDS, WORDS), WORDS, st.sampled_from(["SHA1", "SHA256"]))
def test_we_sign_as_twilios_library_does(
    form: dict[str, str], secret: str, hash_name: str
) -> None:
    algorithm = f"HMAC_{hash_name}"
    theirs = RequestValidator(secret).compute_signature(URL, form, algorithm)
    ours = sign(secret=secret, url=URL, form=form.items(), algorithm=algorithm)
    assert ours == theirs


def test_a_field_may_be_given_more_than_once() -> None:
    form = [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "a"), ("Body", "")]
    signature = sign(secret="s", url=URL, form=[("Body", ""), *form[1:], form[0]])
    assert verify(secret="s", url=URL, form=form, signature=signature)


@pytest.mark.parametrize(
    ("bare", "with_port"),
    [
        ("https://c.test/twilio/sms", "https://c.test:443/twilio/sms"),
        ("http://c.test/twilio/sms", "http://c.test:80/twilio/sms"),
    ],
)
def test_the_port_may_be_signed_or_not(bare: str, with_port: str) -> None:
    for signed in (bare, with_port):
        signature = sign(secret="s", url=signed, form=[])
        for known_as in (bare, with_port):
            assert verify(secret="s", url=known_as, form=[], signature=signature)


def test_another_port_is_another_address() -> None:
    signature = sign(secret="s", url=URL.replace(".test/", ".test:8443/"), form=[])
    assert not verify(secret="s", url=URL, form=[], signature=signature)


def test_a_shared_key_signs_with_sha_256() -> None:
    form = [("Body", "۱۲۸ ۱")]
    signature = sign(secret="k", url=URL, form=form, algorithm="HMAC_SHA256")
    settings = "key=webhooks_sharedkey_1, algorithm=hmac_sha256"
    good: dict[str, Any] = {
        "secret": "k",
        "url": URL,
        "form": form,
        "signature": signature,
    }
    assert verify(**good, settings=settings)
    assert not verify(**good)


@pytest.mark.parametrize(
    ("service", "query", "address"),
    [
        ("https://care.example.test", "", "https://care.example.test/twilio/sms"),
        ("http://c.test:8/", "a=%20b", "http://c.test:8/twilio/sms?a=%20b"),
    ],
)
def test_the_signed_address_is_built_on_the_public_one(
    service: str, query: str, address: str
) -> None:
    assert signed_address(service, "/twilio/sms", query) == address
