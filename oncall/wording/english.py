"""English. Only GSM-7 characters, so that an SMS has 160 of them."""

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason
from oncall.model import Outcome, Verb
from oncall.wording.words import (
    BadNewsWords,
    BundleWords,
    Catalogue,
    IncidentWords,
    NoticeWords,
    ReminderWords,
    ShiftWords,
    SpokenWords,
)

ENGLISH = Catalogue(
    digits="0123456789",
    direction="",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    date="{year:04}-{month:02}-{day:02}",
    separator=", ",
    severities={
        Severity.CRITICAL: "critical",
        Severity.HIGH: "high",
        Severity.NORMAL: "normal",
        Severity.LOW: "low",
    },
    page="{severity} #{number} {customer}: {problem}",
    reply="Reply {reply_number} 1=take 2=pass 5=done 9=leaders",
    reply_short="{reply_number} 1=take 2=pass 9=leaders",
    waiting="The customer has been waiting since {at}",
    buttons={
        Verb.TAKE: "I take it",
        Verb.PASS: "Pass it on",
        Verb.RESOLVED: "Resolved",
        Verb.LEADERS: "Tell leadership",
    },
    edited={
        Verb.TAKE_ALL: "{owner} has it, since {at}",
        Verb.TAKE: "{owner} has it, since {at}",
        Verb.PASS: "{owner} passed it on ({at})",
        Verb.TOLD: "{owner} told the customer ({at})",
        Verb.SNOOZE: "{owner} snoozed it until {at}",
        Verb.RESOLVED: "{owner} resolved it ({at})",
        Verb.HELP: "{owner} is helping ({at})",
        Verb.LEADERS: "{owner} asked to tell leadership ({at})",
    },
    applied={
        Verb.TAKE_ALL: "You own all of them. Please answer the customers now.",
        Verb.TAKE: "You own #{number}. Please answer the customer now.",
        Verb.PASS: "#{number} is passed on to the next level.",
        Verb.TOLD: "#{number}: noted that you told the customer.",
        Verb.SNOOZE: "#{number} is snoozed until {at}.",
        Verb.RESOLVED: "#{number} is resolved. Thank you.",
        Verb.HELP: "You are helping {owner} with #{number}.",
        Verb.LEADERS: "Leadership is being told of #{number}.",
    },
    outcomes={
        Outcome.ALREADY: "#{number} was already taken by {owner} ({at}).",
        Outcome.CLOSED: "#{number} is already closed. Nothing to do.",
        Outcome.UNKNOWN: "There is no issue #{number}.",
        Outcome.NOT_FOR_YOU: "#{number} was not sent to you.",
        Outcome.CHOICES: "Which one? Send:",
        Outcome.NOTHING_WAITING: (
            "Nothing is waiting for your answer. To act on an older issue, "
            "send its number and a digit."
        ),
        Outcome.NOT_UNDERSTOOD: (
            "Not understood. Send the number and a digit: "
            "1=take 2=pass 3=told 4=snooze 5=done 6=help 9=leaders"
        ),
    },
    stranger="This line is only for our care team.",
    linked="Hello {person}. Your pages will arrive here.",
    link_failed="This code is no longer valid. Please ask for a new one.",
    bad_news=BadNewsWords(
        opening="Bad news",
        since="since",
        owner="owner",
        nobody="no owner",
        promised="promised",
        needed="needed",
        why="why you are told",
        take_it="somebody to take it; to take it yourself, reply {reply_number} 1",
        support_owner="your support for {owner}",
    ),
    reminder=ReminderWords(
        page="You have #{number}; {customer} waits since {waited}. Please answer: {problem}",
        page_short="You have #{number}; {customer} waits {waited}",
        reply="Reply {reply_number} 1=I answer 2=pass 3=told 5=done 9=leaders",
        reply_short="{reply_number} 1=I answer 3=told",
        minutes="{count} min",
        hours="{count} h",
        button="I answer now",
        spoken=(
            "You have issue number {number}, and the customer waits for your answer "
            "since {waited}. Customer: {customer}. {problem}."
        ),
        spoken_keys=(
            "Press 1 if you answer now, 2 to pass it on, "
            "3 when the customer has been told, 4 to snooze it, "
            "5 if it is resolved, 9 to tell leadership."
        ),
    ),
    bundle=BundleWords(
        page="{count} issues wait for you. Worst: {severity} #{number} {customer}: {problem}",
        reply="Reply {zero}=take all, {reply_number} 1=this one",
        button="I take all",
    ),
    incident=IncidentWords(
        customers="{count} customers",
        more="Incident {incident}, {title}: {more} more issues, {count} in all",
    ),
    notices=NoticeWords(
        owner_has_it="{owner} has had #{number} since {at}. Nothing to do.",
        customer_wrote_again="{customer} wrote again, #{number}: {problem}",
        reopened="#{number} is open again. {customer}: {problem}",
        answer_failed="Your answer did not reach {customer}, #{number}: {problem}",
        paging_ill="Paging is ill: {via} has failed since {at}. Other ways are used.",
        trial_page="Test for {person}: this is how a page reaches you. Nothing to do.",
        leave_unread=(
            "Leave calendar: line {line} ({words}) cannot be read, so you are not taken as away then. Please mend it."
        ),
        leave_unread_more=(
            "Leave calendar: {count} entries cannot be read, the first in line {line} ({words}). You are not taken as away then."
        ),
    ),
    shifts=ShiftWords(
        tomorrow="Your turn is coming: {rotation}, {start} to {end}.",
        soon="In an hour you are on call: {rotation}, {start} to {end}.",
        begins="You are on call now, until {end}: {rotation}.",
        appeared="New turn for you: {rotation}, {start} to {end}.",
        moved="Your turn has moved: {rotation}, now {start} to {end}.",
        gone="No longer your turn: {rotation}, {start} to {end}.",
        changed="{count} of your turns changed until {until}. Next: {start}, {rotation}.",
        all_gone="{count} turns until {until} are no longer yours. First: {start}, {rotation}.",
    ),
    spoken=SpokenWords(
        page="{severity} issue, number {number}. Customer: {customer}. {problem}.",
        keys=(
            "Press 1 to take it, 2 to pass it on, 3 if you have told the customer, "
            "4 to snooze it, 5 if it is resolved, 6 to help its owner, "
            "9 to tell leadership."
        ),
        bundle="{count} issues wait for you. The worst:",
        bundle_keys="Press 0 to take all of them.",
        unknown_key="That key means nothing here.",
        unspeakable=(
            "There is a message for you that cannot be read out. "
            "Please look into the care service."
        ),
    ),
    reasons={
        Reason.LEVEL_REACHED: "it is this level's turn",
        Reason.LEVEL_JOINED: "they have come on call",
        Reason.LEVEL_LEFT: "they are on call no longer",
        Reason.PASSED: "it was passed on",
        Reason.NO_REPLY: "the customer has no answer yet",
        Reason.LAST_RESORT: "no level has answered",
        Reason.SEVERITY: "severe",
        Reason.TIMEOUT: "takes too long",
        Reason.ASKED: "colleague asks",
        Reason.PROMISE_MISSED: "promise missed",
        Reason.LEVEL_EMPTY: "nobody is on call at this level",
        Reason.LEVEL_UNREACHABLE: "nobody at this level can be reached",
        Reason.PERSON_UNREACHABLE: "this person cannot be reached",
        Reason.OWNER_UNREACHABLE: "the owner cannot be reached",
        Reason.LEVELS_EXHAUSTED: "all levels have been paged",
        Reason.NOBODY_TO_PAGE: "there is nobody to page: mend the rotations",
        Reason.NOBODY_TO_TELL: "there are no leaders to tell: mend the policy",
        Reason.ACKNOWLEDGED: "somebody has it",
        Reason.SNOOZED: "it is snoozed",
        Reason.FINISHED: "it is finished",
    },
)
