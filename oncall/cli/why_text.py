"""Explanations as sentences: what was sent, what was not, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from oncall.actions.why import Event, Left, Message, Untold
from oncall.cli import output
from oncall.model import Kind, PageState

if TYPE_CHECKING:
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.actions.why import Entry

WANTED = {
    "level_reached": "it was their turn",
    "level_joined": "they came on call while it was waited for",
    "passed": "the one before passed it on",
    "no_reply": "the issue was taken, yet the customer had no answer",
    "last_resort": "the levels had run out",
    "assigned": "the issue was given to them",
    "severity": "so severe an issue is told at once",
    "timeout": "it took too long",
    "asked": "somebody asked for leaders to be told",
    "promise_missed": "a promise to the customer was overdue",
    "customer_wrote": "the customer wrote again",
    "answer_failed": "an answer did not reach the customer",
    "paging_is_ill": "a provider failed",
    "edited": "what stood on the phone was answered elsewhere",
    "owner_named": "they were told that nobody has it, and somebody does",
}
"""Why a message was wanted; a word that is not here speaks for itself."""
KINDS = {Kind.PAGE: "page", Kind.BAD_NEWS: "bad news", Kind.NOTICE: "notice"}
BECAME = {
    PageState.SENDING: "it is being handed over",
    PageState.ACCEPTED: "the provider took it",
    PageState.DELIVERED: "it arrived",
    PageState.UNDELIVERED: "the carrier did not deliver it",
    PageState.FAILED: "it was refused for good",
    PageState.CANCELLED: "it was called off",
    PageState.SUPERSEDED: "it was joined with others into one page",
}
STOPS = {
    "acknowledged": "{who} took the issue at {at}",
    "snoozed": "{who} snoozed the issue at {at}",
    "resolved": "{who} resolved the issue at {at}",
}
HAPPENED = {
    "opened": "the issue was opened as {because}",
    "acknowledged": "{who} took it",
    "passed": "{who} passed it on",
    "snoozed": "{who} snoozed it until {detail}",
    "resolved": "{who} resolved it",
    "assigned": "it was given to {who}",
    "helper": "{who} joined to help",
    "severity": "its severity became {because}",
    "customer_wrote": "the customer wrote again",
    "customer_edited": "the customer changed what was written before",
    "customer_deleted": "the customer took a message back",
    "answered_customer": "{who} answered the customer",
    "other_address": "somebody wrote from an address not known to be the customer's",
    "address_confirmed": "{who} confirmed another address of the customer",
    "answer_written": "{who} wrote an answer",
    "answer_sent": "the answer was handed to {because}",
    "answer_delivered": "the answer arrived",
    "answer_delayed": "the answer was not taken and is tried again: {detail}",
    "answer_failed": "the answer did not reach the customer: {detail}",
    "answer_not_sent": "the answer was recorded and not sent: {detail}",
    "asked_for_leaders": "{who} asked for leaders to be told",
    "no_way_to_page": "{who} was not paged: no contact method works",
    "method_left_out": "not sent: {because} to {who} about #{issue}, since that failed"
    " before: {detail}",
    "bad_news_in_page": "{who} was paged for it in that minute: no other message told"
    " the bad news",
    "no_way_to_tell": "{who} was not told: no contact method works",
    "level_unreachable": "nobody of the level could be reached: the next was due",
}
TOLD_ELSEWHERE = frozenset({"page", "bad_news", "cancelled", "not_delivered"})
"""Lines of the timeline that the messages themselves say better."""


class Sentences:
    """Says entries in English, times as the service's clock shows them."""

    def __init__(self, view: View) -> None:
        self._view = view

    def say(self, entry: Entry) -> str:
        """Return one sentence; empty for what another entry says better."""
        match entry:
            case Message():
                return self._message(entry)
            case Event():
                return self._event(entry)
            case Untold():
                return self._untold(entry)

    def _message(self, message: Message) -> str:
        name = self._view.name_of(message.person)
        about = "" if message.issue is None else f" about #{message.issue}"
        what = f"{KINDS.get(message.kind, message.kind)} to {name} by {message.via}"
        wanted = WANTED.get(message.because, message.because or "it was asked for")
        where = f" (level {message.level}, round {message.round})"
        place = where if message.level is not None else ""
        sent = "sent" if message.sent else "not sent"
        return f"{sent}: {what}{about}, since {wanted}{place}; {self._became(message)}"

    def _became(self, message: Message) -> str:
        if message.state is PageState.PLANNED:
            return self._waits(message)
        became = BECAME[message.state]
        if message.stopped is not None:
            return f"{became}: {self._stop(message.stopped)}"
        return f"{became}: {message.detail}" if message.detail else became

    def _waits(self, message: Message) -> str:
        why = f" ({message.detail})" if message.detail else ""
        if message.due_at is None:
            return "it waits for the way before it to fail"
        tried = f", tried {message.attempts} times" if message.attempts else ""
        return f"it waits until {self._at(message.due_at)}{tried}{why}"

    def _event(self, event: Event) -> str:
        if event.event in TOLD_ELSEWHERE:
            return ""
        form = HAPPENED.get(event.event)
        if form is None:
            said = (event.because.replace("_", " "), event.detail)
            return ": ".join(filter(None, said)) or event.event
        who = self._view.name_of(event.person) or "somebody"
        return form.format(
            who=who, issue=event.issue, because=event.because, detail=event.detail
        )

    def _untold(self, untold: Untold) -> str:
        name = self._view.name_of(untold.person)
        return f"not told: {name} of #{untold.issue}, since {self._left(untold)}"

    def _left(self, untold: Untold) -> str:
        match untold.because:
            case Left.UNREACHABLE:
                return "no contact method of theirs works"
            case Left.NOT_ON_CALL:
                return "they are on call for no level of its policy"
            case Left.NOT_ON_CALL_THEN:
                return f"they were not on call when level {untold.level} was paged"
            case Left.LEVEL_NOT_REACHED:
                stop = f": {self._stop(untold.stopped)}" if untold.stopped else " yet"
                return f"level {untold.level} was not reached{stop}"

    def _stop(self, event: Event) -> str:
        who = self._view.name_of(event.person) or "somebody"
        return STOPS[event.event].format(who=who, at=self._at(event.at))

    def _at(self, at: datetime) -> str:
        return output.local(at, self._view.config.service.zone)


def shape(entry: Entry, say: Callable[[Entry], str]) -> dict[str, object]:
    """Return an entry as JSON has it; the keys are the same for every kind."""
    known = asdict(entry)
    kind = "not_told" if isinstance(entry, Untold) else "event"
    return {
        "at": output.instant(entry.at),
        "issue": entry.issue,
        "kind": known.get("kind", kind),
        "event": known.get("event"),
        "person": entry.person,
        "via": known.get("via"),
        "sent": known.get("sent"),
        "state": known.get("state"),
        "because": entry.because or None,
        "level": known.get("level"),
        "detail": known.get("detail") or None,
        "sentence": say(entry),
    }
