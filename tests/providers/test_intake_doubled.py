"""The product's own name of a message decides, also when each delivery has another."""

from dataclasses import replace

import pytest

from integrations.intake.contract import IntakeRequest
from integrations.intake.kinds import source
from support.intake import Path, edited, only, post, request_of, source_of
from support.payloads import payload

DELIVERY_HEADERS = [
    ("chatwoot_message_created", "x-chatwoot-delivery"),
    ("zammad_ticket_trigger", "x-zammad-delivery"),
    ("zendesk_trigger", "x-zendesk-webhook-invocation-id"),
    ("zendesk_event_ticket_created", "x-zendesk-webhook-invocation-id"),
    ("jira_comment_created", "x-atlassian-webhook-identifier"),
    ("jira_automation_request", "x-atlassian-webhook-identifier"),
]
DELIVERY_FIELDS: list[tuple[str, Path]] = [
    ("zendesk_event_ticket_created", ("id",)),
    ("intercom_conversation_user_created", ("id",)),
    ("front_inbound_received", ("payload", "id")),
    ("hubspot_new_messages", (0, "eventId")),
    ("zoho_ticket_and_threads", (0, "eventTime")),
]


def keys(name: str, request: IntakeRequest) -> list[str]:
    return [message.dedup_key for message in source_of(name).parse(request)]


@pytest.mark.parametrize(("name", "header"), DELIVERY_HEADERS)
def test_a_delivery_with_another_id_brings_the_same_message(name: str, header: str):
    request = request_of(name)
    again = replace(request, headers={**request.headers, header: "another-delivery"})
    without = {k: v for k, v in request.headers.items() if k != header}
    assert keys(name, again) == keys(name, request)
    assert keys(name, replace(request, headers=without)) == keys(name, request)


@pytest.mark.parametrize(("name", "path"), DELIVERY_FIELDS)
def test_a_notification_with_another_id_brings_the_same_message(name: str, path: Path):
    again = edited(name, (path, "another-event"))
    assert [message.dedup_key for message in again] == keys(name, request_of(name))


def test_two_replies_in_one_conversation_are_two_messages():
    def reply(part: str) -> str:
        return only(
            edited(
                "intercom_conversation_user_created",
                (("topic",), "conversation.user.replied"),
                (
                    ("data", "item", "conversation_parts", "conversation_parts"),
                    [{"id": part, "body": "And?", "author": {"type": "user"}}],
                ),
            )
        ).dedup_key

    assert reply("9") != reply("10")


def test_a_comment_is_one_by_event_and_by_trigger():
    comment = {"id": "8812", "body": "Any news?", "is_public": True}
    event = only(
        edited(
            "zendesk_event_ticket_created",
            (("type",), "zen:event-type:ticket.comment_added"),
            (("event", "comment"), comment),
            (("detail", "id"), "35437"),
        )
    )
    trigger = only(source("zendesk").parse(request_of("zendesk_trigger")))
    assert event.dedup_key == trigger.dedup_key


def test_words_of_a_trigger_that_names_no_comment_are_told_apart_by_the_call():
    body = {"id": "1", "latest_comment": "Hello?"}
    zendesk = source("zendesk")
    first, second = (
        only(zendesk.parse(post(body, x_zendesk_webhook_invocation_id=call)))
        for call in ("1", "2")
    )
    assert first.dedup_key != second.dedup_key
    assert only(zendesk.parse(post(body))).weak_key


def test_a_new_ticket_in_hubspot_is_one_by_either_subscription():
    old = {"subscriptionType": "ticket.creation", "eventId": 1, "objectId": 42}
    new = {
        "subscriptionType": "object.creation",
        "objectTypeId": "0-5",
        "eventId": 2,
        "objectId": 42,
    }
    hubspot = source("hubspot")
    by_old, by_new = (only(hubspot.parse(post([event]))) for event in (old, new))
    assert by_old.dedup_key == by_new.dedup_key
    assert by_new.conversation_id == "ticket-42"
    assert (by_new.opens, by_new.needs_fetch) == (True, True)
    contact = {**new, "objectTypeId": "0-1"}
    assert hubspot.parse(post([contact])) == ()


def test_the_fixtures_name_no_message_by_its_delivery():
    for name, header in DELIVERY_HEADERS:
        sent = payload(name)["request"]["headers"]
        ids = {value for key, value in sent.items() if key.lower() == header}
        assert ids.isdisjoint(keys(name, request_of(name)))
