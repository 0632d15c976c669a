"""The people of the simulation who are paged: what they answer, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from escalation_policies.policy import Severity
from integrations.contract import Delivery, DeliveryUpdate, InboundReply
from oncall.actions.acknowledge import acknowledge
from oncall.actions.assign import assign
from oncall.actions.converse import add_message, add_promise
from oncall.actions.exceptions import override
from oncall.actions.pass_on import pass_on
from oncall.actions.resolve import resolve
from oncall.actions.severity import set_severity
from oncall.actions.snooze import snooze
from oncall.actions.tell_leaders import tell_leaders
from oncall.model import Person, Verb, Via
from oncall.replies import encode_button
from rotations.exception import Override
from simulation.broken import hold

if TYPE_CHECKING:
    from simulation.providers import Taken
    from simulation.world import World

VERBS = ("1", "1", "1", "ack", "2", "4", "5", "6", "9", "0", "۱", "hello", "STOP")
PRESSED = (Verb.TAKE, Verb.TAKE, Verb.PASS, Verb.RESOLVED, Verb.LEADERS, Verb.TAKE_ALL)
WRITTEN_BACK = (Via.TELEGRAM, Via.SMS)
REPORTED = (Via.SMS, Via.SMS, Via.VOICE)
"""By which methods carriers report what became of a message or a call."""
FOR_MANY = ("0=", "۰=", "٠=")
"""What a page for many issues offers in each language."""
REMEMBERED = 12
"""People answer one of the last so many messages."""


class People:
    """Everybody of the house, and what they do of their own accord."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        self._replies: list[InboundReply] = []
        self._heard: set[str] = set()

    def somebody_answers(self) -> str:
        """Somebody answers a page: well, late, twice, wrongly, or by a button."""
        reply = self._reply()
        node = self.random.choice(self.world.awake())
        answered = node.do(node.inbox.take(reply))
        again = reply.delivery_id in self._heard
        hold(answered.repeated or not again, f"{reply.delivery_id} was obeyed twice")
        self._heard.add(reply.delivery_id)
        return (
            f"{answered.person} {reply.text or reply.button}: {answered.outcome}"
            f" #{answered.issue}, repeated {answered.repeated}"
        )

    def _reply(self) -> InboundReply:
        if self._replies and self.random.random() < 0.15:
            return self.random.choice(self._replies)
        ledger = [one for one in self.world.taken() if one.via in WRITTEN_BACK]
        person = self.random.choice(tuple(self.world.config.people.values()))
        mine = [one for one in ledger if one.message.to in _addresses(person)]
        last = self.random.choice(mine[-REMEMBERED:]) if mine else None
        reply = self._answer_to(last) if last else self._out_of_the_blue(person)
        self._replies.append(reply)
        return reply

    def _answer_to(self, last: Taken) -> InboundReply:
        chat = last.via is Via.TELEGRAM
        if chat and last.message.buttons and self.random.random() < 0.5:
            verb = self.random.choice(PRESSED)
            return self._said(
                last.via,
                last.message.to,
                button=encode_button(last.message.reference, verb),
            )
        many = any(sign in last.message.text for sign in FOR_MANY)
        words = "0" if many and self.random.random() < 0.3 else self._words()
        return self._said(last.via, last.message.to, text=words)

    def _out_of_the_blue(self, person: Person) -> InboundReply:
        if person.phone:
            return self._said(Via.SMS, person.phone, text=self._words())
        return self._said(Via.TELEGRAM, str(person.telegram), text=self._words())

    def _words(self) -> str:
        verb = self.random.choice(VERBS)
        if self.random.random() < 0.35:
            return verb
        return f"{self.random.randint(1, len(self.world.accepted) + 1)} {verb}"

    def _said(
        self, via: Via, sender: str, *, text: str = "", button: str | None = None
    ) -> InboundReply:
        return InboundReply(
            channel=via,
            delivery_id=f"d{len(self._replies)}",
            sender=sender,
            text=text,
            chat=sender,
            button=button,
        )

    def delivery_is_reported(self) -> str:
        """A carrier reports: late, twice, out of order, or that it changed its mind."""
        ledger = self.world.providers[self.random.choice(REPORTED)].ledger
        if not ledger:
            return "nothing to report"
        taken = self.random.choice(ledger[-REMEMBERED:])
        state = self.random.choice(tuple(Delivery))
        update = DeliveryUpdate(
            channel=taken.via,
            provider_id=taken.provider_id,
            state=state,
            reference=taken.message.reference if self.random.random() < 0.8 else "",
            broken=state is Delivery.UNDELIVERED and self.random.random() < 0.2,
        )
        node = self.random.choice(self.world.awake())
        known = node.do(node.inbox.update(update))
        return f"{taken.provider_id} {state}, broken {update.broken}, known {known}"

    def somebody_acts(self) -> str:
        """Somebody acts through the API, on any issue."""
        if not self.world.accepted:
            return "there is no issue"
        number = self.random.choice(tuple(self.world.accepted))
        person = self.random.choice(tuple(self.world.config.people))
        return self.random.choice(self._acts())(number, person)

    def _acts(self) -> tuple[Callable[[int, str], str], ...]:
        act, span = self.world.act, timedelta(minutes=self.random.randint(1, 40))
        severity = self.random.choice(tuple(Severity))

        def take(number: int, person: str) -> str:
            act(lambda tx, view, now: acknowledge(tx, view, number, person, now))
            return f"{person} takes #{number}"

        def escalate(number: int, _person: str) -> str:
            act(lambda tx, view, now: pass_on(tx, view, number, None, now))
            return f"#{number} is escalated"

        def hold(number: int, person: str) -> str:
            act(lambda tx, view, now: snooze(tx, view, number, person, span, now))
            return f"{person} snoozes #{number} for {span}"

        def judge(number: int, _person: str) -> str:
            act(
                lambda tx, view, now: set_severity(
                    tx, view, number, severity, "seen anew", now
                )
            )
            return f"#{number} is {severity}"

        def give(number: int, person: str) -> str:
            act(lambda tx, view, now: assign(tx, view, number, person, "knows", now))
            return f"#{number} is given to {person}"

        def ask(number: int, person: str) -> str:
            act(lambda tx, view, now: tell_leaders(tx, view, number, person, now))
            return f"{person} wants leaders told of #{number}"

        def finish(number: int, person: str) -> str:
            act(lambda tx, view, now: resolve(tx, view, number, person, "paid", now))
            return f"{person} resolves #{number}"

        def promise(number: int, person: str) -> str:
            act(
                lambda tx, view, now: add_promise(
                    tx,
                    view,
                    number,
                    text="paid by then",
                    owner=person,
                    due_at=now + span,
                    now=now,
                )
            )
            return f"{person} promises on #{number}"

        def talk(number: int, person: str) -> str:
            direction = self.random.choice(("in", "out"))
            done = act(
                lambda tx, view, now: add_message(
                    tx,
                    view,
                    number,
                    direction=direction,
                    text="hello",
                    author=person if direction == "out" else None,
                    now=now,
                    send=False,
                    where="phone",
                )
            )
            assert done.issue is not None
            kept = done.issue.number  # the one that followed, perhaps unknown to us
            self.world.accepted[kept] = self.world.accepted.get(kept, 0) + 1
            return f"{direction} on #{number} by {person}"

        return (take, escalate, hold, judge, give, ask, finish, promise, talk)

    def roster_changes(self) -> str:
        """Somebody covers for whoever is on call, for some hours around now."""
        now = self.world.clock.now()
        wanted = Override(
            id=f"o{len(self.world.told)}",
            rotation=self.random.choice(("weekend", "nights")),
            start=now - timedelta(hours=1),
            end=now + timedelta(hours=self.random.randint(1, 6)),
            person=self.random.choice(tuple(self.world.config.people)),
            add=self.random.random() < 0.3,
        )
        self.world.act(lambda tx, view, now: override(tx, view, wanted, now))
        return f"{wanted.person} covers {wanted.rotation}, beside {wanted.add}"

    def leave_changes(self) -> str:
        """Somebody changes a calendar of leave, or it cannot be fetched any more."""
        calendars = self.world.config.absence_calendars
        person = self.random.choice(calendars).person
        return self.world.leave.change(person, self.world.clock.now())


def _addresses(person: Person) -> set[str]:
    return {person.phone or "", str(person.telegram or ""), person.email or ""}
