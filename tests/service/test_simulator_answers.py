"""The phone simulator: what can be done in it, and who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oncall.model import Status
from support.simulated_service import (
    NO_CONSOLE,
    OWN_PAGE,
    SECRET,
    TWILIO,
    URL,
    Simulation,
    element,
    simulation,
    words,
)

SARA_PHONE = "+989121234567"
SARA_TELEGRAM = "123456789"
REZA_TELEGRAM = "123456790"
POSTS = {
    "/reply": {"person": "sara", "via": "sms", "text": "1"},
    "/press": {"person": "sara", "message": "1", "data": "p:1:x"},
    "/issues": {"name": "Bita", "subject": "Where is my refund?"},
    "/clock": {"seconds": "60"},
}


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Simulation]:
    async with simulation(tmp_path) as running:
        yield running


async def test_a_reply_typed_as_sms_acknowledges_the_issue(night: Simulation):
    number = await night.report("Charged twice")
    await night.turn(60)
    response = await night.post("/reply", person="sara", via="sms", text="۱")
    assert response.status_code == 303
    assert response.headers["Location"] == "/simulator#phone-sara"
    issue = await night.issue(number)
    assert (issue.status, issue.owner) == (Status.ACKNOWLEDGED, "sara")


async def test_what_was_typed_and_its_answer_stand_on_the_phone(night: Simulation):
    number = await night.report("Charged twice")
    before = night.said_to(SARA_PHONE)
    await night.post("/reply", person="sara", via="sms", text=f"{number} 1")
    answers = night.said_to(SARA_PHONE)[len(before) :]
    assert len(answers) == 1
    shown = element(await night.page(), "messages-sara")
    assert answers[0] in words(shown)
    assert f"{number} 1 SMS · 21:10" in words(shown)
    assert 'class="bubble sms mine"' in shown


async def test_a_reply_in_telegram_is_answered_once_in_telegram(night: Simulation):
    number = await night.report("Charged twice")
    before = len(night.said_to(SARA_TELEGRAM))
    await night.post("/reply", person="sara", via="telegram", text="ok")
    await night.settle()
    assert (await night.issue(number)).owner == "sara"
    assert len(night.said_to(SARA_TELEGRAM)) == before + 1


async def test_the_same_words_twice_are_two_replies(night: Simulation):
    await night.report("Charged twice")
    for _ in range(2):
        await night.post("/reply", person="sara", via="sms", text="1")
    typed = [m for m in night.phones.messages(SARA_PHONE) if m.answer]
    assert len(typed) == len(night.said_to(SARA_PHONE)) == 2


async def test_a_pressed_button_acts_and_the_message_is_changed_in_place(
    night: Simulation,
):
    number = await night.report("Charged twice")
    (page,) = night.phones.messages(SARA_TELEGRAM)
    button = page.buttons[0][0]
    response = await night.post(
        "/press", person="sara", message=str(page.id), data=button.data
    )
    assert response.status_code == 303
    assert (await night.issue(number)).owner == "sara"
    shown = element(await night.page(), "messages-sara")
    assert "edited" in words(shown)
    assert 'name="data"' not in shown


async def test_only_a_button_that_is_there_can_be_pressed(night: Simulation):
    number = await night.report("Charged twice")
    (page,) = night.phones.messages(SARA_TELEGRAM)
    data = page.buttons[0][0].data
    others = await night.post("/press", person="reza", message=str(page.id), data=data)
    invented = await night.post(
        "/press", person="sara", message=str(page.id), data="p:1:invented"
    )
    assert (others.status_code, invented.status_code) == (404, 404)
    assert (await night.issue(number)).owner is None


async def test_a_script_gets_words_instead_of_the_page(night: Simulation):
    await night.report("Charged twice")
    (page,) = night.phones.messages(SARA_TELEGRAM)
    fields = {
        "person": "sara",
        "message": str(page.id),
        "data": page.buttons[0][0].data,
    }
    headers = OWN_PAGE | {"Accept": "application/json"}
    response = await night.http.post("/simulator/press", data=fields, headers=headers)
    assert response.status_code == 200
    assert response.json()["said"]


async def test_somebody_without_telegram_cannot_write_by_it(night: Simulation):
    assert 'value="telegram"' not in element(await night.page(), "phone-nina")
    response = await night.post("/reply", person="nina", via="telegram", text="1")
    assert response.status_code == 422
    assert "nina" in response.json()["detail"]


async def test_what_a_real_provider_carries_is_not_answered_here(tmp_path: Path):
    async with simulation(tmp_path, more=TWILIO) as night:
        assert 'value="sms"' not in element(await night.page(), "phone-sara")
        response = await night.post("/reply", person="sara", via="sms", text="1")
        assert response.status_code == 422
        assert "real" in response.json()["detail"]
        assert night.phones.messages() == []


@pytest.mark.parametrize(
    ("person", "text", "status"), [("nobody", "1", 404), ("sara", "  ", 422)]
)
async def test_a_reply_of_nobody_or_of_nothing_is_refused(
    night: Simulation, person: str, text: str, status: int
):
    response = await night.post("/reply", person=person, via="sms", text=text)
    assert response.status_code == status
    assert night.phones.messages() == []


async def test_anybody_can_write_in_as_a_customer(night: Simulation):
    response = await night.post("/issues", name="Bita", vip="on", subject="Lost bag")
    await night.settle()
    assert response.headers["Location"] == "/simulator#issues"
    issue = await night.issue(1)
    assert (issue.customer.name, issue.customer.tier) == ("Bita", "vip")
    assert (issue.subject, issue.severity) == ("Lost bag", "high")
    assert "Bita" in night.said_to(SARA_TELEGRAM)[0]


async def test_a_customers_lines_are_kept_as_lines(night: Simulation):
    await night.post(
        "/issues", name="Bita", subject="Lost bag", text="Blue.\r\nSmall.\r\n"
    )
    token = {"Authorization": f"Bearer {SECRET}"}
    issue = (await night.http.get("/api/v1/issues/1", headers=token)).json()
    assert [message["text"] for message in issue["messages"]] == ["Blue.\nSmall."]


async def test_a_customer_is_no_vip_unless_it_is_said(night: Simulation):
    await night.post("/issues", name="Bita", subject="Lost bag")
    assert (await night.issue(1)).severity == "normal"


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": URL},
        {"Origin": "http://elsewhere.test"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
async def test_another_sites_page_can_do_nothing(
    night: Simulation, path: str, headers: dict[str, str]
):
    number = await night.report("Charged twice")
    messages, time = night.phones.version, night.clock.now()
    response = await night.http.post(
        f"/simulator{path}", data=POSTS[path], headers=headers
    )
    assert response.status_code == 403
    assert (night.phones.version, night.clock.now()) == (messages, time)
    assert (await night.issue(number)).owner is None


async def test_a_browser_that_sends_only_its_origin_is_known_by_it(night: Simulation):
    response = await night.http.post(
        "/simulator/reply", data=POSTS["/reply"], headers={"Origin": URL}
    )
    assert response.status_code == 303


async def test_in_a_story_the_clock_can_be_turned_and_the_next_level_is_paged(
    night: Simulation,
):
    await night.report("Charged twice")
    assert "5 minutes later" in words(await night.page())
    assert night.said_to(REZA_TELEGRAM) == []
    await night.post("/clock", seconds="300")
    assert len(night.said_to(REZA_TELEGRAM)) == 1
    assert "21:15:00" in element(await night.page(), "clock")


@pytest.mark.parametrize("seconds", ["0", "-60", "86401", "nan", "later"])
async def test_the_clock_goes_forward_and_a_day_at_most(
    night: Simulation, seconds: str
):
    before = night.clock.now()
    response = await night.post("/clock", seconds=seconds)
    assert response.status_code == 422
    assert night.clock.now() == before


async def test_the_real_clock_cannot_be_turned(tmp_path: Path):
    async with simulation(tmp_path, story=False) as night:
        assert "minutes later" not in words(await night.page())
        assert (await night.post("/clock", seconds="60")).status_code == 404


@pytest.mark.parametrize("path", POSTS)
async def test_without_the_console_channel_nothing_can_be_sent(
    tmp_path: Path, path: str
):
    async with simulation(tmp_path, more=NO_CONSOLE) as night:
        assert (await night.post(path, **POSTS[path])).status_code == 404
