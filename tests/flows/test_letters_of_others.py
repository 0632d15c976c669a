"""A letter may join an issue whoever wrote it; where answers go, only people change."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from integrations.intake.contract import Customer
from oncall.actions.intake import Fate
from oncall.cli import issue_text
from oncall.store import paged
from support.api import assert_problem
from support.fake_smtp import FakeSmtp
from support.intake_service import IntakeApi, events, words
from support.letter_desk import DOOR, Letters

MINA, EVE = "mina@example.com", "eve@evil.example"
TWILIO = """
[integrations.twilio]
account_sid = "AC1"
auth_token = "not-real"
from = "+15550100"
whatsapp_from = "+15550101"
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Letters]:
    async with FakeSmtp() as smtp, Letters(database_url, smtp) as running:
        yield running


@pytest.mark.parametrize(
    ("sender", "reply_to"),
    [(EVE, ""), (MINA, EVE), (EVE, MINA), ("Eve@Evil.Example", "")],
)
async def test_who_names_a_customers_letter_is_shown_and_not_answered(
    api: Letters, sender: str, reply_to: str
):
    await api.letter(MINA)
    joined = await api.letter(sender, reply_to=reply_to, answers=api.last, text="and I")
    assert (joined.fate, joined.issue) == (Fate.APPENDED, 1)
    issue = await api.issue(1)
    assert words(issue)[-1] == ("in", "and I")
    assert issue["customer"]["unconfirmed"] == [EVE]
    (listed,) = (await api.get("/issues")).json()["items"]
    assert listed["customer"]["unconfirmed"] == [EVE]
    assert f"also wrote: {EVE}" in "\n".join(issue_text.whole(api.config, issue))
    assert (await api.answers(1))["To"] == MINA


async def test_a_customers_own_letters_are_nobody_elses(api: Letters):
    await api.letter(MINA, reply_to="desk@example.com")
    first = api.last
    await api.letter("Mina@Example.com", answers=first)
    await api.letter(MINA, reply_to="desk@example.com", answers=first)
    assert (await api.issue(1))["customer"]["unconfirmed"] == []
    assert (await api.answers(1))["To"] == "desk@example.com"


async def test_a_person_says_that_an_address_is_the_customers(api: Letters):
    await api.letter(MINA)
    await api.letter(EVE, answers=api.last)
    path = "/issues/1/confirm-address"
    assert_problem(await api.post(path, {"address": "x@y.example"}), 422, "address")
    assert_problem(await api.post(path, {"address": EVE}, by="read"), 403)
    done = await api.post(path, {"address": EVE, "person": "sara"})
    assert done.status_code == 200, done.text
    assert done.json()["customer"]["unconfirmed"] == []
    letter = await api.answers(1)
    assert (letter["To"], letter["Reply-To"]) == (EVE, "help@parvaz.example")
    issue = await api.issue(1)
    line = next(e for e in issue["timeline"] if e["event"] == "address_confirmed")
    assert line["person"] == "sara"
    await api.letter(MINA, answers=api.last)
    assert (await api.issue(1))["customer"]["unconfirmed"] == []
    assert_problem(await api.post(path, {"address": EVE}), 422, "address")


async def test_a_stranger_who_answers_an_old_letter_gets_an_issue_of_their_own(
    api: Letters,
):
    await api.letter(MINA)
    first = api.last
    await api.post("/issues/1/resolve", {"result": "paid"})
    api.clock.turn(timedelta(days=8))
    opened = await api.letter(EVE, answers=first)
    assert (opened.fate, opened.issue) == (Fate.OPENED, 2)
    assert (await api.answers(2))["To"] == EVE
    assert (await api.answers(1))["To"] == MINA
    again = await api.letter(EVE, answers=first)
    assert (again.fate, again.issue) == (Fate.APPENDED, 2)


