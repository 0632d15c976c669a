"""Somebody answers a page, by whatever channel: understood, done, and answered once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrations.contract import InboundReply
from integrations.intake.carrier import OPT_IN
from oncall import wording
from oncall.actions.acknowledge import acknowledge
from oncall.actions.converse import told
from oncall.actions.done import Done
from oncall.actions.help_owner import help_owner
from oncall.actions.house import View
from oncall.actions.in_place import settle_buttons
from oncall.actions.link import code_in, use_code
from oncall.actions.pass_on import pass_on
from oncall.actions.resolve import resolve
from oncall.actions.snooze import BY_PHONE, snooze
from oncall.actions.tell_leaders import tell_leaders
from oncall.actions.words import RICH, answer_text, audible, edited_page
from oncall.model import Issue, Language, Outcome, Page, Person, Status, Verb, Via
from oncall.replies import CarrierWord, Command, read, read_button
from oncall.store import Tx, bundles, deliveries, issues, methods, paged, pages

REMEMBERED = timedelta(minutes=30)
"""For so long a verb without a number means the page that was sent last."""

LARGEST_NUMBER = 2**31 - 1

ENDS = frozenset({Verb.PASS, Verb.TOLD, Verb.SNOOZE, Verb.RESOLVED})
"""What answers a page beside taking it, so that its buttons have no meaning any more."""

CUSTOMER = "customer"
"""The outcome for somebody who is none of ours and writes what is no command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What to say back (nothing when `text` is empty), and what became of it.

    `edit` is what the message with the pressed button is to say from now on.
    `language` is that of `text`.
    """

    outcome: str
    text: str
    person: str | None = None
    issue: int | None = None
    edit: str | None = None
    repeated: bool = False
    language: Language = Language.ENGLISH


def answer(
    tx: Tx,
    view: View,
    reply: InboundReply,
    now: datetime,
    *,
    customers_from: str | None = None,
) -> Answered:
    """Carry out an answer. The same delivery again changes nothing and says the same.

    `customers_from` is the source of customers who write by this channel. What they
    write has the outcome CUSTOMER, and is still to be taken in.
    """
    person = _sender(tx, view, reply)
    language = person.language if person else _house_language(view, reply)
    if not deliveries.first_time(tx, reply.channel, reply.delivery_id, now):
        return replace(_said(tx, reply), language=language)
    if person is None and customers_from and _is_customers(tx, reply, customers_from):
        answered = Answered(outcome=CUSTOMER, text="")
    else:
        answered = _take(tx, view, reply, person, now)
    deliveries.say(
        tx,
        reply.channel,
        reply.delivery_id,
        outcome=answered.outcome,
        answer=answered.text,
    )
    return replace(answered, language=language)


def _said(tx: Tx, reply: InboundReply) -> Answered:
    row = deliveries.said(tx, reply.channel, reply.delivery_id)
    outcome, text = (row["outcome"], row["answer"]) if row else ("", "")
    return Answered(outcome=outcome, text=text, repeated=True)


def _take(
    tx: Tx, view: View, reply: InboundReply, person: Person | None, now: datetime
) -> Answered:
    code = code_in(reply.text) if reply.channel == Via.TELEGRAM else None
    linked = _link(tx, view, reply, code, now) if code is not None else None
    if linked is not None:
        return linked
    if person is None:
        return _stranger(view, reply)
    if reply.channel == Via.TELEGRAM:  # who talks to us has not blocked us any more
        methods.mark_working(tx, person.id, Via.TELEGRAM, reply.sender, now)
    if reply.button is not None or reply.channel == Via.VOICE:
        return _press(tx, view, reply, person, now)
    match read(reply.text):
        case CarrierWord(word=word):
            if word in OPT_IN and reply.channel == Via.SMS:
                methods.mark_working(tx, person.id, Via.SMS, reply.sender, now)
            return Answered(outcome="carrier_word", text="", person=person.id)
        case Command(number=int(number), verb=verb):
            return _act(tx, view, reply, person, number, verb, now)
        case Command(verb=verb):
            return _bare(tx, view, reply, person, verb, now)
        case _:
            return _unclear(tx, view, reply, person, now)


def _sender(tx: Tx, view: View, reply: InboundReply) -> Person | None:
    if reply.channel == Via.TELEGRAM:
        return view.by_telegram(int(reply.sender)) if reply.sender.isdigit() else None
    if reply.channel == Via.VOICE:
        return _called(tx, view, reply)
    return view.by_phone(reply.sender)


def _called(tx: Tx, view: View, reply: InboundReply) -> Person | None:
    """Return whom we called about the page, as reading what can be read aloud."""
    page = paged.find(tx, reply.message_id)
    if page is None or page.address != reply.sender:
        return None
    person = view.config.people.get(page.person)
    if person is None:
        return None
    return replace(person, language=audible(person.language, reply.languages))


def _house_language(view: View, reply: InboundReply) -> Language:
    return audible(view.config.service.language, reply.languages)


def _stranger(view: View, reply: InboundReply) -> Answered:
    if isinstance(read(reply.text), CarrierWord):
        return Answered(outcome="carrier_word", text="")
    language = _house_language(view, reply)
    outcome = Outcome.NOT_FOR_YOU
    text = wording.answer(language, outcome, rich=reply.channel in RICH)
    return Answered(outcome=outcome, text=text)


def _is_customers(tx: Tx, reply: InboundReply, source: str) -> bool:
    """Tell whether a stranger's text is a customer's message.

    A bare command is a page's answer from a wrong phone, unless a conversation with
    this number is open: then `ok` is said to us. Carriers' words are words like any.
    """
    match read(reply.text):
        case Command():
            return issues.open_by_source(tx, source, reply.sender) is not None
        case _:
            return True


def _link(
    tx: Tx, view: View, reply: InboundReply, code: str, now: datetime
) -> Answered | None:
    """Pair the sender's Telegram account with the person the code was made for.

    None for several words that only look like a code.
    """
    person = use_code(tx, view, code, int(reply.sender), now)
    if person is None:
        if not reply.text.startswith("/") and len(reply.text.split()) > 1:
            return None
        text = wording.link_failed(view.config.service.language)
        return Answered(outcome="link_failed", text=text)
    text = wording.linked(person.language, person=person.name)
    return Answered(outcome="linked", text=text, person=person.id)


def _press(
    tx: Tx, view: View, reply: InboundReply, person: Person, now: datetime
) -> Answered:
    """Act on a button or a phone's key. Only who was paged may press it."""
    pressed = _pressed(reply)
    page = paged.find(tx, pressed[0]) if pressed else None
    if pressed is None or page is None or page.issue is None:
        return _say(tx, view, reply, person, Done(outcome=Outcome.NOT_UNDERSTOOD), now)
    if page.person != person.id:
        return _say(tx, view, reply, person, Done(outcome=Outcome.NOT_FOR_YOU), now)
    if _has_no_meaning(reply, page, pressed[1]):
        return _say(tx, view, reply, person, Done(outcome=Outcome.NOT_UNDERSTOOD), now)
    if pressed[1] is Verb.TAKE_ALL:
        return _take_all(tx, view, reply, person, now, named=page.bundle)
    return _act(tx, view, reply, person, page.issue, pressed[1], now)


