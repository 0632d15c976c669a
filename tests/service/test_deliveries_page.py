"""`/deliveries`: people see what products brought, and have one read again."""

import base64
from datetime import timedelta

import httpx
import pytest

from support.api import secret_of
from support.intake_service import IntakeApi

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def shown_by(scope: str) -> dict[str, str]:
    """Return the header of a browser that was told the secret of this token."""
    words = base64.b64encode(f"anybody:{secret_of(scope)}".encode()).decode()
    return {"Authorization": f"Basic {words}"}


async def visited(
    api: IntakeApi, path: str = "", scope: str = "read"
) -> httpx.Response:
    return await api.client.get(f"/deliveries{path}", headers=shown_by(scope))


async def test_each_delivery_is_shown_with_its_source_and_what_became_of_it(
    database_url: str,
):
    async with IntakeApi(database_url, kinds=("gorgias",)) as api:
        await api.bank(text="<b>card</b> swallowed")
        await api.bank_posts(b"{", name="bank")
        await api.bank_posts(b"{}", secret="wrong")
        await api.settle()
        page = await visited(api)
        assert page.status_code == 200
        assert "opened #1" in page.text
        assert 'class="verdict unparsed"' in page.text
        assert "<strong>1</strong> with a bad signature" in page.text
        assert "Replay" not in page.text
        assert page.headers["Cache-Control"] == "no-store"


async def test_a_source_that_cannot_sign_is_marked(database_url: str):
    async with IntakeApi(database_url, kinds=("gorgias",)) as api:
        address = "/intake/gorgias?token=test-secret-not-real"
        await api.client.post(address, json={"ticket": {"id": 1}})
        assert "<small>unsigned</small>" in (await visited(api)).text


async def test_only_those_of_a_verdict_or_a_source_are_shown_when_asked(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank()
        await api.telegram("hello")
        some = (await visited(api, "?source=bank&verdict=accepted")).text
        assert "<bdi>bank</bdi>" in some
        assert "<bdi>telegram</bdi>" not in some
        assert "Nothing has come yet" in (await visited(api, "?verdict=unparsed")).text


async def test_one_is_shown_as_it_came_and_does_no_harm(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank(text="<script>alert(1)</script>")
        page = (await visited(api, "/1")).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>" not in page
        assert (await visited(api, "/99")).status_code == 404


async def read_at(api: IntakeApi) -> str:
    return str((await api.get("/deliveries/1")).json()["read_at"])


async def test_an_admin_has_one_read_again(database_url: str):
    async with IntakeApi(database_url) as api:
        await api.bank()
        before = await read_at(api)
        api.clock.turn(timedelta(minutes=1))
        button = 'action="/deliveries/1/replay"'
        assert button in (await visited(api, scope="admin")).text
        done = await api.client.post(
            "/deliveries/1/replay", headers=shown_by("admin") | OWN_PAGE
        )
        assert (done.status_code, done.headers["Location"]) == (303, "/deliveries")
        await api.settle()
        assert await read_at(api) > before


@pytest.mark.parametrize(
    ("scope", "headers"),
    [("read", OWN_PAGE), ("admin", {"Sec-Fetch-Site": "cross-site"})],
)
async def test_nobody_else_and_no_other_site_has_one_read_again(
    database_url: str, scope: str, headers: dict[str, str]
):
    async with IntakeApi(database_url) as api:
        await api.bank()
        refused = await api.client.post(
            "/deliveries/1/replay", headers=shown_by(scope) | headers
        )
        assert refused.status_code == 403


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !!!", "Basic /w==", "Bearer secret-of-read", "Basic Ong="],
)
async def test_the_browser_is_asked_who_it_is(database_url: str, header: str):
    async with IntakeApi(database_url) as api:
        answer = await api.client.get("/deliveries", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


async def test_a_token_that_may_not_read_sees_nothing(database_url: str):
    async with IntakeApi(database_url) as api:
        assert (await visited(api, scope="intake")).status_code == 403
