"""Tickets of products that have conversations too, and templates that are not ours."""

from typing import Any

import pytest

from integrations.intake.contract import Direction
from integrations.intake.intercom import reply
from integrations.intake.kinds import source
from integrations.intake.reply import Account, Words
from support.intake import only, post

TICKET = {
    "type": "ticket",
    "id": "494",
    "ticket_id": "53",
    "category": "Customer",
    "ticket_attributes": {
        "_default_title_": "Prize not paid",
        "_default_description_": "<p>I won in May.</p>",
    },
    "contacts": {
        "type": "contact.list",
        "contacts": [{"type": "contact", "id": "c9", "external_id": "70"}],
    },
    "created_at": 1795203731,
}
PART = {
    "type": "ticket_part",
    "id": "131",
    "part_type": "comment",
    "body": "<p>Any news?</p>",
    "created_at": 1795203999,
    "author": {
        "type": "user",
        "id": "c9",
        "name": "Omar H.",
        "email": "omar@example.com",
    },
    "attachments": [{"name": "a.png", "content_type": "image/png"}],
}
ASSIGNED = {"type": "ticket_part", "id": "130", "part_type": "assignment", "body": None}


def intercom(topic: str, item: dict[str, Any]) -> Any:  # noqa: ANN401
    body = {
        "type": "notification_event",
        "id": "notif_1",
        "topic": topic,
        "data": {"item": item},
    }
    return only(source("intercom").parse(post(body)))


def test_a_new_ticket_in_intercom_opens():
    message = intercom("ticket.created", TICKET)
    assert message.opens
    assert (message.conversation_id, message.customer.id) == ("494", "c9")
    assert (message.subject, message.text) == ("Prize not paid", "I won in May.")


@pytest.mark.parametrize(
    "item",
    [
        {"type": "ticket_reply", "ticket": TICKET, "ticket_part": PART},
        {**TICKET, "ticket_parts": {"ticket_parts": [ASSIGNED, PART]}},
        {**TICKET, "ticket_parts": {"ticket_parts": [PART, ASSIGNED]}},
    ],
)
def test_a_customers_reply_to_a_ticket_in_intercom_is_a_message(item: dict[str, Any]):
    message = intercom("ticket.contact.replied", item)
    assert message.direction is Direction.INBOUND
    assert message.opens
    assert (message.conversation_id, message.message_id) == ("494", "131")
    assert (message.text, message.customer.name) == ("Any news?", "Omar H.")
    assert [each.name for each in message.attachments] == ["a.png"]


@pytest.mark.parametrize(
    ("topic", "direction"),
    [
        ("ticket.admin.replied", Direction.OUTBOUND),
        ("ticket.note.created", Direction.INTERNAL),
    ],
)
def test_what_we_write_in_a_ticket_opens_nothing(topic: str, direction: Direction):
    part = {**PART, "author": {"type": "admin", "id": "1", "name": "Sara"}}
    message = intercom(topic, {"ticket": TICKET, "ticket_part": part})
    assert (message.direction, message.opens) == (direction, False)
    assert message.customer.id == "c9"


def test_a_ticket_is_answered_as_a_ticket():
    account = Account(url="https://api.intercom.io", token="t", user="1")
    to = intercom("ticket.created", TICKET).reply_to
    assert reply.send(account, Words(to=to, text="Yes")).path == "/tickets/494/reply"
    assert reply.look(account, to).path.startswith("/tickets/494?")
    assert reply.taken({"type": "ticket_part", "id": "140"}) == "140"
    talk = reply.send(account, Words(to="494", text="Yes"))
    assert talk.path == "/conversations/494/reply"


@pytest.mark.parametrize(
    "template",
    [
        {
            "ticket": {
                "id": "35438",
                "title": "Wrong item",
                "latest_comment": "It is blue.",
                "url": "example.zendesk.test/tickets/35438",
                "requester": {"name": "Tara N", "email": "tara@example.com"},
            }
        },
        {
            "id": 35438,
            "title": "Wrong item",
            "latest_comment": "It is blue.",
            "url": "https://example.zendesk.test/tickets/35438",
            "requester": "Tara N",
            "email": "tara@example.com",
        },
        {
            "ticket_id": "35438",
            "title": "Wrong item",
            "description": "It was to be red.",
            "latest_comment": (
                "----------------------------------------------\n\n"
                "Tara N, Nov 20, 2026, 19:42\n\nIt is blue.\n\n"
            ),
            "ticket_url": "https://example.zendesk.test/tickets/35438",
            "requester_name": "Tara N",
            "requester_email": "tara@example.com",
        },
    ],
)
def test_zendesks_own_templates_are_read(template: dict[str, Any]):
    message = only(source("zendesk").parse(post(template)))
    assert message.opens
    assert (message.conversation_id, message.subject) == ("35438", "Wrong item")
    assert message.text == "It is blue."
    assert message.link == "https://example.zendesk.test/tickets/35438"
    customer = message.customer
    assert (customer.name, customer.email) == ("Tara N", "tara@example.com")


SITE = "https://parvaz.atlassian.net"
API = "https://api.atlassian.com/ex/jira/1324a887-45db/rest/api/3"


@pytest.mark.parametrize(
    ("addresses", "link"),
    [
        ({"self": f"{SITE}/rest/api/2/issue/10077"}, f"{SITE}/browse/CARE-77"),
        (
            {"self": "https://jira.example.com/jira/rest/api/2/issue/10077"},
            "https://jira.example.com/jira/browse/CARE-77",
        ),
        ({"self": f"{API}/issue/10077"}, None),
        ({}, None),
        ({"self": "javascript:alert(1)//rest/x"}, None),
        ({"self": "https://[/rest/api"}, None),
    ],
)
def test_a_link_to_jira_is_built_from_its_site(
    addresses: dict[str, str], link: str | None
):
    issue = {"key": "CARE-77", "fields": {"summary": "Card"}, **addresses}
    assert only(source("jira").parse(post(issue))).link == link


def test_a_site_that_the_issue_does_not_name_stands_beside_it():
    project = {"self": f"{SITE}/rest/api/3/project/10000"}
    issue = {"self": f"{API}/issue/1", "key": "C-1", "fields": {"project": project}}
    assert only(source("jira").parse(post(issue))).link == f"{SITE}/browse/C-1"


def test_the_configured_site_counts_first():
    jira = source("jira", site=f"{SITE}/")
    issue = {"self": f"{API}/issue/1", "key": "C-1", "fields": {}}
    assert only(jira.parse(post(issue))).link == f"{SITE}/browse/C-1"
