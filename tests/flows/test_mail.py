"""Customers write letters: each is on disk before its server hears that it was taken."""

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtplib import SMTP, SMTPDataError

from integrations.intake.email.delivery import Brought
from oncall.clock import SystemClock
from oncall.config.load import read
from oncall.engine.letters import Letters
from oncall.engine.porter import Porter
from oncall.engine.postman import Postman
from oncall.errors import StoreUnavailable
from oncall.store import intake
from oncall.wiring.service import build, reload
from support.fake_imap import PASSWORD, USER, FakeImap
from support.fake_twilio import FakeTwilio
from support.night import Night
from support.one_texted import ENVIRON, configured
from support.process import PATIENCE_S, ServiceProcess

US = "support@example.com"
BY_MACHINE = "Auto-Submitted: auto-replied\r\n"
Change = Callable[[str], str]


def letter(words: str = "My parcel is not here.", *, name: str = "m1", more: str = ""):
    head = f"From: Mina <mina@example.com>\r\nTo: {US}\r\nSubject: Parcel\r\n"
    head += f"Message-ID: <{name}@example.com>\r\n" if name else ""
    return f"{head}{more}\r\n{words}\r\n".encode()


def mailbox(imap: FakeImap) -> str:
    password = PASSWORD.replace("\\", "\\\\").replace('"', '\\"')
    return f"""
[integrations.intake.support]
kind = "imap"
host = "{imap.host}"
port = {imap.port}
user = "{USER}"
password = "{password}"
security = "none"
"""


DOOR = f"""
[integrations.intake.door]
kind = "lmtp"
listen = "127.0.0.1:0"
recipients = ["{US}"]
"""


def adding(text: str) -> Change:
    return lambda example: example + text


@pytest.fixture
async def imap() -> AsyncIterator[FakeImap]:
    async with FakeImap() as running:
        yield running


@pytest.fixture
async def night(database_url: str, imap: FakeImap) -> AsyncIterator[Night]:
    async with Night(database_url, change=adding(mailbox(imap))) as running:
        yield running
        await leave(running)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "oncall.db")
    return f"sqlite:///{tmp_path}/oncall.db"


def postman(night: Night) -> Postman:
    sides = night.service.engine.side_tasks
    return next(side for side in sides if isinstance(side, Postman))


async def look(night: Night) -> None:
    """Let the postman go once, and what he brought be read."""
    await postman(night).look()
    await night.settle()


async def visit(night: Night) -> list[timedelta]:
    """Let the postman go once; return how long he would rest if it was in vain."""
    rests: list[timedelta] = []

    async def rest(span: timedelta) -> None:
        rests.append(span)

    postman(night).rest = rest
    await postman(night).visit()
    return rests


async def leave(night: Night) -> None:
    """Let the postman end as the engine would have him."""
    await dismiss(postman(night))


async def dismiss(who: Postman) -> None:
    """Begin the work and call it off."""
    running = asyncio.create_task(who.run())
    await asyncio.wait([running], timeout=0)
    running.cancel()
    await asyncio.wait([running])


async def deliveries(night: Night) -> list[dict[str, Any]]:
    """Return what came, oldest first."""
    items = (await night.client.get("/api/v1/deliveries")).json()["items"]
    return list(reversed(items))


async def verdicts(night: Night) -> list[str]:
    return [each["verdict"] for each in await deliveries(night)]


async def readiness(night: Night) -> dict[str, int]:
    return dict((await night.client.get("/readyz")).json()["mailboxes"])


async def test_a_letter_opens_an_issue_and_is_seen_once_it_is_kept(
    night: Night, imap: FakeImap
):
    stored = imap.put(letter())
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    issue = await night.issue(128)
    assert (issue["subject"], issue["source"]) == ("Parcel", "support")
    assert issue["customer"]["email"] == "mina@example.com"
    assert stored.seen
    (kept,) = await deliveries(night)
    assert (kept["kind"], kept["delivery_id"]) == ("imap", "<m1@example.com>")
    whole = (await night.client.get(f"/api/v1/deliveries/{kept['id']}")).json()
    assert whole["body"] == letter().decode()


