"""The service behind its API, in process: simulated phones, a turned clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self

import httpx

from oncall.clock import TurnedClock
from oncall.config.example import render
from oncall.config.load import read
from oncall.config.values import Config
from oncall.wiring.service import build

FRIDAY_NIGHT = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
SCOPES = ("read", "intake", "respond", "admin")
TOLD = {"direction": "out", "send": False, "where": "phone"}
"""What is said of an answer that was given elsewhere."""
ISSUE = {"source": "web", "customer": {"name": "Mina R"}, "subject": "prize not paid"}


def secret_of(scope: str) -> str:
    """Return the secret of the token that may do this and nothing else."""
    return f"secret-of-{scope}"


def configured(
    database_url: str, change: Callable[[str], str] = lambda text: text
) -> Config:
    """Return the example's configuration over a database, a token for each scope."""
    tokens = "".join(
        f'{scope} = {{secret = "env:SECRET_{scope.upper()}", may = ["{scope}"]}}\n'
        for scope in SCOPES
    )
    example = render().replace("sqlite:///oncall.db", database_url)
    head, table, _ = example.partition("[api.tokens]\n")
    environ = {f"SECRET_{scope.upper()}": secret_of(scope) for scope in SCOPES}
    return read(change(f"{head}{table}{tokens}"), environ=environ)


class Api:
    """The service on `database_url`; calls are made with the admin's token."""

    def __init__(
        self,
        database_url: str,
        *,
        change: Callable[[str], str] = lambda text: text,
        now: datetime = FRIDAY_NIGHT,
    ) -> None:
        self.clock = TurnedClock(now)
        self.config = configured(database_url, change)

    async def __aenter__(self) -> Self:
        self.service = build(
            self.config,
            tzdata="pinned",
            clock=self.clock,
            print_pages=lambda _: None,
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(
                app=self.service.app, raise_app_exceptions=False
            ),
            base_url=self.config.service.url,
            headers={"Authorization": f"Bearer {secret_of('admin')}"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()
        await self.service.close()

    async def get(self, path: str, **params: str | int) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", params=params)

    async def post(
        self, path: str, body: object = None, *, key: str = "", by: str = "admin"
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret_of(by)}"}
        if key:
            headers["Idempotency-Key"] = key
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def delete(self, path: str, *, key: str = "") -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.client.delete(f"/api/v1{path}", headers=headers)

    async def send(self, content: bytes, path: str = "/issues") -> httpx.Response:
        """Post raw bytes."""
        headers = {"Content-Type": "application/json"}
        return await self.client.post(
            f"/api/v1{path}", content=content, headers=headers
        )

    async def opened(self, **changes: object) -> dict[str, Any]:
        """Open an issue and return it."""
        response = await self.post("/issues", ISSUE | changes)
        assert response.status_code == 201, response.text
        return dict(response.json())

    async def issue(self, number: int) -> dict[str, Any]:
        """Return an issue, whole."""
        response = await self.get(f"/issues/{number}")
        assert response.status_code == 200, response.text
        return dict(response.json())


def assert_problem(
    response: httpx.Response, status: int, *paths: str
) -> dict[str, Any]:
    """Assert problem details with this status that name at least these paths."""
    assert response.status_code == status, (response.status_code, response.text)
    assert response.headers["content-type"] == "application/problem+json"
    body = dict(response.json())
    assert set(body) >= {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert body["detail"]
    named = {error["path"] for error in body.get("errors", [])}
    assert named >= set(paths), body
    assert all(error["message"] for error in body.get("errors", []))
    return body
