"""An IMAP server on loopback that speaks the wire format; a test says how it fails.

As much of RFC 3501, 2177 (IDLE), 4315 (UIDPLUS) and 6851 (MOVE) as a program needs that
reads a mailbox.
"""

import asyncio
import base64
import re
import ssl
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Self

from support.provider_server import Journal

USER, PASSWORD = "support@example.com", 'p"ss\\word'
EVERYTHING = ("IMAP4rev1", "UIDPLUS", "IDLE", "MOVE")
BEFORE_LOGIN = ("IMAP4rev1", "AUTH=PLAIN")
LOOKS_AT = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')
DONE = "OK done"
PARTIAL = re.compile(r"BODY\.PEEK\[\]<0\.(\d+)>")


@dataclass(kw_only=True)
class Stored:
    """A letter in a folder, with its flags in lower case."""

    uid: int
    raw: bytes
    arrived: date
    flags: set[str] = field(default_factory=set)

    @property
    def seen(self) -> bool:
        return r"\seen" in self.flags


class Hangup(Exception):
    """The server ends the connection here."""


class FakeImap:
    """One user's mailbox; `async with fake:` starts it at a port of its own.

    `commands` are those that came, without their tags. `drops` are the words of
    commands that cut the connection instead of an answer, one time each; `hangs` those
    that are answered never, and `refuses` those that are answered NO, as long as they
    stand there. What no server would take
    is kept in `violations`; leaving the context raises AssertionError if there are any.
    """

    host = "127.0.0.1"
    port = 0

    def __init__(
        self,
        *,
        capabilities: tuple[str, ...] = EVERYTHING,
        user: str = USER,
        password: str = PASSWORD,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.folders: dict[str, list[Stored]] = {"INBOX": [], "Taken": []}
        self.validity = 1_700_000_000
        self.capabilities = capabilities
        self.login = (user, password)
        self.commands: Journal[str] = Journal()
        self.drops: list[str] = []
        self.hangs: set[str] = set()
        self.refuses: set[str] = set()
        self.read_only = False
        self.violations: list[str] = []
        self._tls = tls
        self._next_uid = 7
        self._sessions: set[_Session] = set()

    def put(
        self,
        raw: bytes,
        *,
        folder: str = "INBOX",
        seen: bool = False,
        arrived: date = date(2026, 11, 20),
    ) -> Stored:
        """Let a letter arrive."""
        stored = Stored(uid=self._next_uid, raw=raw, arrived=arrived)
        self._next_uid += 1
        if seen:
            stored.flags.add(r"\seen")
        self.folders[folder].append(stored)
        for session in self._sessions:
            session.tell_of_news(folder)
        return stored

    def number_anew(self) -> None:
        """Give every letter another UID, as after the mailbox was restored."""
        self.validity += 1
        for stored in self.folders["INBOX"]:
            stored.uid = self._next_uid
            self._next_uid += 1

    def hang_up(self) -> None:
        """Cut all connections."""
        for session in tuple(self._sessions):
            session.cut()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, ssl=self._tls
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
        if error is None:
            assert not self.violations, self.violations

    async def stop(self) -> None:
        """Be away. The port stays ours to come back to."""
        self._server.close()
        self.hang_up()
        for session in tuple(self._sessions):
            await session.gone.wait()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        session = _Session(self, reader, writer)
        self._sessions.add(session)
        try:
            await session.run()
        except (Hangup, ConnectionError, asyncio.IncompleteReadError):
            pass
        except Exception as error:
            self.violations.append(repr(error))
            raise
        finally:
            self._sessions.discard(session)
            session.cut()
            session.gone.set()


class _Session:
    """One connection."""

    def __init__(
        self, imap: FakeImap, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._imap = imap
        self._reader = reader
        self._writer = writer
        self._folder: str | None = None
        self._idles = False
        self._logged_in = False
        self.gone = asyncio.Event()

    def cut(self) -> None:
        self._writer.transport.abort()

    def tell_of_news(self, folder: str) -> None:
        if self._idles and folder == self._folder:
            self._say(f"* {len(self._letters)} EXISTS")

    async def run(self) -> None:
        self._say(f"* OK [CAPABILITY {' '.join(BEFORE_LOGIN)}] ready")
        while line := await self._reader.readline():
            tag, *words = _words(line)
            await self._answer(tag, words)

    async def _answer(self, tag: str, words: list[str]) -> None:
        command, *arguments = words
        command = command.upper()
        if command == "UID":
            command, *arguments = f"UID {arguments[0].upper()}", *arguments[1:]
        if command in self._imap.drops:
            self._imap.drops.remove(command)
            self._imap.commands.append(command)
            raise Hangup
        if command in self._imap.hangs:
            self._imap.commands.append(command)
            await self._reader.read()
            raise Hangup
        if command in self._imap.refuses:
            self._say(f"{tag} NO not now")
        else:
            act = getattr(self, "_" + command.lower().replace(" ", "_"))
            self._say(f"{tag} {await act(tag, *arguments)}")
        self._imap.commands.append(" ".join([command, *arguments]))

    @property
    def _letters(self) -> list[Stored]:
        assert self._folder is not None, "no folder was selected"
        return self._imap.folders[self._folder]

    def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")

    def _one(self, uid: str) -> Stored | None:
        return next((each for each in self._letters if each.uid == int(uid)), None)

    async def _capability(self, _tag: str) -> str:
        names = self._imap.capabilities if self._logged_in else BEFORE_LOGIN
        self._say(f"* CAPABILITY {' '.join(names)}")
        return DONE

    async def _login(self, _tag: str, user: str, password: str) -> str:
        self._logged_in = (user, password) == self._imap.login
        return "OK in" if self._logged_in else "NO [AUTHENTICATIONFAILED] wrong"

    async def _authenticate(self, _tag: str, _how: str) -> str:
        self._say("+ ")
        said = base64.b64decode(await self._reader.readline()).decode()
        return await self._login("", *said.split("\0")[1:])

    async def _select(self, _tag: str, folder: str) -> str:
        if folder not in self._imap.folders:
            return "NO [NONEXISTENT] no such folder"
        self._folder = folder
        self._say(f"* {len(self._letters)} EXISTS")
        self._say("* 0 RECENT")
        self._say(f"* OK [UIDVALIDITY {self._imap.validity}] valid")
        return "OK [READ-ONLY] " if self._imap.read_only else "OK [READ-WRITE] "

    async def _uid_search(self, _tag: str, *criteria: str) -> str:
        wanted = " ".join(criteria).strip("()").split()
        assert wanted[0] == "SINCE", wanted
        assert set(wanted[2:]) == {"UNSEEN", "UNDELETED"}, wanted
        since = datetime.strptime(wanted[1], "%d-%b-%Y").date()  # noqa: DTZ007 (a day)
        found = [
            str(each.uid)
            for each in reversed(self._letters)
            if not each.flags & {r"\seen", r"\deleted"} and each.arrived >= since
        ]
        self._say(f"* SEARCH {' '.join(found)}".rstrip())
        return DONE

    async def _uid_fetch(self, _tag: str, uid: str, parts: str) -> str:
        asked = PARTIAL.search(parts)
        assert asked, f"{parts} would mark the letter as seen, or take all of it"
        letter = self._one(uid)
        if letter is not None:
            raw = letter.raw[: int(asked[1])]
            number = self._letters.index(letter) + 1
            head = f"* {number} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n"
            self._writer.write(head.encode() + raw + b")\r\n")
        return DONE

    async def _uid_store(self, _tag: str, uid: str, how: str, flags: str) -> str:
        assert how == "+FLAGS.SILENT"
        letter = self._one(uid)
        if letter is not None:
            letter.flags |= set(flags.strip("()").lower().split())
        return DONE

    async def _uid_copy(self, _tag: str, uid: str, folder: str) -> str:
        if folder not in self._imap.folders:
            return "NO [TRYCREATE] no such folder"
        letter = self._one(uid)
        assert letter is not None
        self._imap.put(letter.raw, folder=folder)
        return DONE

    async def _uid_move(self, tag: str, uid: str, folder: str) -> str:
        assert "MOVE" in self._imap.capabilities, "it cannot move"
        said = await self._uid_copy(tag, uid, folder)
        if said == DONE:
            self._take_out(uid)
        return said

    async def _uid_expunge(self, _tag: str, uid: str) -> str:
        assert "UIDPLUS" in self._imap.capabilities, "it would expunge everything"
        self._take_out(uid)
        return DONE

    def _take_out(self, uid: str) -> None:
        letter = self._one(uid)
        assert letter is not None
        number = self._letters.index(letter) + 1
        self._letters.remove(letter)
        self._say(f"* {number} EXPUNGE")

    async def _idle(self, _tag: str) -> str:
        assert "IDLE" in self._imap.capabilities, "it cannot idle"
        self._say("+ idling")
        self._idles = True
        self._imap.commands.append("IDLE begins")
        line = await self._reader.readline()
        self._idles = False
        if line.strip().upper() != b"DONE":
            raise Hangup
        return DONE

    async def _noop(self, _tag: str) -> str:
        return DONE

    async def _logout(self, tag: str) -> str:
        self._say("* BYE")
        self._say(f"{tag} {DONE}")
        raise Hangup


def _words(line: bytes) -> list[str]:
    """Return the words of a command; a quoted one is one word, and so are parentheses."""
    return [
        re.sub(r"\\(.)", r"\1", quoted.decode()) or (group or plain).decode()
        for quoted, group, plain in LOOKS_AT.findall(line)
    ]
