"""Which new issues have a cause in common: by rule they join, by likeness people decide.

`look` reads, and `compare` takes its time and holds nobody up; `keep` writes down what
was found of a few, in a moment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from escalation_policies.incident_rule import IncidentRule, gathered
from escalation_policies.likeness import WITHIN, Alike, Crowd, Traits, traits
from escalation_policies.policy import Severity
from escalation_policies.select import Subject, Verdict, judge, met
from oncall.actions import severity
from oncall.actions.carry_on import Joined, put_in
from oncall.actions.examine import FINISHED
from oncall.actions.house import View
from oncall.actions.suggest import is_free, suggest
from oncall.store import Tx, alike, incident_suggestions, incidents, issues
from oncall.store.alike import Candidate, Words
from oncall.store.incident_suggestions import Compared

BATCH = 200
"""So many new issues are looked at together."""
SHOWN = 10
"""So many of the issues that are like one are suggested with it."""
Because = Mapping[str, str]
"""By a rule's title, what of an issue it matches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of an issue, to be compared with later ones too."""

    traits: Traits
    subject: Subject
    matches: Because


class Memory:
    """What was read before. It only saves reading it again."""

    def __init__(self) -> None:
        self._rules: tuple[IncidentRule, ...] = ()
        self._read: dict[int, Read] = {}

    def of(
        self, tx: Tx, numbers: Sequence[int], rules: tuple[IncidentRule, ...]
    ) -> Mapping[int, Read]:
        """Return what these issues say; what is not among them is forgotten."""
        known = self._read if rules == self._rules else {}
        new = [number for number in numbers if number not in known]
        fresh = {words.number: _read(words, rules) for words in alike.words(tx, new)}
        every = {**known, **fresh}
        self._rules = rules
        self._read = {number: every[number] for number in numbers if number in every}
        return self._read


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An issue that was not looked at before: what it is like, and which rules match.

    `verdict` is what the rules say that count similar issues.
    """

    number: int
    like: tuple[Alike, ...]
    matches: Because
    verdict: Verdict | None = None


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is open at one moment: to be compared, in parts, with what is new of it.

    `seen` are those that were looked at before. `matching`: by rule, issues in no
    incident and when opened.
    """

    read: Mapping[int, Read]
    new: tuple[int, ...]
    seen: frozenset[int]
    matching: Mapping[str, Mapping[int, datetime]]

    @cached_property
    def crowd(self) -> Crowd:
        """All of them, to be compared with; it takes a while to put together."""
        return Crowd(each.traits for each in self.read.values())


def look(tx: Tx, view: View, memory: Memory, now: datetime) -> Look | None:
    """Read what is open; None when there is nothing new."""
    if not alike.unseen(tx, now - WITHIN):
        return None
    standing = alike.candidates(tx, now, WITHIN)
    rules = view.config.incident_rules
    read = memory.of(tx, [each.number for each in standing], rules)
    unseen = [each.number for each in standing if not each.looked_at]
    return Look(
        read=read,
        new=tuple(one for one in unseen[:BATCH] if one in read),
        seen=frozenset(each.number for each in standing if each.looked_at),
        matching=_matching(standing, read, rules),
    )


def compare(view: View, look: Look, numbers: Iterable[int]) -> tuple[New, ...]:
    """Compare some of what is new with all that is open."""
    return tuple(_new(view, one, look.read[one], look.crowd) for one in numbers)


def _new(view: View, number: int, read: Read, crowd: Crowd) -> New:
    counting = [rule for rule in view.config.severity_rules if rule.similar]
    most = max((rule.similar or 0 for rule in counting), default=0)
    like = crowd.like(number, limit=max(SHOWN, most))
    subject = replace(read.subject, similar=len(like))
    return New(
        number=number,
        like=like[:SHOWN],
        matches=read.matches,
        verdict=judge(counting, view.config.routes, subject) if counting else None,
    )


