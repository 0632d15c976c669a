"""A calendar link that got about is replaced without anybody losing the calendar."""

from datetime import timedelta

from support.night import Night


async def test_a_replaced_link_works_for_a_week_beside_the_new_one(database_url: str):
    async with Night(database_url) as night:
        old = (await night.post("/api/v1/feeds", {"person": "sara"})).json()
        made = await night.post(f"/api/v1/feeds/{old['id']}/rotate")
        assert made.status_code == 201
        new = made.json()
        assert new["url"] != old["url"]
        assert new["old_until"] == "2026-11-27T21:12:00Z"
        one = await night.client.get(old["url"])
        other = await night.client.get(new["url"])
        assert (one.status_code, one.content) == (200, other.content)
        night.clock.turn(timedelta(days=7))
        assert (await night.client.get(old["url"])).status_code == 404
        assert (await night.client.get(new["url"])).status_code == 200


async def test_a_replaced_link_can_be_ended_before_its_week_is_over(database_url: str):
    async with Night(database_url) as night:
        old = (await night.post("/api/v1/feeds", {"kind": "gaps"})).json()
        await night.post(f"/api/v1/feeds/{old['id']}/rotate")
        ended = await night.client.delete(f"/api/v1/feeds/{old['id']}")
        assert ended.status_code == 204
        assert (await night.client.get(old["url"])).status_code == 404
        listed = (await night.client.get("/api/v1/feeds")).json()["items"]
        assert [feed["kind"] for feed in listed] == ["gaps"]


async def test_a_link_that_is_not_there_is_not_replaced(database_url: str):
    async with Night(database_url) as night:
        assert (await night.post("/api/v1/feeds/none/rotate")).status_code == 404
