"""What is logged of a whole night: what happened, never a secret or a customer's words."""

import io
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from oncall import logs
from support.fake_twilio import AUTH_TOKEN, refusal
from support.night import ADMIN, REPORTS, TOKEN, Night
from support.provider_server import Fault, drop

CUSTOMER = REPORTS["friday-night"]
WORDS = (
    CUSTOMER["subject"],
    CUSTOMER["text"],
    CUSTOMER["customer"]["name"],
    CUSTOMER["customer"]["email"],
    "a note of ours",
    "what we promised",
    "told the customer",
    "unknown-bearer",
)
SECRETS = (ADMIN, AUTH_TOKEN, TOKEN, "+989121234567", "sara@example.com")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged at level info, as it would be written."""
    written = io.StringIO()
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quiet = {
        name: logging.getLogger(name).level for name in (*logs.QUIET, *logs.SILENT)
    }
    with redirect_stderr(written):
        logs.configure(json=True)
    yield written
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level
    for name, was in quiet.items():
        logging.getLogger(name).setLevel(was)


async def test_neither_secrets_nor_customers_words_are_logged(
    database_url: str, log: io.StringIO
):
    async with Night(database_url) as night:
        night.telegram.fail(Fault(status=500), Fault(status=500))
        night.twilio.fail(refusal(21612), drop(taken=False))
        number = await night.report("friday-night", external_id="e")
        await night.report("friday-night", external_id="e")
        path = f"/api/v1/issues/{number}"
        await night.turn(minutes=20)
        await night.post(f"{path}/notes", {"text": "a note of ours"})
        due = "2026-11-21T10:00:00Z"
        await night.post(f"{path}/promises", {"text": "what we promised", "due": due})
        await night.post(f"{path}/snooze", {"for": CUSTOMER["subject"]})
        url = (await night.post("/api/v1/feeds", {"person": "sara"})).json()["url"]
        await night.client.get(url)
        await night.client.get(
            "/api/v1/issues", headers={"Authorization": "Bearer unknown-bearer"}
        )
        await night.client.post("/twilio/sms", data={"Body": CUSTOMER["text"]})
        await night.phone("sara").sends_sms("128 1").reply_sms(CUSTOMER["text"])
        await night.phone("sara").writes(CUSTOMER["text"])
        await night.post(f"{path}/resolve", {"result": "told the customer"})
        for person in night.service.config.people:
            phone = night.phone(person)
            for via in ("sms", "telegram"):
                for _ in phone.unread():
                    try:
                        phone.next(via)
                    except AssertionError:
                        break
            phone.answers.clear()
        token = url.rpartition("/")[2].removesuffix(".ics")
    said = log.getvalue()
    for action in ('"send"', '"answer"', '"webhook"'):
        assert f'"action": {action}' in said, said
    for hidden in (*WORDS, *SECRETS, token):
        assert hidden not in said, hidden
    assert "Traceback" not in said
