"""The service with a mailbox of its customers', and a mail server to answer them by."""

import itertools
from typing import Any

from integrations.intake.contract import Bounce, Customer
from integrations.intake.email.delivery import Brought
from oncall.actions import deliveries
from oncall.actions.intake import Taken
from oncall.wiring.sources import sources_of
from support.fake_smtp import FakeSmtp
from support.intake_service import IntakeApi

US = "help@parvaz.example"
DOOR = "door"
_numbers = itertools.count(1)


class Letters(IntakeApi):
    """Letters come by the source `door`; answers go out by `smtp`."""

    def __init__(self, database_url: str, smtp: FakeSmtp, *, rules: str = "") -> None:
        self.smtp = smtp
        super().__init__(
            database_url,
            kinds=(),
            rules=f"""{rules}
[integrations.console]
enabled = true
[integrations.email]
host = "127.0.0.1"
port = {smtp.port}
from = "care@parvaz.example"
security = "none"
[integrations.intake.{DOOR}]
kind = "lmtp"
listen = "127.0.0.1:0"
recipients = ["{US}"]
""",
        )

    async def letter(
        self, sender: str, *, reply_to: str = "", answers: str = "", text: str = "hello"
    ) -> Taken:
        """Let a letter have come from `sender`; `answers` is the letter it names."""
        name = f"<letter-{next(_numbers)}@mail.example>"
        self.last = name
        addresses = (sender, reply_to) if reply_to else (sender,)
        return await self.takes(
            DOOR,
            conversation_id=answers or name,
            dedup_key=name,
            message_id=name,
            references=(answers,) if answers else (),
            customer=Customer(email=sender),
            addresses=addresses,
            reply_to=f"{addresses[-1]} {US}",
            subject="Where is it?",
            text=text,
        )

    async def bounced(self, **said: Any) -> Taken:  # noqa: ANN401 (a Bounce's fields)
        """Let a mail server say what became of a letter of ours."""
        name = f"<bounce-{next(_numbers)}@mail.example>"
        return await self.takes(
            DOOR,
            conversation_id=name,
            dedup_key=name,
            message_id=name,
            opens=False,
            auto_reply=True,
            customer=Customer(email="mailer-daemon@mail.example"),
            bounce=Bounce(**said),
            text="could not be delivered",
        )

    async def brought(self, raw: bytes, sender: str = "") -> dict[str, Any]:
        """Let a mail server bring a letter as it travels; return the delivery, read."""
        now = self.clock.now()
        letter = Brought(
            raw=raw, way="lmtp", place="lmtp://x", sender=sender, recipients=(US,)
        )
        arrival = sources_of(self.config)[DOOR].arrival(letter.request(now))
        await self.service.database.write(lambda tx: deliveries.keep(tx, arrival, now))
        await self.settle()
        return (await self.deliveries())[0]

    async def answers(self, number: int, text: str = "It is paid.") -> dict[str, Any]:
        """Answer an issue; return the letter that went out, by its headers."""
        body = {"direction": "out", "text": text, "author": "sara"}
        response = await self.post(f"/issues/{number}/messages", body)
        assert response.status_code == 201, response.text
        await self.settle()
        return dict(self.smtp.mails[-1].message)
