"""Requests of every intake product as they come over the wire, with what they mean."""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from time import process_time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Source
from integrations.intake.kinds import source
from support.payloads import PAYLOADS, payload

Path = tuple[str | int, ...]

RECEIVED = datetime(2026, 11, 20, 19, 42, 13, tzinfo=UTC)
SECRET = "test-secret-not-real"
PATIENCE_S = 5
"""Of the processor's time: nobody is paged while a message is read."""
NOT_INTAKE = {
    "telegram_responder_button",
    "twilio_sms_reply_persian_digits",
    "twilio_sms_status_undelivered",
}
NAMES = sorted({path.stem for path in PAYLOADS.glob("*.json")} - NOT_INTAKE)


def source_of(name: str) -> Source:
    """Return the source that a fixture is for; its name begins with the kind."""
    return source(
        name.partition("_")[0], name="bank", mapping=payload(name).get("mapping")
    )


def request_of(name: str) -> IntakeRequest:
    sent = payload(name)["request"]
    encoded = sent.get("raw_body_base64")
    body = b64decode(encoded) if encoded else sent["raw_body"].encode()
    return IntakeRequest(
        url=sent["url"],
        method=sent["method"],
        query=dict(parse_qsl(urlsplit(sent["url"]).query)),
        headers={key.lower(): value for key, value in sent["headers"].items()},
        body=body,
        received_at=RECEIVED,
    )


@contextmanager
def at_once() -> Iterator[None]:
    """Assert that what is read within needs no long time of the processor's."""
    begun = process_time()
    yield
    assert process_time() - begun < PATIENCE_S


def post(body: bytes | object, **headers: str) -> IntakeRequest:
    """Return a request with a body, JSON unless it is bytes; `_` in names is `-`."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return IntakeRequest(
        url="https://oncall.example.test/intake/x",
        method="POST",
        query={},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=raw,
        received_at=RECEIVED,
    )


def edited(name: str, *changes: tuple[Path, object]) -> tuple[CanonicalMessage, ...]:
    """Return the messages of a fixture with values changed at paths."""
    body = payload(name)["body"]
    for path, value in changes:
        node = body
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
    request = replace(request_of(name), body=json.dumps(body).encode())
    return source_of(name).parse(request)


def only(messages: Sequence[CanonicalMessage]) -> CanonicalMessage:
    (message,) = messages
    return message


def expected(name: str) -> list[dict[str, Any]]:
    """Return what a fixture's messages are, in its file's words."""
    wanted = payload(name)["expected"]
    return wanted if isinstance(wanted, list) else [wanted]


def in_the_files_words(
    message: CanonicalMessage, wanted: dict[str, Any]
) -> dict[str, Any]:
    """Return a message as a fixture writes it, as far as the fixture goes."""
    said: dict[str, Any] = asdict(message)
    at = message.occurred_at
    said["event"] = message.event
    said["open_case"] = message.opens
    said["occurred_at"] = at and at.isoformat().replace("+00:00", "Z")
    said["tags"], said["references"] = list(message.tags), list(message.references)
    said["attachments"] = len(message.attachments)
    said["customer"] = {key: said["customer"][key] for key in wanted["customer"]}
    return {key: said[key] for key in wanted}