def _pressed(reply: InboundReply) -> tuple[str, Verb] | None:
    """Return the page and the verb that were meant, or None."""
    if reply.channel != Via.VOICE:
        return read_button(reply.button or "")
    command = read(reply.text)
    return (reply.message_id, command.verb) if isinstance(command, Command) else None


def _has_no_meaning(reply: InboundReply, page: Page, verb: Verb) -> bool:
    """Tell whether a key is not among those that the call has named."""
    for_many = verb is Verb.TAKE_ALL
    return reply.channel == Via.VOICE and for_many is not bool(page.bundle)


def _bare(
    tx: Tx, view: View, reply: InboundReply, person: Person, verb: Verb, now: datetime
) -> Answered:
    """Act on a verb alone when there is exactly one page it can mean."""
    if verb is Verb.TAKE_ALL:
        return _take_all(tx, view, reply, person, now)
    waiting = _waiting(tx, reply, person, now)
    if len(waiting) == 1:
        return _act(tx, view, reply, person, waiting[0], verb, now)
    choices = waiting or issues.open_of(tx, person.id)
    outcome = Outcome.CHOICES if choices else Outcome.NOTHING_WAITING
    done = Done(outcome=outcome)
    return _say(tx, view, reply, person, done, now, verb=verb, choices=choices)


def _take_all(
    tx: Tx,
    view: View,
    reply: InboundReply,
    person: Person,
    now: datetime,
    *,
    named: Iterable[int] = (),
) -> Answered:
    """Take every issue that waits on this phone and that nobody has.

    A button names those of its bundle, however long ago that was sent.
    """
    sent = bundles.unanswered(tx, {reply.sender, person.id}, now - REMEMBERED)
    taken = [
        done
        for number in sorted({*sent, *named})
        if (done := _take_nobodys(tx, view, number, person.id, now)).outcome
        is Outcome.APPLIED
    ]
    if not taken:
        done = Done(outcome=Outcome.NOTHING_WAITING)
        return _say(tx, view, reply, person, done, now)
    return _say(tx, view, reply, person, taken[0], now, verb=Verb.TAKE_ALL)


def _take_nobodys(tx: Tx, view: View, number: int, person: str, now: datetime) -> Done:
    """Take an issue that nobody has; of one that somebody has, only its pages end.

    Whoever takes all has not read of each whose it is, and does not offer to help.
    """
    standing = issues.lock(tx, number)
    if standing is None or standing.issue.acknowledged_at is None:
        return acknowledge(tx, view, number, person, now)
    paged.mark_answered(tx, number, person, now)
    pages.cancel_waiting(tx, number, now, detail="answered", person=person)
    return Done(outcome=Outcome.ALREADY, issue=standing.issue)


