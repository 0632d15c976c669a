"""Words that change others, words taken back, and why a delivery opened nothing."""

import hashlib
import hmac
import json
from typing import Any

from integrations.intake.contract import Customer
from support.intake import SECRET
from support.intake_service import IntakeApi, events, outcome, words

LEAK = """
[[severity_rules]]
severity = "critical"
words = ["data leak"]
"""
NUMBER = "989121110000"


async def whatsapp(api: IntakeApi, **message: object) -> dict[str, Any]:
    """Let something come by WhatsApp; return the delivery, read."""
    said = {"from": NUMBER, "timestamp": str(int(api.clock.now().timestamp()))}
    value = {"metadata": {"phone_number_id": "1065"}, "messages": [said | message]}
    entry = [{"changes": [{"field": "messages", "value": value}]}]
    body = json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()
    digest = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
    return await api.delivered(
        await api.client.post(
            "/intake/whatsapp",
            content=body,
            headers={"X-Hub-Signature-256": f"sha256={digest}"},
        )
    )


def text(words: str) -> dict[str, object]:
    return {"type": "text", "text": {"body": words}}


def edit(of: str, words: str) -> dict[str, object]:
    return {
        "type": "edit",
        "edit": {"original_message_id": of, "message": text(words)},
    }


async def test_an_edit_changes_the_words_it_edits_and_is_judged(database_url: str):
    async with IntakeApi(database_url, rules=LEAK) as api:
        opened = await whatsapp(api, id="wamid.1", **text("all is well"))
        number = outcome(opened)[1] or 0
        await whatsapp(api, id="wamid.2", **text("or is it?"))
        assert (await api.issue(number))["severity"] == "normal"
        changed = await whatsapp(
            api, id="wamid.3", **edit("wamid.1", "there is a data leak")
        )
        assert outcome(changed) == ("edited", number)
        issue = await api.issue(number)
        assert words(issue) == [("in", "there is a data leak"), ("in", "or is it?")]
        assert issue["messages"][0]["quoted"] == "all is well"
        assert issue["subject"] == "there is a data leak"
        assert issue["severity"] == "critical"
        assert "customer_edited" in events(issue)


async def test_an_edit_that_is_told_twice_is_one(database_url: str):
    async with IntakeApi(database_url) as api:
        number = outcome(await whatsapp(api, id="wamid.1", **text("one")))[1] or 0
        for _ in range(2):
            await whatsapp(api, id="wamid.2", extra=_, **edit("wamid.1", "two"))
        issue = await api.issue(number)
        assert words(issue) == [("in", "two")]
        assert events(issue).count("customer_edited") == 1


async def test_an_edit_of_words_we_never_had_is_a_message(database_url: str):
    async with IntakeApi(database_url) as api:
        fate, number = outcome(
            await whatsapp(api, id="wamid.2", **edit("wamid.1", "my prize?"))
        )
        assert fate == "opened"
        assert words(await api.issue(number or 0)) == [("in", "my prize?")]


async def test_a_deletion_is_noted_and_the_words_stay(database_url: str):
    revoke = {"type": "revoke", "revoke": {"original_message_id": "wamid.1"}}
    async with IntakeApi(database_url) as api:
        unknown = await whatsapp(api, id="wamid.0", **revoke)
        assert outcome(unknown) == ("ignored", None)
        number = outcome(await whatsapp(api, id="wamid.1", **text("my card")))[1] or 0
        gone = await whatsapp(api, id="wamid.2", **revoke)
        assert outcome(gone) == ("deleted", number)
        assert gone["detail"] == "A message was taken back."
        issue = await api.issue(number)
        assert words(issue) == [("in", "my card")]
        assert "customer_deleted" in events(issue)


async def test_what_opens_nothing_says_why_in_the_list(database_url: str):
    kinds = ("telegram", "whatsapp", "chatwoot")
    async with IntakeApi(database_url, kinds=kinds) as api:
        reaction = await whatsapp(api, id="wamid.1", type="reaction", reaction={})
        assert reaction["detail"] == "It is a reaction to a message."
        pinned = await api.telegram("", pinned_message={"message_id": 1})
        why = "It brings no message of a customer (message/pinned_message)."
        assert (outcome(pinned), pinned["detail"]) == (("ignored", None), why)
        event = {"event": "conversation_updated", "id": 4}
        url = f"/intake/chatwoot?token={SECRET}"
        updated = await api.delivered(await api.client.post(url, json=event))
        why = "It brings no message of a customer (conversation_updated)."
        assert updated["detail"] == why
        automatic = await api.bank(automatic=True)
        assert automatic["detail"] == "A machine wrote it, so nobody is paged."
        answer = await api.bank(direction="outbound")
        assert (
            answer["detail"] == "It is an answer in a conversation that no issue holds."
        )
        note = await api.bank(direction="internal")
        assert note["detail"].startswith("It is a note inside the product")
        opened = await api.bank(message="m1")
        assert opened["detail"] is None
        again = await api.bank(message="m1", text="card swallowed, again")
        assert again["detail"] == "The same message was taken before."
        assert (await api.get("/issues")).json()["items"][1:] == []


async def test_a_lone_word_of_a_customer_we_know_opens(database_url: str):
    async with IntakeApi(database_url) as api:
        mina = Customer(id="c1", name="Mina")
        first = await api.takes(conversation_id="A-1", customer=mina, text="Hello")
        done = {"person": "sara", "result": "told"}
        resolved = await api.post(f"/issues/{first.issue}/resolve", done)
        assert resolved.status_code == 200, resolved.text
        more = await api.takes(
            conversation_id="A-2", customer=mina, text="help", bare=True
        )
        assert (more.fate, more.issue != first.issue) == ("opened", True)
        other = await api.takes(conversation_id="A-3", text="help", bare=True)
        assert (other.fate, other.issue) == ("ignored", None)


async def test_a_doubled_delivery_with_an_id_of_its_own_is_one_message(
    database_url: str,
):
    async with IntakeApi(database_url, kinds=("chatwoot",)) as api:
        message = {
            "event": "message_created",
            "id": 118,
            "content": "paid twice",
            "message_type": "incoming",
            "account": {"id": 1},
            "conversation": {"id": 10, "meta": {"sender": {"id": 14, "name": "Layla"}}},
        }
        for delivery in ("d-1", "d-2"):
            response = await api.client.post(
                f"/intake/chatwoot?token={SECRET}",
                json=message,
                headers={"X-Chatwoot-Delivery": delivery},
            )
            read = await api.delivered(response)
        assert read["verdict"] == "duplicate"
        assert read["detail"] == "The same message was taken before."
        issue = await api.issue(outcome(read)[1] or 0)
        assert words(issue) == [("in", "paid twice")]
