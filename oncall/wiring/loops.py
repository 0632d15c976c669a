"""The engine's parts: what works, and what listens."""

import os
import socket
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from urllib.parse import urlsplit

from integrations.asking.product import ProductSource
from integrations.contract import Channel
from integrations.telegram.bot import TelegramBot
from integrations.telegram.webhook import read
from oncall.actions.house import House
from oncall.actions.inbox import Inbox
from oncall.actions.sources import Sources
from oncall.clock import Clock, Steps, SystemClock
from oncall.config.schema.integrations import Updates
from oncall.config.values import Config
from oncall.engine.alarms import Alarms
from oncall.engine.announcer import Announcer
from oncall.engine.asker import Asker
from oncall.engine.dispatcher import Dispatcher
from oncall.engine.engine import Engine, SideTask
from oncall.engine.escalator import Escalator
from oncall.engine.importer import Importer
from oncall.engine.incidents import Incidents
from oncall.engine.janitor import Janitor
from oncall.engine.letters import Letters
from oncall.engine.parsing import Parsers
from oncall.engine.poller import Poller, for_customers, for_responders
from oncall.engine.porter import Porter
from oncall.engine.postman import Postman
from oncall.engine.pruner import Pruner
from oncall.engine.reader import Reader
from oncall.engine.spotter import Spotter
from oncall.engine.watchdog import Watchdog
from oncall.model import Via
from oncall.store import Database
from oncall.store.sole import Sole, lock_of
from oncall.wiring.providers import limits_of
from oncall.wiring.sources import posted_to

TELEGRAM_POLLER = 0x7E1E
"""The lock that the one node holds that asks Telegram for updates."""


def engine_of(
    config: Config,
    database: Database,
    house: House,
    channels: Mapping[Via, Channel],
    clock: Clock,
    *,
    inbox: Inbox,
    bot: TelegramBot | None,
    customers_bots: Mapping[str, TelegramBot],
    sources: Sources,
    parsers: Parsers,
) -> Engine:
    """Return the engine with all that works and listens, not yet running."""
    node = f"{socket.gethostname()}:{os.getpid()}"
    alarms = Alarms(
        alarm_url=config.service.alarm_url, heartbeat_url=config.service.heartbeat_url
    )
    sides: list[SideTask] = [*_listeners(database)]
    if bot is not None and config.telegram and not config.telegram.webhook:
        sole = Sole(database, TELEGRAM_POLLER)
        sides.append(Poller(bot=bot, take=for_responders(inbox, read), sole=sole))
    sides += _pollers(config, customers_bots, database, sources, clock)
    sides += _postmen(config, database, sources, clock)
    sides += _porters(config, database, sources, clock)
    return Engine(
        database=database,
        clock=clock,
        dispatcher=Dispatcher(
            database,
            house,
            channels,
            clock,
            alarms,
            limits_of(config),
            alone=not database.shared,
        ),
        workers=[
            Escalator(database, house, alarms),
            Reader(database, house, sources, parsers),
            Asker(database, sources, ProductSource(), parsers),
            Incidents(database, house),
            Spotter(database, house),
            Janitor(database),
            Pruner(database, house),
            Importer(database, house),
            Announcer(database, house),
            Watchdog(
                database,
                house,
                node=node,
                release=version("customer-oncall"),
                alarms=alarms,
                steps=Steps() if isinstance(clock, SystemClock) else None,
            ),
        ],
        side_tasks=sides,
    )


def _listeners(database: Database) -> Iterator[SideTask]:
    """Yield who hears other nodes, where there may be some."""
    if database.shared:
        from oncall.store.listener import Listener  # noqa: PLC0415 (its driver is slow)

        yield Listener(database)


def _pollers(
    config: Config,
    bots: Mapping[str, TelegramBot],
    database: Database,
    sources: Sources,
    clock: Clock,
) -> Iterator[Poller]:
    """Yield who fetches what customers write to their bots."""
    for name, bot in bots.items():
        if config.intake[name].updates == Updates.POLLING:
            take = for_customers(
                database, sources[name], clock, url=posted_to(config, name)
            )
            sole = Sole(database, lock_of(f"bot {name}"))
            yield Poller(bot=bot, take=take, sole=sole, name=f"poller {name}")


def _postmen(
    config: Config, database: Database, sources: Sources, clock: Clock
) -> Iterator[Postman]:
    """Return who empties each mailbox. Its library is there for those who asked."""
    for name, mailbox in config.mailboxes.items():
        from integrations.imap.mailbox import ImapMailbox, Place  # noqa: PLC0415

        place = Place(
            host=mailbox.host,
            port=mailbox.port,
            user=mailbox.user,
            password=mailbox.password.reveal(),
            folder=mailbox.folder,
            tls=mailbox.tls,
            done=mailbox.done,
            largest=mailbox.largest,
        )
        yield Postman(
            box=ImapMailbox(place),
            place=place.digest,
            letters=Letters(database, sources[name], clock),
            database=database,
            sole=Sole(database, lock_of(f"mailbox {name}")),
            clock=clock,
        )


def _porters(
    config: Config, database: Database, sources: Sources, clock: Clock
) -> Iterator[Porter]:
    """Return who lets letters in. The library is there for those who asked for it."""
    for name, listener in config.mail_listeners.items():
        from integrations.smtp.door import Door  # noqa: PLC0415

        door = Door(
            way=listener.kind,
            host=listener.host,
            port=listener.port,
            recipients=listener.recipients,
            largest=listener.largest,
            hostname=urlsplit(config.service.url).hostname or "localhost",
        )
        yield Porter(door, Letters(database, sources[name], clock))
