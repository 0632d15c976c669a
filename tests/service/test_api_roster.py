"""Who is on call by the API, and what changes it: overrides, swaps, absences."""

from support.api import Api, assert_problem

TONIGHT = {"from": "2026-11-20T20:00:00Z", "to": "2026-11-20T23:00:00Z"}
WEEKEND = "/rotations/weekend"


async def on_call(api: Api, **params: str) -> list[str]:
    found = await api.get("/on-call", rotation="weekend", **params)
    assert found.status_code == 200, found.text
    return list(found.json()[0]["people"])


async def test_who_is_on_call_now_and_then(database_url: str):
    async with Api(database_url) as api:
        everywhere = (await api.get("/on-call")).json()
        assert {each["rotation"] for each in everywhere} >= {"weekend", "care"}
        assert await on_call(api) == ["sara"]
        assert await on_call(api, at="2026-11-27T21:12:00Z") == ["reza"]
        assert await on_call(api, at="2026-11-18T12:00:00+03:30") == []
        assert_problem(await api.get("/on-call", rotation="none"), 404)
        assert_problem(await api.get("/on-call", at="2026-11-20"), 422, "at")


async def test_shifts_are_shown_in_utc_by_start(database_url: str):
    async with Api(database_url) as api:
        found = await api.client.get(
            f"/api/v1{WEEKEND}/shifts",
            params={"from": "2026-11-19T00:00:00+03:30", "to": "2026-12-10T00:00:00Z"},
        )
        shifts = found.json()
        assert [shift["person"] for shift in shifts][:2] == ["sara", "reza"]
        assert shifts == sorted(shifts, key=lambda each: each["start"])
        assert all(shift["start"].endswith("Z") for shift in shifts)
        assert {shift["because"] for shift in shifts} == {"turn"}
        turned = {"from": TONIGHT["to"], "to": TONIGHT["from"]}
        found = await api.client.get(f"/api/v1{WEEKEND}/shifts", params=turned)
        assert_problem(found, 422, "to")
        assert_problem(await api.get("/rotations/none/shifts"), 404)
        assert_problem(await api.get("/rotations/none/gaps"), 404)


async def test_an_override_covers_until_it_is_taken_back(database_url: str):
    async with Api(database_url) as api:
        body = {"person": "nina", "instead_of": "sara", "reason": "ill"} | TONIGHT
        made = await api.post(f"{WEEKEND}/overrides", body)
        assert made.status_code == 201
        shown = made.json()
        assert (shown["from"], shown["to"]) == (TONIGHT["from"], TONIGHT["to"])
        assert await on_call(api) == ["nina"]
        path = f"/overrides/{shown['id']}"
        assert_problem(await api.delete(f"/rotations/care{path}"), 404)
        assert (await api.delete(f"{WEEKEND}{path}")).status_code == 204
        assert await on_call(api) == ["sara"]
        assert_problem(await api.delete(f"{WEEKEND}{path}"), 409)


async def test_an_override_can_add_or_take_away(database_url: str):
    async with Api(database_url) as api:
        added = {"person": "nina", "add": True} | TONIGHT
        assert (await api.post(f"{WEEKEND}/overrides", added)).status_code == 201
        assert sorted(await on_call(api)) == ["nina", "sara"]
        removed = {"remove": "sara"} | TONIGHT
        assert (await api.post(f"{WEEKEND}/overrides", removed)).status_code == 201
        assert await on_call(api) == ["nina"]


async def test_times_of_another_offset_are_shown_in_utc(database_url: str):
    async with Api(database_url) as api:
        body = {
            "person": "nina",
            "from": "2026-11-20T23:30:00+03:30",
            "to": "2026-11-21T02:30:00+03:30",
        }
        shown = (await api.post(f"{WEEKEND}/overrides", body)).json()
        assert (shown["from"], shown["to"]) == (TONIGHT["from"], TONIGHT["to"])


async def test_an_override_that_makes_no_sense_is_refused(database_url: str):
    async with Api(database_url) as api:
        path = f"{WEEKEND}/overrides"
        turned = {"from": TONIGHT["to"], "to": TONIGHT["from"]}
        assert_problem(await api.post(path, {"person": "nina"} | turned), 422, "to")
        assert_problem(await api.post(path, {"person": "nina"}), 422, "from", "to")
        assert_problem(await api.post(path, TONIGHT), 422, "person")
        both = {"person": "nina", "remove": "sara"} | TONIGHT
        assert_problem(await api.post(path, both), 422, "person")
        assert_problem(await api.post(path, {"person": "zoe"} | TONIGHT), 404)
        body = {"person": "nina"} | TONIGHT
        assert_problem(await api.post("/rotations/none/overrides", body), 404)
        assert await on_call(api) == ["sara"]


async def test_a_swap_waits_until_it_is_accepted(database_url: str):
    async with Api(database_url) as api:
        body = {"person": "sara", "with": "mina"} | TONIGHT
        asked = await api.post(f"{WEEKEND}/swaps", body, by="respond")
        assert (asked.status_code, asked.json()["accepted"]) == (201, False)
        assert await on_call(api) == ["sara"]
        path = f"{WEEKEND}/swaps/{asked.json()['id']}"
        accepted = await api.post(f"{path}/accept")
        assert accepted.json()["accepted"] is True
        assert await on_call(api) == ["mina"]
        assert_problem(await api.post(f"{path}/accept"), 409)
        assert (await api.post(f"{path}/decline")).status_code == 200
        assert await on_call(api) == ["sara"]
        assert_problem(await api.post(f"{path}/accept"), 409)


async def test_only_an_admin_makes_a_swap_without_asking(database_url: str):
    async with Api(database_url) as api:
        body = {"person": "sara", "with": "mina", "accepted": True} | TONIGHT
        assert_problem(await api.post(f"{WEEKEND}/swaps", body, by="respond"), 403)
        assert await on_call(api) == ["sara"]
        assert (await api.post(f"{WEEKEND}/swaps", body)).status_code == 201
        assert await on_call(api) == ["mina"]
        same = body | {"with": "sara"}
        assert_problem(await api.post(f"{WEEKEND}/swaps", same), 422, "with")
        half = body | {"with_from": TONIGHT["from"]}
        assert_problem(await api.post(f"{WEEKEND}/swaps", half), 422, "with_to")


async def test_an_absence_is_covered_until_it_ends(database_url: str):
    async with Api(database_url) as api:
        made = await api.post("/absences", {"person": "sara"} | TONIGHT)
        assert made.status_code == 201
        assert await on_call(api) == ["reza"]
        assert (await api.delete(f"/absences/{made.json()['id']}")).status_code == 204
        assert await on_call(api) == ["sara"]
        assert_problem(await api.delete("/absences/unknown"), 404)
        assert_problem(await api.post("/absences", {"person": "zoe"} | TONIGHT), 404)
        turned = {"person": "sara", "from": TONIGHT["to"], "to": TONIGHT["from"]}
        assert_problem(await api.post("/absences", turned), 422, "to")
