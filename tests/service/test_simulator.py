"""The phone simulator: what it shows, what it loads, how it stays up to date."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oncall.web import simulator
from support.simulated_service import (
    NO_CONSOLE,
    Simulation,
    element,
    simulation,
    words,
)


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Simulation]:
    async with simulation(tmp_path) as running:
        yield running


async def test_every_person_has_a_phone_with_name_language_and_duty(
    night: Simulation,
):
    html = await night.page()
    phones = re.findall(r'<section class="phone" id="phone-(\w+)"', html)
    assert phones == ["sara", "reza", "mina", "nina", "omid"]
    sara = words(element(html, "owner-sara"))
    assert sara == "Sara Ahmadi فارسی · Asia/Tehran Weekend customer care"
    assert "Weekend backup" in words(element(html, "owner-reza"))
    assert "off duty" in words(element(html, "owner-omid"))


async def test_the_top_of_the_page_has_the_service_and_its_own_time(night: Simulation):
    html = await night.page()
    assert "Parvaz customer care" in words(html)
    clock = words(element(html, "clock"))
    assert clock == "Friday 16 January 2026, 21:10:00 Asia/Tehran"


async def test_a_page_arrives_on_the_phone_with_its_channel_time_and_buttons(
    night: Simulation,
):
    await night.report("Charged twice")
    shown = element(await night.page(), "messages-sara")
    assert "Charged twice" in words(shown)
    assert "Telegram · 21:10" in words(shown)
    assert shown.count('<button name="data" value="p:') == 4


async def test_times_are_those_of_the_phones_owner(night: Simulation):
    await night.report("A data leak")
    shown = words(element(await night.page(), "messages-nina"))
    assert "SMS · 18:40" in shown


async def test_a_message_of_another_day_says_which_day(night: Simulation):
    await night.report("Charged twice")
    await night.turn(5 * 3600)
    shown = words(element(await night.page(), "messages-sara"))
    assert "Telegram · Fri 16 Jan 21:10" in shown


async def test_open_issues_are_listed_the_worst_first_with_their_owner(
    night: Simulation,
):
    plain = await night.report("Charged twice", name="Omar")
    await night.report("A data leak", name="Bita")
    await night.post("/reply", person="sara", via="sms", text=f"{plain} 1")
    shown = words(element(await night.page(), "issues"))
    assert shown.index("Bita") < shown.index("Omar")
    assert "acknowledged · Sara Ahmadi has it" in shown
    assert "open · nobody has it yet" in shown


async def test_a_finished_issue_is_not_listed(night: Simulation):
    number = await night.report("Charged twice")
    await night.post("/reply", person="sara", via="sms", text=f"{number} 5")
    assert "Nothing is open" in element(await night.page(), "issues")


async def test_the_reply_goes_the_way_of_the_last_message(night: Simulation):
    await night.report("Charged twice")
    before = element(await night.page(), "phone-sara")
    assert '<option value="telegram" selected>' in before
    await night.turn(60)
    after = element(await night.page(), "phone-sara")
    assert '<option value="sms" selected>' in after
    assert 'data-last="sms"' in after


HOSTILE = "<script>alert(\"1\")</script><img src=x onerror='a()'>"


async def test_a_customers_words_are_never_markup(night: Simulation):
    await night.post("/issues", name=f'"{HOSTILE}', subject=HOSTILE)
    await night.settle()
    await night.post("/reply", person="sara", via="sms", text=HOSTILE)
    html = await night.page()
    assert "&lt;script&gt;" in html
    assert "<img src=x" not in html
    assert re.findall(r"<script[^>]*>", html) == re.findall(
        r'<script type="module" src="/static/[^"]+">', html
    )


async def test_words_that_turn_the_writing_round_stay_in_their_place(
    night: Simulation,
):
    await night.post("/issues", name="\u202emoc.live", subject="\u202egnp.exe")
    issues = element(await night.page(), "issues")
    assert "<bdi>\u202emoc.live</bdi>" in issues
    assert '<p dir="auto">\u202egnp.exe</p>' in issues


async def test_a_message_finds_its_own_direction_and_says_its_language(
    night: Simulation,
):
    await night.report("Charged twice")
    shown = element(await night.page(), "messages-sara")
    assert 'lang="fa"' in shown
    assert '<p class="said" dir="auto">' in shown


@pytest.mark.parametrize("path", ["", "/changes"])
async def test_without_the_console_channel_there_is_no_simulator(
    tmp_path: Path, path: str
):
    async with simulation(tmp_path, more=NO_CONSOLE) as night:
        assert (await night.http.get(f"/simulator{path}")).status_code == 404


async def test_who_missed_a_change_hears_of_it_at_once(night: Simulation):
    await night.report("Charged twice")
    version = night.phones.version
    response = await night.http.get(f"/simulator/changes?since={version - 1}")
    assert response.json() == {"version": version}


async def test_who_knows_everything_waits_for_the_next_change(night: Simulation):
    version = night.phones.version
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(
            night.http.get(f"/simulator/changes?since={version}")
        )
        await night.report("Charged twice")
    assert waiting.result().json()["version"] > version


async def test_who_waits_is_answered_although_nothing_changes(
    night: Simulation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(simulator, "HELD_S", 0.01)
    version = night.phones.version
    response = await night.http.get(f"/simulator/changes?since={version}")
    assert response.json() == {"version": version}


async def test_the_page_may_load_and_run_only_what_is_ours(night: Simulation):
    response = await night.http.get("/simulator")
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert " style=" not in response.text
    assert not re.search(r"\son\w+=", response.text)
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', response.text)
    assert all(address.startswith("/") for address in loaded)


async def test_everything_the_page_loads_is_there_with_its_type(night: Simulation):
    html = await night.page()
    types = {}
    for address in re.findall(r'"(/static/[^"]+)"', html):
        response = await night.http.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        types[address.partition("?")[0]] = response.headers["Content-Type"]
    assert types == {
        "/static/icon.svg": "image/svg+xml",
        "/static/pages.css": "text/css; charset=utf-8",
        "/static/simulator.js": "text/javascript; charset=utf-8",
    }


async def test_a_file_asked_for_without_its_version_is_not_kept(night: Simulation):
    response = await night.http.get("/static/pages.css")
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["app.py", "..%2Frender.py", "%2e%2e%2frender.py"])
async def test_nothing_else_of_the_package_is_given_out(night: Simulation, name: str):
    assert (await night.http.get(f"/static/{name}")).status_code == 404


async def test_the_page_says_who_has_each_rotation_and_until_when(night: Simulation):
    shown = words(element(await night.page(), "watches"))
    assert "Weekend customer care Sara Ahmadi · until Sun 18 Jan 09:00" in shown
    assert "Around the clock Nina Berger · until 23:00" in shown


async def test_a_rotation_that_nobody_has_says_so(night: Simulation):
    await night.turn(3 * 86400)
    shown = words(element(await night.page(), "watches"))
    assert "Weekend customer care nobody · until Thu 22 Jan 13:00" in shown
