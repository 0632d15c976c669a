"""Somebody is taken out of the file in their turn: no page waits for them or is lost."""

from datetime import datetime

from typing_extensions import override

from oncall.actions.house import House, View
from oncall.engine.alarms import Alarms
from oncall.engine.escalator import Escalator
from oncall.engine.reader import Reader
from oncall.store import Tx
from support.intake_service import IntakeApi
from support.leaving import leaves
from support.night import Night
from support.parsing import ParsedHere
from support.provider_server import bad_gateway
from support.watch import Watch, watched_by

TONIGHT = {"from": "2026-11-20T20:00:00Z", "to": "2026-11-21T04:00:00Z"}


def by_chat_alone(text: str) -> str:
    """Let everybody who has a chat be reached by nothing else."""
    lines = text.splitlines()
    chats = 'contact = [{via = "telegram"}'
    return "\n".join(f"{chats}]" if one.startswith(chats) else one for one in lines)


async def on_call(night: Night) -> list[str]:
    answer = await night.client.get("/api/v1/on-call", params={"rotation": "weekend"})
    return list(answer.json()[0]["people"])


async def test_who_leaves_in_their_turn_is_passed_over_and_the_next_level_is_paged(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        leaves(night, "sara")
        assert await on_call(night) == ["sara"]
        number = await night.report("friday-night")
        await night.phone("reza").expect_telegram("#128")
        lines = (await night.issue(number))["timeline"]
        (empty,) = (line for line in lines if line["reason"] == "level_empty")
        assert empty["detail"].startswith("nobody is on call: rotation:weekend")


async def test_an_override_for_somebody_who_has_left_leaves_who_stands_beneath(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        path = "/api/v1/rotations/weekend/overrides"
        answer = await night.post(path, {"person": "omid"} | TONIGHT)
        assert answer.status_code == 201, answer.text
        night.phone("omid").drop()
        (left,) = leaves(night, "omid").left
        assert "puts omid on call, who is not in the file any more" in left
        assert await on_call(night) == ["sara"]
        await night.settle()
        night.phone("sara").drop()  # what changed for her
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")


async def test_who_leaves_while_they_are_paged_is_not_waited_for(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        leaves(night, "sara")
        await night.settle()
        await night.phone("reza").expect_telegram("#128")


async def test_an_owner_who_has_left_keeps_no_customer_waiting(database_url: str):
    async with Night(database_url, change=by_chat_alone) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("1").expect_telegram("128")
        leaves(night, "sara")
        said = {"direction": "in", "text": "is anybody there?"}
        path = f"/api/v1/issues/{number}/messages"
        assert (await night.post(path, said)).status_code == 201
        await night.turn(minutes=14, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("reza").expect_telegram("#128")
        lines = (await night.issue(number))["timeline"]
        (lost,) = (line for line in lines if line["reason"] == "owner_unreachable")
        assert lost["detail"] == "the customer waits and sara cannot be reminded"


async def test_the_alarm_rings_though_the_last_resort_has_left(database_url: str):
    async with Watch() as watch:

        def change(text: str) -> str:
            last = 'last_resort = ["group:leadership"]'
            text = text.replace(
                last, 'last_resort = ["group:leadership", "rotation:weekend"]'
            )
            return watched_by(watch)(text)

        async with Night(database_url, change=change) as night:
            leaves(night, "sara")
            night.twilio.fail(*[bad_gateway()] * 50)
            await night.report("flowers")
            await night.turn(minutes=2, seconds=50)
            assert "sms is failing" in watch.alarms
            for person in night.service.house.config.people:
                night.phone(person).drop()


class Dark(House):
    """Nobody can be seen in it."""

    @override
    def view(self, tx: Tx, now: datetime) -> View:
        raise LookupError


async def test_an_issue_that_cannot_be_decided_rings_the_alarm_once_a_minute(
    database_url: str,
):
    async with Watch() as watch, Night(database_url, change=by_chat_alone) as night:
        for _ in range(2):
            await night.report("friday-night")
            await night.phone("sara").expect_telegram("#")
        service, now = night.service, night.clock.now()
        alarms = Alarms(alarm_url=f"{watch.url}/alarm", heartbeat_url="")
        dark = Dark(service.house.config, service.house.vias)
        escalator = Escalator(service.database, dark, alarms)
        for _ in range(2):
            due = await escalator.next_due()
            assert due is not None
            assert due > now
            now = due
            await escalator.tick(now)
            await escalator.tick(now)
        assert watch.alarms == ["issues could not be decided"] * 2
        assert now == due
        await night.turn(minutes=7)
        await night.phone("reza").expect_telegram("#").expect_telegram("#")


async def test_a_delivery_that_cannot_even_be_shown_is_tried_again_and_ends_nothing(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        await api.bank_posts(b'{"ref": "A-1", "text": "card swallowed"}')
        service = api.service
        dark = Dark(service.house.config, service.house.vias)
        reader = Reader(service.database, dark, {}, ParsedHere())
        for _ in range(6):
            due = await reader.next_due()
            assert due is not None
            await reader.tick(due)
        (kept,) = await api.deliveries()
        assert kept["read_at"] is None
        due = await reader.next_due()
        assert due is not None
        lit = Reader(service.database, service.house, {}, ParsedHere())
        await lit.tick(due)
        (shown,) = await api.deliveries()
        assert shown["verdict"] == "unparsed"
