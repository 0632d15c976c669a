"""`/new`: a form with which anybody may write to customer care.

Machines are kept off without asking people anything: a field that nobody sees, a page
that nobody fills in within seconds, and so many letters from one address.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from oncall import metrics
from oncall.actions.customers import in_e164
from oncall.actions.house import View
from oncall.actions.report import Reported, report
from oncall.config import fields
from oncall.config.findings import Unfit
from oncall.model import Customer, Language, Report
from oncall.store import Tx
from oncall.web.auth import Service
from oncall.web.callers import caller
from oncall.web.fields import Line, Name, Sent, Text
from oncall.web.form_words import RIGHT_TO_LEFT, WORDS, FormWords, preferred
from oncall.web.origin import OwnPage
from oncall.web.pages.render import page
from oncall.web.parts import Parts

router = APIRouter(prefix="/new", include_in_schema=False)

SOURCE = "web"
FASTEST = timedelta(seconds=3)
SLOWEST = timedelta(days=1)
HANDLE = re.compile(r"@\w[\w.]{2,63}")
"""A name in a messenger."""


class Letter(Sent):
    """What is sent. `website` is the field nobody sees; `since` when the page came."""

    name: Line = ""
    contact: Name = ""
    subject: Line = ""
    text: Text = ""
    website: Line = ""
    since: float = 0

    def customer(self, language: Language | None) -> Customer | None:
        """Return who wrote; None when the way to reach them cannot be one."""
        name, contact = self.name.strip(), self.contact.strip()
        known = Customer(name=name, language=language or "")
        if number := in_e164(contact):
            return replace(known, phone=number)
        if HANDLE.fullmatch(contact):
            return replace(known, handle=contact)
        try:
            return replace(known, email=fields.email(contact))
        except Unfit:
            return None

    def report(self, customer: Customer) -> Report:
        """Return it as the service knows it."""
        return Report(
            source=SOURCE,
            subject=self.subject.strip(),
            customer=customer,
            text=self.text.replace("\r\n", "\n").strip(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a letter is not taken as it is, and with which status."""

    status: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visitor's request: the service it came to, and the language they read."""

    parts: Parts
    reads: Language | None

    @property
    def language(self) -> Language:
        """The page's language: the service's own for whoever reads none of ours."""
        return self.reads or self.parts.house.config.service.language

    @property
    def words(self) -> FormWords:
        """What the page says."""
        return WORDS[self.language]


def visit(request: Request, parts: Service) -> Visit:
    """Find out what language a visitor reads."""
    accepted = request.headers.get("Accept-Language", "")
    return Visit(parts=parts, reads=preferred(accepted))


Visitor = Annotated[Visit, Depends(visit)]


@router.get("")
async def form(visitor: Visitor) -> HTMLResponse:
    """Show the form."""
    return _form(visitor, Letter())


@router.post("", dependencies=[OwnPage])
async def send(
    request: Request, visitor: Visitor, letter: Annotated[Letter, Form()]
) -> HTMLResponse:
    """Open an issue. A machine is told the same and nothing is kept."""
    if letter.website:
        metrics.REFUSED.labels("spam").inc()
        return _thanks(visitor, None)
    customer = letter.customer(visitor.reads)
    refusal = _refusal(request, visitor, letter, customer)
    if refusal is not None or customer is None:
        return _form(visitor, letter, refusal)

    def action(tx: Tx, view: View, now: datetime) -> Reported:
        return report(tx, view, letter.report(customer), now)

    issue = (await visitor.parts.write(action)).issue
    metrics.ISSUES.labels(SOURCE, issue.severity).inc()
    return _thanks(visitor, issue.number)


def _refusal(
    request: Request, visitor: Visit, letter: Letter, customer: Customer | None
) -> Refusal | None:
    words = visitor.words
    needed = {
        "name": words.missing_name,
        "contact": words.missing_contact,
        "subject": words.missing_subject,
    }
    missing = [
        told for field, told in needed.items() if not getattr(letter, field).strip()
    ]
    if missing:
        told = words.missing.format(fields=words.separator.join(missing))
        return Refusal(status=422, sentence=told)
    if customer is None:
        return Refusal(status=422, sentence=words.no_address)
    now = visitor.parts.clock.now()
    if not _took_a_persons_time(letter.since, now):
        return Refusal(status=422, sentence=words.too_fast)
    address = caller(request, visitor.parts.house.config.service)
    if not visitor.parts.visits.welcome(address, now):
        metrics.REFUSED.labels("visits").inc()
        return Refusal(status=429, sentence=words.too_often)
    return None


def _took_a_persons_time(since: float, now: datetime) -> bool:
    """Tell whether the page came so long ago as a person takes to fill it in.

    `since` is whatever was sent: also 0, a time to come, or no number at all (NaN),
    with which every comparison fails.
    """
    took = now.timestamp() - since
    return FASTEST.total_seconds() <= took <= SLOWEST.total_seconds()


def _form(
    visitor: Visit, letter: Letter, refusal: Refusal | None = None
) -> HTMLResponse:
    since = visitor.parts.clock.now().astimezone(UTC).timestamp()
    response = _page(
        visitor,
        letter=letter,
        since=since,
        refusal=refusal.sentence if refusal else "",
        sent=False,
        number=None,
    )
    if refusal is not None:
        response.status_code = refusal.status
    return response


def _thanks(visitor: Visit, number: int | None) -> HTMLResponse:
    return _page(
        visitor, letter=Letter(), since=0, refusal="", sent=True, number=number
    )


def _page(visitor: Visit, **values: object) -> HTMLResponse:
    response = page(
        "new.html",
        service=visitor.parts.house.config.service.name,
        words=visitor.words,
        language=visitor.language,
        direction="rtl" if visitor.language in RIGHT_TO_LEFT else "ltr",
        **values,
    )
    # What stands between us and the visitor must not give one's page to another.
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = visitor.language
    return response
