"""`[escalation_policies]`, `[[routes]]` and the rules for what comes in, as values."""

from collections.abc import Mapping, Sequence

from escalation_policies.incident_rule import IncidentRule
from escalation_policies.policy import BadNewsRule, Level, Policy, Target
from escalation_policies.select import Route, SeverityRule, When
from oncall.config.findings import Findings
from oncall.config.schema.policies import (
    BadNewsTable,
    IncidentRuleTable,
    PolicyTable,
    RouteTable,
    SeverityRuleTable,
)


def build_policies(
    tables: Mapping[str, PolicyTable], last_resort: Sequence[Target]
) -> dict[str, Policy]:
    """Return the policies by id, each complete in itself."""
    return {
        name: Policy(
            id=name,
            levels=tuple(
                Level(targets=tuple(level.page), wait=level.wait)
                for level in table.levels
            ),
            rounds=table.rounds,
            reply_within=table.reply_within,
            bad_news=tuple(_rule(rule) for rule in table.bad_news),
            last_resort=tuple(last_resort),
        )
        for name, table in tables.items()
    }


def _rule(table: BadNewsTable) -> BadNewsRule:
    return BadNewsRule(
        tell=tuple(table.tell),
        severity=table.severity,
        unacknowledged=table.unacknowledged,
        unresolved=table.unresolved,
        customer_waiting=table.customer_waiting,
        promise_overdue=table.promise_overdue,
        asked=table.asked,
    )


def build_routes(
    tables: Mapping[int, RouteTable], count: int, findings: Findings
) -> tuple[Route, ...]:
    """Return the routes; `count` is how many are written, readable or not."""
    last = count - 1
    for index, table in tables.items():
        if index == last and table.when:
            findings.error(
                ("routes", index, "when"),
                "is in the last route: an issue that fits none would go nowhere",
                "add a last [[routes]] with a policy and no `when`",
            )
        if index < last and not table.when:
            findings.error(
                ("routes", index),
                "takes every issue: the routes after it are never reached",
                "give it a `when`, or move it to the end",
            )
    return tuple(
        Route(policy=table.policy, when=_when(table), severity=table.severity)
        for table in tables.values()
    )


def _when(table: RouteTable) -> When:
    when = table.when
    if when is None:
        return When()
    return When(
        severity=when.severity,
        words=when.words,
        tier=when.tier,
        tags=when.tags,
        source=when.source,
        language=when.language,
        amount=when.amount,
        repeat=when.repeat,
    )


def build_severity_rules(
    tables: Mapping[int, SeverityRuleTable],
) -> tuple[SeverityRule, ...]:
    """Return the severity rules in order."""
    return tuple(
        SeverityRule(
            severity=table.severity,
            words=table.words,
            tier=table.tier,
            tags=table.tags,
            source=table.source,
            language=table.language,
            amount=table.amount,
            repeat=table.repeat,
            similar=table.similar,
        )
        for table in tables.values()
    )


def build_incident_rules(
    tables: Mapping[int, IncidentRuleTable], findings: Findings
) -> tuple[IncidentRule, ...]:
    """Return the incident rules in order; each has a title of its own."""
    rules: dict[str, IncidentRule] = {}
    for index, table in tables.items():
        if table.title in rules:
            findings.error(
                ("incident_rules", index, "title"),
                f'another rule is called "{table.title}": their incidents would be one',
                "give each rule a title of its own",
            )
        rules[table.title] = IncidentRule(
            title=table.title,
            at_least=table.at_least,
            within=table.within,
            severity=table.severity,
            words=table.words,
            tier=table.tier,
            tags=table.tags,
            source=table.source,
            language=table.language,
        )
    return tuple(rules.values())
