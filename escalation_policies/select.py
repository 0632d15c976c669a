"""How bad an issue is and which policy it follows, from what came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from escalation_policies.policy import Severity
from escalation_policies.words import first_word_in, normalise

__all__ = [
    "Conditions",
    "Route",
    "SeverityRule",
    "Subject",
    "Verdict",
    "When",
    "counts_contacts",
    "judge",
    "met",
    "normalise",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged: what a customer wrote. `language` is a tag like `fa-IR`.

    `amount` is what it is about, in whatever the sender counts. `contacts` is how often
    the customer has written within a day, with this; `similar` how many other open
    issues are like it, as far as that is known yet.
    """

    source: str = ""
    tier: str = ""
    tags: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    language: str = ""
    severity: Severity | None = None
    amount: Decimal | None = None
    contacts: int = 1
    similar: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must be true. Every condition given must hold; of its values, any one.

    `amount`, `repeat` (contacts within a day) and `similar` mean: so many or more.
    """

    words: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    amount: Decimal | None = None
    repeat: int | None = None
    similar: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRule(Conditions):
    """One of `[[severity_rules]]`: what meets the conditions is at least so bad."""

    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Conditions):
    """A route's conditions. `severity`: what is so bad or worse."""

    severity: Severity | None = None


_ALWAYS = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One of `[[routes]]`: the policy for what meets `when`; raises to `severity`."""

    policy: str
    when: When = _ALWAYS
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome; `because` says in words which rules spoke, in order."""

    severity: Severity
    policy: str
    because: tuple[str, ...]


def judge(
    rules: Sequence[SeverityRule], routes: Sequence[Route], subject: Subject
) -> Verdict:
    """Return severity and policy for `subject`.

    Severity is the worst that the sender, a rule or the route says, else normal. The
    first route that matches wins, the last one if none does. Raises ValueError when
    there are no routes.
    """
    words = f"{normalise(subject.subject)}\n{normalise(subject.text)}"
    voices = _voices(rules, subject, words)
    severity = _worst([said for said, _ in voices])
    route, why = _route(routes, subject, words, severity)
    because = [reason for _, reason in voices] or [f"nothing speaks: {severity}"]
    if route.severity is not None:
        severity = severity.worse_of(route.severity)
        why = f"{why}, at least {route.severity}"
    return Verdict(severity=severity, policy=route.policy, because=(*because, why))


def counts_contacts(rules: Sequence[SeverityRule], routes: Sequence[Route]) -> bool:
    """Tell whether any of these looks at how often a customer has written."""
    return any(rule.repeat for rule in rules) or _some_repeat(_Same(routes))


def met(when: When, subject: Subject) -> tuple[str, ...] | None:
    """Return in words what of `subject` meets each condition, None when one is not met.

    `subject.severity` is how bad it is; without one it is normal.
    """
    if not _bad_enough(when, subject.severity or Severity.NORMAL):
        return None
    words = f"{normalise(subject.subject)}\n{normalise(subject.text)}"
    found = _met(when, subject, words)
    return None if found is None else tuple(found)


def _voices(
    rules: Sequence[SeverityRule], subject: Subject, words: str
) -> list[tuple[Severity, str]]:
    voices = []
    if subject.severity is not None:
        voices.append((subject.severity, f"the sender says {subject.severity}"))
    for number, rule in enumerate(rules, start=1):
        hits = _met(rule, subject, words)
        if hits is not None:
            reason = f"severity rule {number} ({_told(hits)}) says {rule.severity}"
            voices.append((rule.severity, reason))
    return voices


def _worst(severities: Sequence[Severity]) -> Severity:
    return max(severities, key=lambda each: each.rank, default=Severity.NORMAL)


def _route(
    routes: Sequence[Route], subject: Subject, words: str, severity: Severity
) -> tuple[Route, str]:
    if not routes:
        msg = "there are no routes; add a last [[routes]] entry without `when`"
        raise ValueError(msg)
    for number, route in _open_to(routes, subject.source):
        if not _bad_enough(route.when, severity):
            continue
        hits = _met(route.when, subject, words)
        if hits is not None:
            return route, f"route {number} ({_told(hits)}) leads to {route.policy}"
    return routes[-1], f"no route matches: the last leads to {routes[-1].policy}"


def _bad_enough(when: When, severity: Severity) -> bool:
    return when.severity is None or severity.rank >= when.severity.rank


def _met(conditions: Conditions, subject: Subject, words: str) -> list[str] | None:
    """Return what meets each condition given, or None when one is not met."""
    checks = (
        ("word", conditions.words, first_word_in(conditions.words, words)),
        ("tier", conditions.tier, _one_of(conditions.tier, (subject.tier,))),
        ("tag", conditions.tags, _one_of(conditions.tags, subject.tags)),
        ("source", conditions.source, _one_of(conditions.source, (subject.source,))),
        ("language", conditions.language, _language(conditions.language, subject)),
    )
    counts = (
        ("amount", conditions.amount, subject.amount),
        ("contacts in a day:", conditions.repeat, subject.contacts),
        ("similar open issues:", conditions.similar, subject.similar),
    )
    if any(wanted and hit is None for _, wanted, hit in checks):
        return None
    if any(
        least is not None and not _reaches(many, least) for _, least, many in counts
    ):
        return None
    return [
        *(f"{name} {hit}" for name, _, hit in checks if hit is not None),
        *(f"{name} {many}" for name, least, many in counts if least is not None),
    ]


def _reaches(many: Decimal | int | None, least: Decimal | int) -> bool:
    return many is not None and many >= least


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Routes that are the same only if they are the very same object."""

    routes: Sequence[Route]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.routes is other.routes

    def __hash__(self) -> int:
        return id(self.routes)


@lru_cache(maxsize=8)
def _some_repeat(these: _Same) -> bool:
    return any(route.when.repeat for route in these.routes)


@lru_cache(maxsize=8)
def _by_source(these: _Same) -> Mapping[str, Sequence[tuple[int, Route]]]:
    """Return numbered routes by the source they are for; under "" those for any."""
    found: dict[str, list[tuple[int, Route]]] = {}
    for number, route in enumerate(these.routes, start=1):
        for source in {each.casefold() for each in route.when.source} or {""}:
            found.setdefault(source, []).append((number, route))
    return found


def _open_to(routes: Sequence[Route], source: str) -> list[tuple[int, Route]]:
    """Return the routes that a source may take, in order: of many routes a few."""
    known = _by_source(_Same(routes))
    own = known.get(source.casefold(), ()) if source else ()
    return sorted((*own, *known.get("", ())), key=itemgetter(0))


def _one_of(wanted: Sequence[str], had: Sequence[str]) -> str | None:
    folded = {value.casefold() for value in had}
    return next((value for value in wanted if value.casefold() in folded), None)


def _language(wanted: Sequence[str], subject: Subject) -> str | None:
    # `fa-IR` is also `fa`.
    primary = subject.language.replace("_", "-").partition("-")[0]
    return _one_of(wanted, (subject.language, primary))


def _told(hits: Sequence[str]) -> str:
    return ", ".join(hits) or "always"