async def test_an_answer_to_a_letter_joins_its_issue(night: Night, imap: FakeImap):
    imap.put(letter())
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    more = "In-Reply-To: <m1@example.com>\r\n"
    imap.put(letter("Are you there?", name="m2", more=more))
    await look(night)
    said = [message["text"] for message in (await night.issue(128))["messages"]]
    assert said == ["My parcel is not here.", "Are you there?"]


async def test_what_a_machine_wrote_pages_nobody(night: Night, imap: FakeImap):
    imap.put(letter(more=BY_MACHINE))
    await look(night)
    assert (await deliveries(night))[0]["outcomes"][0]["outcome"] == "automatic"


async def test_what_is_no_letter_is_shown_to_people(night: Night, imap: FakeImap):
    imap.put(b"\r\n\x00\xff")
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    assert await verdicts(night) == ["unparsed"]


async def test_a_letter_whose_connection_broke_before_it_was_seen_comes_once(
    night: Night, imap: FakeImap
):
    imap.put(letter())
    imap.drops.append("UID STORE")
    await visit(night)
    await leave(night)
    await night.restart()
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    assert await verdicts(night) == ["accepted", "duplicate"]
    listed = (await night.client.get("/api/v1/issues")).json()["items"]
    assert [each["number"] for each in listed] == [128]


async def test_a_letter_that_cannot_be_marked_is_not_stored_over_and_over(
    night: Night, imap: FakeImap
):
    imap.refuses.add("UID STORE")
    kept = imap.put(letter())
    behind = imap.put(letter(name="m2", more=BY_MACHINE))
    for _ in range(3):
        await look(night)
    assert await verdicts(night) == ["accepted", "accepted"]
    imap.refuses.clear()
    await look(night)
    assert (kept.seen, behind.seen) == (True, True)
    await night.phone("sara").expect_telegram("#128")


async def test_a_letter_that_we_cannot_keep_by_mistake_keeps_none_back(
    night: Night, imap: FakeImap, monkeypatch: pytest.MonkeyPatch
):
    keep = Letters.keep

    async def stumble(letters: Letters, brought: Brought) -> None:
        if b"trouble" in brought.raw:
            raise ZeroDivisionError
        await keep(letters, brought)

    monkeypatch.setattr(Letters, "keep", stumble)
    trouble = imap.put(letter("trouble"))
    fine = imap.put(letter(name="m2", more=BY_MACHINE))
    await look(night)
    assert (trouble.seen, fine.seen) == (False, True)


async def test_letters_come_once_also_when_the_mailbox_numbers_them_anew(
    night: Night, imap: FakeImap
):
    imap.put(letter(name="", more=BY_MACHINE))
    imap.drops.append("UID STORE")
    await visit(night)
    await night.settle()
    imap.number_anew()
    night.clock.turn(timedelta(minutes=30))
    await look(night)
    fates = [each["outcomes"][0]["outcome"] for each in await deliveries(night)]
    assert fates == ["automatic", "duplicate"]


async def test_an_archive_of_years_is_left_alone(night: Night, imap: FakeImap):
    today = night.clock.now().date()
    old = imap.put(letter(name="old"), arrived=today - timedelta(days=400))
    imap.put(letter(name="read"), seen=True)
    fresh = imap.put(letter(name="new"), arrived=today - timedelta(days=2))
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    assert (old.seen, fresh.seen) == (False, True)
    assert len(await deliveries(night)) == 1


async def test_letters_that_came_while_we_were_away_for_long_are_taken(
    night: Night, imap: FakeImap
):
    await look(night)
    tomorrow = night.clock.now().date() + timedelta(days=1)
    missed = imap.put(letter(more=BY_MACHINE), arrived=tomorrow)
    night.clock.turn(timedelta(days=40))
    await look(night)
    assert missed.seen
    assert await verdicts(night) == ["accepted"]


async def test_nobody_calls_for_letters(night: Night):
    answer = await night.client.post("/intake/support", content=letter())
    assert answer.status_code == 404
    assert await deliveries(night) == []


