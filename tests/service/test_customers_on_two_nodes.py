"""One customer of whom two nodes hear at the same moment."""

from collections.abc import Callable, Iterator

import pytest

from oncall.actions.customers import identify, suggested
from oncall.clock import SystemClock
from oncall.model import Customer
from oncall.store import Database, Tx, customers
from oncall.store.customers import Handle
from support.crossing import crossed, two_nodes

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Two = tuple[Database, Database]
HANDLES = (
    Handle(kind="telegram", value="77", verified=True),
    Handle(kind="email", value="mina@example.com"),
)


@pytest.fixture
def two(database_url: str) -> Iterator[Two]:
    with two_nodes(database_url) as both:
        yield both


def written_by(said: Customer) -> Callable[[Tx], int]:
    return lambda tx: identify(tx, said, HANDLES, SystemClock().now())


def everybody(tx: Tx) -> list[Customer]:
    found = customers.listed(tx, handle=None, before=None, limit=9)
    return [each.customer for each in found]


def test_what_one_node_learns_of_a_customer_the_other_does_not_undo(two: Two):
    one, other = two
    one.write_now(written_by(Customer(name="Mina")))
    vip = written_by(Customer(name="Mina", tier="vip"))
    called = written_by(Customer(name="Mina", phone="+4366012345"))
    crossed(one, vip, other, called)
    assert one.read_now(everybody) == [
        Customer(name="Mina", phone="+4366012345", tier="vip")
    ]


def test_who_writes_the_first_two_messages_at_once_is_one_customer(two: Two):
    one, other = two
    first = written_by(Customer(name="Mina"))
    second = written_by(Customer(name="Mina", tier="vip"))
    assert len(set(crossed(one, first, other, second))) == 1
    assert one.read_now(everybody) == [Customer(name="Mina", tier="vip")]
    assert not one.read_now(lambda tx: suggested(tx, before=None, limit=9))
