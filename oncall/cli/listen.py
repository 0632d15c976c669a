"""Sockets to listen at, taken before anything else is started."""

import errno
import socket
from collections.abc import Sequence
from contextlib import suppress

from oncall.errors import Refused

Address = tuple[object, ...]


def listen(host: str, port: int) -> list[socket.socket]:
    """Bind every address of `host`; port 0 takes any one that is free.

    Nothing is accepted yet. Raises Refused when the port is in use, may not be used, or
    the host is not one of this machine: a service that nobody can answer must not page.
    """
    bound: list[socket.socket] = []
    try:
        for family, address in _places(host, port):
            bound.append(_bound(family, address))
    except OSError as error:
        for listener in bound:
            listener.close()
        raise Refused(_why(error, host, port)) from None
    return bound


def _places(host: str, port: int) -> Sequence[tuple[int, Address]]:
    found = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    places = list(dict.fromkeys((family, address) for family, *_, address in found))
    return places if port else places[:1]  # two families would get two ports


def _bound(family: int, address: Address) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A port is free again at once after a restart; two that listen are still two.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with suppress(OSError):
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        # With SO_REUSEADDR a second one is refused only once the first listens.
        listener.listen(1024)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} at {host} is in use, perhaps by another `oncall serve`:"
            f" end that one, or choose another port with --port"
        )
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; take one above 1023"
    return f"{host} port {port} cannot be listened at: {error.strerror or error}"
