"""Answers go out where the customer came in, through the same outbox as pages."""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import delete, select, update

from integrations.contract import OutboundMessage, Receipt
from oncall.engine.alarms import Alarms
from oncall.engine.dispatcher import ANSWERS_AT_ONCE, Dispatcher
from oncall.engine.turning import turn
from oncall.model import PageState, Via
from oncall.store import Tx
from oncall.store.pages import CHANGE, PAGE, Transition
from support.api import assert_problem
from support.fake_products import TOKEN, FakeProducts
from support.fake_smtp import FakeSmtp
from support.intake import SECRET
from support.intake_service import IntakeApi, events, outcome, words
from support.night import Night
from support.provider_server import Fault, bad_gateway, drop

TEXT = "Mina, the prize is paid."
CHATWOOT = {
    "event": "message_created",
    "account": {"id": 1},
    "message_type": "incoming",
    "conversation": {"id": 10, "meta": {"sender": {"id": 14, "name": "Mina"}}},
}
BLOCKED = Fault(status=403, body={"ok": False, "description": "Forbidden: blocked"})
_numbers = itertools.count(500)


def tables(products: FakeProducts, smtp: FakeSmtp | None) -> str:
    """Return sources with accounts, and a mail server if there is one."""
    account = f'api_url = "{products.url}"\napi_token = "{TOKEN}"\n'
    text = "".join(
        f'[integrations.intake.{kind}]\nkind = "{kind}"\nsecret = "{SECRET}"\n'
        f"{account if kind != 'mailgun' else ''}"
        for kind in ("telegram", "whatsapp", "chatwoot", "mailgun")
    )
    if smtp is None:
        return text
    return f"""{text}
[integrations.console]
enabled = true
[integrations.email]
host = "127.0.0.1"
port = {smtp.port}
from = "care@parvaz.example"
security = "none"
"""


class Answering(IntakeApi):
    """The service with sources that can be answered, and their products on loopback."""

    products: FakeProducts

    async def answers(
        self, number: int, text: str = TEXT, **more: object
    ) -> httpx.Response:
        body = {"direction": "out", "text": text, "author": "sara"} | more
        response = await self.post(f"/issues/{number}/messages", body)
        await self.settle()
        return response

    async def chatwoot(self, text: str, **more: object) -> dict[str, Any]:
        number = next(_numbers)
        body = CHATWOOT | {"id": number, "content": text} | more
        response = await self.client.post("/intake/chatwoot?token=" + SECRET, json=body)
        return await self.delivered(response)

    async def status(self, **status: object) -> dict[str, Any]:
        """Let WhatsApp say what became of a message."""
        value = {"statuses": [{"recipient_id": "989121110000"} | status]}
        change = {"field": "messages", "value": value}
        body = json.dumps(
            {
                "object": "whatsapp_business_account",
                "entry": [{"changes": [change]}],
            }
        ).encode()
        digest = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        response = await self.client.post(
            "/intake/whatsapp",
            content=body,
            headers={"X-Hub-Signature-256": f"sha256={digest}"},
        )
        return await self.delivered(response)

    async def letter(self, text: str, **headers: str) -> dict[str, Any]:
        at, token = str(int(self.clock.now().timestamp())), f"t{next(_numbers)}"
        digest = hmac.digest(SECRET.encode(), f"{at}{token}".encode(), hashlib.sha256)
        named = {"Message-Id": f"<{token}@mail.example.com>"} | headers
        form = {
            "timestamp": at,
            "token": token,
            "signature": digest.hex(),
            "sender": "mina@example.com",
            "from": "Mina <mina@example.com>",
            "recipient": "help@parvaz.example",
            "subject": headers.get("Subject", "Prize not paid"),
            "body-plain": text,
            "message-headers": json.dumps(list(named.items())),
        }
        return await self.delivered(
            await self.client.post("/intake/mailgun", data=form)
        )

    async def wait(self, **span: float) -> None:
        """Turn the clock on, stopping wherever something is due."""
        await turn(self.service.engine, self.clock, timedelta(**span))

    async def last(self, number: int) -> dict[str, Any]:
        """Return what was said last."""
        return dict((await self.issue(number))["messages"][-1])


