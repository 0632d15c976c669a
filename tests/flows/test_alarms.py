"""Somebody else's watch hears that all is well, and when it is not."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from oncall.engine.alarms import Alarms
from oncall.engine.watchdog import Watchdog
from oncall.store.issues import ISSUE
from support.api import Api
from support.night import FRIDAY_22_12, Night
from support.provider_server import Fault, bad_gateway
from support.watch import Watch, watched_by


async def test_while_all_is_well_there_is_a_heartbeat_a_minute(database_url: str):
    async with Watch() as watch, Night(database_url, change=watched_by(watch)) as night:
        for _ in range(30):  # ten seconds each, as the watchdog looks
            await night.turn(seconds=10)
        assert 5 <= watch.beats <= 6
        assert watch.alarms == []


async def test_an_ill_provider_raises_the_alarm_once(database_url: str):
    async with Watch() as watch, Night(database_url, change=watched_by(watch)) as night:
        night.twilio.fail(*[bad_gateway()] * 50)
        await night.report("flowers")
        await night.turn(minutes=2, seconds=50)
        assert watch.alarms.count("sms is failing") == 1
        for person in ("sara", "omid"):
            night.phone(person).drop()


async def test_pages_that_nobody_hands_over_raise_the_alarm_and_stop_the_heartbeat(
    database_url: str,
):
    async with Watch() as watch, Api(database_url) as api:
        await api.opened(subject="slow", severity="high")
        service = api.service
        url = watch.url
        alarms = Alarms(alarm_url=f"{url}/alarm", heartbeat_url=f"{url}/beat")
        watchdog = Watchdog(
            service.database, service.house, node="n", release="1", alarms=alarms
        )
        beats = []
        for _ in range(5):  # the dispatcher stands still meanwhile
            await watchdog.tick(api.clock.now())
            beats.append(watch.beats)
            api.clock.turn(timedelta(minutes=1))
        assert watch.alarms == ["pages are not handed over"]
        assert beats == [1, 2, 3, 4, 4]
        await service.engine.settle()
        await watchdog.tick(api.clock.now())
        assert (watch.beats, len(watch.alarms)) == (5, 1)


async def test_an_open_issue_without_a_timer_raises_the_alarm_once_and_is_watched_again(
    database_url: str,
):
    async with Watch() as watch, Api(database_url) as api:
        await api.opened(subject="slow", severity="high")
        service = api.service
        lost = ISSUE.update().values(due_at=None)
        await service.database.write(lambda tx: tx.run(lost))
        alarms = Alarms(
            alarm_url=f"{watch.url}/alarm", heartbeat_url=f"{watch.url}/beat"
        )
        watchdog = Watchdog(
            service.database, service.house, node="n", release="1", alarms=alarms
        )
        await watchdog.tick(api.clock.now())
        assert (watch.alarms, watch.beats) == (["open issues had no due time"], 0)
        api.clock.turn(timedelta(minutes=1))
        await watchdog.tick(api.clock.now())
        assert (len(watch.alarms), watch.beats) == (1, 1)


async def test_a_watch_that_is_away_troubles_nobody(database_url: str):
    async with Watch() as watch:
        change = watched_by(watch)
    async with Night(database_url, change=change) as night:
        await night.turn(seconds=70)
        await night.report("flowers")
        await night.phone("sara").expect_telegram("#128")


@pytest.mark.parametrize("host", ["xn--", "é..example"])
async def test_an_address_with_no_host_behind_it_ends_nothing(host: str):
    url = f"https://{host}/alarm"
    with capture_logs() as told:
        alarms = Alarms(alarm_url=url, heartbeat_url=url)
        await alarms.ring("sms is failing", FRIDAY_22_12)
        await alarms.beat(FRIDAY_22_12)
    assert len(told) == 2


async def test_a_watch_that_takes_no_alarm_is_told():
    async with Watch() as watch:
        watch.fail(Fault(status=404))
        alarms = Alarms(alarm_url=f"{watch.url}/alarm", heartbeat_url="")
        with capture_logs() as told:
            await alarms.ring("sms is failing", FRIDAY_22_12)
            await alarms.ring("sms is failing", FRIDAY_22_12)
    assert [line["action"] for line in told] == ["alarm"]
    assert watch.alarms == ["sms is failing"]