async def test_a_list_of_letters_does_not_carry_them(night: Night, imap: FakeImap):
    imap.put(letter())
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    (listed,) = await night.service.database.read(intake.listed)
    assert (listed.delivery_id, listed.body) == ("<m1@example.com>", b"")
    whole = await night.service.database.read(lambda tx: intake.find(tx, listed.id))
    assert whole is not None
    assert whole.body == letter()


async def test_a_letter_is_read_again_when_asked(night: Night, imap: FakeImap):
    imap.put(letter())
    await look(night)
    await night.phone("sara").expect_telegram("#128")
    (kept,) = await deliveries(night)
    again = await night.post(f"/api/v1/deliveries/{kept['id']}/replay")
    assert again.status_code == 202
    assert await deliveries(night) == [kept]


async def test_a_mailbox_that_is_away_is_told_of_and_waited_for(
    night: Night, imap: FakeImap
):
    await look(night)
    assert await readiness(night) == {"read": 1, "away": 0}
    imap.refuses.add("LOGIN")
    imap.hang_up()
    stored = imap.put(letter())
    rests = []
    for _ in range(4):
        rests += await visit(night)
        night.clock.turn(timedelta(minutes=3))
    assert rests == sorted(rests)
    assert rests[0] < timedelta(seconds=7) < rests[-1]
    assert await readiness(night) == {"read": 1, "away": 1}
    metrics = (await night.client.get("/metrics")).text
    assert 'oncall_trouble_total{what="mailbox"}' in metrics
    assert not stored.seen

    imap.refuses.clear()
    await look(night)
    assert await readiness(night) == {"read": 1, "away": 0}
    await night.phone("sara").expect_telegram("#128")


async def test_a_letter_that_cannot_be_stored_stays_unread(
    sqlite_url: str, imap: FakeImap
):
    async with Night(sqlite_url, change=adding(mailbox(imap))) as night:
        await look(night)
        stored = imap.put(letter())
        with table_away(sqlite_url):
            with pytest.raises(StoreUnavailable):
                await look(night)
            assert not stored.seen
        await look(night)
        assert stored.seen
        await night.phone("sara").expect_telegram("#128")
        await leave(night)


class table_away:  # noqa: N801 (a context, named as what holds in it)
    """The table of deliveries is gone for a while."""

    def __init__(self, url: str) -> None:
        self._path = url.removeprefix("sqlite:///")

    def __enter__(self) -> None:
        self._rename("intake_delivery", "gone")

    def __exit__(self, *_: object) -> None:
        self._rename("gone", "intake_delivery")

    def _rename(self, before: str, after: str) -> None:
        connection = sqlite3.connect(self._path)
        connection.execute(f"ALTER TABLE {before} RENAME TO {after}")
        connection.commit()
        connection.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_several_nodes_one_reads_a_mailbox(
    night: Night, imap: FakeImap, database_url: str
):
    del database_url
    other = build(night.service.config, tzdata="pinned", clock=night.clock)
    (theirs,) = (each for each in other.engine.side_tasks if isinstance(each, Postman))
    rested = asyncio.Event()

    async def rest(_: timedelta) -> None:
        rested.set()

    theirs.rest = rest
    ours = asyncio.create_task(postman(night).visit())
    await imap.commands.wait_for(lambda said: "IDLE begins" in said)
    await theirs.visit()
    assert rested.is_set()
    assert len([said for said in imap.commands if said.startswith("LOGIN")]) == 1

    ours.cancel()
    await asyncio.wait([ours])
    await leave(night)
    imap.put(letter())
    await theirs.look()
    await night.settle()
    await night.phone("sara").expect_telegram("#128")
    await dismiss(theirs)
    await other.close()


async def test_another_mailbox_waits_for_a_restart(night: Night):
    text = night.text.replace('security = "none"', 'security = "none"\nfolder = "VIP"')
    reloaded = reload(night.service, read(text, environ=night.environ))
    assert "integrations.intake" in reloaded.waits


# ── letters that mail servers bring ───────────────────────────────────────────────────


