"""What one of our people, or her mail program, writes back to a page by mail.

It opens nothing: the page of what it opened would be answered by the same program, and
so on for ever. It is kept as a note, since answers by mail are not read.
"""

from oncall.actions.arrival import WORDLESS, Arrived
from oncall.actions.house import View
from oncall.actions.letter_address import is_letter
from oncall.model import Page, Via
from oncall.store import Tx, paged, timeline

LOOKED_AT = 5
"""So many of the letters that it names, the latest, are looked for."""


def mailed_back(tx: Tx, view: View, arrived: Arrived) -> Page | None:
    """Keep what answers a page, and return that page; None for all other letters.

    Only people of ours are meant. A customer may answer a page that was handed on.
    """
    person = _one_of_us(view, arrived)
    page = _page(tx, arrived) if person is not None else None
    if page is not None and page.issue is not None:
        said = arrived.message.text or WORDLESS
        timeline.note(tx, page.issue, "note", arrived.now, person=person, detail=said)
    return page


def _one_of_us(view: View, arrived: Arrived) -> str | None:
    wrote = (arrived.message.customer.email or "").lower()
    if not wrote or not is_letter(arrived):
        return None
    people = view.config.people.values()
    return next((p.id for p in people if (p.email or "").lower() == wrote), None)


def _page(tx: Tx, arrived: Arrived) -> Page | None:
    for name in arrived.message.references[-LOOKED_AT:]:
        page = paged.by_provider_id(tx, name)
        if page is not None and page.via is not Via.SOURCE:
            return page
    return None
