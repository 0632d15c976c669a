"""The service with sources of customers' messages, called as products call it."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from integrations.intake.contract import CanonicalMessage, Direction
from oncall.actions.arrival import Arrived
from oncall.actions.intake import Taken, take
from oncall.store import Tx
from oncall.wiring.sources import sources_of
from support.api import Api
from support.intake import SECRET

FRIDAY = datetime(2026, 11, 20, 19, 42, 13, tzinfo=UTC)
_MAPPING = """
[integrations.intake.bank.mapping]
conversation_id = "ref"
message_id = "message"
subject = "subject"
text = "text"
direction = "direction"
auto_reply = "automatic"
severity = "level"
"customer.id" = "who"
"customer.name" = "name"
"customer.email" = "mail"
"customer.phone" = "tel"
"customer.tier" = "tier"
"""
_numbers = itertools.count(1)


def sources(*kinds: str) -> str:
    """Return the tables of these kinds, each named as its kind, all with one secret."""
    tables = (
        f'[integrations.intake.{kind}]\nkind = "{kind}"\nsecret = "{SECRET}"\n'
        for kind in kinds
    )
    bank = f'[integrations.intake.bank]\nkind = "generic"\nsecret = "{SECRET}"\n'
    return "\n" + "\n".join(tables) + bank + _MAPPING


class IntakeApi(Api):
    """The service with a bank's own source, and some products'."""

    def __init__(
        self,
        database_url: str,
        *,
        kinds: tuple[str, ...] = ("telegram", "whatsapp"),
        now: datetime = FRIDAY,
        rules: str = "",
        url: str = "http://127.0.0.1:8000",
    ) -> None:
        more = rules + sources(*kinds)

        def change(text: str) -> str:
            return text.replace("http://127.0.0.1:8000", url) + more

        super().__init__(database_url, change=change, now=now)

    async def settle(self) -> None:
        """Do all that is due."""
        await self.service.engine.settle()

    async def takes(self, source: str = "bank", **fields: Any) -> Taken:  # noqa: ANN401
        """Let a parser have read this message, and take it in."""
        said = {
            "source": source,
            "direction": Direction.INBOUND,
            "opens": True,
            "conversation_id": "A-1",
            "dedup_key": f"k{next(_numbers)}",
        } | fields
        now = self.clock.now()
        arrived = Arrived(
            source=sources_of(self.config)[source],
            message=CanonicalMessage(**said),
            delivery=1,
            now=now,
        )

        def work(tx: Tx) -> Taken:
            return take(tx, self.service.house.view(tx, now), arrived)

        taken = await self.service.database.write(work)
        await self.settle()
        return taken

    async def bank(self, **fields: object) -> dict[str, Any]:
        """Let the bank's customer write; return the delivery, read."""
        body = {"ref": "A-1", "name": "Nader", "text": "card swallowed"} | fields
        body.setdefault("message", f"m{next(_numbers)}")
        return await self.delivered(await self.bank_posts(json.dumps(body).encode()))

    async def bank_posts(
        self, body: bytes, *, secret: str = SECRET, name: str = "bank"
    ) -> httpx.Response:
        """Send the bank's raw bytes, signed."""
        digest = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        headers = {"X-Oncall-Signature": f"sha256={digest}"}
        return await self.client.post(f"/intake/{name}", content=body, headers=headers)

    async def telegram(
        self, text: str, *, account: int = 77, **more: object
    ) -> dict[str, Any]:
        """Let somebody write to the customers' bot; return the delivery, read."""
        number = next(_numbers)
        person = {"id": account, "is_bot": False, "first_name": "Mina"}
        message = {
            "message_id": number,
            "from": person,
            "chat": {"id": account, "type": "private"},
            "date": int(self.clock.now().timestamp()),
            "text": text,
        }
        response = await self.client.post(
            "/intake/telegram",
            json={"update_id": number, "message": message | more},
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
        )
        return await self.delivered(response)

    async def whatsapp(
        self, text: str, *, number: str = "989121110000"
    ) -> dict[str, Any]:
        """Let somebody write by WhatsApp; return the delivery, read."""
        said = {
            "from": number,
            "id": f"wamid.{next(_numbers)}",
            "timestamp": str(int(self.clock.now().timestamp())),
            "type": "text",
            "text": {"body": text},
        }
        value = {"metadata": {"phone_number_id": "1065"}, "messages": [said]}
        body = json.dumps(
            {
                "object": "whatsapp_business_account",
                "entry": [{"changes": [{"field": "messages", "value": value}]}],
            }
        ).encode()
        digest = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        headers = {"X-Hub-Signature-256": f"sha256={digest}"}
        response = await self.client.post(
            "/intake/whatsapp", content=body, headers=headers
        )
        return await self.delivered(response)

    async def delivered(self, response: httpx.Response) -> dict[str, Any]:
        """Assert that a delivery was taken; return it once it was read."""
        assert response.status_code == 200, response.text
        await self.settle()
        return (await self.deliveries())[0]

    async def deliveries(self, **params: str | int) -> list[dict[str, Any]]:
        """Return the last deliveries, the newest first."""
        response = await self.get("/deliveries", **params)
        assert response.status_code == 200, response.text
        return list(response.json()["items"])

    async def customer_of(self, handle: str) -> dict[str, Any]:
        """Return the newest customer with a handle, whole."""
        found = (await self.get("/customers", handle=handle)).json()["items"]
        assert found, f"nobody has {handle}"
        return await self.customer(found[0]["id"])

    async def customer(self, number: int) -> dict[str, Any]:
        """Return a customer, whole."""
        response = await self.get(f"/customers/{number}")
        assert response.status_code == 200, response.text
        return dict(response.json())


def outcome(delivery: Mapping[str, Any]) -> tuple[str, int | None]:
    """Return what became of the one message of a delivery: (outcome, issue)."""
    (only,) = delivery["outcomes"]
    return only["outcome"], only["issue"]


def words(issue: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was said on an issue: (direction, text)."""
    return [(said["direction"], said["text"]) for said in issue["messages"]]


def events(issue: Mapping[str, Any]) -> list[str]:
    """Return what happened to an issue, in order."""
    return [line["event"] for line in issue["timeline"]]
