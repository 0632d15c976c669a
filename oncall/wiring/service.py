"""The whole service: put together, and given another configuration."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI

from integrations.console.phones import ConsolePhones
from integrations.contract import Channel
from integrations.telegram.bot import TelegramBot
from integrations.telegram.webhook import secrets_of
from oncall.actions.adopt import adopt, foreseen, without_cover
from oncall.actions.calendar import Calendars
from oncall.actions.house import House
from oncall.actions.inbox import Inbox
from oncall.clock import Clock, SystemClock
from oncall.config.schema.integrations import Updates
from oncall.config.values import Config
from oncall.engine.engine import Engine
from oncall.engine.parsing import ParsingProcess
from oncall.model import Via
from oncall.store import Database, Tx
from oncall.store.migrate import upgrade
from oncall.web.app import create_app
from oncall.web.parts import Parts
from oncall.wiring.loops import engine_of
from oncall.wiring.providers import (
    bot_of,
    bots_of_customers,
    chats_of,
    make_channels,
    webhooks_of,
)
from oncall.wiring.sources import posted_to, secret_of, sources_of, written_to
from rotations.preview import Change


@dataclass(frozen=True, kw_only=True)
class Service:
    """The whole service, put together and not yet running."""

    config: Config
    clock: Clock
    database: Database
    house: House
    inbox: Inbox
    channels: Mapping[Via, Channel]
    phones: ConsolePhones | None
    bot: TelegramBot | None
    customers_bots: Mapping[str, TelegramBot]
    engine: Engine
    parsing: ParsingProcess
    app: FastAPI

    async def open(self) -> None:
        """Tell providers where to call us."""
        telegram = self.config.telegram
        if self.bot and telegram and telegram.webhook:
            path, header = secrets_of(telegram.token.reveal())
            url = f"{self.config.service.url}/telegram/{path}"
            await self.bot.set_webhook(url=url, secret_token=header)
        for name, bot in self.customers_bots.items():
            if self.config.intake[name].updates == Updates.WEBHOOK:
                url = posted_to(self.config, name)
                secret = secret_of(self.config.intake[name]).reveal()
                await bot.set_webhook(url=url, secret_token=secret)

    async def close(self) -> None:
        """Let go of providers, of the process that parses, and of the database."""
        await self.parsing.close()
        for channel in self.channels.values():
            await channel.close()
        for bot in self.customers_bots.values():
            await bot.close()
        self.database.close()


def open_database(config: Config) -> Database:
    """Open the configured database at its newest schema."""
    database = Database(config.service.database.reveal())
    upgrade(database)
    return database


def build(
    config: Config,
    *,
    tzdata: str,
    clock: Clock | None = None,
    print_pages: Callable[[str], None] | None = None,
    turn_clock: Callable[[float], Awaitable[None]] | None = None,
) -> Service:
    """Put a service together over its database, which is brought up to date."""
    clock = clock or SystemClock()
    phones = ConsolePhones(now=clock.now, write=print_pages) if config.console else None
    bot = bot_of(config)
    channels = make_channels(config, bot, phones, clock)
    database = open_database(config)
    adopted_at = clock.now()
    database.write_now(lambda tx: adopt(tx, config, adopted_at))
    house = House(config, channels)
    sources = sources_of(config)
    customers_bots = dict(bots_of_customers(config))
    parsing = ParsingProcess()
    inbox = Inbox(
        database=database,
        house=house,
        clock=clock,
        chats=chats_of(bot, phones),
        sources=sources,
    )
    parts = Parts(
        database=database,
        house=house,
        inbox=inbox,
        clock=clock,
        calendars=Calendars(),
        webhooks=webhooks_of(config),
        sources=sources,
        phones=phones,
        turn_clock=turn_clock,
        tzdata=tzdata,
    )
    return Service(
        config=config,
        clock=clock,
        database=database,
        house=house,
        inbox=inbox,
        channels=channels,
        phones=phones,
        bot=bot,
        customers_bots=customers_bots,
        engine=engine_of(
            config,
            database,
            house,
            channels,
            clock,
            inbox=inbox,
            bot=bot,
            customers_bots=customers_bots,
            sources=sources,
            parsers=parsing,
        ),
        parsing=parsing,
        app=create_app(parts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What a reload did: `waits` for a restart, and whose shifts `changes`.

    `left` are overrides and swaps for people who are not in the file any more.
    """

    waits: tuple[str, ...]
    changes: tuple[Change, ...]
    left: tuple[str, ...] = ()


def reload(service: Service, config: Config) -> Reloaded:
    """Let another configuration be in force. Raises StoreUnavailable: nothing is then.

    People, policies, routes and tokens change at once; a changed rotation does when
    its shift under way ends. An issue keeps the policy it was opened with.
    """
    now = service.clock.now()

    def work(tx: Tx) -> tuple[tuple[Change, ...], tuple[str, ...]]:
        changes = foreseen(tx, config, now)
        adopt(tx, config, now)
        return changes, without_cover(tx, config, now)

    changes, left = service.database.write_now(work)
    before = service.config
    waits = {
        "service.database": before.service.database != config.service.database,
        "integrations.twilio": before.twilio != config.twilio,
        "integrations.telegram": before.telegram != config.telegram,
        "integrations.email": before.email != config.email,
        "integrations.apprise": before.apprise != config.apprise,
        "integrations.console": before.console != config.console,
        "integrations.intake": written_to(before) != written_to(config),
    }
    service.house.move_in(config, service.channels)
    service.engine.poke()
    waiting = tuple(path for path, changed in waits.items() if changed)
    return Reloaded(waits=waiting, changes=changes, left=left)
