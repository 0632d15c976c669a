"""What others sent is read away from the event loop when there is much of it.

The loop answers everybody: what takes it a second takes a second from each of them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

QUICK = 16 * 1024
"""Bytes that are read faster than a thread is woken."""
_READERS = ThreadPoolExecutor(2, thread_name_prefix="apart")
"""Few, so that a flood of them shares what two threads get, and no more."""


async def apart(size: int, read: Callable[[], T]) -> T:
    """Return what `read` makes of so many bytes. Raises what it raises."""
    if size <= QUICK:
        return read()
    return await asyncio.get_running_loop().run_in_executor(_READERS, read)