async def test_an_address_is_proven_by_an_answer_to_a_letter_we_sent_there(
    api: Letters,
):
    await api.letter(MINA)
    ours = (await api.answers(1))["Message-ID"]
    fresh = await api.letter(MINA)
    assert (fresh.fate, fresh.issue) == (Fate.OPENED, 2), "an address is only said"
    await api.letter(MINA, answers=ours)
    fresh = await api.letter(MINA)
    assert (fresh.fate, fresh.issue) == (Fate.APPENDED, 1)
    for number in (1, 2):
        await api.post(f"/issues/{number}/resolve", {"result": "paid"})
    api.clock.turn(timedelta(days=8))
    one, other = await api.letter(MINA), await api.letter(MINA)
    assert [(t.fate, t.issue) for t in (one, other)] == [
        (Fate.OPENED, 3),
        (Fate.APPENDED, 3),
    ]


async def test_a_letter_in_a_proven_name_leads_no_answer_elsewhere(api: Letters):
    await api.letter(MINA)
    await api.letter(MINA, answers=(await api.answers(1))["Message-ID"])
    old = api.last
    await api.post("/issues/1/resolve", {"result": "paid"})
    api.clock.turn(timedelta(days=8))
    fresh = await api.letter(MINA, reply_to=EVE)
    assert (fresh.fate, fresh.issue) == (Fate.OPENED, 2)
    assert (await api.issue(2))["customer"]["unconfirmed"] == [EVE]
    answer = await api.answers(2)
    assert (answer["To"], answer["Reply-To"]) == (MINA, "help@parvaz.example")
    await api.post("/issues/2/resolve", {"result": "paid"})
    api.clock.turn(timedelta(days=8))
    continued = await api.letter(MINA, reply_to=EVE, answers=old)
    assert (continued.fate, continued.issue) == (Fate.OPENED, 3)
    assert (await api.answers(3))["To"] == MINA
    await api.post("/issues/3/confirm-address", {"address": EVE})
    await api.post("/issues/3/resolve", {"result": "paid"})
    api.clock.turn(timedelta(days=8))
    await api.letter(MINA, reply_to=EVE)
    assert (await api.answers(4))["To"] == EVE
    assert (await api.issue(4))["customer"]["unconfirmed"] == []


async def test_who_has_our_letter_from_somebody_else_proves_nothing(api: Letters):
    await api.letter(MINA)
    ours = (await api.answers(1))["Message-ID"]
    joined = await api.letter(EVE, answers=ours)
    assert joined.issue == 1
    assert (await api.answers(1))["To"] == MINA
    fresh = await api.letter(EVE)
    assert (fresh.fate, fresh.issue) == (Fate.OPENED, 2)


async def test_one_number_by_text_and_messenger_is_one_record(database_url: str):
    async with IntakeApi(database_url, kinds=(), rules=TWILIO) as api:
        number = Customer(phone="+4915199900078")
        said = {"customer": number, "reply_to": number.phone}
        text = await api.takes(
            "sms", conversation_id="+4915199900078", text="a", **said
        )
        assert text.fate is Fate.OPENED
        api.clock.turn(timedelta(minutes=1))
        chat = await api.takes(
            "twilio-whatsapp", conversation_id="whatsapp", text="b", **said
        )
        assert (chat.fate, chat.issue) == (Fate.APPENDED, 1)
        issue = await api.issue(1)
        assert words(issue) == [("in", "a"), ("in", "b")]
        assert issue["answering"]["source"] == "twilio-whatsapp", (
            "where they wrote last"
        )
        await api.post("/issues/1/resolve", {"result": "paid"})
        api.clock.turn(timedelta(days=8))
        later = await api.takes("sms", conversation_id="x", text="c", **said)
        assert (later.fate, later.issue) == (Fate.OPENED, 2)


