"""Where providers call us: forged calls do nothing, odd ones do no harm."""

from twilio.request_validator import (  # type: ignore[import-untyped]
    RequestValidator,
)

from integrations.telegram.webhook import secrets_of
from support.fake_telegram import TOKEN
from support.fake_twilio import AUTH_TOKEN
from support.night import Night, said_in_twiml

SARA = 123456789
SARAS_PHONE = "+989121234567"
PATH, HEADER = secrets_of(TOKEN)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
TEXT = {"MessageSid": "SM1", "From": SARAS_PHONE, "To": "+15550100", "Body": "128 1"}


def signed(url: str, form: dict[str, str], token: str = AUTH_TOKEN) -> dict[str, str]:
    signature = RequestValidator(token).compute_signature(url, form)
    return {"X-Twilio-Signature": signature}


def written(text: str) -> dict[str, object]:
    """Return an update in which Sara writes to the bot."""
    return {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "from": {"id": SARA, "is_bot": False, "first_name": "Sara"},
            "chat": {"id": SARA, "type": "private"},
            "date": 1795203731,
            "text": text,
        },
    }


async def test_a_text_message_that_twilio_did_not_sign_does_nothing(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        url = f"{night.service.config.service.url}/twilio/sms"
        right = signed(url, TEXT)
        for headers, form in (
            ({}, TEXT),
            ({"X-Twilio-Signature": ""}, TEXT),
            ({"X-Twilio-Signature": "é"}, TEXT),
            (signed(url, TEXT, "another-token"), TEXT),
            (signed(url.replace("127.0.0.1", "evil.example"), TEXT), TEXT),
            (signed(f"{url}?x=1", TEXT), TEXT),
            (right, TEXT | {"Body": "128 5"}),
            (right, TEXT | {"Extra": "1"}),
            (right, TEXT | {"From": "+989121234568"}),
        ):
            raw = {name: value.encode() for name, value in headers.items()}
            response = await night.client.post("/twilio/sms", data=form, headers=raw)
            assert response.status_code == 403, headers
            assert response.headers["content-type"] == "application/problem+json"
        assert (await night.issue(number))["status"] == "open"
        taken = await night.client.post("/twilio/sms", data=TEXT, headers=right)
        assert taken.status_code == 200
        assert (await night.issue(number))["status"] == "acknowledged"


async def test_a_status_report_that_twilio_did_not_sign_does_nothing(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.turn(minutes=1)
        await night.phone("sara").expect_telegram("#128").expect_sms("#128")
        (text,) = night.twilio.messages
        form = {"MessageSid": text.sid, "MessageStatus": "delivered"}
        path = text.status_callback.removeprefix(night.service.config.service.url)
        forged = signed(text.status_callback, form, "another-token")
        response = await night.client.post(path, data=form, headers=forged)
        assert response.status_code == 403
        states = {p["via"]: p["state"] for p in (await night.issue(number))["pages"]}
        assert states["sms"] == "accepted"


async def test_a_report_about_a_page_that_is_not_ours_is_taken_and_forgotten(
    database_url: str,
):
    async with Night(database_url) as night:
        url = f"{night.service.config.service.url}/twilio/status"
        for form in (
            {"MessageSid": "SM9", "MessageStatus": "delivered"},
            {"MessageSid": "SM9", "MessageStatus": "something new"},
            {"MessageSid": "SM9"},
            {},
        ):
            response = await night.client.post(
                "/twilio/status", data=form, headers=signed(url, form)
            )
            assert response.status_code == 200, form
            assert response.content == b""


async def test_an_odd_text_message_is_answered_and_does_no_harm(database_url: str):
    async with Night(database_url) as night:
        for odd in ("", " ", "\u200f", "1" * 5000, "<b>&", "💥" * 300, "128 1 128 1"):
            response = await night.twilio.send_sms(SARAS_PHONE, odd)
            assert response.status_code == 200
            assert len(said_in_twiml(response.text)) == 1, odd
        stranger = await night.twilio.send_sms("", "1")
        assert said_in_twiml(stranger.text) == []


async def test_in_webhook_mode_telegram_is_told_where_we_are_and_is_heard(
    database_url: str,
):
    async with Night(database_url, webhook=True) as night:
        assert night.telegram.webhook.endswith(f"/telegram/{PATH}")
        assert night.telegram.secret_token == HEADER
        number = await night.report("friday-night")
        sara = night.phone("sara")
        page = await sara.expect_telegram("#128").press("قبول می‌کنم")
        assert page.buttons == []
        assert (await night.issue(number))["owner"] == "sara"
        await sara.writes("128 5").expect_telegram("#128")
        assert (await night.issue(number))["status"] == "resolved"


async def test_a_press_that_says_no_message_is_carried_out_and_answered(
    database_url: str,
):
    async with Night(database_url, webhook=True) as night:
        number = await night.report("friday-night")
        page = await night.phone("sara").expect_telegram("#128")
        data = page.buttons[0][0][1]
        await night.telegram.user_presses(SARA, data, says_message=False)
        assert night.telegram.pending() == []
        await night.settle()
        ((_, answer),) = night.telegram.answers
        assert "#128" in answer
        assert (await night.issue(number))["owner"] == "sara"


async def test_an_update_without_both_of_telegrams_secrets_does_nothing(
    database_url: str,
):
    async with Night(database_url, webhook=True) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        update = written("128 1")
        for path, header in (
            (PATH, None),
            (PATH, ""),
            (PATH, HEADER[:-1]),
            (PATH, "é"),
            (HEADER, HEADER),
            ("wrong", HEADER),
            (PATH[:-1], HEADER),
            (TOKEN, HEADER),
        ):
            headers = {} if header is None else {SECRET_HEADER: header.encode()}
            response = await night.client.post(
                f"/telegram/{path}", json=update, headers=headers
            )
            assert response.status_code == 403, (path, header)
        assert (await night.issue(number))["status"] == "open"


async def test_the_same_update_twice_is_done_once(database_url: str):
    async with Night(database_url, webhook=True) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128")
        headers = {SECRET_HEADER: HEADER}
        for _ in range(3):
            response = await night.client.post(
                f"/telegram/{PATH}", json=written("128 1"), headers=headers
            )
            assert (response.status_code, response.content) == (200, b"")
            await night.settle()
        await sara.expect_telegram("#128")  # one answer, not three
        events = [line["event"] for line in (await night.issue(number))["timeline"]]
        assert events.count("acknowledged") == 1


async def test_whatever_telegram_might_send_is_taken_without_a_failure(
    database_url: str,
):
    async with Night(database_url, webhook=True) as night:
        headers = {SECRET_HEADER: HEADER, "Content-Type": "application/json"}
        for body in (
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"update_id": "x"}',
            b'{"update_id": 5, "message": {"text": "1"}}',
            b'{"update_id": 6, "edited_message": {}}',
            b"[" * 50_000,
            b"\xff\xfe",
            (
                b'{"update_id": 7, "message": {"from": {"id": 123456789}, "chat": '
                b'{"id": 123456789}, "message_id": 1, "text": "/start \\ud800"}}'
            ),
            (
                b'{"update_id": 8, "callback_query": {"id": "x", "from": {"id": 9}, '
                b'"data": "p:1:nothing"}}'
            ),
        ):
            response = await night.client.post(
                f"/telegram/{PATH}", content=body, headers=headers
            )
            assert response.status_code == 200, body
        await night.settle()
        await night.phone("sara").expect_telegram("no longer valid")


async def test_a_call_too_large_is_refused_before_it_is_looked_at(database_url: str):
    async with Night(database_url) as night:
        large = {"Body": "x" * 300_000}
        for headers, status in (({}, 403), (signed("http://x/", TEXT), 413)):
            response = await night.client.post(
                "/twilio/sms", data=large, headers=headers
            )
            assert response.status_code == status