def _unclear(
    tx: Tx, view: View, reply: InboundReply, person: Person, now: datetime
) -> Answered:
    # Only a verb asks after what somebody else took: whoever writes anything else is
    # shown what still waits, or how to answer.
    sent = _sent(tx, reply, person, now)
    choices = [issue.number for issue in _nobodys(sent)]
    outcome = Outcome.CHOICES if choices else Outcome.NOT_UNDERSTOOD
    return _say(tx, view, reply, person, Done(outcome=outcome), now, choices=choices)


def _waiting(tx: Tx, reply: InboundReply, person: Person, now: datetime) -> list[int]:
    """Return the issues whose pages to this phone or chat want an answer.

    Those that nobody has come first: only when there are none, those that somebody
    else took meanwhile, so that a late answer hears by whom.
    """
    sent = _sent(tx, reply, person, now)
    unfinished = [
        issue for issue in sent if issue.status in (Status.OPEN, Status.ACKNOWLEDGED)
    ]
    return [issue.number for issue in _nobodys(sent) or unfinished or sent]


def _sent(tx: Tx, reply: InboundReply, person: Person, now: datetime) -> list[Issue]:
    """Return the issues of the pages to this phone or chat that nobody answered."""
    numbers = bundles.unanswered(tx, {reply.sender, person.id}, now - REMEMBERED)
    return [issue for number in numbers if (issue := issues.find(tx, number))]


def _nobodys(sent: Iterable[Issue]) -> list[Issue]:
    return [
        issue
        for issue in sent
        if issue.status in (Status.OPEN, Status.ACKNOWLEDGED)
        and issue.acknowledged_at is None
    ]


def _act(
    tx: Tx,
    view: View,
    reply: InboundReply,
    person: Person,
    number: int,
    verb: Verb,
    now: datetime,
) -> Answered:
    pressed = read_button(reply.button or "")
    under = pressed[0] if pressed else ""
    done = _permitted(tx, view, person, number, now) or _do(
        tx, view, person.id, number, verb, now, pressed=under
    )
    if done.issue is not None and done.outcome is Outcome.APPLIED and verb in ENDS:
        settle_buttons(tx, view, done.issue, person.id, verb, now, pressed=under)
    return _say(tx, view, reply, person, done, now, number=number, verb=verb)


def _permitted(
    tx: Tx, view: View, person: Person, number: int, now: datetime
) -> Done | None:
    """Return why this person may not act on the issue, or None.

    Whoever heard of it from us may, and whoever its policy means now: a number typed
    wrong at night must not take somebody else's issue.
    """
    standing = issues.lock(tx, number) if number <= LARGEST_NUMBER else None
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if person.id == issue.owner or person.id in issue.helpers:
        return None
    if paged.was_told(tx, number, person.id):
        return None
    targets = {target for level in standing.policy.levels for target in level.targets}
    meant = {name for t in targets for name in view.people_of(t, now)}
    return None if person.id in meant else Done(outcome=Outcome.NOT_FOR_YOU)


def _do(
    tx: Tx,
    view: View,
    person: str,
    number: int,
    verb: Verb,
    now: datetime,
    *,
    pressed: str,
) -> Done:
    match verb:
        case Verb.TAKE:
            return acknowledge(tx, view, number, person, now, pressed=pressed)
        case Verb.PASS:
            return pass_on(tx, view, number, person, now)
        case Verb.TOLD:
            return told(tx, view, number, person, now)
        case Verb.SNOOZE:
            return snooze(tx, view, number, person, BY_PHONE, now)
        case Verb.RESOLVED:
            return resolve(tx, view, number, person, "", now)
        case Verb.HELP:
            return help_owner(tx, view, number, person, now)
        case Verb.LEADERS:
            return tell_leaders(tx, view, number, person, now)
        case Verb.TAKE_ALL:
            return acknowledge(tx, view, number, person, now)


def _say(
    tx: Tx,
    view: View,
    reply: InboundReply,
    person: Person,
    done: Done,
    now: datetime,
    *,
    verb: Verb = Verb.TAKE,
    number: int | None = None,
    choices: list[int] | None = None,
) -> Answered:
    text = answer_text(
        tx,
        view,
        person,
        done,
        now,
        verb=verb,
        number=number,
        rich=reply.channel in RICH,
        choices=choices or (),
    )
    edit = None
    if done.issue is not None and done.outcome in (Outcome.APPLIED, Outcome.ALREADY):
        did = Verb.TAKE if done.outcome is Outcome.ALREADY else verb
        edit = edited_page(view, person, done.issue, did, now)
    return Answered(
        outcome=done.outcome, text=text, person=person.id, issue=number, edit=edit
    )
