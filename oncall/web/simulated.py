"""The phone simulator's page as values: everybody's phone, and what is going on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.contract import Button
from oncall.actions.house import View
from oncall.config.values import Config
from oncall.model import Issue, Language, Person, Status, Via
from oncall.store import Tx, issues
from oncall.web.phones import PhoneMessage
from rotations.coverage import OnCall

LABELS: Mapping[str, str] = {
    Via.TELEGRAM: "Telegram",
    Via.SMS: "SMS",
    Via.VOICE: "Call",
    Via.WHATSAPP: "WhatsApp",
    Via.EMAIL: "E-mail",
    Via.APPRISE: "Apprise",
    Via.CONSOLE: "Console",
}
LANGUAGES = {
    Language.ENGLISH: "English",
    Language.PERSIAN: "فارسی",
    Language.ARABIC: "العربية",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant as somebody's own clock shows it; `whole` leaves nothing out."""

    iso: str
    short: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A message as its phone shows it; `answer` when the person wrote it."""

    id: int
    via: str
    label: str
    text: str
    at: Moment
    answer: bool
    edited: bool
    buttons: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A person's phone. `replies` are the methods they can write back by.

    `last` is the one of these that was used last, the first one before that.
    """

    person: str
    name: str
    language: Language
    language_name: str
    zone: str
    duties: tuple[str, ...]
    bubbles: tuple[Bubble, ...]
    replies: tuple[tuple[Via, str], ...]
    last: Via | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who has a rotation now, by name, and until when (None: for a year at least)."""

    title: str
    people: tuple[str, ...]
    until: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that the page shows at one instant. `issues` are (issue, owner's name)."""

    service: str
    zone: str
    clock: Moment
    issues: tuple[tuple[Issue, str], ...]
    watches: tuple[Watch, ...]
    phones: tuple[Phone, ...]


def answerable(config: Config) -> tuple[Via, ...]:
    """Return the methods to write back by here; what is real is answered for real."""
    real = {Via.SMS: config.twilio, Via.TELEGRAM: config.telegram}
    return tuple(via for via, provider in real.items() if provider is None)


def board(tx: Tx, view: View, now: datetime, messages: Sequence[PhoneMessage]) -> Board:
    """Return what is to be shown; `messages` are those of all phones, oldest first."""
    service = view.config.service
    on_call = {
        rotation: view.roster.who_is_on_call(rotation, now)
        for rotation in view.roster.rotations
    }
    return Board(
        service=service.name,
        zone=service.zone.key,
        clock=_moment(now, service.zone, now),
        issues=tuple((each, view.name_of(each.owner)) for each in _unfinished(tx)),
        watches=tuple(
            _watch(view, rotation, found, now) for rotation, found in on_call.items()
        ),
        phones=tuple(
            _phone(view, person, _duties(view, person, on_call), messages, now)
            for person in view.config.people.values()
        ),
    )


def _watch(view: View, rotation: str, found: OnCall, now: datetime) -> Watch:
    zone = view.config.service.zone
    return Watch(
        title=_title(view, rotation),
        people=tuple(view.name_of(person) for person in found.people),
        until=None if found.until is None else _moment(found.until, zone, now),
    )


def _duties(
    view: View, person: Person, on_call: Mapping[str, OnCall]
) -> tuple[str, ...]:
    return tuple(
        _title(view, rotation)
        for rotation, found in on_call.items()
        if person.id in found.people
    )


def _title(view: View, rotation: str) -> str:
    return view.roster.rotations[rotation].title or rotation


def _unfinished(tx: Tx) -> list[Issue]:
    """Return what is not finished, the worst first, then the newest."""
    found = [
        issue
        for status in (Status.OPEN, Status.ACKNOWLEDGED)
        for issue in issues.listed(tx, status=status)
    ]
    return sorted(found, key=lambda issue: (-issue.severity.rank, -issue.number))


def _phone(
    view: View,
    person: Person,
    duties: tuple[str, ...],
    messages: Sequence[PhoneMessage],
    now: datetime,
) -> Phone:
    addresses = {via: view.address(person, via) for via in Via}
    bubbles = tuple(
        _bubble(message, person.zone, now)
        for message in messages
        if addresses.get(Via(message.via)) == message.address
    )
    replies = [via for via in answerable(view.config) if addresses[via] is not None]
    return Phone(
        person=person.id,
        name=person.name,
        language=person.language,
        language_name=LANGUAGES[person.language],
        zone=person.zone.key,
        duties=duties,
        bubbles=bubbles,
        replies=tuple((via, LABELS[via]) for via in replies),
        last=next(_used(replies, bubbles), None),
    )


def _used(replies: Sequence[Via], bubbles: Sequence[Bubble]) -> Iterator[Via]:
    """Yield the methods to write back by, the last used first."""
    for bubble in reversed(bubbles):
        if bubble.via in replies:
            yield Via(bubble.via)
    yield from replies


def _bubble(message: PhoneMessage, zone: ZoneInfo, now: datetime) -> Bubble:
    return Bubble(
        id=message.id,
        via=message.via,
        label=LABELS[message.via],
        text=message.text,
        at=_moment(message.at, zone, now),
        answer=message.answer,
        edited=message.edited_at is not None,
        buttons=message.buttons,
    )


def _moment(at: datetime, zone: ZoneInfo, now: datetime) -> Moment:
    """Write an instant by the clock of `zone`, with the day when it is not today."""
    local = at.astimezone(zone)
    today = local.date() == now.astimezone(zone).date()
    return Moment(
        iso=local.isoformat(timespec="seconds"),
        short=f"{local:%H:%M}" if today else f"{local:%a} {local.day} {local:%b %H:%M}",
        whole=f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S}",
    )
