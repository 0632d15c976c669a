"""The home page and the readable API: complete, true, and safe to show."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_policies.policy import Severity
from oncall.model import Verb
from oncall.web.docs import EXAMPLES, example_path
from oncall.web.reference import kind
from support.simulated_service import (
    NO_CONSOLE,
    SECRET,
    Simulation,
    element,
    simulation,
    words,
)


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Simulation]:
    async with simulation(tmp_path) as running:
        yield running


async def docs(night: Simulation) -> str:
    response = await night.http.get("/docs")
    assert response.status_code == 200
    return response.text


async def test_every_call_that_machines_are_told_of_is_shown(night: Simulation):
    paths = (await night.http.get("/openapi.json")).json()["paths"]
    shown = words(await docs(night))
    for path, methods in paths.items():
        for method in methods:
            assert f"{method} {path}" in shown


async def test_a_call_says_what_it_does_what_it_takes_and_who_may(night: Simulation):
    shown = words(element(await docs(night), "post-api-v1-issues"))
    assert "Open an issue, or append to the open one" in shown
    assert "Token: intake · answers 201, 200" in shown
    assert "source needed body text" in shown
    assert "customer.name body text" in shown
    assert "severity body low | normal | high | critical" in shown
    assert "occurred_at body time" in shown


async def test_a_call_without_a_token_says_so(night: Simulation):
    assert "No token" in words(element(await docs(night), "get-healthz"))


async def test_the_worst_severity_and_every_verb_are_explained(night: Simulation):
    html = await docs(night)
    severities = re.findall(r'class="severity (\w+)"', html)
    assert severities == [each.value for each in (*Severity,)][::-1]
    verbs = re.findall(r"<kbd>(\d)</kbd>", html)
    assert set(verbs) == set(Verb) - {Verb.TAKE_ALL}


@pytest.mark.parametrize(("method", "path"), EXAMPLES)
async def test_an_example_works_as_it_stands(night: Simulation, method: str, path: str):
    night.clock.turn_to(datetime(2026, 12, 1, tzinfo=UTC))
    await night.report("Charged twice")
    response = await night.http.request(
        method,
        example_path(path),
        json=EXAMPLES[method, path],
        headers={"Authorization": f"Bearer {SECRET}"},
    )
    assert response.is_success, response.text


async def test_an_example_is_a_command_to_copy(night: Simulation):
    shown = words(element(await docs(night), "post-api-v1-issues-number-acknowledge"))
    assert "curl http://oncall.test/api/v1/issues/1/acknowledge" in shown
    assert '-H "Authorization: Bearer $TOKEN"' in shown
    assert """-d '{"person": "sara"}'""" in shown


async def test_the_pages_show_no_secret_and_need_no_script(night: Simulation):
    for path in ("/", "/docs"):
        html = (await night.http.get(path)).text
        assert SECRET not in html
        assert "<script" not in html


async def test_the_home_page_leads_to_everything_there_is(night: Simulation):
    html = (await night.http.get("/")).text
    links = set(re.findall(r'<a href="([^"]+)"', html))
    assert links == {"/simulator", "/new", "/deliveries", "/docs", "/readyz"}
    assert "Parvaz customer care" in words(html)


async def test_the_home_page_does_not_lead_to_phones_that_are_off(tmp_path: Path):
    async with simulation(tmp_path, more=NO_CONSOLE) as night:
        assert "/simulator" not in (await night.http.get("/")).text


async def test_the_services_name_is_never_markup(tmp_path: Path):
    async with simulation(tmp_path, name="<b>Care</b> & co") as night:
        for path in ("/", "/docs", "/simulator"):
            html = (await night.http.get(path)).text
            assert "&lt;b&gt;Care&lt;/b&gt; &amp; co" in html
            assert "<b>Care" not in html


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "duration"}, "duration, e.g. 15m"),
        ({"enum": ["in", "out"]}, "in | out"),
        ({"const": "in"}, "in"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "text or whole number"),
        ({"$ref": "#/components/schemas/Flag"}, "true or false"),
        ({}, "anything"),
    ],
)
def test_a_type_is_said_in_words(schema: dict[str, Any], said: str):
    document = {"components": {"schemas": {"Flag": {"type": "boolean"}}}}
    assert kind(schema, document) == said
