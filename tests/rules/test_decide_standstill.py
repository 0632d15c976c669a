from dataclasses import replace

import pytest

from escalation_policies.decide import Note, Reason, decide, lost, pass_on
from escalation_policies.progress import Progress
from support.escalation_story import POLICY, Story, after

LEVEL = Reason.LEVEL_REACHED


def test_an_acknowledged_issue_pages_no_further_level():
    story = Story().take(3).run_to(600)
    assert story.pages == [(0, ("sara",), LEVEL)]
    assert story.notes == [(3, Reason.ACKNOWLEDGED)]
    assert story.progress.next_level_at is None


def test_the_timeline_says_who_has_it_and_until_when_it_is_snoozed():
    story = Story().take(1).change(2, owner=None, acknowledged_at=None)
    story.change(3, snoozed_until=after(30)).take(4, "").change(5, finished=True)
    notes = [effect.detail for _, effect in story.log if isinstance(effect, Note)]
    assert notes == [
        "sara has it: the levels stand still",
        "the levels stand still until 2026-12-04 19:00 UTC",
        "somebody has it: the levels stand still",
        "the issue is finished: nothing more is due",
    ]


def test_an_acknowledged_issue_of_which_nothing_is_awaited_is_not_looked_at():
    assert Story().take(3).progress.due is None


def test_when_the_owner_lets_go_the_levels_go_on_from_the_next_one():
    story = Story().take(3).change(40, acknowledged_at=None)
    assert story.run_to(50).pages[1:] == [
        (40, ("reza",), LEVEL),
        (50, ("nina", "omid"), LEVEL),
    ]


def test_an_acknowledgement_between_a_pass_and_its_page_wins():
    story = Story().run_to(0)
    story.progress = replace(story.progress, passed=True, next_level_at=after(1))
    story.take(1, "reza")
    assert story.pages == [(0, ("sara",), LEVEL)]
    assert not story.progress.passed


def test_a_snooze_holds_the_level_until_it_ends():
    story = Story().change(2, snoozed_until=after(17))
    assert story.progress.due == after(17)
    assert story.run_to(17).pages == [(0, ("sara",), LEVEL), (17, ("reza",), LEVEL)]
    assert story.notes == [(2, Reason.SNOOZED)]


def test_a_level_due_after_the_snooze_keeps_its_time():
    story = Story().change(6, snoozed_until=after(10))
    assert story.run_to(15).pages[2:] == [(15, ("nina", "omid"), LEVEL)]


def test_deciding_during_a_snooze_pages_nobody():
    story = Story().change(2, snoozed_until=after(17))
    assert story.decide(16).effects == ()


def test_who_passes_during_a_snooze_wants_somebody_now():
    story = Story().change(2, snoozed_until=after(30)).pass_on(4)
    assert story.pages[-1] == (4, ("reza",), Reason.PASSED)
    assert story.progress.due == after(30)


def test_a_new_snooze_after_the_first_is_held_too():
    story = (
        Story().change(2, snoozed_until=after(10)).change(10, snoozed_until=after(20))
    )
    assert story.run_to(19).pages[1:] == [(10, ("reza",), LEVEL)]
    assert story.progress.due == after(20)


def test_letting_go_of_an_acknowledged_issue_during_a_snooze_waits_for_its_end():
    story = Story().take(1).change(2, snoozed_until=after(17), acknowledged_at=None)
    assert story.progress.due == after(17)
    assert story.run_to(17).pages[-1] == (17, ("reza",), LEVEL)


def test_a_finished_issue_does_nothing_more_and_says_so_once():
    story = Story().change(3, finished=True)
    assert story.progress.due is None
    assert story.decide(100).effects == ()
    assert story.notes == [(3, Reason.FINISHED)]
    assert story.pages == [(0, ("sara",), LEVEL)]


def test_once_somebody_has_it_nobody_who_was_paged_is_waited_for():
    story = Story().take(3)
    assert story.progress.paged == frozenset()
    assert story.progress.passed is False


def test_who_passes_and_a_level_that_is_lost_are_looked_at_at_once():
    story = Story().run_to(1)
    for moved_on in (pass_on, lost):
        moved = moved_on(story.progress, after(1))
        assert (moved.due, moved.next_level_at) == (after(1), after(1))


def test_a_finished_issue_forgets_that_somebody_passed():
    story = Story()
    story.progress = pass_on(story.progress, after(0))
    story.facts = replace(story.facts, finished=True)
    story.decide(0)
    assert story.progress == Progress(standing=Reason.FINISHED)


def test_a_reopened_issue_goes_on_with_the_next_level():
    story = Story().change(3, finished=True)
    story.facts = replace(story.facts, finished=False)
    story.decide(200)
    assert story.pages[-1] == (200, ("reza",), LEVEL)


@pytest.mark.parametrize("minute", [0, 5, 15, 61])
def test_deciding_twice_at_the_same_instant_changes_nothing(minute: float):
    story = Story()
    first = story.decide(minute)
    again = decide(POLICY, first.progress, story.facts, story.on_call, after(minute))
    assert again.effects == ()
    assert again.progress == first.progress
