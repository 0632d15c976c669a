from dataclasses import replace

from escalation_policies.decide import Note, PagePeople, Reason
from escalation_policies.policy import Policy
from support.escalation_story import (
    POLICY,
    ROSTER,
    Story,
    after,
    level,
    minutes,
    targets,
)

LEVEL, LAST = Reason.LEVEL_REACHED, Reason.LAST_RESORT
LEADERS = ("nina", "omid")


def test_a_new_issue_pages_the_first_level_at_once():
    story = Story()
    assert story.progress.due == after(0)
    decision = story.decide(0)
    assert decision.effects == (
        PagePeople(people=("sara",), level=0, round=1, reason=LEVEL),
    )
    assert decision.progress.due == after(5)


def test_levels_follow_after_their_waits_and_rounds_repeat_them():
    assert Story().run_to(59).pages == [
        (0, ("sara",), LEVEL),
        (5, ("reza",), LEVEL),
        (15, LEADERS, LEVEL),
        (30, ("sara",), LEVEL),
        (35, ("reza",), LEVEL),
        (45, LEADERS, LEVEL),
    ]


def test_the_last_resort_is_paged_after_the_last_round_and_every_half_hour():
    story = Story().run_to(120)
    assert story.pages[6:] == [
        (60, ("mina",), LAST),
        (90, ("mina",), LAST),
        (120, ("mina",), LAST),
    ]
    assert story.notes == [(60, Reason.LEVELS_EXHAUSTED)]


def test_a_level_with_nobody_on_call_is_noted_and_skipped_at_once():
    story = Story(roster=ROSTER | {"rotation:weekend": ()})
    decision = story.decide(0)
    assert decision.effects == (
        Note(
            reason=Reason.LEVEL_EMPTY,
            detail="nobody is on call: rotation:weekend",
            level=0,
            round=1,
        ),
        PagePeople(people=("reza",), level=1, round=1, reason=LEVEL),
    )
    assert decision.progress.due == after(10)


def test_a_level_nobody_of_which_can_be_reached_is_skipped_at_once():
    story = Story()
    story.facts = replace(story.facts, unreachable=frozenset({"sara"}))
    story.decide(0)
    assert story.notes == [(0, Reason.LEVEL_UNREACHABLE)]
    assert story.pages == [(0, ("reza",), LEVEL)]


def test_a_paged_level_that_turns_out_unreachable_is_not_waited_for():
    story = Story().change(1, unreachable=frozenset({"sara"}))
    assert story.pages == [(0, ("sara",), LEVEL), (1, ("reza",), LEVEL)]
    assert story.notes == [(1, Reason.LEVEL_UNREACHABLE)]
    assert story.log[1][1].level == 0


def test_the_last_level_of_a_round_is_named_when_it_turns_out_unreachable():
    story = Story().change(16, unreachable=frozenset(LEADERS))
    note = next(effect for _, effect in story.log if isinstance(effect, Note))
    assert (note.level, note.round) == (2, 1)
    assert story.pages[-1] == (16, ("sara",), LEVEL)


def test_the_reachable_people_of_a_level_are_paged_and_the_others_noted():
    story = Story(Policy(id="p", levels=(level("group:leadership"),)))
    story.facts = replace(story.facts, unreachable=frozenset({"nina"}))
    story.decide(0)
    assert story.pages == [(0, ("omid",), LEVEL)]
    assert story.notes == [(0, Reason.PERSON_UNREACHABLE)]


def test_a_person_in_several_targets_of_a_level_is_paged_once():
    policy = Policy(id="p", levels=(level("group:leadership", "person:nina"),))
    assert Story(policy).run_to(0).pages == [(0, LEADERS, LEVEL)]


def test_when_every_level_is_empty_the_last_resort_is_paged_at_once():
    story = Story(roster={"person:mina": ("mina",)})
    story.decide(0)
    assert story.pages == [(0, ("mina",), LAST)]
    assert [reason for _, reason in story.notes] == [
        *[Reason.LEVEL_EMPTY] * 3,
        Reason.LEVELS_EXHAUSTED,
    ]


