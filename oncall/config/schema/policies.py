"""`[escalation_policies]`, `[[routes]]` and the rules for severity and incidents."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator
from typing_extensions import override

from escalation_policies import likeness
from escalation_policies.incident_rule import AT_LEAST, WITHIN
from oncall.config import fields
from oncall.config.findings import Fault
from oncall.config.schema.table import HowBad, Some, Table, Text, Wait, Whom

Several = Annotated[tuple[str, ...], PlainValidator(fields.several)]


class LevelTable(Table):
    """One level: whom to page, and how long to wait for them."""

    page: Annotated[list[Whom], Some]
    wait: Wait


class BadNewsTable(Table):
    """When leaders are told. Conditions in one rule are ANDed."""

    tell: Annotated[list[Whom], Some]
    severity: HowBad | None = None
    unacknowledged: Wait | None = None
    unresolved: Wait | None = None
    customer_waiting: Wait | None = None
    promise_overdue: Wait | None = None
    asked: bool = False

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when a rule has no condition: it would tell everything."""
        if not self.model_fields_set - {"tell"}:
            yield Fault(
                message="says whom to tell and not when",
                hint='add a condition: severity = "critical" or unacknowledged = "20m"',
            )


class PolicyTable(Table):
    """`[escalation_policies.NAME]`."""

    levels: Annotated[list[LevelTable], Some]
    rounds: Annotated[int, Field(ge=1, le=100)] = 1
    reply_within: Wait | None = None
    bad_news: list[BadNewsTable] = Field(default_factory=list)


class ConditionsTable(Table):
    """What an issue must be: all that is given, and of several values any one."""

    words: Several = ()
    tier: Several = ()
    tags: Several = ()
    source: Several = ()
    language: Several = ()


class CountsTable(ConditionsTable):
    """What can be counted when it comes in: so much or more, so often or more."""

    amount: Annotated[Decimal, PlainValidator(fields.amount)] | None = None
    repeat: Annotated[int, Field(ge=2, le=1000)] | None = None


class WhenTable(CountsTable):
    """A route's conditions; `severity` means so bad or worse."""

    severity: HowBad | None = None


class RouteTable(Table):
    """`[[routes]]`: the first that matches wins."""

    when: WhenTable | None = None
    policy: Text
    severity: HowBad | None = None


class SeverityRuleTable(CountsTable):
    """`[[severity_rules]]`: what makes an issue at least so bad.

    `similar`, how many other open issues are like it, is known some seconds later.
    """

    severity: HowBad
    similar: Annotated[int, Field(ge=1, le=1000)] | None = None

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when a rule has no condition: it would hold for everything."""
        if not self.model_fields_set - {"severity"}:
            yield Fault(
                message="says how bad and not what",
                hint='add a condition: words = ["data leak"] or tier = "vip"',
            )
        if self.similar and (self.amount is not None or self.repeat):
            yield Fault(
                message="counts what came in and also what is similar",
                hint="make two rules: issues are compared after they came in",
                at=("similar",),
            )


class IncidentRuleTable(ConditionsTable):
    """`[[incident_rules]]`: how many issues, within which time, are one incident."""

    severity: HowBad | None = None
    title: Text
    at_least: Annotated[int, Field(ge=2, le=1000)] = AT_LEAST
    within: Wait = WITHIN

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when a rule would take any issue, or could never see enough of them."""
        if not self.model_fields_set - {"title", "at_least", "within"}:
            yield Fault(
                message="says how many and not of what",
                hint='add a condition: words = ["payment"] or source = "app"',
            )
        if self.within > likeness.WITHIN:
            yield Fault(
                message="looks further back than a day",
                hint='write within = "24h" or less',
                at=("within",),
            )
