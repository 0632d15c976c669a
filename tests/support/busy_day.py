"""A day on which nearly everything is asked of the service that it can be asked.

Customers write by every way, people answer, exchange shifts and look things up, storms
are joined, carriers report, somebody uses the command line.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
from datetime import timedelta
from typing import Any

import httpx

from support.command_line import CommandLine
from support.intake import SECRET
from support.intake_service import sources
from support.night import Night

RULES = """
[[severity_rules]]
severity = "high"
repeat = 50
[[incident_rules]]
title = "Logins fail"
words = ["login"]
at_least = 2
within = "30m"
"""
_numbers = itertools.count(900)


def configured(text: str) -> str:
    """Return the configuration of the day."""
    return text + RULES + sources("telegram", "whatsapp")


class BusyDay:
    """The day; each method is a part of it."""

    def __init__(self, night: Night, oncall: CommandLine) -> None:
        self._night = night
        self._oncall = oncall

    async def passes(self) -> None:
        """Let all of it happen."""
        first = await self.customers_write()
        await self.people_answer(first)
        await self.issues_are_worked_on(first)
        await self.products_deliver()
        await self.a_storm_is_joined()
        await self.the_roster_changes()
        await self.calendars_are_fetched()
        await self.lists_are_looked_at(first)
        await self.carriers_report()
        await self._night.turn(minutes=50)
        await self.commands_are_used(first)
        await self._night.turn(minutes=20)

    async def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 (any JSON)
        """Ask the API; whatever it is, it must be there."""
        params = {name.rstrip("_"): str(value) for name, value in query.items()}
        response = await self._night.client.get(path, params=params)
        assert response.status_code == 200, (path, response.text)
        kind = response.headers["content-type"]
        return response.json() if "json" in kind else response.text

    async def post(self, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 (any JSON)
        """Have the API do something, and let what follows happen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self._night.client.post(path, json=body, headers=named)
        assert response.is_success, (path, response.status_code, response.text)
        await self._night.settle()
        return response.json() if response.content else None

    async def delete(self, path: str) -> None:
        """Have the API take something back."""
        response = await self._night.client.delete(path)
        assert response.is_success, (path, response.text)
        await self._night.settle()

    async def customers_write(self) -> int:
        """Open issues over HTTP, of strangers and of one who writes again."""
        numbers = [
            await self._night.report("friday-night", external_id="e1", source="web"),
            await self._night.report("friday-night", external_id="e1", source="web"),
        ]
        for n in range(6):
            customer = {"name": f"C{n}", "email": f"new{n}@example.org", "phone": ""}
            body = {"source": "web", "customer": customer, "subject": f"bill {n}"}
            await self.post(
                "/api/v1/issues", body, Idempotency_Key=f"k{n % 5}a{n // 5}"
            )
        await self.post("/api/v1/issues", body, Idempotency_Key="k0a1")
        return numbers[0]

    async def people_answer(self, number: int) -> None:
        """Answer by SMS and chat, with a number and without, known and unknown."""
        night = self._night
        await night.turn(minutes=2)
        for text in (f"{number} 1", "1", "?", "nonsense"):
            await night.twilio.send_sms("+989121234567", text)
        await night.twilio.send_sms("+989121234567", "1", sid="SM" + "7" * 32)
        await night.twilio.send_sms("+989121234567", "1", sid="SM" + "7" * 32)
        await night.telegram.user_sends(123456790, "2")
        await night.settle()

    async def issues_are_worked_on(self, number: int) -> None:
        """Do to an issue whatever can be done to one."""
        path = f"/api/v1/issues/{number}"
        due = (self._night.clock.now() + timedelta(minutes=20)).isoformat()
        await self.post(f"{path}/acknowledge", {"person": "reza"})
        await self.post(f"{path}/assign", {"person": "sara", "reason": "knows her"})
        await self.post(f"{path}/notes", {"text": "she called", "author": "sara"})
        await self.post(f"{path}/promises", {"text": "by noon", "due": due})
        await self.post(f"{path}/severity", {"severity": "critical"})
        await self.post(f"{path}/messages", {"direction": "in", "text": "and now?"})
        said = {"direction": "out", "text": "paid", "author": "sara", "send": False}
        said["where"] = "phone"
        await self.post(f"{path}/messages", said)
        second = f"/api/v1/issues/{number + 1}"
        await self.post(f"{second}/snooze", {"for": "5m", "person": "sara"})
        await self.post(f"{second}/escalate", {"person": "sara"})
        await self.post(f"{second}/resolve", {"result": "told", "person": "sara"})

    async def products_deliver(self) -> None:
        """Let products deliver messages: new, again, answered, and not to be read."""
        for body in (
            {
                "ref": "A-1",
                "message": "m-a",
                "name": "Nader",
                "text": "card",
                "mail": "n@e.org",
            },
            {
                "ref": "A-1",
                "message": "m-a",
                "name": "Nader",
                "text": "card",
                "mail": "n@e.org",
            },
            {
                "ref": "A-1",
                "message": "m-b",
                "name": "Nader",
                "text": "still",
                "mail": "n@e.org",
            },
            {
                "ref": "B-1",
                "message": "m-c",
                "name": "N",
                "text": "card",
                "mail": "n@e.org",
                "tel": "+989120000001",
                "who": "9",
            },
            {"nothing": "that is known"},
        ):
            await self._bank_posts(json.dumps(body).encode())
        await self._chat_with_the_bot("where is my order", account=77)
        await self._chat_with_the_bot("hello?", account=77)
        first = (await self.get("/api/v1/deliveries", limit=1))["items"][0]["id"]
        await self.post(f"/api/v1/deliveries/{first}/replay")

    async def _bank_posts(self, body: bytes) -> httpx.Response:
        digest = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        headers = {"X-Oncall-Signature": f"sha256={digest}"}
        client = self._night.client
        response = await client.post("/intake/bank", content=body, headers=headers)
        await self._night.settle()
        return response

    async def _chat_with_the_bot(self, text: str, *, account: int) -> None:
        number = next(_numbers)
        message = {
            "message_id": number,
            "from": {"id": account, "is_bot": False, "first_name": "Mina"},
            "chat": {"id": account, "type": "private"},
            "date": int(self._night.clock.now().timestamp()),
            "text": text,
        }
        await self.post(
            "/intake/telegram",
            {"update_id": number, "message": message},
            X_Telegram_Bot_Api_Secret_Token=SECRET,
        )

    async def a_storm_is_joined(self) -> None:
        """Let many customers have one trouble: by rule, by likeness, by a person's word."""
        failed = "Payment failed, error 502"
        await self._all_write("login fails", "my login fails", *[failed] * 3)
        await self._all_write(*["parcel lost, no trace"] * 3)
        incidents = "/api/v1/incidents"
        found = (await self.get(f"{incidents}/suggestions"))["items"]
        for suggestion, word in zip(found, ("dismiss", "confirm"), strict=True):
            await self.post(f"{incidents}/suggestions/{suggestion['id']}/{word}", {})
        await self._all_write(failed, failed)
        numbers = await self._all_write("door locked", "a lamp is dark", "chair broke")
        title = {"title": "The office", "issues": numbers[:2]}
        path = f"{incidents}/{(await self.post(incidents, title))['id']}"
        await self.post(f"{path}/issues", {"issues": numbers[2:]})
        await self.post(f"{path}/acknowledge", {"person": "sara"})
        await self.post(f"{path}/updates", {"text": "we are on it", "author": "sara"})
        await self.get(f"{path}/updates")
        await self.get(path)
        await self.delete(f"{path}/issues/{numbers[0]}")
        await self.post(f"{path}/resolve", {"result": "mended", "issues": True})

    async def _all_write(self, *subjects: str) -> list[int]:
        """Let a stranger write each of these; return the numbers, once compared."""
        numbers = []
        for subject in subjects:
            email = f"stranger{next(_numbers)}@example.org"
            customer = {"name": email, "email": email}
            body = {"customer": customer, "subject": subject, "text": subject}
            numbers.append(await self._night.report("friday-night", **body))
        await self._night.turn(minutes=1)
        return numbers

    async def the_roster_changes(self) -> None:
        """Make exceptions of every kind, and take them back."""
        now = self._night.clock.now()
        span = {
            "from": (now + timedelta(hours=1)).isoformat(),
            "to": (now + timedelta(hours=9)).isoformat(),
        }
        back = {
            "with_from": (now + timedelta(days=7)).isoformat(),
            "with_to": (now + timedelta(days=7, hours=8)).isoformat(),
        }
        rotation = "/api/v1/rotations/weekend"
        made = await self.post(f"{rotation}/overrides", {"person": "omid", **span})
        await self.delete(f"{rotation}/overrides/{made['id']}")
        away = await self.post("/api/v1/absences", {"person": "mina", **span})
        await self.delete(f"/api/v1/absences/{away['id']}")
        for end in ("accept", "decline"):
            asked = {"person": "sara", "with": "reza", **span, **back}
            swap = await self.post(f"{rotation}/swaps", asked)
            await self.post(f"{rotation}/swaps/{swap['id']}/{end}")

    async def calendars_are_fetched(self) -> None:
        """Make calendar links, fetch them, and replace and end them."""
        for wanted in ({"person": "sara"}, {"rotation": "weekend"}, {"kind": "team"}):
            made = await self.post("/api/v1/feeds", wanted)
            for _ in range(2):
                await self.get(made["url"])
        await self.get("/api/v1/feeds")
        again = await self.post(f"/api/v1/feeds/{made['id']}/rotate")
        await self.delete(f"/api/v1/feeds/{again['id']}")

    async def lists_are_looked_at(self, number: int) -> None:
        """Look at every list by whatever it can be narrowed down by."""
        for path in ("/readyz", "/metrics"):
            await self.get(path)
        await self.get("/api/v1/load", weeks=2)
        for path in (
            f"issues/{number}",
            "on-call",
            "reach",
            "rotations/weekend/shifts",
            "rotations/weekend/gaps",
            "customers/suggestions",
            "customers/7",
        ):
            await self.get(f"/api/v1/{path}")
        await self._listed(
            "issues",
            ("status", "open", "acknowledged", "resolved"),
            ("severity", "high", "critical"),
            ("owner", "sara", "nobody"),
            ("customer", "Customer 7", "c12@example.org"),
        )
        await self._listed("incidents", ("status", "open", "acknowledged", "resolved"))
        await self._listed(
            "customers", ("handle", "c12@example.org", "new1@example.org")
        )
        await self._listed(
            "deliveries",
            ("source", "bank", "none"),
            ("verdict", "accepted", "unparsed"),
        )

    async def _listed(self, what: str, *filters: tuple[str, ...]) -> None:
        """List with each value of each filter alone, and with the first two together."""
        wanted: list[dict[str, object]] = [{}]
        wanted += [{name: value} for name, *values in filters for value in values]
        for (one, first, *_), (two, *_, last) in itertools.pairwise(filters):
            wanted.append({one: first, two: last})
        for query in wanted:
            page = await self.get(f"/api/v1/{what}", limit=2, **query)
            if page["next_cursor"]:
                await self.get(f"/api/v1/{what}", cursor=page["next_cursor"], **query)

    async def carriers_report(self) -> None:
        """Let carriers say what became of messages, and one be refused."""
        for message, status in zip(
            self._night.twilio.messages, ("delivered", "undelivered"), strict=False
        ):
            await self._night.twilio.send_status(message, status)
        await self._night.settle()

    async def commands_are_used(self, number: int) -> None:
        """Use the command line beside the service."""
        self._oncall.turn_to(self._night.clock.now())
        for words in (
            f"why {number}",
            "why sara",
            "why nina --at 2026-11-18T12:00",
            "who",
            "load --weeks 2",
            "issue list --status open",
            f"issue show {number}",
            "incident list",
            "deliveries list --verdict unparsed",
            "customers suggestions",
            "feed list",
            "replay --days 1",
            "swap list",
            "ical weekend",
        ):
            await asyncio.to_thread(self._oncall.run, *words.split())
