"""The clock is set while pages are on their way: none is lost, and none doubled."""

from datetime import timedelta

from support.night import Night


async def test_a_clock_that_is_set_back_sends_nothing_twice_and_loses_nothing(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        sara, reza = night.phone("sara"), night.phone("reza")
        await sara.expect_telegram("#128")
        night.clock.turn_to(night.clock.now() - timedelta(minutes=10))
        await night.settle()
        night.expect_silence()
        await night.report("flowers")
        await sara.expect_telegram("#129")
        await night.turn(minutes=1)
        await sara.expect_sms("#128")
        await sara.expect_sms("#129")
        await night.post("/api/v1/issues/129/acknowledge", {"person": "sara"})
        await night.turn(minutes=4)
        await reza.expect_telegram("#128")


async def test_nothing_waits_longer_than_its_own_wait_when_a_clock_goes_back(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        sara, reza = night.phone("sara"), night.phone("reza")
        await sara.expect_telegram("#128")
        night.clock.turn_to(night.clock.now() - timedelta(hours=2))
        await night.settle()
        night.expect_silence()
        await night.turn(minutes=1)
        await sara.expect_sms("#128")
        await night.turn(minutes=4)
        await reza.expect_telegram("#128")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "sara"})


async def test_a_clock_that_was_set_back_while_nobody_ran_is_noticed_at_the_start(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        night.clock.turn_to(night.clock.now() - timedelta(hours=1))
        await night.restart()
        await night.settle()
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms("#128")


async def test_a_clock_that_leaps_ahead_pages_one_level_and_not_all_at_once(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        night.clock.turn_to(night.clock.now() + timedelta(minutes=16))
        await night.settle()
        await night.phone("sara").expect_sms("#128")
        await night.phone("reza").expect_telegram("#128")
        night.expect_silence()
        await night.post("/api/v1/issues/128/acknowledge", {"person": "reza"})
        await night.turn(minutes=2)


async def test_the_heart_goes_on_beating_after_the_clock_was_set_back(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.settle()
        night.clock.turn_to(night.clock.now() - timedelta(hours=3))
        await night.settle()
        ready = await night.client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["last_tick_age_s"] == 0


async def test_no_bundle_waits_for_one_that_was_sent_before_the_clock_went_back(
    database_url: str,
):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        for place in range(5):
            await night.report("flowers", external_id=f"flowers-{place}")
        for _ in range(4):
            await sara.expect_telegram()
        night.clock.turn_to(night.clock.now() - timedelta(hours=2))
        await night.settle()
        await night.report("flowers", external_id="flowers-5")
        await night.turn(minutes=1)
        await sara.expect_telegram("مورد منتظر شماست")
        sara.drop()


async def test_an_incident_is_carried_on_with_after_the_clock_went_back(
    database_url: str,
):
    async with Night(database_url) as night:
        many = [await night.report("flowers", external_id=f"{n}") for n in range(30)]
        incident = {"title": "no flowers anywhere", "issues": many}
        made = (await night.post("/api/v1/incidents", incident)).json()
        path = f"/api/v1/incidents/{made['id']}/acknowledge"
        await night.client.post(path, json={"person": "sara"})
        night.clock.turn_to(night.clock.now() - timedelta(hours=2))
        await night.settle()
        assert (await night.issue(many[-1]))["owner"] == "sara"
        for person in night.service.config.people:
            night.phone(person).drop()
