"""Whatever happens to an issue, in whatever order, these stay true."""

from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_policies.decide import (
    ASKED_RULE,
    Decision,
    PagePeople,
    Reason,
    TellBadNews,
    decide,
)
from escalation_policies.policy import BadNewsRule, Policy, Severity
from support.escalation_story import (
    ROSTER,
    Story,
    after,
    level,
    minutes,
    targets,
)

PLACES = tuple(ROSTER)
PEOPLE = ("sara", "reza", "nina", "omid", "mina")

spans = st.integers(min_value=0, max_value=40).map(minutes)
named = st.lists(st.sampled_from(PLACES), max_size=2).map(lambda names: targets(*names))
rules = st.builds(
    BadNewsRule,
    tell=named,
    severity=st.none() | st.sampled_from(Severity),
    unacknowledged=st.none() | spans,
    unresolved=st.none() | spans,
    customer_waiting=st.none() | spans,
    promise_overdue=st.none() | spans,
    asked=st.booleans(),
)
policies = st.builds(
    Policy,
    id=st.just("any"),
    levels=st.lists(
        st.builds(
            lambda names, wait: level(*names, wait=wait),
            st.lists(st.sampled_from(PLACES), max_size=2),
            st.integers(min_value=0, max_value=20),
        ),
        max_size=3,
    ).map(tuple),
    rounds=st.integers(min_value=1, max_value=3),
    reply_within=st.none() | spans,
    bad_news=st.lists(rules, max_size=3).map(tuple),
    last_resort=named,
)
rosters = st.fixed_dictionaries(
    {
        place: st.lists(st.sampled_from(PEOPLE), max_size=2).map(tuple)
        for place in PLACES
    }
)

Happening = Callable[[Story, float], object]


def set_facts(**fields: Callable[[float], object]) -> Happening:
    def happen(story: Story, minute: float) -> None:
        values = {name: value(minute) for name, value in fields.items()}
        story.change(minute, **values)

    return happen


def take(story: Story, minute: float) -> None:
    story.take(minute, "reza")


def pass_on(story: Story, minute: float) -> None:
    story.pass_on(minute)


def lose_everybody(story: Story, minute: float) -> None:
    story.change(minute, unreachable=frozenset(PEOPLE))


def nothing(minute: float) -> None:
    del minute


HAPPENINGS: tuple[Happening, ...] = (
    take,
    pass_on,
    lose_everybody,
    set_facts(acknowledged_at=nothing),
    set_facts(waiting_since=after),
    set_facts(waiting_since=nothing),
    set_facts(snoozed_until=lambda minute: after(minute + 15)),
    set_facts(asked_at=after),
    set_facts(promise_due=lambda minute: after(minute + 10)),
    set_facts(severity=lambda _: Severity.CRITICAL),
    set_facts(severity=lambda _: Severity.LOW),
    set_facts(unreachable=lambda _: frozenset({"sara"})),
    set_facts(unreachable=lambda _: frozenset[str]()),
    set_facts(finished=lambda _: True),
    set_facts(finished=lambda _: False),
)
steps = st.tuples(
    st.integers(min_value=0, max_value=50),
    st.sampled_from(HAPPENINGS) | st.none(),
    st.booleans(),
)


class Watched(Story):
    """A story that checks what must hold after every single decision."""

    def decide(self, minute: float) -> Decision:
        decision = super().decide(minute)
        again = decide(
            self.policy, decision.progress, self.facts, self.on_call, self.now
        )
        assert again == Decision(progress=decision.progress)
        levels = [
            effect
            for effect in decision.effects
            if isinstance(effect, PagePeople) and effect.level is not None
        ]
        assert len(levels) <= 1
        self.check_due(decision)
        self.check_effects(decision)
        return decision

    def check_due(self, decision: Decision) -> None:
        due = decision.progress.due
        if self.facts.finished:
            assert due is None
        elif self.facts.acknowledged_at is None:
            assert due is not None
        assert due is None or due > self.now

    def check_effects(self, decision: Decision) -> None:
        for effect in decision.effects:
            if isinstance(effect, PagePeople | TellBadNews):
                assert not self.facts.finished
                assert effect.people
                assert len(set(effect.people)) == len(effect.people)
                assert not self.facts.unreachable.intersection(effect.people)
            if isinstance(effect, PagePeople) and self.facts.acknowledged_at:
                assert effect.reason is Reason.NO_REPLY
                assert self.facts.waiting_since is not None


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    policy=policies,
    roster=rosters,
    severity=st.sampled_from(Severity),
    happenings=st.lists(steps, max_size=12),
)
def test_an_open_issue_is_always_due_and_nobody_is_bothered_without_a_reason(
    policy: Policy,
    roster: dict[str, tuple[str, ...]],
    severity: Severity,
    happenings: list[tuple[int, Happening | None, bool]],
):
    story = Watched(policy, roster=roster, severity=severity)
    minute = 0.0
    for span, happen, woken in happenings:
        minute += span
        if woken:
            story.run_to(minute)
        if happen is None:
            story.decide(minute)
        else:
            happen(story, minute)
    told = Counter(
        effect.rule
        for _, effect in story.log
        if isinstance(effect, TellBadNews) and effect.rule != ASKED_RULE
    )
    assert all(count == 1 for count in told.values())


@settings(derandomize=True, deadline=None, max_examples=200)
@given(policy=policies, minute=st.integers(min_value=0, max_value=600))
def test_waking_in_between_for_nothing_changes_nothing(policy: Policy, minute: int):
    rested = Story(policy).run_to(600)
    woken = Story(policy).run_to(minute)
    woken.decide(minute)
    woken.run_to(600)
    assert woken.log == rested.log


@settings(derandomize=True, deadline=None, max_examples=200)
@given(policy=policies, minute=st.integers(min_value=1, max_value=600))
def test_a_rule_fires_at_its_very_moment(policy: Policy, minute: int):
    story = Story(policy).run_to(minute)
    moments = {
        index: rule.unresolved
        for index, rule in enumerate(policy.bad_news)
        if rule.unresolved is not None
        and rule == BadNewsRule(tell=rule.tell, unresolved=rule.unresolved)
    }
    come = {i for i, moment in moments.items() if moment <= minutes(minute)}
    assert come == story.progress.told.intersection(moments)
    for at, effect in story.log:
        if isinstance(effect, TellBadNews) and effect.rule in moments:
            assert minutes(at) == moments[effect.rule]
