"""Whatever comes in, a parser returns messages or says Unparsed, and nothing else."""

import json
from dataclasses import asdict, replace
from datetime import UTC
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.intake.contract import (
    CanonicalMessage,
    Direction,
    IntakeRequest,
    Source,
    Unparsed,
)
from integrations.intake.email import parse as parse_letter
from integrations.intake.kinds import KINDS, source
from integrations.intake.levels import SEVERITIES
from support.intake import NAMES, RECEIVED, SECRET, post, request_of, source_of
from support.mutation import any_json, mutated
from support.payloads import payload

JSON_NAMES = [name for name in NAMES if payload(name)["body"] is not None]
FORMS = ["mailgun", "sendgrid"]
MAPPING = {
    "conversation_id": "a.0.b",
    "text": {"path": "text", "default": "none"},
    "customer.phone": {"path": "tel", "region": "IR"},
    "occurred_at": "at",
    "tags": "tags",
    "auto_reply": "at",
}
nodes = st.fixed_dictionaries(
    {}, optional={"a": any_json, "tel": any_json, "at": any_json}
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "x-hub-signature",
            "x-hub-signature-256",
            "x-helpscout-event",
            "x-front-request-timestamp",
            "x-front-signature",
            "x-zendesk-webhook-signature-timestamp",
            "x-chatwoot-timestamp",
            "x-chatwoot-signature",
            "x-hubspot-request-timestamp",
            "x-oncall-token",
            "content-type",
        ]
    ),
    st.text(max_size=40) | st.sampled_from(["9" * 5000, "nan", "sha256=\ud800", "-1"]),
)


def check(product: Source, request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a request as the service would; return what it says."""
    assert isinstance(product.verify(request, SECRET, RECEIVED), bool)
    assert product.delivery_id(request)
    try:
        messages = product.parse(request)
    except Unparsed as unparsed:
        check_reason(unparsed)
        return ()
    for message in messages:
        check_message(message)
    return messages


def check_reason(unparsed: Unparsed) -> None:
    assert unparsed.reason[0].isupper()
    assert unparsed.reason.endswith(".")


def check_message(message: CanonicalMessage) -> None:
    """What every message has, and what a database and a channel can keep."""
    assert message.conversation_id
    assert message.dedup_key
    assert not message.opens or message.direction in {
        Direction.INBOUND,
        Direction.STATUS,
    }
    assert not (message.opens and message.auto_reply)
    assert message.severity in {None, *SEVERITIES}
    assert message.occurred_at is None or message.occurred_at.tzinfo is UTC
    assert message.link is None or message.link.lower().startswith("http")
    kept = json.dumps(asdict(message), ensure_ascii=False, default=str).encode()
    assert rb"\u0000" not in kept


def as_sent(name: str, body: object) -> bytes:
    """Return a document as its product sends it: as JSON or as a form."""
    if name.partition("_")[0] in FORMS and isinstance(body, dict):
        return urlencode(body, errors="replace").encode()
    return json.dumps(body).encode()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(body=st.binary(max_size=200) | any_json.map(lambda it: json.dumps(it).encode()))
@example(body=b"[" * 200_000)
@example(body=b"\xff\xfe{")
@example(body=b'{"a":' * 100_000)
@example(body=b"9" * 5000)
def test_any_body_is_read_or_unparsed(kind: str, body: bytes):
    product = source(kind, name="x", mapping=MAPPING)
    check(product, post(body, x_helpscout_event="convo.created"))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(sent=headers, query=st.dictionaries(st.just("token"), st.text(max_size=9)))
def test_any_headers_are_judged(kind: str, sent: dict[str, str], query: dict[str, str]):
    product = source(kind, name="x", mapping=MAPPING)
    request = replace(
        post(b"{}"), headers=sent, query=query, url="https://x/%zz?\ud800"
    )
    check(product, request)


@pytest.mark.parametrize("name", JSON_NAMES)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_damaged_request_is_read_or_unparsed(name: str, data: st.DataObject):
    body = data.draw(mutated(payload(name)["body"]))
    check(source_of(name), replace(request_of(name), body=as_sent(name, body)))


@pytest.mark.parametrize("name", [n for n in NAMES if n.split("_")[0] in FORMS])
@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 2000), cut=st.integers(0, 60), put=st.binary(max_size=30))
def test_a_damaged_form_is_read_or_unparsed(name: str, at: int, cut: int, put: bytes):
    request = request_of(name)
    body = request.body[:at] + put + request.body[at + cut :]
    check(source_of(name), replace(request, body=body))


@settings(max_examples=100, deadline=None)
@given(body=nodes)
def test_a_mapping_reads_any_document(body: object):
    check(source("generic", name="x", mapping=MAPPING), post(body))


@settings(max_examples=100, deadline=None)
@given(mapping=st.dictionaries(st.sampled_from(list(MAPPING)), any_json), body=nodes)
def test_any_mapping_reads_any_document(mapping: dict[str, object], body: object):
    check(source("generic", name="x", mapping=mapping), post(body))


LETTER = (
    b"From: =?utf-8?B?2LPYp9ix2Kc=?= <s@example.com>\r\nSubject: a\r\n"
    b"Message-ID: <a@b>\r\nDate: Fri, 20 Nov 2026 23:12:11 +0330\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: text/plain; charset=windows-1256\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n2LPYp9ix2Kc=\r\n--x--\r\n"
)


@settings(max_examples=150, deadline=None)
@given(
    at=st.integers(0, len(LETTER)), cut=st.integers(0, 30), put=st.binary(max_size=20)
)
@example(at=0, cut=len(LETTER), put=b"")
def test_a_damaged_letter_is_read_or_unparsed(at: int, cut: int, put: bytes):
    try:
        message = parse_letter(LETTER[:at] + put + LETTER[at + cut :])
    except Unparsed as unparsed:
        check_reason(unparsed)
    else:
        check_message(message)
