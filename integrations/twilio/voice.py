"""Calls: a phone rings, and what is to be said is fetched from us when it is answered.

So the words are those of that moment, also when somebody else has it by then. A call
that may have been placed is not looked up: a list of calls does not say which was for
which page. Twilio's own report that it has begun names the page and is the proof.
"""

from integrations.contract import OutboundMessage, Receipt
from integrations.twilio.account import Account, unreadable
from integrations.twilio.callback import for_page

RING_S = 25
"""Shorter than most voicemails wait; the next contact method is not far."""
LONGEST_S = 180
EVENTS = ("initiated", "answered", "completed")


class TwilioVoice:
    """The contact method `voice`.

    `caller` is one of our numbers in E.164. `answer_url` and `status_url` are the
    public addresses of our two webhooks. Voicemail needs no telling apart: only a
    pressed key is an answer.
    """

    name = "voice"

    def __init__(
        self, account: Account, *, caller: str, answer_url: str, status_url: str
    ) -> None:
        self._account = account
        self._caller = caller
        self._answer_url = answer_url
        self._status_url = status_url

    async def send(self, message: OutboundMessage) -> Receipt:
        """Let the phone ring, once. Raises as the contract says."""
        try:
            placed = await self._account.client().calls.create_async(
                to=message.to,
                from_=self._caller,
                url=for_page(self._answer_url, message.reference),
                status_callback=for_page(self._status_url, message.reference),
                status_callback_event=list(EVENTS),
                timeout=RING_S,
                time_limit=LONGEST_S,
            )
        except ValueError as error:
            raise unreadable() from error
        if not placed.sid:
            raise unreadable()
        return Receipt(provider_id=placed.sid)

    async def close(self) -> None:
        """Let go of connections; a later call opens them again."""
        await self._account.close()
