"""Writes that may be sent twice: the same key and body get the same answer."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Header, Request, Response
from pydantic_core import to_json

from oncall.actions.house import View
from oncall.errors import Refused
from oncall.store import Tx, deliveries
from oncall.web.auth import Service
from oncall.web.parts import Parts

Answer = tuple[int, Mapping[str, Any]]
"""HTTP status and JSON body."""
NOTHING: Answer = (204, {})
"""Done, and there is nothing to say."""
Action = Callable[[Tx, View, datetime], Answer]
NEW = 201
LONGEST_KEY = 200


class Writer:
    """Runs an action once for each Idempotency-Key, in the action's own transaction."""

    def __init__(self, parts: Parts, key: str, fingerprint: str) -> None:
        self._parts = parts
        self._key = key
        self._fingerprint = fingerprint

    async def __call__(self, action: Action, *, at: str = "") -> Response:
        """Carry the action out, or say again what was said to it.

        `at` is where something new is found: a path with names of the answer's fields
        in braces, as `/api/v1/issues/{number}`.
        """
        status, body = await self._parts.write(
            lambda tx, view, now: self._once(tx, view, now, action)
        )
        if status == NOTHING[0]:
            return Response(status_code=status)
        headers = {"Location": _filled(at, body)} if at and status == NEW else None
        return Response(
            to_json(body), status, headers=headers, media_type="application/json"
        )

    def _once(self, tx: Tx, view: View, now: datetime, action: Action) -> Answer:
        if not self._key:
            return action(tx, view, now)
        if not deliveries.reserve_write(tx, self._key, self._fingerprint, now):
            return self._said_before(tx)
        status, body = action(tx, view, now)
        deliveries.keep_write(tx, self._key, status=status, body=body)
        return status, body

    def _said_before(self, tx: Tx) -> Answer:
        before = deliveries.answered_write(tx, self._key)
        if before is None or before["fingerprint"] != self._fingerprint:
            text = "was used for another request; use a new one for each"
            msg = f"this Idempotency-Key {text}"
            raise Refused(msg, [("Idempotency-Key", text)])
        return before["status"], before["body"]


def _filled(path: str, body: Mapping[str, Any]) -> str:
    """Put an answer's fields into a path, whatever characters they have."""
    simple = {
        name: quote(str(value), safe="")
        for name, value in body.items()
        if isinstance(value, str | int)
    }
    return path.format_map(simple)


async def writer(
    request: Request,
    parts: Service,
    idempotency_key: Annotated[str, Header(max_length=LONGEST_KEY)] = "",
) -> Writer:
    """Make the writer for a request; the key is the token's own."""
    if not idempotency_key:
        return Writer(parts, "", "")
    body = await request.body()
    return Writer(
        parts, *named(request.headers, request.method, request.url.path, body)
    )


def named(
    headers: Mapping[str, str], method: str, path: str, body: bytes
) -> tuple[str, str]:
    """Return a request's key and fingerprint, both empty when it names none.

    The headers' names are in lower case, or any case will do. The key is the token's
    own. Raises Refused for one that cannot be kept.
    """
    name = headers.get("idempotency-key", "")
    if not name:
        return "", ""
    if len(name) > LONGEST_KEY or not name.isprintable():
        text = "has characters that cannot be kept; use printable ones"
        msg = f"this Idempotency-Key {text}"
        raise Refused(msg, [("Idempotency-Key", text)])
    whose = headers.get("authorization", "")
    key = hashlib.sha256(f"{whose}\n{name}".encode()).hexdigest()
    said = f"{method} {path}\n".encode() + body
    return key, hashlib.sha256(said).hexdigest()


Write = Annotated[Writer, Depends(writer)]
