"""Paging is ill: leaders hear of a provider that fails, by the ways that work."""

from dataclasses import replace
from datetime import datetime

from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.words import RICH, shown
from oncall.model import Kind, Language, Via
from oncall.store import Tx
from oncall.wording import paging_ill


def tell_paging_is_ill(tx: Tx, view: View, ill: Via, now: datetime) -> None:
    """Plan a notice to everybody of the last resort, by any other method."""
    others = replace(view, vias=view.vias - {ill})
    people = {
        person
        for target in view.config.service.last_resort
        for person in view.people_of(target, now)
    }
    for person in sorted(people):
        reader = view.person(person)
        at = shown(reader, now, now)

        def text(via: Via, language: Language = reader.language, at: str = at) -> str:
            return paging_ill(language, via=ill, at=at, rich=via in RICH)

        outbox.tell(
            tx,
            others,
            person,
            now,
            kind=Kind.NOTICE,
            issue=None,
            reason="paging_is_ill",
            texts=text,
        )
