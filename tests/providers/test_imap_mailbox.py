"""A mailbox is read through the real library: what is unread comes, once it is away."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from integrations.errors import Rejected, Unavailable
from integrations.imap.mailbox import ImapMailbox, Place
from support.fake_imap import EVERYTHING, PASSWORD, USER, FakeImap

TLS = Path(__file__).parents[1] / "data" / "tls"
LETTER = b"From: Mina <mina@example.com>\r\nSubject: prize\r\n\r\nwhere is it?\r\n"
LONG_AGO = date(2000, 1, 1)


@pytest.fixture
async def imap() -> AsyncIterator[FakeImap]:
    async with FakeImap() as running:
        yield running


def place(imap: FakeImap, **changes: object) -> Place:
    there = Place(
        host=imap.host, port=imap.port, user=USER, password=PASSWORD, tls=False
    )
    return replace(there, **changes)  # type: ignore[arg-type]


class Opened:
    """A mailbox with a connection, its methods called as by a thread of its own."""

    def __init__(self, imap: FakeImap, **changes: object) -> None:
        self.box = ImapMailbox(place(imap, **changes))

    async def __aenter__(self) -> ImapMailbox:
        await asyncio.to_thread(self.box.open)
        return self.box

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.box.close)


async def unread(box: ImapMailbox, since: date = LONG_AGO) -> tuple[int, ...]:
    return await asyncio.to_thread(box.unread, since)


async def test_unread_letters_are_found_in_the_order_they_came(imap: FakeImap):
    first, _, third = imap.put(LETTER), imap.put(LETTER, seen=True), imap.put(LETTER)
    async with Opened(imap) as box:
        assert await unread(box) == (first.uid, third.uid)


async def test_what_came_before_a_day_is_left_alone(imap: FakeImap):
    imap.put(LETTER, arrived=date(2024, 5, 1))
    new = imap.put(LETTER, arrived=date(2026, 11, 20))
    async with Opened(imap) as box:
        assert await unread(box, date(2026, 11, 20)) == (new.uid,)


async def test_a_fetched_letter_is_whole_and_stays_unread(imap: FakeImap):
    stored = imap.put(LETTER)
    async with Opened(imap) as box:
        brought = await asyncio.to_thread(box.fetch, stored.uid)
        assert brought is not None
        assert (brought.raw, brought.way, brought.sender) == (LETTER, "imap", None)
        assert not stored.seen


async def test_a_letters_address_tells_its_place_for_ever(imap: FakeImap):
    stored = imap.put(LETTER)
    async with Opened(imap) as box:
        before = box.address(stored.uid)
    assert before == f"imap://127.0.0.1/INBOX;UIDVALIDITY={imap.validity}/;UID=7"
    imap.validity += 1
    async with Opened(imap) as box:
        assert box.address(stored.uid) != before


async def test_of_a_letter_that_is_too_large_the_beginning_is_fetched(imap: FakeImap):
    stored = imap.put(LETTER)
    async with Opened(imap, largest=20) as box:
        brought = await asyncio.to_thread(box.fetch, stored.uid)
        assert brought is not None
        assert brought.raw == LETTER[:20]


async def test_a_letter_that_is_gone_is_no_trouble(imap: FakeImap):
    async with Opened(imap) as box:
        assert await asyncio.to_thread(box.fetch, 4711) is None


async def test_a_letter_that_was_put_away_is_seen(imap: FakeImap):
    stored = imap.put(LETTER)
    async with Opened(imap) as box:
        await asyncio.to_thread(box.put_away, stored.uid)
        assert stored.seen
        assert await unread(box) == ()


@pytest.mark.parametrize(
    "capabilities", [EVERYTHING, ("IMAP4rev1", "UIDPLUS")], ids=["move", "by hand"]
)
async def test_a_letter_can_be_moved_instead(capabilities: tuple[str, ...]):
    async with FakeImap(capabilities=capabilities) as imap:
        stored = imap.put(LETTER)
        async with Opened(imap, done="Taken") as box:
            await asyncio.to_thread(box.put_away, stored.uid)
        assert imap.folders["INBOX"] == []
        assert [each.raw for each in imap.folders["Taken"]] == [LETTER]


async def test_nobody_elses_deleted_letters_are_swept_out():
    async with FakeImap(capabilities=("IMAP4rev1",)) as imap:
        others, stored = imap.put(LETTER), imap.put(LETTER)
        others.flags.add(r"\deleted")
        async with Opened(imap, done="Taken") as box:
            await asyncio.to_thread(box.put_away, stored.uid)
            assert await unread(box) == ()
        assert others in imap.folders["INBOX"]
        assert len(imap.folders["Taken"]) == 1


async def test_a_folder_to_move_to_that_is_not_there_concerns_one_letter(
    imap: FakeImap,
):
    stored = imap.put(LETTER)
    async with Opened(imap, done="Nowhere") as box:
        with pytest.raises(Rejected, match="done"):
            await asyncio.to_thread(box.put_away, stored.uid)
        assert await unread(box) == (stored.uid,)


@pytest.mark.parametrize("command", ["UID FETCH", "UID STORE"])
async def test_a_refusal_concerns_one_letter(imap: FakeImap, command: str):
    stored = imap.put(LETTER)
    imap.refuses.add(command)
    async with Opened(imap) as box:
        work = box.fetch if command == "UID FETCH" else box.put_away
        with pytest.raises(Rejected, match=command.removeprefix("UID ")):
            await asyncio.to_thread(work, stored.uid)
        assert await unread(box) == (stored.uid,)


async def letters_end_the_waiting(imap: FakeImap, box: ImapMailbox) -> None:
    """Let letters come until one is heard of; the first may come too early for it."""
    waiting = asyncio.create_task(asyncio.to_thread(box.wait, timedelta(minutes=20)))
    await imap.commands.wait_for(lambda said: "IDLE begins" in said)
    async with asyncio.timeout(5):
        while not waiting.done():
            imap.put(LETTER)
            await asyncio.wait([waiting], timeout=0.1)


async def test_waiting_ends_when_a_letter_comes(imap: FakeImap):
    async with Opened(imap) as box:
        await letters_end_the_waiting(imap, box)
        assert await unread(box) == tuple(each.uid for each in imap.folders["INBOX"])


async def test_waiting_ends_by_itself_long_before_a_server_would_end_it(
    imap: FakeImap,
):
    async with Opened(imap) as box:
        await asyncio.to_thread(box.wait, timedelta(milliseconds=10))
        assert await unread(box) == ()


async def test_a_server_that_cannot_tell_of_news_is_asked_again():
    async with FakeImap(capabilities=("IMAP4rev1",)) as imap, Opened(imap) as box:
        await asyncio.to_thread(box.wait, timedelta(milliseconds=10))
        assert not [said for said in imap.commands if said.startswith("IDLE")]


@pytest.mark.parametrize("capabilities", [EVERYTHING, ("IMAP4rev1",)])
async def test_waiting_can_be_cut_short_from_outside(capabilities: tuple[str, ...]):
    async with FakeImap(capabilities=capabilities) as imap, Opened(imap) as box:
        waiting = asyncio.create_task(
            asyncio.to_thread(box.wait, timedelta(minutes=20))
        )
        if "IDLE" in capabilities:
            await imap.commands.wait_for(lambda said: "IDLE begins" in said)
        box.cut()
        await asyncio.wait([waiting], timeout=5)
        assert waiting.done()
        waiting.exception()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "another"}, "refuses the login"),
        ({"user": "somebody"}, "refuses the login"),
        ({"folder": "Nowhere"}, "no such folder"),
        ({"port": 1}, "cannot be reached"),
    ],
)
async def test_a_mailbox_that_cannot_be_opened_says_why_and_tells_no_secret(
    imap: FakeImap, changes: dict[str, object], words: str
):
    box = ImapMailbox(place(imap, **changes))
    with pytest.raises(Unavailable, match=words) as caught:
        await asyncio.to_thread(box.open)
    assert str(changes.get("password", PASSWORD)) not in repr(caught.value)
    await asyncio.to_thread(box.close)


async def test_a_mailbox_that_may_only_be_read_is_no_use(imap: FakeImap):
    imap.read_only = True
    with pytest.raises(Unavailable, match="may only be read"):
        async with Opened(imap):
            pass


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH", "UID STORE"])
async def test_a_connection_that_breaks_off_is_told(imap: FakeImap, command: str):
    imap.drops.append(command)

    def work(box: ImapMailbox) -> None:
        for uid in box.unread(LONG_AGO):
            box.fetch(uid)
            box.put_away(uid)

    imap.put(LETTER)
    async with Opened(imap) as box:
        with pytest.raises(Unavailable, match="broke off"):
            await asyncio.to_thread(work, box)


async def test_a_box_that_is_not_open_says_so(imap: FakeImap):
    with pytest.raises(Unavailable, match="no connection"):
        ImapMailbox(place(imap)).unread(LONG_AGO)


async def test_a_login_may_be_in_any_script():
    user, password = "پشتیبانی", "رمز"
    async with (
        FakeImap(user=user, password=password) as imap,
        Opened(imap, user=user, password=password) as box,
    ):
        assert await unread(box) == ()


async def test_a_server_that_talks_nonsense_is_only_unavailable():
    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    box = ImapMailbox(
        Place(host="127.0.0.1", port=port, user="x", password="y", tls=False)
    )
    with pytest.raises(Unavailable):
        await asyncio.to_thread(box.open)
    server.close()


@pytest.fixture
async def guarded() -> AsyncIterator[FakeImap]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "localhost.pem", TLS / "localhost.key")
    async with FakeImap(tls=context) as running:
        yield running


async def test_a_certificate_that_nobody_vouches_for_is_refused(guarded: FakeImap):
    with pytest.raises(Unavailable, match="certificate"):
        async with Opened(guarded, tls=True):
            pass
    assert guarded.commands == []


async def test_the_way_to_a_mailbox_is_encrypted(
    guarded: FakeImap, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    stored = guarded.put(LETTER)
    async with Opened(guarded, tls=True) as box:
        assert await unread(box) == (stored.uid,)
        await letters_end_the_waiting(guarded, box)


def test_a_place_shows_neither_its_password_nor_itself():
    there = Place(host="h", port=1, user="u", password=PASSWORD)
    assert PASSWORD not in repr(there)
    assert there.digest != replace(there, folder="VIP").digest