def keep(tx: Tx, view: View, look: Look, found: Iterable[New], now: datetime) -> None:
    """Write down what was found; what another node has seen meanwhile is left to it."""
    alike.serialise(tx)
    new = [each for each in found if alike.looked_at(tx, each.number, now)]
    for rule in view.config.incident_rules:
        _by_rule(tx, rule, look, new, now)
    last = max((each.number for each in new), default=0)
    seen = look.seen.union(number for number in look.new if number <= last)
    for one in new:
        _raise(tx, view, one, now)
    known = _compared(tx, new)
    for one in new:
        suggest(tx, one.number, one.like, known=known, seen=seen, now=now)


def _compared(tx: Tx, new: Iterable[New]) -> Mapping[int, Compared]:
    """Read all of them at once, and those that they are like."""
    numbers = {number for one in new for number in _with_like(one)}
    return incident_suggestions.compared(tx, numbers)


def _with_like(one: New) -> Iterator[int]:
    yield one.number
    yield from (each.number for each in one.like)


def _raise(tx: Tx, view: View, one: New, now: datetime) -> None:
    """Make an issue as bad as those rules say; what is finished stays as it is."""
    standing = issues.lock(tx, one.number) if one.verdict else None
    if standing is None or one.verdict is None or standing.issue.status in FINISHED:
        return
    if one.verdict.severity.rank > standing.issue.severity.rank:
        why = "; ".join(one.verdict.because)
        severity.change(tx, view, one.number, one.verdict.severity, why, now)


def _read(words: Words, rules: Iterable[IncidentRule]) -> Read:
    subject = Subject(
        source=words.source,
        tier=words.tier,
        tags=words.tags,
        subject=words.subject,
        text=words.text,
        language=words.language,
        severity=Severity(words.severity),
    )
    hits = {rule.title: met(rule, subject) for rule in rules}
    return Read(
        traits=traits(
            number=words.number,
            customer=words.customer,
            at=words.opened_at,
            subject=words.subject,
            text="" if words.text == words.subject else words.text,
            tags=words.tags,
            source=words.source,
        ),
        subject=subject,
        matches={title: ", ".join(hit) for title, hit in hits.items() if hit},
    )


def _matching(
    standing: Iterable[Candidate],
    read: Mapping[int, Read],
    rules: Iterable[IncidentRule],
) -> dict[str, dict[int, datetime]]:
    free = [
        read[each.number]
        for each in standing
        if each.incident is None and each.number in read
    ]
    return {
        rule.title: {
            one.traits.number: one.traits.at
            for one in free
            if rule.title in one.matches
        }
        for rule in rules
    }


def _by_rule(
    tx: Tx, rule: IncidentRule, look: Look, new: Sequence[New], now: datetime
) -> None:
    """Join what matches to the rule's open incident, or open one when there is enough."""
    because = {one.number: one.matches.get(rule.title) for one in new}
    fresh = [number for number, why in because.items() if why is not None]
    if not fresh:
        return
    into = incidents.open_by_rule(tx).get(rule.title)
    if into is None:
        matching = look.matching.get(rule.title, {})
        been = incidents.ever_joined(tx, list(matching))
        free = {one: at for one, at in matching.items() if one not in been}
        fresh = list(gathered(rule, free, now))
        if not fresh:
            return
        into = incidents.add(tx, title=rule.title, rule=rule.title, now=now)
    _join(tx, into, fresh, because, now)


def _join(
    tx: Tx,
    into: int,
    numbers: Iterable[int],
    because: Mapping[int, str | None],
    now: datetime,
) -> None:
    incident = incidents.lock(tx, into)
    if incident is None or incident.closed_at is not None:
        return
    for number in numbers:
        standing = issues.lock(tx, number)
        if standing is not None and is_free(standing.issue):
            why = because.get(number) or ""
            put_in(tx, incident, number, now, by=None, reason=Joined.RULE, detail=why)
    incidents.change(tx, into, due_at=now)
