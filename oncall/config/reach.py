"""Whether people can be paged, and can answer, with what is configured."""

from collections.abc import Collection, Iterator

from escalation_policies.policy import TargetKind
from oncall.config.phones import calling_code
from oncall.config.two_way_sms import ONE_WAY
from oncall.config.values import Config
from oncall.errors import Problem
from oncall.model import Person, Via


def unreached(config: Config) -> Iterator[Problem]:
    """Yield a warning for everybody whom no page reaches, or who cannot answer one."""
    carried = carried_vias(config)
    lost: set[str] = set()
    for person in config.people.values():
        usable = [
            via
            for via in _vias(person)
            if _why_not(config, person, via, carried) is None
        ]
        if not usable:
            lost.add(person.id)
            yield _unreachable(config, person, carried)
        elif set(usable) == {Via.SMS} and is_one_way(config, person):
            why = "answers from that country do not arrive"
            if _by_name(config):
                why = "a sender that is a name takes no answers"
            yield config.warning(
                ("people", person.id),
                f"gets pages by SMS only, and {why}",
                "add telegram or voice to the ladder",
            )
    yield from _last_resort(config, lost)


def _last_resort(config: Config, lost: Collection[str]) -> Iterator[Problem]:
    """Tell when the last resort is nobody but people whom nothing reaches."""
    meant: set[str] = set()
    for target in config.service.last_resort:
        if target.kind is TargetKind.ROTATION:  # whose turn it will be is not known
            return
        meant |= {*config.groups.get(target.name, (target.name,))}
    if meant <= set(lost):
        yield config.warning(
            ("service", "last_resort"),
            "nobody of it can be reached: nobody is paged when the levels have run out",
            "add somebody who has a contact method that is carried",
        )


def carried_vias(config: Config) -> frozenset[Via]:
    """Return the contact methods that something carries."""
    if config.console:
        return frozenset(Via) - {Via.SOURCE}
    carried: set[Via] = set()
    if config.twilio:
        carried.add(Via.SMS)
        if config.twilio.caller:
            carried.add(Via.VOICE)
        if config.twilio.whatsapp_sender:
            carried.add(Via.WHATSAPP)
    if config.telegram:
        carried.add(Via.TELEGRAM)
    if config.email:
        carried.add(Via.EMAIL)
    if config.apprise:
        carried.add(Via.APPRISE)
    return frozenset(carried)


def _vias(person: Person) -> list[Via]:
    return [step.via for step in person.contact]


def _why_not(
    config: Config, person: Person, via: Via, carried: frozenset[Via]
) -> str | None:
    """Return why a contact method cannot be used, None when it can."""
    if via not in carried:
        return f"nothing carries {via}"
    if via is Via.APPRISE and person.id not in config.apprise:
        return f"there is no [integrations.apprise.{person.id}]"
    if via is Via.TELEGRAM and person.telegram is None:
        return "no Telegram account is known"
    return None


def _unreachable(config: Config, person: Person, carried: frozenset[Via]) -> Problem:
    reasons = [_why_not(config, person, via, carried) or "" for via in _vias(person)]
    hint = "add a contact method that is carried"
    if Via.TELEGRAM in carried:
        hint = f"add a phone, or link Telegram with `oncall link {person.id}`"
    why = "; ".join(dict.fromkeys(reasons))
    return config.warning(("people", person.id), f"cannot be reached: {why}", hint)


def is_one_way(config: Config, person: Person) -> bool:
    """Tell whether a person can be sent an SMS and can hardly answer one."""
    # The simulator's phones answer from everywhere.
    return (
        not config.console
        and person.phone is not None
        and (_by_name(config) or calling_code(person.phone) in ONE_WAY)
    )


def _by_name(config: Config) -> bool:
    """Tell whether texts come from a name, which nobody can answer."""
    sender = config.twilio.sender if config.twilio else ""
    return any(char.isalpha() for char in sender)
