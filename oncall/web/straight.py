"""The straight way in for new issues: one request in order is one transaction.

In a storm of customers this route alone is called. What FastAPI does for each request
costs more than taking the issue in, so that a report in which nothing is wrong passes
by it. All else goes the long way, and is told there what is wrong.
"""

from collections.abc import Mapping

from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from oncall.errors import OncallError
from oncall.model import Scope as May
from oncall.web import problems
from oncall.web.auth import holder, may
from oncall.web.issues import FOUND_AT, SentIssue, take_in
from oncall.web.limits import replay
from oncall.web.parts import Parts
from oncall.web.writes import Writer, named

PATH = "/api/v1/issues"
JSON = "application/json"
LOOKED_AT = frozenset({b"authorization", b"content-type", b"idempotency-key"})


class StraightIn:
    """ASGI middleware: takes issues in itself. Bodies come to it whole."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the issue in, or let the app see to the request."""
        if (
            scope["type"] != "http"
            or scope["path"] != PATH
            or scope["method"] != "POST"
        ):
            await self._app(scope, receive, send)
            return
        body = (await receive()).get("body", b"")
        headers = _headers(scope)
        sent = None if headers is None else self._read(headers, body)
        if sent is None:
            await self._app(scope, replay(body, receive), send)
            return
        issue, write = sent
        try:
            response = await write(take_in(issue), at=FOUND_AT)
        except OncallError as error:
            response = problems.told(error)
        await response(scope, receive, send)

    def _read(
        self, headers: Mapping[str, str], body: bytes
    ) -> tuple[SentIssue, Writer] | None:
        """Return what was sent and how it is written; None unless all is in order."""
        token = holder(headers.get("authorization", ""), self._parts)
        if token is None or not may(token, May.INTAKE):
            return None
        if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            return None
        try:
            key, fingerprint = named(headers, "POST", PATH, body)
            issue = SentIssue.model_validate_json(body)
        except (OncallError, ValidationError):
            return None
        return issue, Writer(self._parts, key, fingerprint)


def _headers(scope: Scope) -> Mapping[str, str] | None:
    """Return the headers we look at, in lower case; None when one was sent twice."""
    found: dict[str, str] = {}
    for name, told in scope["headers"]:
        if name in LOOKED_AT:
            if name.decode() in found:
                return None
            found[name.decode()] = told.decode("latin-1")
    return found
