"""The API's description is what clients are made from: named, whole, and true."""

import re
import sys
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from pydantic import BaseModel

from oncall.web import answers, incident_answers
from oncall.web.problem_kinds import KINDS, kind_of
from oncall.web.problems import problem
from support.api import ISSUE, Api, assert_problem, secret_of

PUBLIC = {"healthz", "readyz", "metrics_text", "feed"}
SPAN = {"from": "2026-12-04T08:00:00Z", "to": "2026-12-05T08:00:00Z"}
OVERRIDE = {"person": "mina", "instead_of": "sara", **SPAN}
SWAP = {"person": "sara", "with": "mina", **SPAN}
PROMISE = {"text": "a call", "due": "2026-12-04T12:00:00Z", "owner": "sara"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with Api(f"sqlite:///{tmp_path}/oncall.db") as running:
        yield running


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


async def test_every_answer_is_named_and_every_call_says_who_may(api: Api):
    document = (await api.client.get("/openapi.json")).json()
    names = []
    for what, operation in operations(document):
        names.append(operation["operationId"])
        public = operation["operationId"] in PUBLIC
        assert operation["security"] == ([] if public else [{"token": []}]), what
        for status, answer in operation["responses"].items():
            kinds = answer.get("content", {})
            assert kinds or status in ("204", "304"), (what, status)
            for kind, told in kinds.items():
                assert told["schema"].keys() == {"$ref"}, (what, status, kind)
                is_problem = told["schema"]["$ref"].endswith("/Problem")
                assert is_problem == (kind == "application/problem+json"), what
        for told in operation.get("requestBody", {}).get("content", {}).values():
            assert "/schemas/" in str(told["schema"]), what
    assert len(names) == len({*names})
    assert all(re.fullmatch(r"[a-z_]{4,30}", name) for name in names), names
    assert not [name for name in document["components"]["schemas"] if "__" in name]


async def test_what_is_answered_is_what_its_model_says(api: Api):
    number = (await api.opened(external_id="e"))["number"]
    issue = f"/issues/{number}"
    said = {"direction": "out", "text": "soon", "send": False, "where": "by phone"}
    answered: list[tuple[type[BaseModel], httpx.Response]] = [
        (answers.Issue, await api.post("/issues", ISSUE)),
        (answers.Issue, await api.post(f"{issue}/notes", {"text": "x"})),
        (answers.Issue, await api.post(f"{issue}/promises", PROMISE)),
        (answers.Conversation, await api.post(f"{issue}/messages", said)),
        (answers.Issue, await api.post(f"{issue}/acknowledge", {"person": "sara"})),
        (answers.WholeIssue, await api.get(issue)),
        (answers.IssueList, await api.get("/issues", limit=1)),
        (answers.OnCallList, await api.get("/on-call")),
        (answers.ShiftList, await api.get("/rotations/weekend/shifts")),
        (answers.GapList, await api.get("/rotations/weekend/gaps")),
        (answers.TeamLoad, await api.get("/load")),
        (answers.Reach, await api.get("/reach")),
        (answers.Override, await api.post("/rotations/weekend/overrides", OVERRIDE)),
        (answers.Absence, await api.post("/absences", {"person": "nina", **SPAN})),
        (answers.CustomerList, await api.get("/customers")),
        (answers.WholeCustomer, await api.get("/customers/1")),
        (answers.CustomerSuggestionList, await api.get("/customers/suggestions")),
        (answers.DeliveryList, await api.get("/deliveries")),
        (answers.NewFeed, await api.post("/feeds", {"person": "sara"})),
        (answers.FeedList, await api.get("/feeds")),
        (answers.Alive, await api.client.get("/healthz")),
        (answers.Readiness, await api.client.get("/readyz")),
    ]
    swap = await api.post("/rotations/weekend/swaps", SWAP)
    answered.append((answers.Swap, swap))
    answered.append((answers.Swap, await api.client.get(swap.headers["Location"])))
    title = {"title": "Payments fail", "issues": [number]}
    answered.append((incident_answers.Incident, await api.post("/incidents", title)))
    told = await api.post("/incidents/1/updates", {"text": "We work on it."})
    answered.append((incident_answers.TrackedUpdate, told))
    answered.append((incident_answers.WholeIncident, await api.get("/incidents/1")))
    answered.append((incident_answers.IncidentList, await api.get("/incidents")))
    updates = await api.get("/incidents/1/updates")
    answered.append((incident_answers.UpdateList, updates))
    for model, answer in answered:
        body = answer.json()
        read = model.model_validate(body)
        assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == body


async def test_whatever_is_made_is_found_where_its_answer_says(api: Api):
    number = (await api.opened())["number"]
    issue = f"/issues/{number}"
    made = [
        await api.post("/issues", ISSUE),
        await api.post(f"{issue}/notes", {"text": "x"}),
        await api.post(f"{issue}/promises", PROMISE),
        await api.post(f"{issue}/messages", {"direction": "in", "text": "and?"}),
        await api.post("/rotations/weekend/overrides", OVERRIDE),
        await api.post("/rotations/weekend/swaps", SWAP),
        await api.post("/absences", {"person": "nina", **SPAN}),
        await api.post("/feeds", {"person": "sara"}),
        await api.post("/incidents", {"title": "t", "issues": [number]}),
        await api.post("/incidents/1/updates", {"text": "soon"}),
    ]
    feed = made[7].json()["id"]
    made.append(await api.post(f"/feeds/{feed}/rotate"))
    for answer in made:
        assert answer.status_code == 201, answer.text
        where = answer.headers["Location"]
        assert where.startswith("/api/v1/")
        found = await api.client.get(where)
        if found.status_code == 405:
            found = await api.client.delete(where)
        assert found.is_success, where


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.desk+json"])
async def test_the_same_key_is_led_to_the_same_place(api: Api, kind: str):
    headers = {"Content-Type": kind, "Idempotency-Key": "k"}
    first, again = [
        await api.client.post("/api/v1/issues", json=ISSUE, headers=headers)
        for _ in range(2)
    ]
    assert first.headers["Location"] == f"/api/v1/issues/{first.json()['number']}"
    assert again.headers["Location"] == first.headers["Location"]
    said = ISSUE | {"external_id": "e"}
    await api.client.post("/api/v1/issues", json=said)
    more = await api.client.post("/api/v1/issues", json=said)
    assert (more.status_code, more.headers.get("Location")) == (200, None)


async def test_the_type_of_every_problem_leads_to_a_page(api: Api):
    del api.client.headers["Authorization"]
    for status in (*KINDS, 418):
        kind = kind_of(status)
        found = await api.client.get(f"/problems/{kind.name}")
        assert found.status_code == 200, status
        assert found.headers["Content-Type"].startswith("text/html")
        assert kind.title.replace("?", "") in found.text
        assert f'"/problems/{kind.name}"' in bytes(problem(status, "x").body).decode()
    unknown = await api.client.get("/problems/no-such")
    told = assert_problem(unknown, 404)
    assert (await api.client.get(told["type"])).status_code == 200
    assert (await api.client.get("/problems")).status_code == 200


async def test_a_client_is_made_from_the_description_and_works(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    document = tmp_path / "openapi.json"
    document.write_bytes((await api.client.get("/openapi.json")).content)
    settings = Config.from_sources(
        ConfigFile(post_hooks=[]),
        MetaType.NONE,
        document_source=document,
        file_encoding="utf-8",
        overwrite=True,
        output_path=tmp_path / "made_client",
    )
    assert generate(config=settings) == []
    monkeypatch.syspath_prepend(tmp_path)

    def made(path: str) -> Any:  # noqa: ANN401
        return import_module(f"made_client.{path}")

    try:
        client = made("client").AuthenticatedClient(
            base_url=api.config.service.url, token=secret_of("admin")
        )
        client.set_async_httpx_client(api.client)
        models = made("models")
        new = models.SentIssue.from_dict(ISSUE)
        issue = await made("api.issues.new_issue").asyncio(client=client, body=new)
        assert (issue.number, issue.severity.value) == (1, "critical")
        by = models.ByPerson(person="sara")
        act = made("api.issues.acknowledge_issue")
        assert (await act.asyncio(1, client=client, body=by)).owner == "sara"
        whole = await made("api.issues.one_issue").asyncio(1, client=client)
        assert whole.messages[0].text == ISSUE["subject"]
        listed = await made("api.issues.list_issues").asyncio(client=client)
        assert [each.number for each in listed.items] == [1]
        on_call = await made("api.rotations.on_call").asyncio(client=client)
        assert "weekend" in [each.rotation for each in on_call]
        missing = await made("api.issues.one_issue").asyncio(99, client=client)
        assert isinstance(missing, models.Problem)
        assert missing.status == 404
    finally:
        for name in [each for each in sys.modules if each.startswith("made_client")]:
            del sys.modules[name]
