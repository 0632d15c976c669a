"""Customers who are merged with each other at the same moment, the one way and the other."""

import pytest

from oncall.actions.customers import merge
from oncall.clock import SystemClock
from oncall.errors import Conflict
from oncall.model import Customer
from oncall.store import Database, Tx, customers
from oncall.store.customers import Handle
from support.crossing import crossed, two_nodes


def two_people(tx: Tx) -> tuple[int, int]:
    now = SystemClock().now()
    names = ("Mina", "Mina R")
    one, two = (customers.add(tx, Customer(name=name), now) for name in names)
    return one, two


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_second_of_two_merges_that_cross_is_refused(database_url: str):
    now = SystemClock().now()
    with two_nodes(database_url) as (node, other):
        one, two = node.write_now(two_people)
        with pytest.raises(Conflict, match="are one already"):
            crossed(
                node,
                lambda tx: merge(tx, one, two, now),
                other,
                lambda tx: merge(tx, two, one, now),
            )


def test_a_ring_that_is_there_is_gone_round_once(database_url: str):
    database = Database(database_url)
    now = SystemClock().now()

    def ring(tx: Tx) -> tuple[int, int]:
        one, two = two_people(tx)
        for customer in (one, two):
            customers.keep_handles(tx, customer, [Handle(kind="id", value="x")], now)
        customers.point(tx, one, two, now)
        customers.point(tx, two, one, now)
        return one, two

    pair = database.write_now(ring)

    def all_ways(tx: Tx) -> list[list[int]]:
        ways = (customers.group_of, customers.sharing_handles)
        return [sorted(way(tx, pair[0])) for way in ways]

    assert database.read_now(all_ways) == [list(pair), list(pair)]
    database.close()
