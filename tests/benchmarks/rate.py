"""How many requests a second are answered: a client that costs next to nothing.

A full client takes more of the machine than the service it asks. This one sends the
same bytes again as soon as the answer is whole, on a few connections at once.
"""

import asyncio
import re
from collections.abc import Mapping
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
) -> float:
    """Return how many answers a second come, all of them with `status`."""
    await _asked(url, headers, status, connections, WARM_S)
    begun = perf_counter()
    answers = await _asked(url, headers, status, connections, for_s)
    return answers / (perf_counter() - begun)


async def _asked(
    url: str, headers: Mapping[str, str], status: int, connections: int, for_s: float
) -> int:
    parts = urlsplit(url)
    named = {"Host": parts.netloc, **headers}
    lines = [f"GET {parts.path} HTTP/1.1", *(f"{k}: {v}" for k, v in named.items())]
    request = "\r\n".join([*lines, "", ""]).encode()
    until = perf_counter() + for_s
    counts = await asyncio.gather(
        *(_connection(parts, request, status, until) for _ in range(connections))
    )
    return sum(counts)


async def _connection(
    parts: SplitResult, request: bytes, status: int, until: float
) -> int:
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    count = 0
    while perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head[9:12]) != status:
            msg = f"answered {head[9:12].decode()}, not {status}"
            raise RuntimeError(msg)
        if found := LENGTH.search(head):
            await reader.readexactly(int(found[1]) if status == 200 else 0)
        count += 1
    writer.close()
    await writer.wait_closed()
    return count
