"""`[service]`, `[desk]`, `[people]`, `[groups]`."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Annotated

from pydantic import Field, PlainValidator, RootModel
from typing_extensions import override

from oncall.config import fields, phones, times
from oncall.config.findings import Fault
from oncall.config.schema.table import (
    Address,
    Hidden,
    HostName,
    Network,
    Reads,
    Some,
    Table,
    Text,
    Whom,
    Zone,
)
from oncall.config.values import Secret
from oncall.model import Language, Via
from rotations.week import Weekly

Days = Annotated[tuple[date, date], PlainValidator(times.days)]
Day = Annotated[date, PlainValidator(times.day)]
Weekend = Annotated[Weekly, PlainValidator(times.weekly)]
Hours = Annotated[tuple[time, time], PlainValidator(times.opening_hours)]


class ServiceTable(Table):
    """`[service]`."""

    name: Text = "Customer care"
    url: Address = "http://127.0.0.1:8000"
    timezone: Zone
    language: Reads = Language.ENGLISH
    database: Hidden = Secret("sqlite:///oncall.db")
    last_resort: Annotated[list[Whom], Some]
    alarm_url: Address | None = None
    heartbeat_url: Address | None = None
    keep: Annotated[timedelta, PlainValidator(times.retention)] | None = None
    hosts: list[HostName] = Field(default_factory=list)
    proxies: list[Network] = Field(default_factory=list)


class DeskTable(Table):
    """`[desk]`: when the care desk itself is open."""

    country: Annotated[str, PlainValidator(fields.country)] | None = None
    timezone: Zone | None = None
    open: Hours | None = None
    weekend: Annotated[list[Weekend], Some] | None = None
    holidays: bool = True
    closed: list[Days] = Field(default_factory=list)
    not_holidays: list[Day] = Field(default_factory=list)


class ContactTable(Table):
    """One step of a person's ladder."""

    via: Annotated[Via, PlainValidator(fields.choice(Via, but=(Via.SOURCE,)))]
    after: Annotated[timedelta, PlainValidator(times.duration)] = timedelta(0)


class PersonTable(Table):
    """`[people.NAME]`."""

    name: Text
    language: Reads | None = None
    timezone: Zone | None = None
    phone: Annotated[str, PlainValidator(phones.phone)] | None = None
    telegram: Annotated[int, PlainValidator(fields.telegram_id)] | None = None
    email: Annotated[str, PlainValidator(fields.email)] | None = None
    contact: Annotated[list[ContactTable], Some] | None = None

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when a step of the ladder lacks the address it goes to.

        A Telegram account may be linked later by a code, so it may be missing here.
        """
        needs = {
            **dict.fromkeys((Via.SMS, Via.VOICE, Via.WHATSAPP), "phone"),
            Via.EMAIL: "email",
        }
        for index, step in enumerate(self.contact or ()):
            key = needs.get(step.via)
            if key and getattr(self, key) is None:
                yield Fault(
                    at=("contact", index),
                    message=f"{step.via} needs an address",
                    hint=f"add `{key} = …` to this person, or take the step out",
                )


class Group(RootModel[Annotated[list[Text], Some]]):
    """One of `[groups]`: its people."""
