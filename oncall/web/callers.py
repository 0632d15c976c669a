"""Who called: the address of the connection, or what our own proxy says of it."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from fastapi import Request

from oncall.config.values import Service

Address = IPv4Address | IPv6Address
ONE_HOUSEHOLD = 64
"""Bits of an IPv6 address; whoever has one has all those that share them."""


def caller(request: Request, service: Service) -> str:
    """Return whom to count a request to: an IPv4 address, or an IPv6 network.

    X-Forwarded-For grows to the right: each proxy adds who called it. So it is read
    from the right, and only as far as `service.proxies` wrote it: what stands before
    that anybody may have made up.
    """
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("X-Forwarded-For")
    hops = [hop for header in forwarded for hop in header.split(",")]
    found = peer
    for address in _walked(peer, hops[::-1], service):
        found = _counted(address)
    return found


def _walked(peer: str, hops: Sequence[str], service: Service) -> Iterator[Address]:
    """Yield addresses from the connection's on, while proxies of ours tell of them."""
    for hop in (peer, *hops):
        address = _address(hop)
        if address is None:
            return
        yield address
        if not any(address in network for network in service.proxies):
            return


def _address(words: str) -> Address | None:
    try:
        address = ip_address(words.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _counted(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, ONE_HOUSEHOLD), strict=False))
