"""What providers tell us, taken in once and answered: the way in for every channel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl

import structlog

from integrations.contract import (
    CallAnswered,
    DeliveryUpdate,
    InboundReply,
    Said,
    WebhookRequest,
)
from integrations.errors import ChannelError
from integrations.intake.contract import IntakeRequest
from oncall import metrics
from oncall.actions import call, deliveries, outbox, settle
from oncall.actions.answer import CUSTOMER, Answered, answer
from oncall.actions.house import House
from oncall.actions.sources import TEXTS, Sources
from oncall.clock import Clock
from oncall.model import Outcome, Via
from oncall.store import Database, Tx, methods

log = structlog.get_logger()


class Chat(Protocol):
    """A channel whose messages have buttons and can be changed in place."""

    async def answer_callback(self, callback_id: str, text: str = "") -> None:
        """Stop a pressed button's spinning."""
        ...

    async def edit(self, *, chat: str, message_id: str, text: str) -> None:
        """Replace a message; its buttons go."""
        ...


class Inbox:
    """Takes in answers and delivery reports. `chats` are by contact method.

    `sources` has those of customers who write to our number, as TEXTS names them.
    """

    def __init__(
        self,
        *,
        database: Database,
        house: House,
        clock: Clock,
        chats: Mapping[str, Chat],
        sources: Sources | None = None,
    ) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._chats = chats
        self._sources = sources or {}

    async def take(
        self, reply: InboundReply, request: WebhookRequest | None = None
    ) -> Answered:
        """Carry an answer out and say what came of it, where that can be said here.

        A pressed button's answer and a chat's are sent; an SMS's is returned for the
        response to its webhook. What a customer wrote is kept, as the `request` that
        brought it. Raises StoreUnavailable: then nothing was done.
        """
        chatted = reply.channel in self._chats and reply.button is None
        source = self._sources.get(TEXTS.get(reply.channel, "")) if request else None
        came = self._clock.now()
        arrival = (
            source.arrival(_as_intake(request, came)) if source and request else None
        )

        def work(tx: Tx) -> Answered:
            now = self._clock.now()
            answered = answer(
                tx,
                self._house.view(tx, now),
                reply,
                now,
                customers_from=source.name if source else None,
            )
            if arrival is not None and answered.outcome == CUSTOMER:
                deliveries.keep(tx, arrival, now)
            if chatted and answered.text and not answered.repeated:
                outbox.answer_in_chat(tx, reply.channel, reply.chat, answered.text, now)
            return answered

        answered = await self._database.write(work)
        metrics.ANSWERS.labels(reply.channel, answered.outcome).inc()
        log.info(
            "an answer was taken",
            action="answer",
            channel=reply.channel,
            outcome=answered.outcome,
            person=answered.person,
            issue=answered.issue,
            repeated=answered.repeated,
        )
        if reply.button is not None:
            await self._answer_press(reply, answered)
        return answered

    async def _answer_press(self, reply: InboundReply, answered: Answered) -> None:
        """Stop the spinning first, then change the message: both may be done twice."""
        chat = self._chats.get(reply.channel)
        if chat is None:
            return
        try:
            await chat.answer_callback(reply.callback_id, answered.text)
            if answered.edit and reply.message_id:
                await chat.edit(
                    chat=reply.chat, message_id=reply.message_id, text=answered.edit
                )
        except ChannelError as error:
            log.warning(
                "a pressed button was not answered",
                action="answer_press",
                channel=reply.channel,
                detail=error.detail,
            )

    async def respond(self, reply: InboundReply, request: WebhookRequest) -> Said:
        """Carry an answer out; return what the response to its webhook is to say."""
        answered = await self.take(reply, request)
        if reply.channel != Via.VOICE or answered.outcome != Outcome.NOT_UNDERSTOOD:
            return call.said(reply, answered)

        def work(tx: Tx) -> Said:
            now = self._clock.now()
            view = self._house.view(tx, now)
            return call.again(tx, view, reply, answered, now)

        return await self._database.read(work)

    async def words_of(self, answered: CallAnswered) -> Said:
        """Return what a call of ours that was picked up is to say."""

        def work(tx: Tx) -> Said:
            now = self._clock.now()
            return call.words_of(tx, self._house.view(tx, now), answered, now)

        return await self._database.read(work)

    async def update(self, update: DeliveryUpdate) -> bool:
        """Take a delivery report; False when it is about no page of ours."""

        def work(tx: Tx) -> bool:
            now = self._clock.now()
            return settle.updated(tx, self._house.view(tx, now), update, now)

        return await self._database.write(work)

    async def blocked(self, account: str) -> None:
        """Note that a person's Telegram account refuses our messages."""

        def work(tx: Tx) -> None:
            now = self._clock.now()
            person = self._house.view(tx, now).by_telegram(int(account))
            if person is not None:
                detail = "the bot was blocked"
                methods.mark_broken(tx, person.id, Via.TELEGRAM, account, now, detail)

        if account.isdecimal():
            await self._database.write(work)


def _as_intake(request: WebhookRequest, now: datetime) -> IntakeRequest:
    return IntakeRequest(
        url=request.url,
        method="POST",
        query=dict(parse_qsl(request.query)),
        headers=request.headers,
        body=request.body,
        received_at=now,
    )
