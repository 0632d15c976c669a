"""What is said to a person about an issue, in that person's language and time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from escalation_policies.reason import Reason
from oncall import wording
from oncall.actions import outbox
from oncall.actions.done import Done
from oncall.actions.house import View
from oncall.actions.incident_news import whose_problem
from oncall.model import Issue, Kind, Language, Outcome, Page, Person, Verb, Via
from oncall.replies import encode_button
from oncall.store import Tx, issues, promises, timeline

RICH = frozenset({Via.TELEGRAM, Via.WHATSAPP, Via.EMAIL, Via.APPRISE, Via.CONSOLE})
"""Methods with room for more than one SMS segment."""

PRESSED = frozenset({Via.TELEGRAM})
"""Methods whose messages carry buttons."""

Buttons = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of (label, data)."""


def audible(language: Language, languages: Sequence[str]) -> Language:
    """Return the language itself, or what is read aloud instead of it.

    `languages` are those that can be; none when nothing is read aloud.
    """
    if not languages or language in languages:
        return language
    return Language(languages[0])


def page_text(tx: Tx, reader: Person, page: Page, issue: Issue, now: datetime) -> str:
    """Return a page as its reader is to see it now, or to hear it in a call."""
    if reminds(page, issue):
        return _reminder(tx, reader, page, issue, now)
    if page.via not in RICH:
        say = wording.spoken_page if page.via is Via.VOICE else wording.page_sms
        return say(
            reader.language,
            number=issue.number,
            severity=issue.severity,
            customer=issue.customer.display_name,
            problem=issue.subject,
        )
    said = timeline.messages(tx, issue.number)
    waiting = issue.waiting_since
    return wording.page_text(
        reader.language,
        number=issue.number,
        severity=issue.severity,
        customer=issue.customer.display_name,
        problem=issue.subject,
        text=said[0]["text"] if said and said[0]["text"] != issue.subject else "",
        waiting_since=shown(reader, waiting, now) if waiting else "",
        link=issue.link,
    )


def reminds(page: Page, issue: Issue) -> bool:
    """Tell whether a page goes to the owner because the customer waits."""
    owners = page.reason == Reason.NO_REPLY and page.person == issue.owner
    return owners and issue.waiting_since is not None


def _reminder(tx: Tx, reader: Person, page: Page, issue: Issue, now: datetime) -> str:
    span = now - (issue.waiting_since or now)
    who, problem = issue.customer.display_name, issue.subject
    if page.via not in RICH:
        spoken = page.via is Via.VOICE
        say = wording.spoken_reminder if spoken else wording.reminder_sms
        return say(
            reader.language,
            number=issue.number,
            customer=who,
            problem=problem,
            span=span,
        )
    said = timeline.messages(tx, issue.number)
    words = [line["text"] for line in said if line["direction"] == "in"]
    return wording.reminder_text(
        reader.language,
        number=issue.number,
        customer=who,
        problem=problem,
        span=span,
        text=words[-1] if words and words[-1] != problem else "",
        link=issue.link,
    )


def bundle_text(view: View, page: Page, about: Sequence[Issue]) -> str:
    """Return one page for many issues, the worst of them named."""
    reader = view.person(page.person)
    standing = [issue for issue in about if issue.number in page.bundle]
    worst = max(standing, key=lambda issue: (issue.severity.rank, -issue.number))
    return wording.bundle_page(
        reader.language,
        count=len(page.bundle),
        number=worst.number,
        severity=worst.severity,
        customer=worst.customer.display_name,
        problem=worst.subject,
        rich=page.via in RICH,
    )


def page_buttons(view: View, page: Page, issue: Issue) -> Buttons:
    """Return the buttons under a page, two in a row; under a bundle there is one."""
    language = view.person(page.person).language
    if page.bundle:
        label = wording.bundle_button(language)
        return (((label, encode_button(page.id, Verb.TAKE_ALL)),),)
    labels_of = (
        wording.reminder_labels if reminds(page, issue) else wording.button_labels
    )
    labels = labels_of(language)
    buttons = [(label, encode_button(page.id, verb)) for verb, label in labels.items()]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def shown(reader: Person, at: datetime, now: datetime) -> str:
    """Write an instant as the reader's clock shows it."""
    return wording.local_time(reader.language, at, zone=reader.zone, now=now)


def tell_bad_news(
    tx: Tx, view: View, issue: Issue, person: str, why: Reason, now: datetime
) -> bool:
    """Plan bad news for a leader; False when there is no way to them."""
    reader = view.config.people.get(person)
    if reader is None:
        return False

    def text(via: Via) -> str:
        return bad_news_in(tx, view, issue, reader, why, via, now)

    return outbox.tell(
        tx,
        view,
        person,
        now,
        kind=Kind.BAD_NEWS,
        issue=issue.number,
        reason=why,
        texts=text,
        owner=issue.owner or "",
    )


