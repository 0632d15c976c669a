"""Phones that ring: picked up by a person, or by a voicemail that presses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.contract import CallAnswered, InboundReply, WebhookRequest
from oncall.model import Via
from simulation.broken import hold

if TYPE_CHECKING:
    from simulation.node import Node
    from simulation.providers import Taken
    from simulation.world import World

READ_ALOUD = ("en", "ar")
KEYS = ("1", "1", "1", "2", "4", "5", "6", "9", "0", "0", "3", "*", "")
REQUEST = WebhookRequest(url="https://oncall.example", query="", headers={}, body=b"")
"""What a key comes with; only strangers' words are read from it."""
REMEMBERED = 6
"""So many calls ring, or are spoken in, at a time."""


class Calls:
    """What becomes of the calls that were placed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        self._pressed: list[InboundReply] = []

    def phone_is_picked_up(self) -> str:
        """A call is answered; perhaps a key is pressed, also one pressed before."""
        placed = self.world.providers[Via.VOICE].ledger
        if not placed:
            return "no phone rings"
        node = self.random.choice(self.world.awake())
        call = self.random.choice(placed[-REMEMBERED:])
        asks = self._hears(node, call)
        if self.random.random() < 0.4:
            return f"{call.message.to} hears {asks[:6]} and presses nothing"
        return self._presses(node, self._key(call))

    def _hears(self, node: Node, call: Taken) -> str:
        """Fetch the words; to hear them, and be it a voicemail, changes nothing."""
        before = self.world.database.changes
        answered = CallAnswered(
            channel=Via.VOICE,
            number=call.message.to,
            reference=call.message.reference,
            languages=READ_ALOUD,
        )
        said = node.do(node.inbox.words_of(answered))
        hold(self.world.database.changes == before, "a voicemail changed something")
        hold(said.text, f"the call to {call.message.to} says nothing")
        return said.asks

    def _key(self, call: Taken) -> InboundReply:
        if self._pressed and self.random.random() < 0.2:
            return self.random.choice(self._pressed[-REMEMBERED:])
        key = InboundReply(
            channel=Via.VOICE,
            delivery_id=f"c{len(self._pressed)}",
            sender=call.message.to,
            text=self.random.choice(KEYS),
            message_id=call.message.reference,
            languages=READ_ALOUD,
        )
        self._pressed.append(key)
        return key

    def _presses(self, node: Node, key: InboundReply) -> str:
        said = node.do(node.inbox.respond(key, REQUEST))
        hold(said.text, f"whoever pressed {key.text!r} hears nothing")
        return f"{key.sender} presses {key.text!r} and hears {said.text[:40]}"
