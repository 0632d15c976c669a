"""News for everybody in an incident: one message to each customer, in her language."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from oncall.actions.converse import add_message, leave_unsent
from oncall.actions.house import View
from oncall.errors import OncallError
from oncall.model import Incident, Language
from oncall.store import Tx, customers, incident_updates, issues
from oncall.store.incident_updates import Addressee, Letter, Update

ANY = ""
"""The language of a text that everybody gets."""


def address(
    tx: Tx,
    view: View,
    incident: Incident,
    texts: Mapping[str, str],
    author: str | None,
    now: datetime,
) -> Update:
    """Keep an update, and a letter for each customer who has an issue in the incident.

    The letters are written by `write_letters`, each once whatever happens between.
    """
    update = incident_updates.add(tx, incident.id, texts, author, now)
    fallback = view.config.service.language
    letters: dict[int, Letter] = {}
    for one in incident_updates.addressees(tx, incident.id):
        customer = customers.root_of(tx, one.customer) if one.merged else one.customer
        if customer not in letters:
            language = chosen(texts, _language_of(tx, one, customer), fallback)
            letters[customer] = Letter(
                update_id=update.id,
                customer=customer,
                issue=one.issue,
                language=language,
            )
    incident_updates.put(tx, list(letters.values()))
    return update


def chosen(texts: Mapping[str, str], language: str, fallback: Language) -> str:
    """Return which of `texts` a reader of `language` (a tag like `fa-IR`) gets.

    Their own, else the service's, else the first there is.
    """
    own = language.replace("_", "-").partition("-")[0].casefold()
    wanted = [own, str(fallback), ANY, *map(str, Language)]
    return next(each for each in wanted if each in texts)


def write_letters(
    tx: Tx, view: View, incident: Incident, now: datetime, room: int
) -> int:
    """Write up to `room` letters that wait; return how many were dealt with."""
    letters = incident_updates.waiting(tx, incident.id, room)
    updates = {update.id: update for update in _updates(tx, letters)}
    for letter in letters:
        _write(tx, view, incident, updates[letter.update_id], letter, now)
    return len(letters)


def _updates(tx: Tx, letters: Iterable[Letter]) -> Iterable[Update]:
    wanted = {letter.update_id for letter in letters}
    found = (incident_updates.find(tx, each) for each in sorted(wanted))
    return (update for update in found if update is not None)


def _language_of(tx: Tx, one: Addressee, customer: int) -> str:
    if one.language or not one.merged:
        return one.language
    root = customers.find(tx, customer)
    return root.customer.language if root else ""


def _write(
    tx: Tx,
    view: View,
    incident: Incident,
    update: Update,
    letter: Letter,
    now: datetime,
) -> None:
    issue = issues.find(tx, letter.issue)
    if issue is None or issue.incident != incident.id:
        incident_updates.called_off(tx, letter, "the issue left the incident", now)
        return
    text, author = update.texts[letter.language], update.author
    try:
        if not leave_unsent(tx, view, issue, text, author, now):
            add_message(
                tx,
                view,
                letter.issue,
                direction="out",
                text=text,
                author=author,
                now=now,
            )
    except OncallError as error:  # this customer's channel would not take it
        incident_updates.called_off(tx, letter, error.detail, now)
        return
    message = incident_updates.last_message(tx, letter.issue)
    incident_updates.written(tx, letter, message, now)
