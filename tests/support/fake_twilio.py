"""A Twilio on loopback that speaks Twilio's wire format and refuses what it refuses."""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from twilio.request_validator import (  # type: ignore[import-untyped]
    RequestValidator,
)
from typing_extensions import override

from support.fake_calls import PlacedCall
from support.provider_server import Fault, Journal, ProviderServer
from support.published import E164, TwilioApi

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "test-secret-not-real"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
BODY_LIMIT = 1600
WHATSAPP = "whatsapp:"
FRIDAY_NIGHT = datetime(2026, 11, 20, 19, 42, 11, tzinfo=UTC)

MESSAGE_OF_CODE = {
    20001: "A parameter is not valid",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21205: "Url parameter is invalid",
    21211: "The 'To' number is not a valid phone number.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21606: "The 'From' phone number provided is not a valid message-capable number.",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21910: "'From' and 'To' pair is not for the same channel",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


@dataclass(slots=True, kw_only=True)
class SentSms:
    """A message that Twilio has taken; `status` moves as a test says."""

    sid: str
    to: str
    sender: str
    messaging_service: str
    body: str
    status_callback: str
    validity_period: int | None
    sent_at: datetime
    status: str = "queued"
    error_code: int | None = None


def refusal(code: int, status: int = 400, *, message: str = "") -> Fault:
    """Return Twilio's own refusal with `code`."""
    return Fault(status=status, body=_error(code, status, message))


def too_many(retry_after: int = 7) -> Fault:
    """Return the answer to one request too many."""
    headers = {"Retry-After": str(retry_after)}
    return Fault(status=429, body=_error(20429, 429), headers=headers)


class FakeTwilio(ProviderServer):
    """One account. What it took is in `messages` and `calls`, in order.

    `refuses` holds numbers whose messages are always refused, with the code. Callbacks go to
    `service`, through `transport` when given (for an application without a port), and
    are signed for `public_url`, which is `service` unless it is known by another name;
    all three may be set later, when the service is up.
    """

    def __init__(
        self,
        *,
        service: str = "http://127.0.0.1:8000",
        public_url: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = lambda: FRIDAY_NIGHT,
    ) -> None:
        super().__init__()
        self.messages: Journal[SentSms] = Journal()
        self.calls: Journal[PlacedCall] = Journal()
        self.refuses: dict[str, int] = {}
        self.account_sid = ACCOUNT_SID
        self.auth_token = AUTH_TOKEN
        self._api = TwilioApi()
        self.service = service
        self.public_url = public_url
        self.transport = transport
        self._now = now
        self._inbound = 0
        self.listed: list[str] = []

    async def send_status(
        self, message: SentSms, status: str, *, error_code: int | None = None
    ) -> httpx.Response:
        """Report to the message's own status callback, signed."""
        message.status, message.error_code = status, error_code
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "From": message.sender,
            "To": message.to,
        }
        if error_code is not None:
            form["ErrorCode"] = str(error_code)
        return await self._post(message.status_callback, form)

    async def send_sms(
        self,
        sender: str,
        text: str,
        *,
        path: str = "/twilio/sms",
        to: str = "+15550100",
        sid: str = "",
        **more: str,
    ) -> httpx.Response:
        """Hand a person's text to the service; give `sid` to deliver it again.

        A WhatsApp message has the prefix `whatsapp:` in `sender` and in `to`. `more`
        are further fields of the form, such as those of pictures.
        """
        self._inbound += 1
        sid = sid or f"SM{self._inbound:032x}"
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "From": sender,
            "To": to,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        url = f"{self.public_url or self.service}{path}"
        return await self._post(url, form | more)

    async def _post(self, public_url: str, form: Mapping[str, str]) -> httpx.Response:
        form = {"AccountSid": ACCOUNT_SID, "ApiVersion": "2010-04-01", **form}
        signature = RequestValidator(AUTH_TOKEN).compute_signature(public_url, form)
        at = urlsplit(public_url)
        query = f"?{at.query}" if at.query else ""
        async with httpx.AsyncClient(transport=self.transport) as client:
            return await client.post(
                f"{self.service}{at.path}{query}",
                data=form,
                headers={"X-Twilio-Signature": signature},
            )

    @override
    async def answer(self, request: Request) -> Response:
        if not _authorized(request):
            return _refused(20003, 401)
        known = {
            path.format(AccountSid=ACCOUNT_SID): path for path in (MESSAGES, CALLS)
        }
        path = known.get(request.url.path)
        if path is None:
            self.violations.append(f"unknown address {request.url.path}")
            return _refused(20404, 404)
        if request.method == "POST":
            form = (await request.body()).decode()
            fields = parse_qsl(form, keep_blank_values=True)
        else:
            fields = parse_qsl(request.url.query, keep_blank_values=True)
        problems = self._api.request_problems(request.method, path, fields)
        if problems:
            self.violations += problems
            return _refused(20001, 400, "; ".join(problems))
        if path == CALLS and request.method == "POST":
            return await self._place(fields, request)
        if request.method == "POST":
            return await self._create(dict(fields), request)
        fault = self.next_fault()
        if fault:
            return await self.give_up(fault, request)
        self.listed.append(dict(fields).get("To", ""))
        return self._list(dict(fields))

    async def _place(
        self, fields: Iterable[tuple[str, str]], request: Request
    ) -> Response:
        form = dict(fields)
        if not form.get("Url"):
            self.violations.append(MESSAGE_OF_CODE[21205])
            return _refused(21205, 400)
        fault = self.next_fault()
        if fault and not fault.taken:
            return await self.give_up(fault, request)
        if not E164.fullmatch(form["To"]):
            return _refused(21211, 400)
        events = [value for name, value in fields if name == "StatusCallbackEvent"]
        call = PlacedCall(
            sid=f"CA{0xB000 + len(self.calls):032x}",
            to=form["To"],
            caller=form["From"],
            url=form["Url"],
            status_callback=form.get("StatusCallback", ""),
            events=events or ["completed"],
            ring_s=int(form["Timeout"]) if "Timeout" in form else None,
            placed_at=self._now(),
            post=self._post,
        )
        self.calls.append(call)
        if fault:
            return await self.give_up(fault, request)
        body = call.resource(ACCOUNT_SID)
        self._own_answer(self._api.answer_problems("api.v2010.account.call", body))
        return JSONResponse(body, 201)

    async def _create(self, form: Mapping[str, str], request: Request) -> Response:
        if code := self._rule_broken(form):
            self.violations.append(MESSAGE_OF_CODE[code])
            return _refused(code, 400)
        fault = self.next_fault()
        if fault and not fault.taken:
            return await self.give_up(fault, request)
        if code := self.refuses.get(form["To"], 0):
            return _refused(code, 400)
        if not E164.fullmatch(form["To"].removeprefix(WHATSAPP)):
            return _refused(21211, 400)
        message = self._take(form)
        if fault:
            return await self.give_up(fault, request)
        return JSONResponse(self._resource(message), 201)

    @staticmethod
    def _rule_broken(form: Mapping[str, str]) -> int:
        """Return the code of a rule that is in words only in what is published."""
        if not form.get("From") and not form.get("MessagingServiceSid"):
            return 21603
        sender = form.get("From", form["To"])
        if sender.startswith(WHATSAPP) != form["To"].startswith(WHATSAPP):
            return 21910
        if not form.get("Body"):
            return 21602
        if len(form["Body"]) > BODY_LIMIT:
            return 21617
        valid = int(form.get("ValidityPeriod", "1"))
        return 0 if 1 <= valid <= 36_000 else 20001

    def _take(self, form: Mapping[str, str]) -> SentSms:
        valid = form.get("ValidityPeriod")
        message = SentSms(
            sid=f"SM{0xA000 + len(self.messages):032x}",
            to=form["To"],
            sender=form.get("From", ""),
            messaging_service=form.get("MessagingServiceSid", ""),
            body=form["Body"],
            status_callback=form.get("StatusCallback", ""),
            validity_period=int(valid) if valid else None,
            sent_at=self._now(),
        )
        self.messages.append(message)
        return message

    def _list(self, query: Mapping[str, str]) -> Response:
        since = datetime.fromisoformat(query.get("DateSent>", "1970-01-01T00:00:00Z"))
        found = [
            self._resource(message)
            for message in reversed(self.messages)
            if message.to == query.get("To", message.to) and message.sent_at >= since
        ]
        size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        here = MESSAGES.format(AccountSid=ACCOUNT_SID)
        onward = urlencode({**query, "PageSize": size, "Page": page + 1})
        start = page * size
        return JSONResponse(
            {
                "messages": found[start : start + size],
                "page": page,
                "page_size": size,
                "uri": here,
                "first_page_uri": here,
                "next_page_uri": f"{here}?{onward}"
                if len(found) > start + size
                else None,
            }
        )

    def _resource(self, message: SentSms) -> dict[str, Any]:
        stamp = format_datetime(message.sent_at)
        body = {
            "sid": message.sid,
            "account_sid": ACCOUNT_SID,
            "api_version": "2010-04-01",
            "to": message.to,
            "from": message.sender or None,
            "messaging_service_sid": message.messaging_service or None,
            "body": message.body,
            "status": message.status,
            "direction": "outbound-api",
            "date_created": stamp,
            "date_updated": stamp,
            "date_sent": stamp,
            "error_code": message.error_code,
            "error_message": None,
            "num_segments": "1",
            "num_media": "0",
            "price": None,
            "price_unit": "USD",
            "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{message.sid}.json",
        }
        self._own_answer(self._api.answer_problems("api.v2010.account.message", body))
        return body

    def _own_answer(self, problems: Iterable[str]) -> None:
        self.violations += [f"the fake's own answer: {problem}" for problem in problems]


def _authorized(request: Request) -> bool:
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    expected = f"{ACCOUNT_SID}:{AUTH_TOKEN}"
    return kind == "Basic" and b64decode(credentials).decode() == expected


def _error(code: int, status: int, message: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "message": message or MESSAGE_OF_CODE.get(code, "Something is wrong"),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


def _refused(code: int, status: int, message: str = "") -> Response:
    return JSONResponse(_error(code, status, message), status)
