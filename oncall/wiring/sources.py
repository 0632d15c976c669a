"""Where customers write, as sources."""

from integrations.asking.kinds import ASKINGS
from integrations.intake.asking import Askable
from integrations.intake.kinds import LETTERS, TEXTS
from integrations.intake.kinds import source as intake_source
from integrations.intake.nothing import saying_why
from integrations.intake.reply import Account as CustomersAccount
from integrations.telegram.webhook import secrets_of
from oncall.actions.sources import ConfiguredSource, Sources
from oncall.config.values import Config, IntakeSource, Secret


def sources_of(config: Config) -> Sources:
    """Return where customers write, by the name in the address."""
    called = {
        name: ConfiguredSource(
            name=name,
            product=saying_why(
                intake_source(
                    found.kind, name=name, mapping=found.mapping, site=found.api_url
                )
            ),
            secret=secret_of(found),
            askable=_askable(found),
        )
        for name, found in config.intake.items()
    }
    return _texts(config) | _letters(config) | called


def secret_of(source: IntakeSource) -> Secret:
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


def _letters(config: Config) -> dict[str, ConfiguredSource]:
    """Return where customers' letters come from. Nobody signs them."""
    kinds = dict.fromkeys(config.mailboxes, "imap") | {
        name: listener.kind for name, listener in config.mail_listeners.items()
    }
    return {
        name: ConfiguredSource(name=name, product=LETTERS[kind], secret=Secret(""))
        for name, kind in kinds.items()
    }


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


def posted_to(config: Config, source: str) -> str:
    """Return the address at which a source's product calls us."""
    return f"{config.service.url}/intake/{source}"


def written_to(config: Config) -> tuple[object, ...]:
    """Return all that, when it changes, waits for a restart."""
    return config.intake, config.mailboxes, config.mail_listeners