def bad_news_in(
    tx: Tx,
    view: View,
    issue: Issue,
    reader: Person,
    why: Reason,
    via: Via,
    now: datetime,
) -> str:
    """Return what a leader is told of an issue, as it is sent by a method."""
    say = wording.bad_news_text if via in RICH else wording.bad_news_sms
    return say(reader.language, bad_news(tx, view, issue, reader, why, now))


def bad_news(
    tx: Tx, view: View, issue: Issue, reader: Person, why: Reason, now: datetime
) -> wording.BadNews:
    """Return what a leader is told of an issue, with times as their clock shows them."""
    promise = next(iter(promises.open_of(tx, issue.number)), None)
    who, problem = whose_problem(tx, issue, reader)
    return wording.BadNews(
        number=issue.number,
        severity=issue.severity,
        customer=who,
        problem=problem,
        since=shown(reader, issue.opened_at, now),
        why=why,
        owner=view.name_of(issue.owner),
        promised=promise["text"] if promise else "",
    )


def tell_customer_wrote(tx: Tx, view: View, issue: Issue, now: datetime) -> None:
    """Plan a notice to the owner: there is something new to read."""
    _tell_owner(
        tx, view, issue, now, reason="customer_wrote", say=wording.customer_wrote_again
    )


def tell_reopened(tx: Tx, view: View, issue: Issue, now: datetime) -> None:
    """Plan a notice to the owner: what was resolved is not."""
    _tell_owner(tx, view, issue, now, reason="reopened", say=wording.reopened)


class _Notice(Protocol):
    """A sentence of `wording` about an issue."""

    def __call__(
        self,
        language: Language,
        *,
        number: int,
        customer: str,
        problem: str,
        rich: bool = False,
    ) -> str: ...


def _tell_owner(
    tx: Tx, view: View, issue: Issue, now: datetime, *, reason: str, say: _Notice
) -> None:
    if issue.owner is not None:
        notice(tx, view, issue, issue.owner, now, reason=reason, say=say)


def notice(
    tx: Tx,
    view: View,
    issue: Issue,
    person: str,
    now: datetime,
    *,
    reason: str,
    say: _Notice,
) -> None:
    """Plan a notice about an issue, in the words of its reader; none who has left."""
    reader = view.config.people.get(person)
    if reader is None:
        return
    language = reader.language

    def text(via: Via) -> str:
        return say(
            language,
            number=issue.number,
            customer=issue.customer.display_name,
            problem=issue.subject,
            rich=via in RICH,
        )

    outbox.tell(
        tx,
        view,
        person,
        now,
        kind=Kind.NOTICE,
        issue=issue.number,
        reason=reason,
        texts=text,
    )


def answer_text(
    tx: Tx,
    view: View,
    reader: Person,
    done: Done,
    now: datetime,
    *,
    verb: Verb,
    number: int | None,
    rich: bool,
    choices: Sequence[int] = (),
) -> str:
    """Return the one answer to somebody's answer."""
    issue = done.issue
    at = _moment(done, verb)
    return wording.answer(
        reader.language,
        done.outcome,
        number=number,
        verb=verb,
        owner=view.name_of(issue.owner) if issue else "",
        at=shown(reader, at, now) if at else "",
        choices=[_choice(tx, number) for number in choices],
        rich=rich,
    )


def _moment(done: Done, verb: Verb) -> datetime | None:
    if done.issue is None:
        return None
    snoozed = done.outcome is Outcome.APPLIED and verb is Verb.SNOOZE
    return done.issue.snoozed_until if snoozed else done.issue.acknowledged_at


def _choice(tx: Tx, number: int) -> tuple[int, str]:
    issue = issues.find(tx, number)
    return number, issue.customer.display_name if issue else ""


def edited_page(
    view: View, reader: Person, issue: Issue, verb: Verb, now: datetime
) -> str:
    """Return what stands in the place of a page that its reader has answered."""
    at = issue.snoozed_until if verb is Verb.SNOOZE else now
    taken = verb is Verb.TAKE and issue.owner is not None
    since = issue.acknowledged_at if taken else at
    return wording.page_edited(
        reader.language,
        number=issue.number,
        severity=issue.severity,
        customer=issue.customer.display_name,
        problem=issue.subject,
        verb=verb,
        owner=view.name_of(issue.owner) if taken else reader.name,
        at=shown(reader, since or now, now),
    )
