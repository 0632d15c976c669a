"""What a call of ours says: to who picks up, and to who has pressed a key."""

from dataclasses import replace
from datetime import datetime

from escalation_policies.reason import Reason
from integrations.contract import CallAnswered, InboundReply, Said
from oncall import wording
from oncall.actions.answer import Answered
from oncall.actions.done import Done
from oncall.actions.house import View
from oncall.actions.words import answer_text, audible, bad_news, page_text
from oncall.model import Issue, Kind, Outcome, Page, Person, Status, Verb, Via
from oncall.store import Tx, issues, paged


def words_of(tx: Tx, view: View, call: CallAnswered, now: datetime) -> Said:
    """Return what is to be said now; nothing to somebody whom we do not know.

    A call about no page of ours is somebody's test of it.
    """
    page = paged.find(tx, call.reference)
    if page is None or page.address != call.number:
        person = view.by_phone(call.number)
        return _trial(person, call) if person else Said()
    person = view.config.people.get(page.person)
    if person is None:
        return Said()
    reader = replace(person, language=audible(person.language, call.languages))
    issue = issues.find(tx, page.issue) if page.issue is not None else None
    if page.kind is Kind.PAGE and page.bundle:
        return _bundle(tx, page, reader)
    if page.kind is Kind.PAGE and issue is not None:
        return _page(tx, view, page, reader, issue, now)
    text = _notice(tx, view, page, person, reader, issue, now)
    return Said(text=wording.aloud(text), language=reader.language)


def said(reply: InboundReply, answered: Answered) -> Said:
    """Return the answer to somebody's answer as its channel is to say it."""
    if reply.channel != Via.VOICE:
        return Said(text=answered.text)
    return Said(text=wording.aloud(answered.text), language=answered.language)


def again(
    tx: Tx, view: View, reply: InboundReply, answered: Answered, now: datetime
) -> Said:
    """Return the words of a call once more, after a key that has no meaning in it."""
    call = CallAnswered(
        channel=reply.channel,
        number=reply.sender,
        reference=reply.message_id,
        languages=reply.languages,
    )
    words = words_of(tx, view, call, now)
    return replace(words, text=f"{wording.unknown_key(answered.language)} {words.text}")


def _trial(person: Person, call: CallAnswered) -> Said:
    language = audible(person.language, call.languages)
    text = wording.trial_page(language, person=person.name)
    return Said(text=wording.aloud(text), language=language)


def _page(
    tx: Tx, view: View, page: Page, reader: Person, issue: Issue, now: datetime
) -> Said:
    """Read the page, unless the phone rang for what somebody has by now."""
    outcome = _settled(page, issue)
    if outcome is None:
        text = page_text(tx, reader, page, issue, now)
        return Said(text=text, language=reader.language, asks=page.id)
    done = Done(outcome=outcome, issue=issue)
    text = answer_text(
        tx, view, reader, done, now, verb=Verb.TAKE, number=issue.number, rich=False
    )
    return Said(text=wording.aloud(text), language=reader.language)


def _bundle(tx: Tx, page: Page, reader: Person) -> Said:
    """Read how many are still nobody's, and the worst of them."""
    about = issues.found(tx, page.bundle).values()
    waiting = [issue for issue in about if issue.status is Status.OPEN]
    if not waiting:
        text = wording.answer(reader.language, Outcome.NOTHING_WAITING)
        return Said(text=wording.aloud(text), language=reader.language)
    worst = max(waiting, key=lambda issue: (issue.severity.rank, -issue.number))
    text = wording.spoken_bundle(
        reader.language,
        count=len(waiting),
        number=worst.number,
        severity=worst.severity,
        customer=worst.customer.display_name,
        problem=worst.subject,
    )
    return Said(text=text, language=reader.language, asks=page.id)


def _settled(page: Page, issue: Issue) -> Outcome | None:
    """Return why the page wants no answer any more, or None.

    One made after the acknowledgement is about something else: no answer to the
    customer.
    """
    if issue.status in (Status.RESOLVED, Status.CLOSED):
        return Outcome.CLOSED
    confirmed = issue.confirmed_at or issue.acknowledged_at
    if confirmed is None or confirmed < page.created_at:
        return None
    return Outcome.ALREADY


def _notice(
    tx: Tx,
    view: View,
    page: Page,
    person: Person,
    reader: Person,
    issue: Issue | None,
    now: datetime,
) -> str:
    if page.kind is Kind.BAD_NEWS and issue is not None:
        news = bad_news(tx, view, issue, reader, Reason(page.reason), now)
        return wording.bad_news_sms(reader.language, news)
    if reader.language is person.language:
        return page.text
    return wording.unspeakable(reader.language)
