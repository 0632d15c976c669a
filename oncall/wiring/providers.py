"""Providers as channels: to people, and back to customers."""

import asyncio
from collections.abc import Callable, Iterator, Mapping

from integrations.apprise.channel import AppriseChannel
from integrations.console.phones import ConsolePhones
from integrations.contract import Channel, Webhook
from integrations.email.answer import EmailAnswers
from integrations.email.channel import EmailChannel
from integrations.email.server import MailServer
from integrations.errors import ChannelError
from integrations.intake.reply import Account as CustomersAccount
from integrations.reply.channel import replies
from integrations.reply.kinds import APIS
from integrations.telegram.bot import CUSTOMERS_UPDATES, TelegramBot
from integrations.telegram.webhook import TelegramWebhook
from integrations.twilio.account import Account
from integrations.twilio.sms import TwilioSms
from integrations.twilio.voice import TwilioVoice
from integrations.twilio.webhooks import SmsWebhook, StatusWebhook, VoiceWebhook
from integrations.twilio.whatsapp import TwilioWhatsApp
from oncall.actions.inbox import Chat
from oncall.clock import Clock
from oncall.config import answers
from oncall.config.values import Config, Email, IntakeSource, Twilio
from oncall.engine.limits import Limit
from oncall.engine.to_customers import ToCustomers
from oncall.model import Via

TELEGRAM = "https://api.telegram.org"
SIMULATED = tuple(via for via in Via if via is not Via.SOURCE)
BOT_NAME_WITHIN_S = 3


def channels_of(
    config: Config, *, clock: Clock, print_pages: Callable[[str], None] | None = None
) -> Mapping[Via, Channel]:
    """Return a channel for each contact method, for a command without a service."""
    phones = ConsolePhones(now=clock.now, write=print_pages) if config.console else None
    return make_channels(config, bot_of(config), phones, clock)


async def bot_name(config: Config) -> str:
    """Return the Telegram bot's user name; empty when it cannot be had in time."""
    bot = bot_of(config)
    if bot is None:
        return ""
    try:
        async with asyncio.timeout(BOT_NAME_WITHIN_S):
            return await bot.me()
    except (ChannelError, TimeoutError):
        return ""
    finally:
        await bot.close()


def bot_of(config: Config) -> TelegramBot | None:
    """Return the bot that responders talk to, if there is one."""
    if config.telegram is None:
        return None
    return TelegramBot(
        token=config.telegram.token.reveal(), api_url=config.telegram.api_url
    )


def make_channels(
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


def limits_of(config: Config) -> dict[Via, Limit]:
    """Return what each provider takes, on this node."""
    limits: dict[Via, Limit] = {}
    if config.telegram is not None:
        limits[Via.TELEGRAM] = Limit(
            per_second=config.telegram.per_second, per_address=config.telegram.per_chat
        )
    if config.twilio is not None and config.twilio.per_second is not None:
        limits[Via.SMS] = Limit(per_second=config.twilio.per_second)
    return limits


def chats_of(bot: TelegramBot | None, phones: ConsolePhones | None) -> dict[str, Chat]:
    """Return the channels whose messages have buttons and can be changed."""
    if bot is not None:
        return {Via.TELEGRAM: bot}
    if phones is not None:
        return {Via.TELEGRAM: phones.channel(Via.TELEGRAM)}
    return {}


def webhooks_of(config: Config) -> tuple[Webhook, ...]:
    """Return where providers call us."""
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


def bots_of_customers(config: Config) -> Iterator[tuple[str, TelegramBot]]:
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
