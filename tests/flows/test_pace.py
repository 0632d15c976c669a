"""No chat and no provider is given more than it takes, and nothing is lost by waiting."""

from oncall.config.example import render
from support.night import Night


async def test_a_chat_gets_a_few_at_once_and_the_rest_one_a_second(database_url: str):
    async with Night(database_url) as night:
        omid = night.phone("omid")
        for place in range(13):  # bad news is never bundled
            await night.report("prize", external_id=str(place))
        at_once = len(omid.unread())
        assert at_once < 13
        await night.turn(seconds=13 - at_once)
        assert len(omid.unread()) == 13
        for _ in range(13):
            await omid.expect_telegram("خبر بد")
        await night.turn(seconds=20)
        for person in ("sara", "nina"):  # the pages themselves, and the other leader
            night.phone(person).drop()


def test_the_example_says_what_telegram_takes():
    assert "# per_second = 30" in render()
