"""Six products that hand answers to customers, on loopback, in their own wire format.

Each takes what a real one takes and nothing else: what it would refuse for our own
mistake is a violation. `answers` holds what customers got, in order.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import override

from support.provider_server import Journal, ProviderServer

TOKEN = "111:customers-bot-not-real"
BASIC = "Basic " + b64encode(f"sara@example.com/token:{TOKEN}".encode()).decode()
AT = "2026-11-20T21:12:00Z"
AT_S = 1795209120


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that a product took: to whom, and exactly which words."""

    product: str
    to: str
    text: str
    id: str
    mark: str = ""


class FakeProducts(ProviderServer):
    """Zendesk, Intercom, Chatwoot, Zammad, Telegram and WhatsApp at one address."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Journal[Answered] = Journal()
        self.looked = 0

    @override
    async def answer(self, request: Request) -> Response:
        name, found = self._route(request)
        if found is None:
            self.violations.append(f"{request.method} {request.url.path} is no call")
            return JSONResponse({"error": "RecordNotFound"}, 404)
        product, _, act = name.partition(" ")
        if not self._proven(product, request):
            self.violations.append(f"{product}: who calls did not prove it")
            return JSONResponse({"error": "Couldn't authenticate you"}, 401)
        if act == "look":
            self.looked += 1
            return JSONResponse(self._listed(product, found))
        return await self._take(product, found, request)

    def _route(self, request: Request) -> tuple[str, re.Match[str] | None]:
        call = f"{request.method} {request.url.path}"
        for name, pattern in ROUTES.items():
            if found := re.fullmatch(pattern, call):
                return name, found
        return "", None

    def _proven(self, product: str, request: Request) -> bool:
        if product == "telegram":
            return f"/bot{TOKEN}/" in request.url.path
        if product == "chatwoot":
            return request.headers.get("api_access_token") == TOKEN
        wanted = {"zendesk": BASIC, "zammad": f"Token token={TOKEN}"}
        return request.headers.get("authorization") == wanted.get(
            product, f"Bearer {TOKEN}"
        )

    async def _take(
        self, product: str, found: re.Match[str], request: Request
    ) -> Response:
        body = await request.json()
        fault = self.next_fault()
        if fault is None or fault.taken:
            self._keep(product, found, body)
        if fault is not None:
            return await self.give_up(fault, request)
        return JSONResponse(RECEIPTS[product](self.answers[-1]))

    def _keep(self, product: str, found: re.Match[str], body: dict[str, Any]) -> None:
        to, text, mark = READ[product](found, body)
        number = len(self.answers) + 1
        known_as = f"wamid.OUT{number}" if product == "whatsapp" else str(9000 + number)
        self.answers.append(
            Answered(product=product, to=to, text=text, id=known_as, mark=mark)
        )

    def _listed(self, product: str, found: re.Match[str]) -> object:
        """Return the conversation, the newest first where the product has it so."""
        mine = [
            each
            for each in self.answers
            if each.product == product and each.to.split("/")[0] == found[1]
        ]
        return LISTS[product](mine)


ROUTES = {
    "zendesk send": r"PUT /api/v2/tickets/([^/]+)\.json",
    "zendesk look": r"GET /api/v2/tickets/([^/]+)/comments\.json",
    "intercom send": r"POST /conversations/([^/]+)/reply",
    "intercom look": r"GET /conversations/([^/]+)",
    "chatwoot send": r"POST /api/v1/accounts/([^/]+)/conversations/([^/]+)/messages",
    "chatwoot look": r"GET /api/v1/accounts/([^/]+)/conversations/([^/]+)/messages",
    "zammad send": r"POST /api/v1/ticket_articles",
    "zammad look": r"GET /api/v1/ticket_articles/by_ticket/([^/]+)",
    "telegram send": r"POST /bot[^/]+/sendMessage",
    "whatsapp send": r"POST /([0-9]+)/messages",
}


def _zendesk(found: re.Match[str], body: dict[str, Any]) -> tuple[str, str, str]:
    comment = body["ticket"]["comment"]
    assert comment["public"] is True
    return found[1], comment["body"], ""


def _intercom(found: re.Match[str], body: dict[str, Any]) -> tuple[str, str, str]:
    assert (body["message_type"], body["type"]) == ("comment", "admin")
    assert body["admin_id"]
    return found[1], body["body"], ""


def _chatwoot(found: re.Match[str], body: dict[str, Any]) -> tuple[str, str, str]:
    assert (body["message_type"], body["private"]) == ("outgoing", False)
    return f"{found[1]}/{found[2]}", body["content"], ""


def _zammad(found: re.Match[str], body: dict[str, Any]) -> tuple[str, str, str]:
    del found
    assert isinstance(body["ticket_id"], int)
    assert (body["internal"], body["content_type"]) == (False, "text/plain")
    assert body["type"] != "email" or "@" in body["to"]
    to = f"{body['ticket_id']}/{body['type']}/{body.get('to', '')}"
    return to, body["body"], ""


def _telegram(found: re.Match[str], body: dict[str, Any]) -> tuple[str, str, str]:
    del found
    return str(body["chat_id"]), body["text"], ""


def _whatsapp(found: re.Match[str], body: dict[str, Any]) -> tuple[str, str, str]:
    assert (body["messaging_product"], body["type"]) == ("whatsapp", "text")
    mark = body["biz_opaque_callback_data"]
    return f"{found[1]}/{body['to']}", body["text"]["body"], mark


READ = {
    "zendesk": _zendesk,
    "intercom": _intercom,
    "chatwoot": _chatwoot,
    "zammad": _zammad,
    "telegram": _telegram,
    "whatsapp": _whatsapp,
}


def _parts(answers: list[Answered]) -> dict[str, Any]:
    parts = [
        {
            "id": each.id,
            "part_type": "comment",
            "body": f"<p>{each.text}</p>",
            "author": {"type": "admin", "id": "814860"},
            "created_at": AT_S,
        }
        for each in answers
    ]
    return {"conversation_parts": {"conversation_parts": parts}}


def _comments(answers: list[Answered]) -> dict[str, Any]:
    comments = [
        {"id": int(each.id), "body": each.text, "public": True, "created_at": AT}
        for each in reversed(answers)
    ]
    return {"comments": comments}


def _messages(answers: list[Answered]) -> dict[str, Any]:
    messages = [
        {
            "id": int(each.id),
            "content": each.text,
            "message_type": 1,
            "private": False,
            "created_at": AT_S,
        }
        for each in answers
    ]
    return {"meta": {}, "payload": messages}


def _articles(answers: list[Answered]) -> list[dict[str, Any]]:
    return [
        {
            "id": int(each.id),
            "body": each.text,
            "sender": "Agent",
            "internal": False,
            "created_at": AT,
        }
        for each in answers
    ]


RECEIPTS: dict[str, Any] = {
    "zendesk": lambda said: {
        "ticket": {"id": said.to},
        "audit": {
            "id": 1,
            "events": [
                {"id": 2, "type": "Notification"},
                {"id": int(said.id), "type": "Comment", "public": True},
            ],
        },
    },
    "intercom": lambda said: {"type": "conversation", **_parts([said])},
    "chatwoot": lambda said: {"id": int(said.id), "content": said.text},
    "zammad": lambda said: {"id": int(said.id), "body": said.text},
    "telegram": lambda said: {"ok": True, "result": {"message_id": int(said.id)}},
    "whatsapp": lambda said: {
        "messaging_product": "whatsapp",
        "messages": [{"id": said.id}],
    },
}
LISTS: dict[str, Any] = {
    "zendesk": _comments,
    "intercom": _parts,
    "chatwoot": _messages,
    "zammad": _articles,
}
