"""Who joins a level that is being waited for, and who leaves it."""

from datetime import datetime

import pytest

from escalation_policies.contact import Rung
from escalation_policies.decide import CallOff, Decision, PagePeople, Reason, decide
from escalation_policies.policy import Policy, Severity, Target
from escalation_policies.simulate import simulate
from support.escalation_story import (
    OPENED,
    POLICY,
    ROSTER,
    Story,
    after,
    level,
    minutes,
    targets,
)

JOINED = Reason.LEVEL_JOINED


class Changing(Story):
    """A story in which `weekend` is handed over at some minute, as everybody knows."""

    def __init__(self, minute: float, *people: str, policy: Policy = POLICY) -> None:
        super().__init__(policy)
        self._at, self._then = after(minute), people

    def on_call(self, target: Target) -> tuple[str, ...]:
        changed = str(target) == "rotation:weekend" and self.now >= self._at
        return self._then if changed else super().on_call(target)

    def changes(self, target: Target) -> datetime | None:
        its = str(target) == "rotation:weekend" and self.now < self._at
        return self._at if its else None

    def decide(self, minute: float) -> Decision:
        self.now = after(minute)
        decision = decide(
            self.policy,
            self.progress,
            self.facts,
            self.on_call,
            self.now,
            self.changes,
        )
        self.progress = decision.progress
        self.log += [(minute, effect) for effect in decision.effects]
        return decision

    @property
    def called_off(self) -> list[tuple[float, CallOff]]:
        return [(at, effect) for at, effect in self.log if isinstance(effect, CallOff)]


def test_who_joins_the_level_that_is_waited_for_is_paged_at_that_moment():
    story = Changing(3, "sara", "mina").run_to(5)
    page = PagePeople(people=("mina",), level=0, round=1, reason=JOINED)
    assert story.log[1] == (3, page)
    assert story.called_off == []
    assert story.pages[2] == (5, ("reza",), Reason.LEVEL_REACHED)


def test_what_waits_for_who_left_the_level_is_called_off_and_the_next_one_paged():
    story = Changing(3, "mina").run_to(4)
    assert story.called_off == [(3, CallOff(people=("sara",), level=0, round=1))]
    assert story.pages == [
        (0, ("sara",), Reason.LEVEL_REACHED),
        (3, ("mina",), JOINED),
    ]


def test_who_comes_back_is_paged_anew():
    story = Story().run_to(1)
    story.roster = ROSTER | {"rotation:weekend": ("mina",)}
    story.decide(2)
    story.roster = ROSTER
    story.decide(3)
    assert story.pages[1:] == [(2, ("mina",), JOINED), (3, ("sara",), JOINED)]


def test_a_level_that_everybody_has_left_is_not_waited_for():
    story = Changing(3).run_to(4)
    assert story.notes == [(3, Reason.LEVEL_EMPTY)]
    assert story.pages[1:] == [(3, ("reza",), Reason.LEVEL_REACHED)]


def test_nobody_joins_a_level_that_is_behind():
    story = Changing(7, "mina").run_to(14)
    assert story.pages[1:] == [(5, ("reza",), Reason.LEVEL_REACHED)]
    assert story.called_off == []


def test_nobody_joins_when_somebody_has_it():
    assert Changing(3, "mina").take(2).run_to(10).pages[1:] == []


def test_a_member_of_a_group_who_joins_is_paged():
    story = Story().run_to(16)
    story.roster = ROSTER | {"group:leadership": ("nina", "omid", "mina")}
    story.decide(17)
    assert story.pages[-1] == (17, ("mina",), JOINED)


def test_who_joins_the_last_resort_is_paged_and_who_left_it_called_off():
    story = Story(Policy(id="p", levels=(), last_resort=targets("rotation:weekend")))
    story.run_to(10)
    story.roster = ROSTER | {"rotation:weekend": ("mina",)}
    decision = story.decide(11)
    assert decision.effects == (
        CallOff(people=("sara",), level=None, round=1),
        PagePeople(people=("mina",), level=None, round=1, reason=JOINED),
    )
    assert story.progress.next_level_at == after(30)


def test_when_nobody_could_be_paged_the_first_who_comes_is_paged_at_once():
    story = Story(roster={})
    story.run_to(10)
    story.roster = ROSTER
    story.decide(11)
    assert story.pages == [(11, ("mina",), JOINED)]


def test_the_levels_go_on_for_want_of_an_answer_and_who_joins_then_is_paged():
    story = Story().change(0, waiting_since=OPENED).take(1).run_to(32)
    assert story.pages[-1] == (31, ("reza",), Reason.NO_REPLY)
    story.roster = ROSTER | {"rotation:backup": ("reza", "mina")}
    story.decide(33)
    assert story.pages[-1] == (33, ("mina",), JOINED)


@pytest.mark.parametrize("ends", [4, 20])
def test_who_joins_in_a_snooze_is_paged_when_it_ends(ends: int):
    slow = Policy(id="p", levels=(level("rotation:weekend", wait=30),))
    story = Changing(3, "mina", policy=slow).change(2, snoozed_until=after(ends))
    story.run_to(25)
    assert story.called_off == [(3, CallOff(people=("sara",), level=0, round=1))]
    assert story.pages[1:] == [(ends, ("mina",), JOINED)]


def test_the_people_of_a_level_change_when_it_is_looked_at_and_once_only():
    story = Changing(3, "mina").run_to(3)
    assert story.decide(3).effects == ()
    assert story.progress.due == after(5)


def test_a_simulation_pages_who_joins_and_spares_who_left():
    def on_call(_: Target, at: datetime) -> tuple[str, ...]:
        return ("mina",) if at >= after(3) else ("sara",)

    ladder = (Rung(via="sms"), Rung(via="voice", after=minutes(4)))
    steps = simulate(
        Policy(id="p", levels=(level("rotation:weekend", wait=9),)),
        severity=Severity.NORMAL,
        opened_at=OPENED,
        on_call=on_call,
        changes=lambda _, at: after(3) if at < after(3) else None,
        ladder=lambda _: ladder,
        horizon=minutes(9),
    )
    told = [(step.after_s // 60, step.person, step.via) for step in steps]
    assert told == [(0, "sara", "sms"), (3, "mina", "sms"), (7, "mina", "voice")]
