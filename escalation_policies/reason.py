"""Why something was done or not done: the words that end in timeline, log and metric."""

from enum import StrEnum


class Reason(StrEnum):
    """One named reason for each thing that escalation does, or leaves."""

    # Somebody is paged because …
    LEVEL_REACHED = "level_reached"  # it is this level's turn
    LEVEL_JOINED = "level_joined"  # they came on call while the level is waited for
    PASSED = "passed"  # the one before passed it on
    NO_REPLY = "no_reply"  # somebody has it, yet the customer has no answer
    LAST_RESORT = "last_resort"  # the levels have run out

    # Leaders are told because …
    SEVERITY = "severity"  # it is so bad
    TIMEOUT = "timeout"  # it took too long
    ASKED = "asked"  # somebody asked for it
    PROMISE_MISSED = "promise_missed"  # a promise to the customer is overdue

    # Somebody is not paged or told because …
    LEVEL_EMPTY = "level_empty"  # nobody is on call there
    LEVEL_LEFT = "level_left"  # they are on call there no longer
    LEVEL_UNREACHABLE = "level_unreachable"  # no contact method of anybody there works
    PERSON_UNREACHABLE = "person_unreachable"  # the others of the level are paged
    OWNER_UNREACHABLE = "owner_unreachable"  # so the levels go on at once
    LEVELS_EXHAUSTED = "levels_exhausted"  # so the last resort is next
    NOBODY_TO_PAGE = "nobody_to_page"  # not even the last resort: mend the roster
    NOBODY_TO_TELL = "nobody_to_tell"  # the leaders named resolve to nobody

    # The levels stand still because …
    ACKNOWLEDGED = "acknowledged"  # somebody has it
    SNOOZED = "snoozed"  # until the snooze ends
    FINISHED = "finished"  # for good
