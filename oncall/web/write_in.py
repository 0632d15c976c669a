"""`/new`: a form with which anybody may write to customer care.

Machines are kept off without asking people anything: a field that nobody sees, a page
that nobody fills in within seconds, and so many letters from one address.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from oncall import metrics
from oncall.actions.customers import in_e164
from oncall.actions.house import View
from oncall.actions.report import Reported, report
from oncall.model import Customer, Report
from oncall.store import Tx
from oncall.web.auth import Service
from oncall.web.callers import caller
from oncall.web.fields import Line, Name, Sent, Text
from oncall.web.origin import OwnPage
from oncall.web.pages.render import page
from oncall.web.parts import Parts

router = APIRouter(prefix="/new", include_in_schema=False)

SOURCE = "web"
FASTEST = timedelta(seconds=3)
SLOWEST = timedelta(days=1)
NEEDED = {
    "name": "your name",
    "contact": "how we reach you",
    "subject": "what it is about",
}
TOO_FAST = "That was quick. Please look it over and send it once more."
TOO_OFTEN = "Many messages came from here just now. Please try again in ten minutes."


class Letter(Sent):
    """What is sent. `website` is the field nobody sees; `since` when the page came."""

    name: Line = ""
    contact: Name = ""
    subject: Line = ""
    text: Text = ""
    website: Line = ""
    since: float = 0

    def report(self) -> Report:
        """Return it as the service knows it."""
        return Report(
            source=SOURCE,
            subject=self.subject.strip(),
            customer=_customer(self.name.strip(), self.contact.strip()),
            text=self.text.replace("\r\n", "\n").strip(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a letter is not taken as it is, and with which status."""

    status: int
    sentence: str


@router.get("")
async def form(parts: Service) -> HTMLResponse:
    """Show the form."""
    return _form(parts, Letter())


@router.post("", dependencies=[OwnPage])
async def send(
    request: Request, parts: Service, letter: Annotated[Letter, Form()]
) -> HTMLResponse:
    """Open an issue. A machine is told the same and nothing is kept."""
    if letter.website:
        metrics.REFUSED.labels("spam").inc()
        return _thanks(parts, None)
    refusal = _refusal(request, parts, letter)
    if refusal is not None:
        return _form(parts, letter, refusal)

    def action(tx: Tx, view: View, now: datetime) -> Reported:
        return report(tx, view, letter.report(), now)

    issue = (await parts.write(action)).issue
    metrics.ISSUES.labels(SOURCE, issue.severity).inc()
    return _thanks(parts, issue.number)


def _refusal(request: Request, parts: Parts, letter: Letter) -> Refusal | None:
    missing = [
        told for field, told in NEEDED.items() if not getattr(letter, field).strip()
    ]
    if missing:
        return Refusal(status=422, sentence=f"Please tell us {', '.join(missing)}.")
    now = parts.clock.now()
    if not _took_a_persons_time(letter.since, now):
        return Refusal(status=422, sentence=TOO_FAST)
    address = caller(request, parts.house.config.service)
    if not parts.visits.welcome(address, now):
        metrics.REFUSED.labels("visits").inc()
        return Refusal(status=429, sentence=TOO_OFTEN)
    return None


def _took_a_persons_time(since: float, now: datetime) -> bool:
    """Tell whether the page came so long ago as a person takes to fill it in.

    `since` is whatever was sent: also 0, a time to come, or no number at all (NaN),
    with which every comparison fails.
    """
    took = now.timestamp() - since
    return FASTEST.total_seconds() <= took <= SLOWEST.total_seconds()


def _customer(name: str, contact: str) -> Customer:
    """Read how somebody wants to be reached: an address, a number, or else."""
    if "@" in contact.strip("@"):
        return Customer(name=name, email=contact)
    number = in_e164(contact)
    if number:
        return Customer(name=name, phone=number)
    return Customer(name=name, handle=contact)


def _form(parts: Parts, letter: Letter, refusal: Refusal | None = None) -> HTMLResponse:
    response = page(
        "new.html",
        service=parts.house.config.service.name,
        letter=letter,
        since=parts.clock.now().astimezone(UTC).timestamp(),
        refusal=refusal.sentence if refusal else "",
        sent=False,
        number=None,
    )
    if refusal is not None:
        response.status_code = refusal.status
    return response


def _thanks(parts: Parts, number: int | None) -> HTMLResponse:
    return page(
        "new.html",
        service=parts.house.config.service.name,
        letter=Letter(),
        since=0,
        refusal="",
        sent=True,
        number=number,
    )