async def test_a_bounce_of_our_answer_makes_its_customer_wait_again(api: Letters):
    await api.letter(MINA)
    ours = (await api.answers(1))["Message-ID"]
    assert (await api.issue(1))["waiting_since"] is None
    for _ in range(2):
        back = await api.bounced(message_ids=("<other@x>", ours), recipients=(MINA,))
        assert (back.fate, back.issue) == (Fate.BOUNCED, 1)
    issue = await api.issue(1)
    assert len(issue["messages"]) == 2
    assert issue["messages"][-1]["delivery"]["state"] == "undelivered"
    assert "gave it back" in issue["messages"][-1]["delivery"]["detail"]
    assert issue["waiting_since"]
    told = {p["person"] for p in issue["pages"] if p["because"] == "answer_failed"}
    assert told == {"sara"}
    assert events(issue).count("answer_failed") == 1


async def test_a_bounce_that_gives_nothing_back_is_matched_by_its_recipient(
    api: Letters,
):
    await api.letter(MINA)
    await api.answers(1)
    other = await api.bounced(recipients=("reza@example.com",))
    assert (other.fate, other.issue) == (Fate.AUTOMATIC, None)
    back = await api.bounced(recipients=("Mina@example.com",))
    assert (back.fate, back.issue) == (Fate.BOUNCED, 1)
    assert (await api.issue(1))["waiting_since"]


async def test_a_delay_is_noted_and_changes_nothing(api: Letters):
    await api.letter(MINA)
    ours = (await api.answers(1))["Message-ID"]
    await api.bounced(message_ids=(ours,), permanent=False)
    issue = await api.issue(1)
    assert issue["messages"][-1]["delivery"]["state"] == "accepted"
    assert issue["waiting_since"] is None
    assert "answer_delayed" in events(issue)


async def test_other_machines_letters_open_nothing_and_say_why(api: Letters):
    delivery = await api.brought(
        b"From: MAILER-DAEMON@mx.example\r\nTo: help@parvaz.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b1@mx.example>\r\n"
        b"\r\nI could not deliver your letter to nobody@example.org.\r\n"
    )
    assert delivery["source"] == DOOR
    assert delivery["outcomes"][0]["outcome"] == "automatic"
    assert "nobody is paged" in delivery["detail"]
    assert (await api.get("/issues")).json()["items"] == []


async def test_a_server_s_report_is_matched_to_the_answer_it_gives_back(api: Letters):
    await api.letter(MINA)
    ours = (await api.answers(1))["Message-ID"]
    report = f"""From: MAILER-DAEMON@mx.example\r
To: care@parvaz.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <b2@mx.example>\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
\r
Sorry.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; {MINA}\r
Action: failed\r
Status: 5.1.1\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
From: care@parvaz.example\r
To: {MINA}\r
Message-ID: {ours}\r
\r
--b--\r
"""
    delivery = await api.brought(report.encode())
    assert delivery["outcomes"] == [{"outcome": "bounced", "issue": 1}]
    assert "did not arrive" in delivery["detail"]
    assert (await api.issue(1))["messages"][-1]["delivery"]["state"] == "undelivered"


async def test_what_a_person_of_ours_mails_back_to_a_page_pages_nobody(api: Letters):
    await api.letter(MINA)
    pages = await api.service.database.read(lambda tx: paged.of_issue(tx, 1))
    page = next(page for page in pages if page.provider_id)
    handed_on = await api.letter(EVE, answers=page.provider_id)
    assert (handed_on.fate, handed_on.issue) == (Fate.OPENED, 2)
    back = await api.letter(
        "Sara@example.com", answers=page.provider_id, text="on leave"
    )
    assert (back.fate, back.issue) == (Fate.AUTOMATIC, 1)
    issue = await api.issue(1)
    assert len(issue["pages"]) == len(pages)
    note = issue["timeline"][-1]
    assert (note["event"], note["person"], note["detail"]) == (
        ("note", "sara", "on leave")
    )
    of_ours = await api.letter("sara@example.com")
    assert (of_ours.fate, of_ours.issue) == (Fate.OPENED, 3)
