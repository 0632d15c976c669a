"""Requests are answered only under our own host names.

A page of another site can point its own name at our address (DNS rebinding). The
browser then takes us for a part of that site, and lets its script read our answers.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from oncall import metrics
from oncall.web.parts import Parts
from oncall.web.problems import problem

FOR_MACHINES = frozenset({"/healthz", "/readyz"})
"""Probes call us by whatever address they have; nothing there is worth stealing."""
LONGEST = 260
"""Bytes: a name of 253 and a port."""
_PARTED = re.compile(rb"[/?#@]")
"""What ends or begins a host in an address, and stands in no name."""


class OwnHosts:
    """ASGI middleware: answers 421 under a foreign host name, 400 without one."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless it is meant for somebody else."""
        if scope["type"] != "http" or scope["path"] in FOR_MACHINES:
            await self._app(scope, receive, send)
            return
        named = [value for name, value in scope["headers"] if name == b"host"]
        service = self._parts.house.config.service
        if len(named) == 1 and is_ours(named[0], service.url, service.hosts):
            await self._app(scope, receive, send)
            return
        metrics.REFUSED.labels("host").inc()
        if len(named) == 1:
            detail = (
                "this host name is not ours; add it to service.hosts if it should be"
            )
            refusal = problem(421, detail)
        else:  # RFC 9112 §3.2
            refusal = problem(400, "send exactly one Host header")
        await refusal(scope, receive, send)


def is_ours(host: bytes, url: str, further: Iterable[str]) -> bool:
    """Tell whether a Host header names us: as `url` does, as loopback, or as told.

    The port says nothing about whose name it is, so any will do.
    """
    if len(host) > LONGEST or _PARTED.search(host):
        return False
    return _known(host, url, frozenset(further))


@lru_cache(maxsize=256)
def _known(host: bytes, url: str, further: frozenset[str]) -> bool:
    name = _name(f"//{host.decode('latin-1')}")
    if not name:
        return False
    return name == _name(url) or name in further or _is_loopback(name)


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _name(url: str) -> str:
    """Return an address's host in lower case as ASCII; empty when it has none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (read for its ValueError)
        name = (parts.hostname or "").removesuffix(".")
        return name.encode("idna").decode() if name else ""
    except ValueError:  # UnicodeError is one
        return ""
