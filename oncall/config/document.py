"""The whole file as typed tables, each read for itself, so that all faults are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from oncall.config.findings import Findings, did_you_mean
from oncall.config.lines import Path
from oncall.config.schema.integrations import (
    AppriseTable,
    ConsoleTable,
    EmailTable,
    SourceTable,
    TelegramTable,
    TokenTable,
    TwilioTable,
)
from oncall.config.schema.mail import source_table
from oncall.config.schema.policies import (
    IncidentRuleTable,
    PolicyTable,
    RouteTable,
    SeverityRuleTable,
)
from oncall.config.schema.rotations import (
    AbsenceCalendarTable,
    AbsenceTable,
    RotationTable,
)
from oncall.config.schema.service import DeskTable, Group, PersonTable, ServiceTable
from oncall.config.shape import take, take_chosen, take_list, take_tables

_SECTIONS = (
    "service",
    "desk",
    "people",
    "groups",
    "rotations",
    "absences",
    "absence_calendars",
    "escalation_policies",
    "routes",
    "severity_rules",
    "incident_rules",
    "api",
    "integrations",
)
One = TypeVar("One", bound=BaseModel)
_NEEDED = ("service", "people", "escalation_policies", "routes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What of the file could be read. A table with a fault is missing.

    `route_count` is how many routes are written, readable or not.
    """

    service: ServiceTable | None
    desk: DeskTable | None
    people: Mapping[str, PersonTable]
    groups: Mapping[str, Group]
    rotations: Mapping[str, RotationTable]
    absences: Mapping[int, AbsenceTable]
    absence_calendars: Mapping[int, AbsenceCalendarTable]
    policies: Mapping[str, PolicyTable]
    routes: Mapping[int, RouteTable]
    route_count: int
    severity_rules: Mapping[int, SeverityRuleTable]
    incident_rules: Mapping[int, IncidentRuleTable]
    tokens: Mapping[str, TokenTable]
    twilio: TwilioTable | None
    telegram: TelegramTable | None
    email: EmailTable | None
    apprise: Mapping[str, AppriseTable]
    console: ConsoleTable | None
    intake: Mapping[str, SourceTable]


def read_document(raw: Mapping[str, object], findings: Findings) -> Document:
    """Read every section, noting all that is wrong in each."""
    top = _Section(raw, (), _SECTIONS, findings)
    for name in _NEEDED:
        if name not in raw:
            findings.error(
                (name,),
                f"the section [{name}] is missing",
                "`oncall init` writes an example of every section",
            )
        elif raw[name] in ({}, []):
            findings.error((name,), "is empty", "there must be at least one")
    api = top.section("api", ("tokens",))
    channels = top.section(
        "integrations",
        ("twilio", "telegram", "email", "apprise", "console", "intake"),
    )
    return Document(
        service=top.one(ServiceTable, "service"),
        desk=top.one(DeskTable, "desk"),
        people=top.named(PersonTable, "people"),
        groups=top.named(Group, "groups"),
        rotations=top.named(RotationTable, "rotations"),
        absences=top.listed(AbsenceTable, "absences"),
        absence_calendars=top.listed(AbsenceCalendarTable, "absence_calendars"),
        policies=top.named(PolicyTable, "escalation_policies"),
        routes=top.listed(RouteTable, "routes"),
        route_count=top.length("routes"),
        severity_rules=top.listed(SeverityRuleTable, "severity_rules"),
        incident_rules=top.listed(IncidentRuleTable, "incident_rules"),
        tokens=api.named(TokenTable, "tokens"),
        twilio=channels.one(TwilioTable, "twilio"),
        telegram=channels.one(TelegramTable, "telegram"),
        email=channels.one(EmailTable, "email"),
        apprise=channels.named(AppriseTable, "apprise"),
        console=channels.one(ConsoleTable, "console"),
        intake=channels.chosen(source_table, "intake"),
    )


class _Section:
    """A table that only holds other tables."""

    def __init__(
        self,
        raw: object,
        at: Path,
        keys: tuple[str, ...],
        findings: Findings,
    ) -> None:
        self._at = at
        self._findings = findings
        self._raw: Mapping[str, object] = {}
        if not isinstance(raw, dict):
            findings.error(at, "is not a section", f"write it as [{at[-1]}]")
            return
        self._raw = raw
        for key in sorted(raw.keys() - set(keys)):
            hint = did_you_mean(key, keys)
            findings.error((*at, key), "is an unknown section", hint)

    def section(self, key: str, keys: tuple[str, ...]) -> "_Section":
        """Return the section `key` inside this one; an empty one when it is not there."""
        return _Section(self._raw.get(key, {}), (*self._at, key), keys, self._findings)

    def one(self, kind: type[One], key: str) -> One | None:
        """Read the table `key`, if it is there."""
        if key not in self._raw:
            return None
        return take(kind, self._raw[key], (*self._at, key), self._findings)

    def named(self, kind: type[One], key: str) -> dict[str, One]:
        """Read the tables in `key` by name."""
        raw = self._raw.get(key, {})
        return take_tables(kind, raw, (*self._at, key), self._findings)

    def chosen(self, choose: Callable[[object], type[One]], key: str) -> dict[str, One]:
        """Read the tables in `key` by name, each as what it says it is."""
        raw = self._raw.get(key, {})
        return take_chosen(choose, raw, (*self._at, key), self._findings)

    def length(self, key: str) -> int:
        """Return how many elements the array `key` has."""
        raw = self._raw.get(key, [])
        return len(raw) if isinstance(raw, list) else 0

    def listed(self, kind: type[One], key: str) -> dict[int, One]:
        """Read the tables in the array `key` by index."""
        raw = self._raw.get(key, [])
        return take_list(kind, raw, (*self._at, key), self._findings)
