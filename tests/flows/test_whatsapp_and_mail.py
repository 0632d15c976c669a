"""A page by WhatsApp and by mail, through the whole service."""

import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from support.fake_smtp import FakeSmtp
from support.night import Night

SARA = "+989121234567"
LADDER = (
    'contact = [{via = "telegram"}, {via = "sms", after = "1m"}, '
    '{via = "voice", after = "3m"}]'
)


@pytest.fixture
def url(tmp_path: Path, migrated_sqlite: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "oncall.db")
    return f"sqlite:///{tmp_path}/oncall.db"


def by_whatsapp(text: str) -> str:
    ours = 'from = "+15550100"\napi_url'
    text = text.replace(ours, f'whatsapp_from = "+15550101"\n{ours}')
    assert LADDER in text
    return text.replace(LADDER, 'contact = [{via = "whatsapp"}]')


async def test_a_page_by_whatsapp_is_answered_by_whatsapp(url: str):
    async with Night(url, change=by_whatsapp) as night:
        await night.report("friday-night")
        (page,) = night.twilio.messages
        assert (page.sender, page.to) == ("whatsapp:+15550101", f"whatsapp:{SARA}")
        assert page.body.startswith("مهم #128\n")
        response = await night.twilio.send_sms(
            f"whatsapp:{SARA}", "۱", to="whatsapp:+15550101"
        )
        (answer,) = ET.fromstring(response.text)  # noqa: S314 (our own answer)
        assert "#128" in (answer.text or "")
        assert (await night.issue(128))["owner"] == "sara"


async def test_a_page_of_many_short_lines_is_one_that_whatsapp_takes(url: str):
    async with Night(url, change=by_whatsapp) as night:
        log = "\n".join(f"line {n}" for n in range(200))
        link = f"https://desk.example/{'x' * 200}"
        await night.report("friday-night", text=log, subject="x" * 280, link=link)
        (page,) = night.twilio.messages
        assert "line 1\u2069\n" in page.body
        assert page.body.splitlines()[-3] == "\u2068…\u2069"
        assert page.body.splitlines()[-1].startswith("پاسخ")


async def test_after_a_day_of_silence_the_next_way_is_tried(url: str):
    def then_sms(text: str) -> str:
        only = 'contact = [{via = "whatsapp"}]'
        both = 'contact = [{via = "whatsapp"}, {via = "sms", after = "5m"}]'
        return by_whatsapp(text).replace(only, both)

    async with Night(url, change=then_sms) as night:
        await night.report("friday-night")
        (page,) = night.twilio.messages
        await night.twilio.send_status(page, "undelivered", error_code=63016)
        await night.settle()
        await night.phone("sara").expect_sms("#128")


async def test_a_page_by_mail_arrives(url: str):
    async with FakeSmtp() as smtp:

        def by_mail(text: str) -> str:
            server = f"""
[integrations.email]
host = "{smtp.host}"
port = {smtp.port}
from = "oncall@care.example"
security = "none"
"""
            return text.replace(LADDER, 'contact = [{via = "email"}]') + server

        async with Night(url, change=by_mail) as night:
            await night.report("friday-night")
            (mail,) = smtp.mails
            assert mail.to == [night.phone("sara").person.email]
            assert mail.message["Subject"] == "مهم #128"
            assert mail.message["Date"].datetime == night.clock.now()
            pages = (await night.issue(128))["pages"]
            assert [page["state"] for page in pages] == ["accepted"]
