"""Who may use the API: tokens and what each may do."""

import re

import pytest

from support.api import ISSUE, SCOPES, Api, assert_problem, secret_of

NEEDS = {
    ("GET", "/issues"): "read",
    ("GET", "/issues/1"): "read",
    ("GET", "/on-call"): "read",
    ("GET", "/rotations/weekend/shifts"): "read",
    ("GET", "/rotations/weekend/gaps"): "read",
    ("GET", "/feeds"): "read",
    ("GET", "/load"): "read",
    ("GET", "/reach"): "read",
    ("GET", "/incidents"): "read",
    ("GET", "/incidents/1"): "read",
    ("GET", "/incidents/1/updates"): "read",
    ("GET", "/incidents/suggestions"): "read",
    ("POST", "/incidents"): "respond",
    ("POST", "/incidents/1/acknowledge"): "respond",
    ("POST", "/incidents/1/issues"): "respond",
    ("DELETE", "/incidents/1/issues/1"): "respond",
    ("POST", "/incidents/1/updates"): "respond",
    ("POST", "/incidents/1/resolve"): "respond",
    ("POST", "/incidents/suggestions/1/confirm"): "respond",
    ("POST", "/incidents/suggestions/1/dismiss"): "respond",
    ("POST", "/issues"): "intake",
    ("POST", "/issues/1/acknowledge"): "respond",
    ("POST", "/issues/1/resolve"): "respond",
    ("POST", "/issues/1/escalate"): "respond",
    ("POST", "/issues/1/assign"): "respond",
    ("POST", "/issues/1/snooze"): "respond",
    ("POST", "/issues/1/severity"): "respond",
    ("POST", "/issues/1/messages"): "respond",
    ("POST", "/issues/1/notes"): "respond",
    ("POST", "/issues/1/promises"): "respond",
    ("POST", "/rotations/weekend/overrides"): "respond",
    ("DELETE", "/rotations/weekend/overrides/x"): "respond",
    ("POST", "/rotations/weekend/swaps"): "respond",
    ("POST", "/rotations/weekend/swaps/x/accept"): "respond",
    ("POST", "/rotations/weekend/swaps/x/decline"): "respond",
    ("POST", "/absences"): "respond",
    ("DELETE", "/absences/x"): "respond",
    ("POST", "/customers/suggestions/1/dismiss"): "respond",
    ("GET", "/deliveries"): "read",
    ("POST", "/deliveries/1/replay"): "admin",
    ("POST", "/feeds"): "respond",
    ("DELETE", "/feeds/x"): "respond",
}


async def test_every_call_wants_a_token_with_its_own_scope(database_url: str):
    async with Api(database_url) as api:
        for (method, path), needed in NEEDS.items():
            for scope in (*SCOPES, "nobody"):
                response = await api.client.request(
                    method,
                    f"/api/v1{path}",
                    json={} if method == "POST" else None,
                    headers={"Authorization": f"Bearer {secret_of(scope)}"},
                )
                what = f"{method} {path} by {scope}: {response.status_code}"
                if scope == "nobody":
                    assert_problem(response, 401)
                elif scope in (needed, "admin"):
                    assert response.status_code in (200, 201, 404, 422), what
                else:
                    problem = assert_problem(response, 403)
                    assert needed in problem["detail"], what


async def test_no_route_of_the_api_is_open_to_everybody(database_url: str):
    async with Api(database_url) as api:
        schema = (await api.client.get("/openapi.json")).json()
        routes = [
            (method.upper(), re.sub(r"\{\w+\}", "1", path))
            for path, methods in schema["paths"].items()
            if path.startswith("/api/")
            for method in methods
        ]
        assert len(routes) >= len(NEEDS)
        for method, path in routes:
            answers = {
                scope: await api.client.request(
                    method,
                    path,
                    json={} if method in ("POST", "PUT", "PATCH") else None,
                    headers={"Authorization": f"Bearer {secret_of(scope)}"},
                )
                for scope in (*SCOPES, "nobody")
            }
            codes = {scope: answer.status_code for scope, answer in answers.items()}
            what = (method, path, codes)
            assert codes["nobody"] == 401, what
            assert codes["admin"] not in (401, 403), what
            assert [codes[s] for s in SCOPES].count(403) >= 2, what
            assert max(codes.values()) < 500, what


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic c2VjcmV0",
        "secret-of-admin",
        "Bearer secret-of-admi",
        "Bearer secret-of-admin2",
        "Bearer sécret",
    ],
)
async def test_what_is_no_token_of_ours_is_asked_who_it_is(
    database_url: str, header: str | None
):
    async with Api(database_url) as api:
        del api.client.headers["Authorization"]
        headers = {} if header is None else {"Authorization": header.encode()}
        response = await api.client.post("/api/v1/issues", json=ISSUE, headers=headers)
        problem = assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert "secret-of" not in problem["detail"]


async def test_the_scheme_of_a_token_is_read_in_any_case(database_url: str):
    async with Api(database_url) as api:
        headers = {"Authorization": f"bearer  {secret_of('read')} "}
        response = await api.client.get("/api/v1/issues", headers=headers)
        assert response.status_code == 200


async def test_a_token_without_a_secret_is_off(database_url: str):
    def with_two(text: str) -> str:
        return f'{text}ghost = {{secret = "env:NOT_THERE", may = ["admin"]}}\n'

    async with Api(database_url, change=with_two) as api:
        for empty in ("Bearer ", "Bearer env:NOT_THERE"):
            headers = {"Authorization": empty}
            response = await api.client.get("/api/v1/issues", headers=headers)
            assert_problem(response, 401)


async def test_errors_of_the_server_itself_are_problem_details_too(database_url: str):
    async with Api(database_url) as api:
        assert_problem(await api.client.get("/nowhere"), 404)
        assert_problem(await api.client.put("/api/v1/issues"), 405)
        assert_problem(await api.get("/issues/0"), 422, "number")
        assert_problem(await api.get("/issues/x"), 422, "number")
        assert_problem(await api.get("/issues/99999999999"), 422, "number")
        assert_problem(await api.get("/issues/2147483647"), 404)


async def test_health_needs_no_token(database_url: str):
    async with Api(database_url) as api:
        del api.client.headers["Authorization"]
        assert (await api.client.get("/healthz")).json() == {"status": "alive"}
        assert (await api.client.get("/readyz")).status_code == 503
        await api.service.engine.settle()
        ready = await api.client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["database"] == "reachable"
        assert ready.json()["tzdata"] == "pinned"
        assert "oncall" in (await api.client.get("/metrics")).text
