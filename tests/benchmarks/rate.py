"""How many requests a second are answered: a client that costs next to nothing.

A full client takes more of the machine than the service it asks. This one sends the
next request as soon as the answer is whole, on a few connections at once.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from itertools import count
from time import perf_counter
from urllib.parse import SplitResult, urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
WARM_S = 1.0


async def rate(
    url: str,
    *,
    headers: Mapping[str, str],
    status: int = 200,
    connections: int = 16,
    for_s: float = 2,
    alike: bool = True,
) -> float:
    """Return how many answers a second come, all of them with `status`.

    Unless `alike`, no request is the same as another: nothing kept can answer it.
    """
    requests = _requests(url, headers, alike=alike)
    await _asked(url, requests, status, connections, WARM_S)
    begun = perf_counter()
    answers = await _asked(url, requests, status, connections, for_s)
    return answers / (perf_counter() - begun)


def _requests(url: str, headers: Mapping[str, str], *, alike: bool) -> Iterator[bytes]:
    parts = urlsplit(url)
    named = {"Host": parts.netloc, **headers}
    lines = [f"GET {parts.path} HTTP/1.1", *(f"{k}: {v}" for k, v in named.items())]
    head = "\r\n".join([*lines, ""])
    for number in count():
        own = "" if alike else f"X-Request-Id: {number}\r\n"
        yield f"{head}{own}\r\n".encode()


async def _asked(
    url: str, requests: Iterator[bytes], status: int, connections: int, for_s: float
) -> int:
    parts = urlsplit(url)
    until = perf_counter() + for_s
    counts = await asyncio.gather(
        *(_connection(parts, requests, status, until) for _ in range(connections))
    )
    return sum(counts)


async def _connection(
    parts: SplitResult, requests: Iterator[bytes], status: int, until: float
) -> int:
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    answers = 0
    while perf_counter() < until:
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head[9:12]) != status:
            msg = f"answered {head[9:12].decode()}, not {status}"
            raise RuntimeError(msg)
        if found := LENGTH.search(head):
            await reader.readexactly(int(found[1]) if status == 200 else 0)
        answers += 1
    writer.close()
    await writer.wait_closed()
    return answers
