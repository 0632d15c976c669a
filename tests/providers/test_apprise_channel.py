"""What apprise carries: really sent, one way, and refused in words that can be acted on."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from integrations.apprise.channel import AppriseChannel
from integrations.contract import OutboundMessage
from integrations.errors import Rejected, Unavailable
from support.fake_smtp import FakeSmtp
from support.provider_server import ProviderServer


class Anything(ProviderServer):
    """A service that takes JSON, as apprise's `json://` sends it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[dict[str, str]] = []
        self.status = 200

    @override
    async def answer(self, request: Request) -> Response:
        self.taken.append(await request.json())
        return Response(status_code=self.status)


def message(text: str) -> OutboundMessage:
    return OutboundMessage(reference="p1", to="nina", text=text)


def channel(url: str) -> AppriseChannel:
    return AppriseChannel({"nina": url.replace("http://", "json://")})


async def test_a_page_arrives_with_its_first_line_as_the_title():
    async with Anything() as service:
        receipt = await channel(service.url).send(message("critical #128\nبابک: جایزه"))
        assert not receipt.delivered
        (taken,) = service.taken
        assert taken["title"] == "critical #128"
        assert taken["message"] == "بابک: جایزه"


async def test_a_customers_words_are_no_markup():
    said = "Mina: a < b & <b>c</b>\nReply 128 1=take"
    async with FakeSmtp() as smtp:
        there = f"127.0.0.1:{smtp.port}?smtp=127.0.0.1&mode=insecure"
        url = f"mailto://{there}&from=us@care.example&to=nina@example.com"
        await AppriseChannel({"nina": url}).send(message(f"critical #128\n{said}"))
    (mail,) = smtp.mails
    assert mail.message.get_body(("html",)) is None
    plain = mail.message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == said.splitlines()


async def test_a_service_that_refuses_is_tried_again_later():
    async with Anything() as service:
        service.status = 503
        with pytest.raises(Unavailable):
            await channel(service.url).send(message("critical #128"))


async def test_an_address_apprise_does_not_know_is_refused_without_showing_it():
    with pytest.raises(Rejected) as refused:
        await channel("nothing-at-all:secret").send(message("critical #128"))
    assert "secret" not in str(refused.value)


async def test_somebody_without_an_address_is_refused():
    with pytest.raises(Rejected):
        await AppriseChannel({}).send(message("critical #128"))