def test_empty_levels_at_the_end_of_a_round_lead_straight_into_the_next():
    story = Story(roster=ROSTER | {"rotation:backup": (), "group:leadership": ()})
    assert story.run_to(10).pages == [
        (0, ("sara",), LEVEL),
        (5, ("sara",), LEVEL),
        (10, ("mina",), LAST),
    ]


def test_a_policy_without_levels_begins_with_its_last_resort():
    policy = Policy(id="p", levels=(), last_resort=targets("person:mina"))
    story = Story(policy).run_to(0)
    assert story.pages == [(0, ("mina",), LAST)]
    assert story.notes == []


def test_when_nobody_at_all_can_be_paged_it_says_so_and_looks_again():
    story = Story(roster={})
    story.decide(0)
    assert story.pages == []
    assert (0, Reason.NOBODY_TO_PAGE) in story.notes
    assert story.progress.due == after(30)
    story.roster = ROSTER
    assert story.run_to(30).pages == [(30, ("mina",), LAST)]


def test_a_last_resort_of_nobody_pages_everybody_of_the_levels():
    story = Story(roster=ROSTER | {"person:mina": ()}).run_to(60)
    assert story.pages[-1] == (60, ("sara", "reza", *LEADERS), LAST)


def test_a_service_that_was_down_pages_one_level_and_waits_again():
    story = Story()
    story.decide(600)
    assert story.pages == [(600, ("sara",), LEVEL)]
    assert story.progress.due == after(605)


def test_nothing_is_paged_a_moment_before_it_is_due():
    story = Story().run_to(0)
    assert story.decide(5 - 1 / 60).effects == ()
    assert len(story.decide(5).effects) == 1


def test_passing_pages_the_next_level_at_once_and_says_so():
    story = Story().pass_on(2)
    assert story.progress.due == after(12)
    assert story.run_to(12).pages == [
        (0, ("sara",), LEVEL),
        (2, ("reza",), Reason.PASSED),
        (12, LEADERS, LEVEL),
    ]


def test_passing_is_due_at_once_before_anybody_decides():
    story = Story().run_to(0)
    story.pass_on(1)
    assert story.pages[-1] == (1, ("reza",), Reason.PASSED)


def test_passing_on_the_last_level_reaches_the_last_resort():
    story = Story(replace(POLICY, rounds=1)).run_to(15).pass_on(16)
    assert story.pages[-1] == (16, ("mina",), Reason.PASSED)


def test_a_policy_whose_waits_are_zero_does_not_spin():
    policy = replace(
        POLICY,
        levels=(level("rotation:weekend", wait=0),),
        last_resort_every=minutes(0),
    )
    story = Story(policy)
    for moment in (0, 1, 2):
        story.decide(moment)
        assert story.progress.due > after(moment)


def test_the_rosters_answer_at_the_moment_of_paging_counts():
    story = Story().run_to(4)
    story.roster = ROSTER | {"rotation:backup": ("mina",)}
    assert story.run_to(5).pages[-1] == (5, ("mina",), LEVEL)


def test_after_a_clock_was_set_back_a_level_is_waited_for_as_long_as_ever():
    story = Story().run_to(6)
    assert story.progress.due == after(15)
    story.decide(-600)
    assert story.progress.due == after(-590), "the second level's ten minutes from now"
    story.decide(-595)
    assert story.progress.due == after(-590), "and looking again changes nothing"


def test_after_a_clock_was_set_back_the_last_resort_comes_within_its_half_hour():
    story = Story().run_to(61)
    assert story.progress.due == after(90)
    story.decide(-600)
    assert story.progress.due == after(-570)


def test_a_snooze_after_a_clock_was_set_back_puts_nothing_off_further():
    story = Story().run_to(6)
    story.facts = replace(story.facts, snoozed_until=after(-595))
    story.decide(-600)
    assert story.progress.due == after(-590)