@asynccontextmanager
async def open_door(night: Night) -> AsyncIterator[SMTP]:
    """Let mail servers in, and be one."""
    sides = night.service.engine.side_tasks
    (porter,) = (each for each in sides if isinstance(each, Porter))
    running = asyncio.create_task(porter.run())
    while porter.port == 0:
        await asyncio.wait([running], timeout=0.01)
    async with SMTP(
        hostname="127.0.0.1", port=porter.port, use_tls=False, start_tls=False
    ) as server:
        yield server
    running.cancel()
    await asyncio.wait([running])


async def test_a_letter_that_is_brought_opens_an_issue(database_url: str):
    by_smtp = adding(DOOR.replace("lmtp", "smtp"))
    async with Night(database_url, change=by_smtp) as night, open_door(night) as server:
        await server.sendmail("mina@example.com", [US], letter())
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        assert (await night.issue(128))["source"] == "door"
        (kept,) = await deliveries(night)
        whole = (await night.client.get(f"/api/v1/deliveries/{kept['id']}")).json()
        assert whole["headers"] == {
            "return-path": "<mina@example.com>",
            "delivered-to": US,
        }


async def test_a_letter_that_is_brought_twice_is_taken_once(database_url: str):
    by_smtp = adding(DOOR.replace("lmtp", "smtp"))
    async with Night(database_url, change=by_smtp) as night, open_door(night) as server:
        for _ in range(2):
            await server.sendmail("mina@example.com", [US], letter())
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        assert await verdicts(night) == ["accepted", "duplicate"]


async def test_a_bounce_pages_nobody(database_url: str):
    by_smtp = adding(DOOR.replace("lmtp", "smtp"))
    async with Night(database_url, change=by_smtp) as night, open_door(night) as server:
        await server.sendmail("", [US], letter("Your letter came back."))
        await night.settle()
        assert (await deliveries(night))[0]["outcomes"][0]["outcome"] == "automatic"


async def test_a_letter_that_cannot_be_stored_is_not_answered_for(sqlite_url: str):
    by_smtp = adding(DOOR.replace("lmtp", "smtp"))
    async with Night(sqlite_url, change=by_smtp) as night, open_door(night) as server:
        with table_away(sqlite_url), pytest.raises(SMTPDataError) as caught:
            await server.sendmail("mina@example.com", [US], letter())
        assert caught.value.code == 451
        await server.sendmail("mina@example.com", [US], letter())
        await night.settle()
        await night.phone("sara").expect_telegram("#128")


# ── the real process ──────────────────────────────────────────────────────────────────


async def issues(service: ServiceProcess) -> list[dict[str, Any]]:
    return list((await service.client.get("/api/v1/issues")).json()["items"])


async def test_a_process_killed_before_a_letter_was_seen_takes_it_once(
    tmp_path: Path, imap: FakeImap
):
    async with FakeTwilio(now=SystemClock().now) as twilio:
        config = configured(tmp_path, twilio, mailbox(imap))
        imap.put(letter(), arrived=SystemClock().now().date())
        imap.hangs.add("UID STORE")
        async with ServiceProcess(config, ENVIRON) as service:
            await imap.commands.wait_for(
                lambda said: "UID STORE" in said, within=PATIENCE_S
            )
            service.tell(signal.SIGKILL)
            await service.ended()
        imap.hangs.clear()
        async with ServiceProcess(config, ENVIRON) as service:
            await imap.commands.wait_for(
                lambda said: "IDLE begins" in said, within=PATIENCE_S
            )
            assert imap.folders["INBOX"][0].seen
            found = (await service.client.get("/api/v1/deliveries")).json()["items"]
            assert [each["verdict"] for each in found] == ["duplicate", "accepted"]
            # The letter is read in a process of its own, which may take its time.
            async with asyncio.timeout(PATIENCE_S):
                while not await issues(service):
                    await SystemClock().sleep(timedelta(seconds=0.05))
            assert len(await issues(service)) == 1
            service.tell(signal.SIGTERM)
            assert await service.ended() == 0, "a postman who waits must not keep us"
