"""`/simulator`: everybody's phone in one page, to see pages come in and to answer them.

It stands in for the providers and asks nobody who they are: it is there only together
with the console channel, and only what that channel carries can be answered here.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import AfterValidator, Field

from integrations.contract import InboundReply
from oncall import metrics
from oncall.actions.house import View
from oncall.actions.report import Reported, report
from oncall.errors import NotFound, Refused
from oncall.ids import new_id
from oncall.model import Customer, Report, Via
from oncall.store import Tx
from oncall.web.auth import Service
from oncall.web.fields import LARGEST_NUMBER, Sent, Text, Words
from oncall.web.origin import OwnPage
from oncall.web.pages.render import page
from oncall.web.parts import Parts
from oncall.web.phones import PhoneMessage, Phones
from oncall.web.simulated import LABELS, Board, answerable, board

HELD_S = 3.0
"""For so long a page waits for a change before it looks anyway: the clock goes on."""


def phones_of(parts: Service) -> Phones:
    """Return the simulated phones. Raises NotFound when there are none."""
    if parts.phones is None:
        msg = "there are no simulated phones; [integrations.console] turns them on"
        raise NotFound(msg)
    return parts.phones


Simulated = Annotated[Phones, Depends(phones_of)]

router = APIRouter(
    prefix="/simulator", include_in_schema=False, dependencies=[Depends(phones_of)]
)


@router.get("")
async def simulator(parts: Service, phones: Simulated) -> HTMLResponse:
    """Show every phone and every unfinished issue."""
    version, messages = phones.version, phones.messages()

    def shown(tx: Tx, view: View, now: datetime) -> Board:
        return board(tx, view, now, messages)

    return page(
        "simulator.html",
        board=await parts.read(shown),
        version=version,
        story=parts.turn_clock is not None,
    )


@router.get("/changes")
async def changes(phones: Simulated, since: int = -1) -> dict[str, int]:
    """Return the phones' version, once it is another than `since` or after a while.

    An answer that always comes soon leaves no connection open when the service stops.
    """
    try:
        async with asyncio.timeout(HELD_S):
            async for version in phones.subscribe():
                if version != since:
                    break
    except TimeoutError:
        pass
    return {"version": phones.version}


class SentReply(Sent):
    """What somebody typed on their phone."""

    person: Words
    via: Literal[Via.SMS, Via.TELEGRAM]
    text: Words


@router.post("/reply", dependencies=[OwnPage])
async def reply(
    request: Request,
    parts: Service,
    phones: Simulated,
    sent: Annotated[SentReply, Form()],
) -> Response:
    """Take what was typed as the provider would hand it over."""
    address = await _address(parts, sent.person, sent.via)
    phones.record_answer(via=sent.via, address=address, text=sent.text)
    answered = await parts.inbox.take(
        InboundReply(
            channel=sent.via,
            delivery_id=_new_id(),
            sender=address,
            chat=address,
            text=sent.text,
        )
    )
    if sent.via is Via.SMS and answered.text:  # said in the response to the webhook
        phones.deliver(via=sent.via, address=address, text=answered.text)
    return _done(request, f"phone-{sent.person}")


class SentPress(Sent):
    """A pressed button: under which message, and the data behind it."""

    person: Words
    message: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
    data: Words


@router.post("/press", dependencies=[OwnPage])
async def press(
    request: Request,
    parts: Service,
    phones: Simulated,
    sent: Annotated[SentPress, Form()],
) -> Response:
    """Press a button under a Telegram message."""
    address = await _address(parts, sent.person, Via.TELEGRAM)
    found = phones.messages(address, via=Via.TELEGRAM)
    if not _has_button(found, sent.message, sent.data):
        msg = "this button is gone; the message has changed meanwhile"
        raise NotFound(msg)
    answered = await parts.inbox.take(
        InboundReply(
            channel=Via.TELEGRAM,
            delivery_id=_new_id(),
            sender=address,
            chat=address,
            text="",
            button=sent.data,
            message_id=str(sent.message),
            callback_id=_new_id(),
        )
    )
    return _done(request, f"phone-{sent.person}", said=answered.text)


def _has_button(messages: Sequence[PhoneMessage], number: int, data: str) -> bool:
    return any(
        button.data == data
        for message in messages
        if message.id == number
        for row in message.buttons
        for button in row
    )


def _lines(text: str) -> str:
    """Undo what forms do to line breaks."""
    return text.replace("\r\n", "\n").strip()


class SentWords(Sent):
    """A customer writes."""

    name: Words
    subject: Words
    vip: bool = False
    text: Annotated[Text, AfterValidator(_lines)] = ""

    def report(self) -> Report:
        """Return it as the service knows it."""
        tier = "vip" if self.vip else ""
        return Report(
            source="simulator",
            subject=self.subject,
            customer=Customer(name=self.name, tier=tier),
            text=self.text,
        )


@router.post("/issues", dependencies=[OwnPage])
async def write_in(
    request: Request, parts: Service, sent: Annotated[SentWords, Form()]
) -> Response:
    """Open an issue as a customer would."""

    def action(tx: Tx, view: View, now: datetime) -> Reported:
        return report(tx, view, sent.report(), now)

    issue = (await parts.write(action)).issue
    metrics.ISSUES.labels("simulator", issue.severity).inc()
    return _done(request, "issues", said=f"#{issue.number} is open")


class SentTurn(Sent):
    """How far to turn the clock, in seconds; a day at most."""

    seconds: Annotated[float, Field(gt=0, le=86_400)]


@router.post("/clock", dependencies=[OwnPage])
async def turn(
    request: Request, parts: Service, sent: Annotated[SentTurn, Form()]
) -> Response:
    """Let time go by at once, where time is a story's."""
    if parts.turn_clock is None:
        msg = "the clock here is the real one; only `oncall demo` turns it"
        raise NotFound(msg)
    await parts.turn_clock(sent.seconds)
    return _done(request, "clock")


async def _address(parts: Parts, person: str, via: Via) -> str:
    """Return where somebody writes from. Raises NotFound or Refused."""

    def found(_tx: Tx, view: View, _now: datetime) -> str | None:
        return view.address(view.person(person), via)

    if via not in answerable(parts.house.config):
        msg = f"{LABELS[via]} goes to real phones; it is answered there"
        raise Refused(msg, [("via", "is not simulated")])
    address = await parts.read(found)
    if address is None:
        msg = f"{person!r} has no {LABELS[via]} in the configuration"
        raise Refused(msg, [("via", "has no address for this person")])
    return address


def _new_id() -> str:
    return f"simulator-{new_id()}"


def _done(request: Request, place: str, *, said: str = "") -> Response:
    """Answer our script with what is to be said, a plain form with the page again."""
    if "application/json" in request.headers.get("Accept", ""):
        return JSONResponse({"said": said})
    return RedirectResponse(f"/simulator#{quote(place)}", 303)
