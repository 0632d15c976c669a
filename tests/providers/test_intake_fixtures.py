"""Every product's request is verified, and means what its file says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.intake.contract import IntakeRequest, Verdict
from integrations.intake.kinds import KINDS, source
from support.intake import (
    NAMES,
    RECEIVED,
    SECRET,
    expected,
    in_the_files_words,
    request_of,
    source_of,
)
from support.payloads import payload

MINUTES_5 = timedelta(minutes=5)
WINDOWS = {
    "zendesk": MINUTES_5,
    "chatwoot": MINUTES_5,
    "front": MINUTES_5,
    "hubspot": MINUTES_5,
    "mailgun": timedelta(hours=9),
}
# the products whose signature covers the body, unless a request came with a token
COVERED = [
    name
    for name in NAMES
    if payload(name)["signature"]["scheme"] not in {"none", "telegram", "mailgun"}
]
TIMED = [name for name in NAMES if source_of(name).kind in WINDOWS]


def judged(name: str, request: IntakeRequest, secret: str = SECRET) -> Verdict:
    return source_of(name).judge(request, secret, RECEIVED)


def credentials(name: str) -> set[str]:
    signed = payload(name)["signature"]
    found = (signed.get("header"), signed.get("timestamp_header"))
    return {header.lower() for header in found if header}


def test_every_kind_has_a_fixture():
    assert {source_of(name).kind for name in NAMES} == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_products_own_request_is_accepted(name: str):
    assert judged(name, request_of(name)) is Verdict.ACCEPTED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", ["another-secret", "", SECRET + "x"])
def test_another_secret_accepts_nothing(name: str, secret: str):
    assert judged(name, request_of(name), secret) is Verdict.BAD_SIGNATURE


@pytest.mark.parametrize("name", COVERED)
def test_one_changed_byte_anywhere_is_refused(name: str):
    request = request_of(name)
    for at in range(0, len(request.body), max(1, len(request.body) // 16)):
        other = bytes([request.body[at] ^ 1])
        changed = request.body[:at] + other + request.body[at + 1 :]
        assert judged(name, replace(request, body=changed)) is Verdict.BAD_SIGNATURE


@pytest.mark.parametrize("name", NAMES)
def test_a_request_without_its_credentials_is_refused(name: str):
    request = request_of(name)
    for missing in credentials(name):
        headers = dict(request.headers)
        del headers[missing]
        stripped = replace(request, headers=headers)
        assert judged(name, stripped) is Verdict.BAD_SIGNATURE
    bare = replace(request, headers={}, query={}, body=b"{}")
    assert judged(name, bare) is Verdict.BAD_SIGNATURE


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("side", [1, -1])
def test_a_signature_counts_only_near_its_time(name: str, side: int):
    product = source_of(name)
    window = WINDOWS[product.kind]
    near = RECEIVED + side * (window - timedelta(seconds=3))
    far = RECEIVED + side * (window + timedelta(seconds=3))
    assert product.verify(request_of(name), SECRET, near)
    assert not product.verify(request_of(name), SECRET, far)


@pytest.mark.parametrize("name", NAMES)
def test_a_request_means_what_its_file_says(name: str):
    messages = source_of(name).parse(request_of(name))
    wanted = expected(name)
    assert [
        in_the_files_words(message, one)
        for message, one in zip(messages, wanted, strict=True)
    ] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_second_delivery_has_the_same_names(name: str):
    product, request = source_of(name), request_of(name)
    again = replace(request, received_at=RECEIVED + timedelta(minutes=3))
    assert product.delivery_id(again) == product.delivery_id(request)
    assert [message.dedup_key for message in product.parse(again)] == [
        message.dedup_key for message in product.parse(request)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_two_messages_of_a_request_have_the_same_name(name: str):
    keys = [message.dedup_key for message in source_of(name).parse(request_of(name))]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", NAMES)
def test_a_taken_request_is_answered_with_200(name: str):
    assert source_of(name).answer.status == 200


def test_a_kind_that_nobody_knows_is_a_key_error():
    with pytest.raises(KeyError):
        source("telepathy")
