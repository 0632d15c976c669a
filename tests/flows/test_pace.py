"""No chat and no provider is given more than it takes, and nothing is lost by waiting."""

from oncall.config.example import render
from support.night import Night


async def test_a_chat_gets_one_at_once_and_the_rest_one_a_second(database_url: str):
    async with Night(database_url, per_chat=1) as night:
        omid = night.phone("omid")
        for place in range(13):  # bad news is never bundled
            await night.report("prize", external_id=str(place))
        for seconds in range(1, 14):
            assert len(omid.unread()) == seconds
            await night.turn(seconds=1)
        for _ in range(13):
            await omid.expect_telegram("خبر بد")
        await night.turn(seconds=20)
        for person in ("sara", "nina"):  # the pages themselves, and the other leader
            night.phone(person).drop()


async def test_all_chats_together_get_no_more_in_a_second_than_telegram_takes(
    database_url: str,
):
    async with Night(database_url) as night:
        for place in range(20):  # to both leaders, of whom one has a chat, and to Sara
            await night.report("prize", external_id=str(place))
        assert len(night.telegram.messages) == 30
        await night.turn(milliseconds=999)
        assert len(night.telegram.messages) == 30
        await night.turn(milliseconds=1)
        assert len(night.telegram.messages) == 40
        await night.turn(seconds=20)
        for person in ("sara", "nina", "omid"):
            night.phone(person).drop()


def test_the_example_says_what_telegram_takes():
    assert "# per_second = 30" in render()
