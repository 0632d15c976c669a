"""Those who write, kept busy."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from oncall.store import Database, Tx
from oncall.store.engines import POSTGRES_WRITERS

LONG_S = 30


@contextmanager
def writers_held(database: Database) -> Iterator[Callable[[], None]]:
    """Keep all who write busy; yield what lets one of them go.

    What was submitted until then it takes together. The others go in the end.
    """
    many = POSTGRES_WRITERS if database.shared else 1
    go = [threading.Event() for _ in range(many)]
    held = []
    for each in go:
        begun = threading.Event()
        held.append(database.submit(_Hold(begun, each)))
        assert begun.wait(LONG_S)

    def let_one_go() -> None:
        go[0].set()
        assert held[0].result(LONG_S)

    try:
        yield let_one_go
    finally:
        for each in go:
            each.set()
    assert all(each.result(LONG_S) for each in held)


class _Hold:
    def __init__(self, begun: threading.Event, go: threading.Event) -> None:
        self._begun = begun
        self._go = go

    def __call__(self, _: Tx) -> bool:
        self._begun.set()
        return self._go.wait(LONG_S)
