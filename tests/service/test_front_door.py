"""What holds for every request: whose host it names, who asks, and its id."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import Request
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from oncall.errors import ConfigError
from oncall.web.callers import caller
from oncall.web.hosts import is_ours
from support.api import ISSUE, Api, assert_problem, configured, secret_of
from support.intake_service import IntakeApi

URL = "https://care.example.com:8443/desk"


@pytest.fixture
def url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """Return the address of an SQLite database: nothing here depends on its kind."""
    shutil.copy(migrated_sqlite, tmp_path / "oncall.db")
    return f"sqlite:///{tmp_path}/oncall.db"


@pytest.fixture
async def api(url: str) -> AsyncIterator[Api]:
    async with Api(url) as running:
        yield running


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("care.example.com", True),
        ("CARE.example.com.:1", True),
        ("localhost:8000", True),
        ("tenant.localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8:80", True),
        ("[::1]:8000", True),
        ("10.0.0.5:8000", True),
        ("[fd00::5]", True),
        ("evil.example", False),
        ("care.example.com.evil.example", False),
        ("xcare.example.com", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("10.0.0.6", False),
        ("care.example.com@evil.example", False),
        ("evil.example/care.example.com", False),
        ("care.example.com/evil", False),
        ("evil.example@localhost", False),
        ("localhost?.evil.example", False),
        ("localhost#.evil.example", False),
        ("care.example.com:x", False),
        ("[::1", False),
        ("", False),
        ("é", False),
        (".", False),
        ("a" * 5000, False),
    ],
)
def test_a_host_name_is_ours_or_not(host: str, ours: bool):  # noqa: FBT001
    assert is_ours(host.encode("latin-1"), URL, {"10.0.0.5", "fd00::5"}) is ours


@pytest.mark.parametrize("path", ["/simulator", "/api/v1/issues", "/docs", "/nowhere"])
async def test_a_page_under_a_foreign_name_reads_and_does_nothing(api: Api, path: str):
    foreign = {"Host": "evil.example:8000"}
    assert_problem(await api.client.get(path, headers=foreign), 421)
    posted = await api.client.post("/api/v1/issues", json=ISSUE, headers=foreign)
    assert_problem(posted, 421)
    assert (await api.get("/issues")).json()["items"] == []


async def test_probes_are_answered_under_any_name(api: Api):
    foreign = {"Host": "10.1.2.3:8000"}
    assert (await api.client.get("/healthz", headers=foreign)).status_code == 200
    assert (await api.client.get("/readyz", headers=foreign)).status_code == 503


async def test_a_request_with_two_hosts_has_none(api: Api):
    twice = [("Host", "localhost"), ("Host", "localhost")]
    assert_problem(await api.client.get("/docs", headers=twice), 400)


async def test_further_hosts_are_answered_once_they_are_configured(url: str):
    def with_hosts(text: str) -> str:
        return text.replace("# hosts = [", "hosts = [")

    async with Api(url, change=with_hosts) as api:
        named = {"Host": "10.0.0.5:8000"}
        assert (await api.client.get("/docs", headers=named)).status_code == 200


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('hosts = ["https://care.example.com"]', "service.hosts.0"),
        ('hosts = ["care.example.com:80"]', "service.hosts.0"),
        ('hosts = ["*"]', "service.hosts.0"),
        ('proxies = ["proxy"]', "service.proxies.0"),
        ('proxies = ["10.0.0.0/99"]', "service.proxies.0"),
    ],
)
def test_hosts_and_proxies_that_cannot_be_are_told(line: str, path: str):
    def change(text: str) -> str:
        return text.replace("[service]\n", f"[service]\n{line}\n")

    with pytest.raises(ConfigError) as caught:
        configured("sqlite:///x.db", change)
    assert path in [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.desk+json"])
@pytest.mark.parametrize(
    "tokens",
    [("admin", "nobody"), ("nobody", "admin"), ("admin", "admin")],
    ids=" then ".join,
)
async def test_of_two_authorizations_neither_counts(
    api: Api, kind: str, tokens: tuple[str, str]
):
    twice = [("Authorization", f"Bearer {secret_of(token)}") for token in tokens]
    del api.client.headers["Authorization"]
    assert_problem(await api.client.get("/api/v1/issues", headers=twice), 401)
    posted = await api.client.post(
        "/api/v1/issues",
        content=json.dumps(ISSUE),
        headers=[*twice, ("Content-Type", kind)],
    )
    assert_problem(posted, 401)
    assert posted.headers["WWW-Authenticate"] == "Bearer"
    page = await api.client.get("/deliveries", headers=twice)
    assert page.status_code == 401


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/api/v1/issues/", "/api/v1/issues"),
        ("/docs/?a=b&c", "/docs?a=b&c"),
        (
            "/api/v1/rotations/a%20b%0d%0a/shifts/",
            "/api/v1/rotations/a%20b%0D%0A/shifts",
        ),
    ],
)
async def test_a_redirect_names_a_path_and_no_host(api: Api, asked: str, target: str):
    moved = await api.client.get(asked, headers={"Host": "localhost:1"})
    assert (moved.status_code, moved.headers["Location"]) == (307, target)


@pytest.mark.parametrize("path", ["//evil.example/", "/nowhere/", "//docs/"])
async def test_nothing_redirects_to_where_nothing_is(api: Api, path: str):
    assert (await api.client.get(f"http://localhost{path}")).status_code == 404


async def test_every_answer_has_an_id_of_its_own(api: Api):
    calls = [
        ("GET", "/healthz"),
        ("GET", "/healthz"),
        ("GET", "/nowhere"),
        ("HEAD", "/docs"),
        ("OPTIONS", "/api/v1/issues"),
        ("PUT", "/api/v1/issues"),
        ("GET", "/api/v1/on-call"),
        ("GET", "/api/v1/on-call"),
        ("POST", "/api/v1/issues"),
        ("GET", "/docs/"),
    ]
    answers = [await api.client.request(*call) for call in calls]
    answers.append(await api.post("/issues", ISSUE))
    foreign = {"Host": "evil.example"}
    answers.append(await api.client.get("/docs", headers=foreign))
    ids = [answer.headers.get_list("X-Request-Id") for answer in answers]
    assert all(len(each) == 1 for each in ids)
    assert len({each[0] for each in ids}) == len(answers)


async def test_our_own_mistake_has_an_id_that_its_log_line_has_too(api: Api):
    async def broken() -> None:
        raise ZeroDivisionError

    api.service.app.router.add_api_route("/broken", broken)
    with capture_logs([merge_contextvars]) as lines:
        answer = await api.client.get("/broken")
    assert_problem(answer, 500)
    assert [line["request_id"] for line in lines] == [answer.headers["X-Request-Id"]]


async def test_a_forged_call_is_found_in_the_log_by_its_id(url: str):
    async with IntakeApi(url) as api:
        with capture_logs([merge_contextvars]) as lines:
            answer = await api.bank_posts(b"{}", secret="another")
            await api.client.get("/docs")
        ids = [line["request_id"] for line in lines]
        assert ids == [answer.headers["X-Request-Id"]]


@pytest.mark.parametrize("sent", ["a", "4bf92f3577b34da6-7:00", "x" * 128])
async def test_a_callers_own_id_is_kept(api: Api, sent: str):
    answer = await api.client.get("/healthz", headers={"X-Request-Id": sent})
    assert answer.headers.get_list("X-Request-Id") == [sent]


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "é", '"}', "\x1b[2J"])
async def test_an_id_that_could_be_mistaken_is_replaced(api: Api, sent: str):
    raw = {b"X-Request-Id": sent.encode("latin-1")}
    (found,) = (await api.client.get("/healthz", headers=raw)).headers.get_list(
        "X-Request-Id"
    )
    assert found
    assert found != sent


async def test_head_is_get_without_the_body(api: Api):
    for path in ("/docs", "/healthz", "/metrics", "/openapi.json", "/api/v1/issues"):
        got, asked = await api.client.get(path), await api.client.head(path)
        assert (asked.status_code, asked.content) == (got.status_code, b"")
        assert asked.headers["Content-Type"] == got.headers["Content-Type"]
    missing = await api.client.head("/api/v1/issues/999")
    assert missing.status_code == 404
    del api.client.headers["Authorization"]
    assert (await api.client.head("/api/v1/issues")).status_code == 401


async def test_head_reaches_every_path_that_get_does(api: Api):
    paths = (await api.client.get("/openapi.json")).json()["paths"]
    readable = [path for path, methods in paths.items() if "get" in methods]
    for path in [*readable, "/", "/new", "/simulator", "/deliveries"]:
        named = re.sub(r"\{\w+\}", "1", path)
        got, asked = await api.client.get(named), await api.client.head(named)
        assert asked.status_code == got.status_code, path
        asked = await api.client.options(named)
        assert (asked.status_code, asked.content) == (204, b"")
        assert {"GET", "HEAD", "OPTIONS"} <= set(asked.headers["Allow"].split(", "))


async def test_options_and_a_refused_method_name_all_that_a_path_takes(api: Api):
    takes = "GET, HEAD, OPTIONS, POST"
    del api.client.headers["Authorization"]
    assert (await api.client.options("/api/v1/issues")).headers["Allow"] == takes
    allowed = {"Authorization": f"Bearer {secret_of('admin')}"}
    refused = await api.client.put("/api/v1/issues", headers=allowed)
    assert_problem(refused, 405)
    assert refused.headers["Allow"] == takes
    assert_problem(await api.client.options("/nowhere"), 404)


def _asked(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 1)})


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.7", [], "10.0.0.7"),
        ("10.0.0.7", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.7", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["198.51.100.1, 203.0.113.9, 10.1.1.1"], "203.0.113.9"),
        ("10.0.0.7", ["made up, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["made up"], "10.0.0.7"),
        ("10.0.0.7", ["10.0.0.8, 10.0.0.9"], "10.0.0.8"),
        ("::ffff:10.0.0.7", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8::1", [], "2001:db8::/64"),
        ("10.0.0.7", ["2001:db8:0:0:1:2:3:4"], "2001:db8::/64"),
        ("10.0.0.7", ["é"], "10.0.0.7"),
    ],
)
def test_only_our_own_proxies_say_who_called(
    peer: str, forwarded: list[str], counted: str
):
    service = configured(
        "sqlite:///x.db", lambda text: text.replace("# proxies = [", "proxies = [")
    ).service
    assert caller(_asked(peer, *forwarded), service) == counted


def test_without_proxies_nobody_is_believed():
    service = configured("sqlite:///x.db").service
    assert caller(_asked("127.0.0.1", "198.51.100.1"), service) == "127.0.0.1"
