"""The composition root: the only place that names providers and the database."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import urlsplit

from fastapi import FastAPI

from integrations.apprise.channel import AppriseChannel
from integrations.asking.kinds import ASKINGS
from integrations.asking.product import ProductSource
from integrations.console.phones import ConsolePhones
from integrations.contract import Channel, Webhook
from integrations.email.answer import EmailAnswers
from integrations.email.channel import EmailChannel
from integrations.email.server import MailServer
from integrations.errors import ChannelError
from integrations.intake.asking import Askable
from integrations.intake.kinds import LETTERS, TEXTS
from integrations.intake.kinds import source as intake_source
from integrations.intake.reply import Account as CustomersAccount
from integrations.reply.channel import replies
from integrations.reply.kinds import APIS
from integrations.telegram.bot import CUSTOMERS_UPDATES, TelegramBot
from integrations.telegram.webhook import TelegramWebhook, read, secrets_of
from integrations.twilio.account import Account
from integrations.twilio.sms import TwilioSms
from integrations.twilio.voice import TwilioVoice
from integrations.twilio.webhooks import SmsWebhook, StatusWebhook, VoiceWebhook
from integrations.twilio.whatsapp import TwilioWhatsApp
from oncall.actions.adopt import adopt, foreseen
from oncall.actions.calendar import Calendars
from oncall.actions.house import House
from oncall.actions.inbox import Chat, Inbox
from oncall.actions.sources import ConfiguredSource, Sources
from oncall.clock import Clock, Steps, SystemClock
from oncall.config import answers
from oncall.config.schema.integrations import Updates
from oncall.config.values import Config, Email, IntakeSource, Secret, Twilio
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
from oncall.engine.limits import Limit
from oncall.engine.poller import Poller, for_customers, for_responders
from oncall.engine.porter import Porter
from oncall.engine.postman import Postman
from oncall.engine.reader import Reader
from oncall.engine.spotter import Spotter
from oncall.engine.to_customers import ToCustomers
from oncall.engine.watchdog import Watchdog
from oncall.model import Via
from oncall.store import Database, Tx
from oncall.store.listener import Listener
from oncall.store.migrate import upgrade
from oncall.store.sole import Sole, lock_of
from oncall.web.app import create_app
from oncall.web.parts import Parts
from rotations.preview import Change

TELEGRAM = "https://api.telegram.org"
TELEGRAM_POLLER = 0x7E1E
"""The lock that the one node holds that asks Telegram for updates."""
SIMULATED = tuple(via for via in Via if via is not Via.SOURCE)
BOT_NAME_WITHIN_S = 3


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
                url = _posted_to(self.config, name)
                secret = _secret_of(self.config.intake[name]).reveal()
                await bot.set_webhook(url=url, secret_token=secret)

    async def close(self) -> None:
        """Let go of providers and of the database."""
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


def channels_of(
    config: Config, *, clock: Clock, print_pages: Callable[[str], None] | None = None
) -> Mapping[Via, Channel]:
    """Return a channel for each contact method, for a command without a service."""
    phones = ConsolePhones(now=clock.now, write=print_pages) if config.console else None
    return _channels(config, _bot(config), phones, clock)


async def bot_name(config: Config) -> str:
    """Return the Telegram bot's user name; empty when it cannot be had in time."""
    bot = _bot(config)
    if bot is None:
        return ""
    try:
        async with asyncio.timeout(BOT_NAME_WITHIN_S):
            return await bot.me()
    except (ChannelError, TimeoutError):
        return ""
    finally:
        await bot.close()


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
    bot = _bot(config)
    channels = _channels(config, bot, phones, clock)
    database = open_database(config)
    adopted_at = clock.now()
    database.write_now(lambda tx: adopt(tx, config, adopted_at))
    house = House(config, channels)
    sources = sources_of(config)
    customers_bots = dict(_customers_bots(config))
    inbox = Inbox(
        database=database,
        house=house,
        clock=clock,
        chats=_chats(bot, phones),
        sources=sources,
    )
    parts = Parts(
        database=database,
        house=house,
        inbox=inbox,
        clock=clock,
        calendars=Calendars(),
        webhooks=_webhooks(config),
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
        engine=_engine(
            config,
            database,
            house,
            channels,
            clock,
            inbox=inbox,
            bot=bot,
            customers_bots=customers_bots,
            sources=sources,
        ),
        app=create_app(parts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What a reload did: `waits` for a restart, and whose shifts `changes`."""

    waits: tuple[str, ...]
    changes: tuple[Change, ...]


def reload(service: Service, config: Config) -> Reloaded:
    """Let another configuration be in force. Raises StoreUnavailable: nothing is then.

    People, policies, routes and tokens change at once; a changed rotation does when
    its shift under way ends. An issue keeps the policy it was opened with.
    """
    now = service.clock.now()

    def work(tx: Tx) -> tuple[Change, ...]:
        changes = foreseen(tx, config, now)
        adopt(tx, config, now)
        return changes

    changes = service.database.write_now(work)
    before = service.config
    waits = {
        "service.database": before.service.database != config.service.database,
        "integrations.twilio": before.twilio != config.twilio,
        "integrations.telegram": before.telegram != config.telegram,
        "integrations.email": before.email != config.email,
        "integrations.apprise": before.apprise != config.apprise,
        "integrations.console": before.console != config.console,
        "integrations.intake": _written_to(before) != _written_to(config),
    }
    service.house.move_in(config, service.channels)
    service.engine.poke()
    waiting = tuple(path for path, changed in waits.items() if changed)
    return Reloaded(waits=waiting, changes=changes)


def _limits(config: Config) -> dict[Via, Limit]:
    """Return what each provider takes, on this node."""
    limits: dict[Via, Limit] = {}
    if config.telegram is not None:
        limits[Via.TELEGRAM] = Limit(
            per_second=config.telegram.per_second, per_address=config.telegram.per_chat
        )
    if config.twilio is not None and config.twilio.per_second is not None:
        limits[Via.SMS] = Limit(per_second=config.twilio.per_second)
    return limits


def _bot(config: Config) -> TelegramBot | None:
    if config.telegram is None:
        return None
    return TelegramBot(
        token=config.telegram.token.reveal(), api_url=config.telegram.api_url
    )


def _channels(
    config: Config,
    bot: TelegramBot | None,
    phones: ConsolePhones | None,
    clock: Clock,
) -> dict[Via, Channel]:
    """Return a channel for each contact method; simulated phones fill the gaps."""
    channels: dict[Via, Channel] = {}
    if phones is not None:
        channels |= {via: phones.channel(via) for via in SIMULATED}
    if config.twilio is not None:
        channels |= _twilio(config.twilio, config.service.url)
    if bot is not None:
        channels[Via.TELEGRAM] = bot
    if config.apprise:
        urls = {name: url.reveal() for name, url in config.apprise.items()}
        channels[Via.APPRISE] = AppriseChannel(urls)
    if config.email is not None:
        channels[Via.EMAIL] = EmailChannel(
            _mail_server(config.email), sender=config.email.sender, now=clock.now
        )
    sources = _answered_through(config, channels, clock)
    if sources:
        channels[Via.SOURCE] = ToCustomers(sources, now=clock.now)
    return channels


def _mail_server(email: Email) -> MailServer:
    return MailServer(
        host=email.host,
        port=email.port,
        username=email.username,
        password=email.password.reveal(),
        security=email.security,
    )


def _answered_through(
    config: Config, channels: Mapping[Via, Channel], clock: Clock
) -> dict[str, Channel]:
    """Return the way back to customers by the name of each source that has one."""
    texts = {"sms": Via.SMS, "twilio-whatsapp": Via.WHATSAPP}
    sources: dict[str, Channel] = {}
    for name in (*config.intake, *config.mailboxes, *config.mail_listeners, *texts):
        kind = answers.kind_of(config, name)
        if answers.why_not(config, name):
            continue
        if kind in APIS:
            sources[name] = _replies(config.intake[name])
        elif kind in texts:
            sources[name] = channels[texts[kind]]
        elif config.email is not None:
            sources[name] = EmailAnswers(
                _mail_server(config.email), sender=config.email.sender, now=clock.now
            )
    return sources


def _replies(source: IntakeSource) -> Channel:
    api = APIS[source.kind]
    token = source.api_token.reveal() if source.api_token else ""
    url = source.api_url or api.home
    return replies(api, CustomersAccount(url=url, user=source.api_user, token=token))


def _twilio(twilio: Twilio, service_url: str) -> dict[Via, Channel]:
    """Return what the account can do: call only with a number, WhatsApp when told."""
    account = Account(
        sid=twilio.account_sid,
        auth_token=twilio.auth_token.reveal(),
        api_url=twilio.api_url,
    )
    status_url = f"{service_url}{StatusWebhook.path}"
    channels: dict[Via, Channel] = {
        Via.SMS: TwilioSms(
            account,
            sender=twilio.sender,
            messaging_service=twilio.messaging_service,
            status_url=status_url,
        )
    }
    if twilio.caller:
        channels[Via.VOICE] = TwilioVoice(
            account,
            caller=twilio.caller,
            answer_url=f"{service_url}{VoiceWebhook.path}",
            status_url=status_url,
        )
    if twilio.whatsapp_sender:
        channels[Via.WHATSAPP] = TwilioWhatsApp(
            account, sender=twilio.whatsapp_sender, status_url=status_url
        )
    return channels


def sources_of(config: Config) -> Sources:
    """Return where customers write, by the name in the address."""
    called = {
        name: ConfiguredSource(
            name=name,
            product=intake_source(found.kind, name=name, mapping=found.mapping),
            secret=_secret_of(found),
            askable=_askable(found),
        )
        for name, found in config.intake.items()
    }
    return _texts(config) | _letters(config) | called


def _secret_of(source: IntakeSource) -> Secret:
    """Return what a source's product proves itself by; a bot's comes from its token."""
    if source.secret is not None:
        return source.secret
    token = source.api_token or Secret("")
    return Secret(secrets_of(token.reveal())[1])


def _askable(source: IntakeSource) -> Askable | None:
    """Return how a product is asked for the rest, if it can be and we may."""
    asking = ASKINGS.get(source.kind)
    url = source.api_url or (asking.home if asking else "")
    if asking is None or source.api_token is None or not url:
        return None
    token = source.api_token.reveal()
    account = CustomersAccount(url=url, user=source.api_user, token=token)
    return Askable(asking=asking, account=account)


def _posted_to(config: Config, source: str) -> str:
    return f"{config.service.url}/intake/{source}"


def _letters(config: Config) -> dict[str, ConfiguredSource]:
    """Return where customers' letters come from. Nobody signs them."""
    kinds = dict.fromkeys(config.mailboxes, "imap") | {
        name: listener.kind for name, listener in config.mail_listeners.items()
    }
    return {
        name: ConfiguredSource(name=name, product=LETTERS[kind], secret=Secret(""))
        for name, kind in kinds.items()
    }


def _written_to(config: Config) -> tuple[object, ...]:
    return config.intake, config.mailboxes, config.mail_listeners


def _texts(config: Config) -> dict[str, ConfiguredSource]:
    """Return what strangers write to our own number."""
    if config.twilio is None:
        return {}
    return {
        kind: ConfiguredSource(
            name=kind, product=product, secret=config.twilio.auth_token
        )
        for kind, product in TEXTS.items()
    }


def _chats(bot: TelegramBot | None, phones: ConsolePhones | None) -> dict[str, Chat]:
    if bot is not None:
        return {Via.TELEGRAM: bot}
    if phones is not None:
        return {Via.TELEGRAM: phones.channel(Via.TELEGRAM)}
    return {}


def _webhooks(config: Config) -> tuple[Webhook, ...]:
    webhooks: list[Webhook] = []
    if config.twilio is not None:
        token = config.twilio.auth_token.reveal()
        url = f"{config.service.url}{VoiceWebhook.path}"
        webhooks += [
            SmsWebhook(auth_token=token),
            VoiceWebhook(auth_token=token, url=url),
            StatusWebhook(auth_token=token),
        ]
    if config.telegram is not None:
        webhooks.append(TelegramWebhook(token=config.telegram.token.reveal()))
    return tuple(webhooks)


def _engine(
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
) -> Engine:
    node = f"{socket.gethostname()}:{os.getpid()}"
    alarms = Alarms(
        alarm_url=config.service.alarm_url, heartbeat_url=config.service.heartbeat_url
    )
    sides: list[SideTask] = [Listener(database)] if database.shared else []
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
            database, house, channels, clock, alarms, _limits(config)
        ),
        workers=[
            Escalator(database, house),
            Reader(database, house, sources),
            Asker(database, sources, ProductSource()),
            Incidents(database, house),
            Spotter(database, house),
            Janitor(database),
            Importer(database, house),
            Announcer(database, house),
            Watchdog(
                database,
                node=node,
                release=version("customer-oncall"),
                alarms=alarms,
                steps=Steps() if isinstance(clock, SystemClock) else None,
            ),
        ],
        side_tasks=sides,
    )


def _customers_bots(config: Config) -> Iterator[tuple[str, TelegramBot]]:
    """Yield the bots that customers write to, and whose updates we look after."""
    for name, source in config.intake.items():
        if source.updates and source.api_token is not None:
            yield (
                name,
                TelegramBot(
                    token=source.api_token.reveal(),
                    api_url=source.api_url or TELEGRAM,
                    allowed=CUSTOMERS_UPDATES,
                ),
            )


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
                database, sources[name], clock, url=_posted_to(config, name)
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
