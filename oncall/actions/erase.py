"""A customer is erased: words, names and handles go, the figures stay."""

from collections.abc import Callable
from datetime import datetime

from oncall.errors import NotFound
from oncall.store import Tx, customers
from oncall.store.erasure import Erased, erase_issues, erase_person

PORTION = 20
"""Issues in one transaction."""


class Erasure:
    """The steps of erasing one customer, each in a transaction of its own.

    Between them pages go out. Begun again, it goes through everything again: what was
    erased already stays so.
    """

    def __init__(self, customer: int) -> None:
        self._customer = customer
        self._after = 0
        self.done = Erased(more=True)

    def step(self, tx: Tx, now: datetime) -> Callable[[], Erased]:
        """Do the next step; what is returned books it, once it is on disk.

        A transaction may be run more than once. Raises NotFound.
        """
        if customers.find(tx, self._customer) is None:
            msg = f"there is no customer {self._customer}"
            raise NotFound(msg)
        root = customers.root_of(tx, self._customer)
        if not self.done.customers:
            erased, last = erase_person(tx, root), 0
        else:
            erased, last = erase_issues(
                tx, root, now, after=self._after, portion=PORTION
            )

        def book() -> Erased:
            self._after = last
            self.done += erased
            return self.done

        return book


def figures(erased: Erased) -> dict[str, int]:
    """Return what was done: how many customers, handles, issues, messages, …."""
    names = ("customers", "handles", "issues", "messages", "pages", "deliveries")
    return {name: getattr(erased, name) for name in names}