def notices(issue: Mapping[str, Any]) -> list[str]:
    """Return who was told that an answer did not reach the customer."""
    told = [page for page in issue["pages"] if page["because"] == "answer_failed"]
    return sorted({page["person"] for page in told})


@asynccontextmanager
async def answering(
    database_url: str, smtp: FakeSmtp | None = None
) -> AsyncIterator[Answering]:
    """Run the service beside its customers' products."""
    async with FakeProducts() as products:
        rules = tables(products, smtp)
        api = Answering(database_url, kinds=(), rules=rules)
        api.products = products
        async with api:
            yield api


async def test_an_answer_goes_out_where_the_customer_wrote(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        await api.whatsapp("where is my prize?")
        await api.chatwoot("where is my prize?")
        for number in (1, 2, 3):
            response = await api.answers(number)
            assert response.status_code == 201, response.text
            assert response.json()["messages"][-1]["delivery"]["state"] == "planned"
            issue = await api.issue(number)
            assert issue["messages"][-1]["delivery"]["state"] == "accepted"
            assert issue["waiting_since"] is None
            assert events(issue).count("answer_sent") == 1
            assert all(page["person"] for page in issue["pages"])
    sent = [(each.product, each.to, each.text) for each in api.products.answers]
    assert sent == [
        ("telegram", "77", TEXT),
        ("whatsapp", "1065/989121110000", TEXT),
        ("chatwoot", "1/10", TEXT),
    ]


async def test_an_answer_given_elsewhere_is_only_recorded(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        response = await api.answers(1, send=False, where="helpdesk")
        assert response.json()["messages"][-1]["delivery"] is None
        assert response.json()["answering"]["possible"] is True
        assert (await api.issue(1))["waiting_since"] is None
        assert not api.products.answers


async def test_what_cannot_be_sent_from_here_is_refused_with_what_can_be_done(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.bank(text="card swallowed")
        await api.letter("where is my prize?")
        await api.opened(link="https://help.example/7")
        for number, why in ((1, "generic"), (2, "[integrations.email]"), (3, "'web'")):
            before = await api.issue(number)
            for more in ({}, {"send": False}):
                refused = assert_problem(await api.answers(number, **more), 409)
                assert why in refused["detail"]
                assert '"where": "phone"' in refused["detail"]
            after = await api.issue(number)
            assert after["messages"] == before["messages"]
            assert after["waiting_since"] == before["waiting_since"]
            assert after["owner"] is None
        assert "https://help.example/7" in refused["detail"]


async def test_of_what_was_told_elsewhere_it_is_said_where(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        assert_problem(await api.answers(1, send=False), 422, "where")
        assert (await api.issue(1))["waiting_since"]
        told = await api.answers(1, send=False, where="phone")
        assert told.status_code == 201, told.text
        issue = await api.issue(1)
        assert issue["waiting_since"] is None
        (line,) = (e for e in issue["timeline"] if e["event"] == "answered_customer")
        assert (line["reason"], line["person"]) == ("phone", "sara")


async def test_an_answer_that_is_only_written_stops_no_clock(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        waiting = (await api.issue(1))["waiting_since"]
        api.products.fail(*[Fault(status=503)] * 200)
        response = await api.answers(1)
        assert response.json()["waiting_since"] == waiting
        issue = await api.issue(1)
        assert (issue["owner"], issue["waiting_since"]) == ("sara", waiting)
        assert "answered_customer" not in events(issue)
        await api.wait(minutes=16)
        paged = [p for p in (await api.issue(1))["pages"] if p["because"] == "no_reply"]
        assert {page["person"] for page in paged} == {"sara"}
        api.products.recover()
        await api.wait(minutes=10)
        issue = await api.issue(1)
        assert issue["waiting_since"] is None
        assert events(issue).count("answered_customer") == 1


async def test_what_the_customer_writes_while_an_answer_is_under_way_wants_another(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        api.products.fail(*[Fault(status=503)] * 200)
        await api.answers(1)
        await api.wait(minutes=1)
        await api.telegram("and where is it now?")
        wrote = api.clock.now()
        api.products.recover()
        await api.wait(minutes=10)
        issue = await api.issue(1)
        assert "answer_sent" in events(issue)
        assert datetime.fromisoformat(issue["waiting_since"]) == wrote


async def test_the_echo_of_our_own_answer_is_not_recorded_twice(database_url: str):
    async with answering(database_url) as api:
        await api.chatwoot("where is my prize?")
        await api.answers(1)
        echo = {"message_type": "outgoing", "id": int(api.products.answers[0].id)}
        assert outcome(await api.chatwoot("<p>dressed up</p>", **echo)) == ("echo", 1)
        same = await api.chatwoot(TEXT, message_type="outgoing")
        assert outcome(same) == ("echo", 1)
        await api.wait(minutes=20)
        later = await api.chatwoot(TEXT, message_type="outgoing")
        assert outcome(later) == ("answered", 1)
        other = await api.chatwoot("And more.", message_type="outgoing")
        assert outcome(other) == ("answered", 1)
        assert [text for way, text in words(await api.issue(1)) if way == "out"] == [
            TEXT,
            TEXT,
            "And more.",
        ]
        assert len(api.products.answers) == 1


async def test_a_product_that_is_away_gets_the_answer_later(database_url: str):
    async with answering(database_url) as api:
        await api.chatwoot("where is my prize?")
        api.products.fail(*[Fault(status=503)] * 3)
        await api.answers(1)
        assert (await api.last(1))["delivery"]["state"] == "planned"
        assert "answer_delayed" in events(await api.issue(1))
        await api.wait(minutes=10)
        assert (await api.last(1))["delivery"]["state"] == "accepted"
        assert len(api.products.answers) == 1


async def test_a_product_that_can_be_asked_is_asked_before_a_second_time(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.chatwoot("where is my prize?")
        api.products.fail(drop(taken=True))
        await api.answers(1)
        await api.wait(minutes=5)
        assert (await api.last(1))["delivery"]["state"] == "accepted"
        assert (len(api.products.answers), api.products.looked) == (1, 1)


async def test_one_that_cannot_be_asked_is_sent_the_words_once_more(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        api.products.fail(drop(taken=True))
        await api.answers(1)
        await api.wait(minutes=1)
        assert len(api.products.answers) == 1
        await api.wait(minutes=5)
        assert (await api.last(1))["delivery"]["state"] == "accepted"
        assert [each.text for each in api.products.answers] == [TEXT, TEXT]


async def test_and_no_third_time(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        api.products.fail(drop(taken=True), bad_gateway(taken=True))
        await api.answers(1)
        await api.wait(minutes=30)
        delivery = (await api.last(1))["delivery"]
        assert delivery["state"] == "failed"
        assert "may have arrived" in delivery["detail"]
        assert len(api.products.answers) == 2


async def test_a_sender_that_dies_with_an_answer_costs_one_more_at_most(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        await api.answers(1, send=True)
        page = (await api.last(1))["delivery"]["id"]
        for sender in (2, 3):
            await lose_sender(api, page)
            await api.wait(minutes=5)
            state = (await api.last(1))["delivery"]["state"]
            assert state == ("accepted" if sender == 2 else "failed")
        assert len(api.products.answers) == 2


async def lose_sender(api: Answering, page: str) -> None:
    """Have the newest attempt stand as if its sender died with the outcome."""
    now = api.clock.now()
    await api.service.database.write(lambda tx: undo(tx, page, now))


def undo(tx: Tx, page: str, now: datetime) -> None:
    held = {"state": PageState.SENDING, "lease_until": now, "provider_id": ""}
    tx.run(update(PAGE).where(PAGE.c.id == page).values(held))
    tx.run(
        delete(CHANGE).where(
            CHANGE.c.page == page, CHANGE.c.transition == Transition.ACCEPT
        )
    )


async def test_a_customer_who_blocked_the_bot_waits_again_and_the_owner_hears(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        await api.post("/issues/1/acknowledge", {"person": "sara"})
        api.products.fail(BLOCKED)
        await api.answers(1)
        issue = await api.issue(1)
        assert issue["messages"][-1]["delivery"]["state"] == "failed"
        assert "blocked" in issue["messages"][-1]["delivery"]["detail"]
        assert issue["waiting_since"] is not None
        assert notices(issue) == ["sara"]
        assert events(issue).count("answer_failed") == 1
        await api.wait(hours=2)
        assert notices(await api.issue(1)) == ["sara"]


async def test_without_an_owner_whoever_is_on_call_hears_it(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        api.products.fail(BLOCKED)
        await api.answers(1, author="a colleague who is no person here")
        issue = await api.issue(1)
        assert issue["owner"] is None
        first = [page["person"] for page in issue["pages"] if page["level"] == 1]
        assert notices(issue) == sorted(set(first)) != []


async def test_an_answer_that_nobody_takes_for_an_hour_is_given_up(database_url: str):
    async with answering(database_url) as api:
        await api.chatwoot("where is my prize?")
        api.products.fail(*[Fault(status=503)] * 500)
        await api.answers(1)
        await api.wait(minutes=50)
        assert (await api.last(1))["delivery"]["state"] == "planned"
        await api.wait(minutes=20)
        assert (await api.last(1))["delivery"]["state"] == "failed"
        assert notices(await api.issue(1))


async def test_whatsapp_says_what_became_of_an_answer(database_url: str):
    async with answering(database_url) as api:
        await api.whatsapp("where is my prize?")
        await api.answers(1)
        known_as = api.products.answers[0].id
        told = await api.status(id=known_as, status="delivered")
        assert outcome(told) == ("receipt", 1)
        assert (await api.last(1))["delivery"]["state"] == "delivered"
        assert "answer_delivered" in events(await api.issue(1))


async def test_a_failure_that_whatsapp_tells_later_is_a_failure(database_url: str):
    async with answering(database_url) as api:
        await api.whatsapp("where is my prize?")
        api.products.fail(drop(taken=True))
        await api.answers(1)
        mark = api.products.answers[0].mark
        failed = {"status": "failed", "errors": [{"code": 131026}]}
        await api.status(id="wamid.never-heard-of", biz_opaque_callback_data=mark)
        assert (await api.last(1))["delivery"]["state"] == "planned"
        await api.wait(minutes=5)
        await api.status(id="wamid.OUT2", biz_opaque_callback_data=mark, **failed)
        issue = await api.issue(1)
        assert issue["messages"][-1]["delivery"]["state"] == "undelivered"
        assert "131026" in issue["messages"][-1]["delivery"]["detail"]
        assert issue["waiting_since"] is not None


async def test_a_source_has_no_say_about_pages_to_people(database_url: str):
    async with answering(database_url) as api:
        await api.whatsapp("where is my prize?")
        page = (await api.issue(1))["pages"][0]
        forged = {"id": "x", "status": "delivered"}
        told = await api.status(**forged, biz_opaque_callback_data=page["id"])
        assert outcome(told) == ("ignored", None)
        assert (await api.issue(1))["pages"][0]["state"] == page["state"]


async def test_whatsapp_s_window_is_shown_and_kept(database_url: str):
    async with answering(database_url) as api:
        await api.whatsapp("where is my prize?")
        until = (await api.issue(1))["answering"]["until"]
        begin = api.clock.now() + timedelta(hours=24)
        assert until == begin.strftime("%Y-%m-%dT%H:%M:%SZ")
        await api.wait(hours=24)
        said = words(await api.issue(1))
        problem = assert_problem(await api.answers(1), 409)
        assert "template" in problem["detail"]
        assert words(await api.issue(1)) == said
        assert not api.products.answers
        await api.whatsapp("hello?")
        assert (await api.answers(1)).status_code == 201
        assert len(api.products.answers) == 1


async def test_words_that_are_too_long_are_refused_before_anything_is_kept(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        assert_problem(await api.answers(1, "x" * 4097), 422, "text")
        assert len((await api.issue(1))["messages"]) == 1


async def test_a_letter_is_answered_in_its_thread(database_url: str):
    async with FakeSmtp() as smtp, answering(database_url, smtp) as api:
        await api.letter("where is my prize?")
        await api.answers(1)
        (mail,) = smtp.mails
        letter = mail.message
        first = (await api.deliveries())[-1]
        assert letter["To"] == "mina@example.com"
        assert letter["Reply-To"] == "help@parvaz.example"
        assert letter["Subject"] == "Re: Prize not paid [#1]"
        assert letter["In-Reply-To"] == letter["References"]
        assert letter["Auto-Submitted"] is None
        assert letter.get_content().strip() == TEXT
        assert first["outcomes"][0]["issue"] == 1
        await api.wait(minutes=1)
        back = {"In-Reply-To": letter["Message-ID"], "Subject": "thanks"}
        assert outcome(await api.letter("thank you", **back)) == ("appended", 1)
        await api.answers(1, "You are welcome.")
        thread = smtp.mails[-1].message["References"].split()
        assert thread[1] == letter["Message-ID"]
        assert len(thread) == 3


async def test_answers_wait_behind_pages_in_the_outbox(database_url: str):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        await api.answers(1)
        rows = await api.service.database.read(
            lambda tx: tx.all(select(PAGE.c.kind, PAGE.c.priority))
        )
        pages = {row["priority"] for row in rows if row["kind"] != "message"}
        (answer,) = (row["priority"] for row in rows if row["kind"] == "message")
        assert answer > max(pages)


async def test_a_text_is_answered_by_a_text_and_its_receipt_counts(database_url: str):
    async with Night(database_url, change=patient) as night:
        mina = "+4915199900078"
        await night.twilio.send_sms(mina, "the lift is stuck")
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        body = {"direction": "out", "text": TEXT, "author": "sara"}
        await night.post("/api/v1/issues/128/messages", body)
        (sms,) = (each for each in night.twilio.messages if each.to == mina)
        assert sms.body == TEXT
        await night.twilio.send_status(sms, "delivered")
        said = (await night.issue(128))["messages"][-1]
        assert said["delivery"]["state"] == "delivered"


async def test_a_text_that_the_carrier_loses_comes_back_to_people(database_url: str):
    async with Night(database_url, change=patient) as night:
        mina = "+4915199900078"
        await night.twilio.send_sms(mina, "the lift is stuck")
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        body = {"direction": "out", "text": TEXT, "author": "sara"}
        await night.post("/api/v1/issues/128/messages", body)
        (sms,) = (each for each in night.twilio.messages if each.to == mina)
        await night.twilio.send_status(sms, "undelivered", error_code=30003)
        await night.settle()
        await night.phone("sara").expect_telegram("نرسید")
        issue = await night.issue(128)
        assert issue["messages"][-1]["delivery"]["state"] == "undelivered"
        assert issue["waiting_since"] is not None


def patient(text: str) -> str:
    """Let whoever is on call have time."""
    return text.replace('wait = "5m"', 'wait = "3d"')


class Slow:
    """A product that takes its time until a test lets it go on."""

    name = "source"

    def __init__(self) -> None:
        self.at_work = 0
        self.go_on = asyncio.Event()

    async def send(self, message: OutboundMessage) -> Receipt:
        self.at_work += 1
        await self.go_on.wait()
        return Receipt(provider_id=message.reference)

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_slow_helpdesk_holds_a_few_senders_and_the_rest_are_for_pages(
    database_url: str,
):
    async with answering(database_url) as api:
        await api.telegram("where is my prize?")
        for _ in range(ANSWERS_AT_ONCE + 3):
            body = {"direction": "out", "text": TEXT}
            await api.post("/issues/1/messages", body)
        slow, now = Slow(), api.clock.now()
        service = api.service
        dispatcher = Dispatcher(
            service.database,
            service.house,
            {Via.SOURCE: slow},
            api.clock,
            Alarms(alarm_url="", heartbeat_url=""),
        )
        for _ in range(3):
            await dispatcher.tick(now)
        sending = [m["delivery"] for m in (await api.issue(1))["messages"][1:]]
        states = [delivery["state"] for delivery in sending]
        assert states.count("sending") == ANSWERS_AT_ONCE
        slow.go_on.set()
        await dispatcher.idle()
        await dispatcher.tick(now)
        await dispatcher.idle()
        assert slow.at_work == ANSWERS_AT_ONCE + 3
