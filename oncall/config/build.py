"""The read tables put together: a Config, when nothing is wrong."""

from collections.abc import Mapping, Sequence

from escalation_policies.policy import Target, TargetKind
from oncall.config.access import Access
from oncall.config.desk import build_desk, weekend_taken
from oncall.config.document import Document
from oncall.config.exceptions import build_exceptions
from oncall.config.findings import Findings
from oncall.config.home import Home
from oncall.config.mail import build_listeners, build_mailboxes, products
from oncall.config.people import build_people
from oncall.config.policies import (
    build_incident_rules,
    build_policies,
    build_routes,
    build_severity_rules,
)
from oncall.config.schema.service import ServiceTable
from oncall.config.sources import check_sources
from oncall.config.turns import build_rotations
from oncall.config.values import Config, Secret, Service
from rotations.coverage import Roster

PUBLIC = frozenset({"account_sid"})
"""Kept like secrets, and none."""


def build(document: Document, access: Access, findings: Findings) -> Config | None:
    """Return the values; None when there is any error, all of them being noted.

    Everything is tried also when something is wrong, for the sake of the findings.
    """
    home = Home.of(document.service)
    service = _service(document.service, access, findings)
    people = build_people(document.people, home, findings)
    exceptions = build_exceptions(document.rotations, document.absences, home, findings)
    routes = build_routes(document.routes, document.route_count, findings)
    incident_rules = build_incident_rules(document.incident_rules, findings)
    tokens = access.tokens(document.tokens)
    twilio = access.twilio(document.twilio)
    telegram = access.telegram(document.telegram)
    email = access.email(document.email)
    intake = access.intake(products(document.intake))
    mailboxes = build_mailboxes(document.intake, access, findings)
    mail_listeners = build_listeners(document.intake, access, findings)
    letters = mailboxes.keys() | mail_listeners.keys()
    check_sources(intake, letters, twilio, telegram, findings)
    absence_calendars = access.absence_calendars(document.absence_calendars)
    apprise = access.apprise(document.apprise, document.people)
    _check_faulty_tables(access, findings)
    if service is None or findings.failed:
        return None
    return Config(
        path="",
        service=service,
        people=people,
        groups={name: tuple(group.root) for name, group in document.groups.items()},
        roster=Roster(
            rotations=build_rotations(document.rotations, home),
            desk=build_desk(document.desk, home),
            exceptions=exceptions,
        ),
        policies=build_policies(document.policies, service.last_resort),
        routes=routes,
        severity_rules=build_severity_rules(document.severity_rules),
        incident_rules=incident_rules,
        tokens=tokens,
        twilio=twilio,
        telegram=telegram,
        email=email,
        apprise=apprise,
        console=_console(document),
        intake=intake,
        mailboxes=mailboxes,
        mail_listeners=mail_listeners,
        absence_calendars=absence_calendars,
        weekend_of_country=weekend_taken(document.desk),
    )


def _console(document: Document) -> bool:
    """Pages must go somewhere: to the simulator, while there is no provider."""
    if document.console is not None:
        return document.console.enabled
    providers = (
        document.twilio,
        document.telegram,
        document.email,
        *document.apprise.values(),
    )
    return all(provider is None for provider in providers)


def _service(
    table: ServiceTable | None, access: Access, findings: Findings
) -> Service | None:
    if table is None:
        return None
    _check_last_resort(table.last_resort, findings)
    return Service(
        name=table.name,
        url=table.url,
        zone=table.timezone,
        language=table.language,
        database=access.database(table.database),
        last_resort=tuple(table.last_resort),
        alarm_url=table.alarm_url or "",
        heartbeat_url=table.heartbeat_url or "",
        hosts=frozenset(table.hosts),
        proxies=tuple(table.proxies),
        keep=table.keep,
    )


def _check_last_resort(targets: Sequence[Target], findings: Findings) -> None:
    if all(target.kind is TargetKind.ROTATION for target in targets):
        findings.error(
            ("service", "last_resort"),
            "names rotations only, and a rotation may have nobody on call",
            'add people who are always there: "group:leadership"',
        )


def _check_faulty_tables(access: Access, findings: Findings) -> None:
    """Note what is wrong with the readable values of tables that have a fault."""
    for at, values in findings.partial.items():
        if at == ("service",):
            _check_partial_service(values, access, findings)
        if at[0] == "integrations":
            for name, value in values.items():
                if isinstance(value, Secret):
                    access.needed(value, (*at, name), public=name in PUBLIC)


def _check_partial_service(
    values: Mapping[str, object], access: Access, findings: Findings
) -> None:
    if isinstance(database := values.get("database"), Secret):
        access.database(database)
    if isinstance(last_resort := values.get("last_resort"), list):
        _check_last_resort(last_resort, findings)
