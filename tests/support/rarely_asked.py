"""What the service asks its store on few days only, asked here without waiting for them.

A clock that was set, providers that fail, letters, calendars of absences, links.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from oncall.model import Customer, Page, Via
from oncall.store import (
    Tx,
    absence_calendars,
    answers,
    bad_news,
    bundles,
    calendars,
    customers,
    departures,
    erasure,
    exceptions,
    holding,
    incident_suggestions,
    incident_updates,
    intake,
    issues,
    mailboxes,
    methods,
    migrate,
    nodes,
    paged,
    pages,
    retention,
    set_back,
    steps,
    threads,
    timeline,
)
from oncall.store.customers import Handle
from oncall.store.formats import bring
from oncall.store.incident_updates import Letter
from rotations.exception import Absence

HOUR = timedelta(hours=1)
NADER = Handle(kind="phone", value="+989120000009", verified=True)


def ask(tx: Tx, now: datetime, issue: int) -> None:
    """Ask all of it, about an issue of which somebody was paged just now."""
    _about_pages(tx, now, issue)
    _about_customers(tx, now, issue)
    _about_absences(tx, now)
    _about_the_service(tx, now)
    _forget(tx, now)


def _forget(tx: Tx, now: datetime) -> None:
    erasure.erase_person(tx, 12)
    erasure.erase_issues(tx, 12, now, after=0, portion=5)
    retention.prune(tx, now - 24 * HOUR, portion=5)


def _about_pages(tx: Tx, now: datetime, issue: int) -> None:
    page = next(page for page in paged.of_issue(tx, issue) if page.attempts)
    paged.alive(tx, issue, 0, 0)
    paged.by_provider_id(tx, "SM12")
    paged.known_to_provider(tx, page)
    paged.history(tx, page.id)
    pages.put_off(tx, Via.SMS, now, now - HOUR)
    pages.readdress(tx, page.id, page.address)
    steps.taken_step(tx, page.sequence)
    steps.relax_next_step(tx, page, now)
    steps.hasten_next_step(tx, page, now)
    steps.rest_standby(tx, [page])
    answers.holder_was_lost(tx, page.id)
    bundles.still_joined(tx, replace(page, bundle=(issue,)), now)
    bundles.stand_for(tx, page, [issue])
    pages.correct(tx, page, "other words")
    pages.renew(tx, {page.id: page.epoch}, now + HOUR)
    pages.take_up(tx, now)
    holding.hold(tx, issue, now + HOUR, now)
    holding.let_go(tx, issue, now)
    timeline.first_since(tx, issue, "told", now - HOUR)
    _answer(tx, page, now, issue)


def _answer(tx: Tx, page: Page, now: datetime, issue: int) -> None:
    answers.add(tx, issue, now, page=page.id, text="paid", author="sara")
    answers.of_page(tx, page.id)
    answers.sent_to(tx, ["<a@b>"])
    bad_news.name(tx, page.id, "sara", None)
    timeline.reword(tx, issue, "m1", "other words")
    answers.letters(tx, "bank", issue)
    answers.by_letters(tx, "bank", ["<a@b>", "<c@d>"])
    threads.by_references(tx, "bank", ["<a@b>", "<c@d>"])
    letter = Letter(update_id=1, customer=1, issue=1, language="en")
    incident_updates.with_message(tx, 2)
    incident_updates.numbers_of(tx, 1, [1])
    incident_updates.called_off(tx, letter, "nobody", now)
    incident_updates.written(tx, letter, None, now)


def _about_customers(tx: Tx, now: datetime, issue: int) -> None:
    before = Customer(name="Nader")
    one, two = customers.add(tx, before, now), customers.add(tx, before, now)
    customers.change(tx, one, before, Customer(name="Nader Q"))
    customers.keep_handles(tx, one, [replace(NADER, verified=False)], now)
    customers.keep_handles(tx, one, [NADER], now)
    customers.oldest_other(tx, NADER, [two])
    customers.having(tx, NADER.kind, NADER.value, 3)
    customers.suggest(tx, one, two, NADER, now)
    customers.dismiss(tx, 1, now)
    customers.serialise_merges(tx)
    customers.point(tx, two, one, now)
    customers.group_of(tx, one)
    customers.sharing_handles(tx, one)
    customers.drop(tx, customers.add(tx, before, now))
    issues.open_of_customers(tx, customers.group_of(tx, 7))
    incident_suggestions.drop_all_but(tx, 1, [issue])
    incident_suggestions.merge(tx, [2, 3], 1)


def _about_absences(tx: Tx, now: datetime) -> None:
    away = Absence(id="cal:1:a", person="sara", start=now, end=now + HOUR, reason="")
    absence_calendars.claim(tx, "sara", "here", now, HOUR)
    absence_calendars.claim(tx, "sara", "there", now, HOUR)
    absence_calendars.note_failed(tx, "sara", "gone")
    absence_calendars.note_unread(tx, "sara", [])
    absence_calendars.take_in(tx, "sara", "cal:", [away], now)
    absence_calendars.take_in(tx, "sara", "cal:", [], now)
    absence_calendars.forget(tx, ["sara"])
    exceptions.find_absence(tx, "a1")
    departures.note(tx, ["gone"], ["sara"], now)
    departures.note(tx, ["gone"], ["gone"], now)


def _about_the_service(tx: Tx, now: datetime) -> None:
    calendars.slots_by_uid(tx, ["u1"])
    intake.let_go(tx, now)
    intake.still_held(tx, [1, 2], now)
    intake.claim_questions(tx, now, now + HOUR, 10)
    mailboxes.first_seen(tx, "letters", "here", now)
    mailboxes.first_seen(tx, "letters", "there", now)
    mailboxes.note_looked(tx, "letters", now)
    mailboxes.note_failed(tx, "letters", "gone")
    methods.add_link_code(tx, "code", "sara", now + HOUR)
    methods.use_link_code(tx, "code", now)
    methods.link_telegram(tx, "sara", 4711, now)
    methods.mark_broken(tx, "sara", Via.SMS, "+1", now, "unknown")
    methods.mark_working(tx, "sara", Via.SMS, "+1", now)
    nodes.answers(tx)
    nodes.several(tx, now - HOUR)
    bring(tx, migrate.FORMS)
    set_back.bring_near(tx, now - HOUR, lease=HOUR)
