"""Ids of new rows."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from oncall.ids import AT_ONCE, new_id


def test_an_id_is_a_random_uuid_in_hexadecimal():
    made = UUID(new_id())
    assert (made.version, len(new_id())) == (4, 32)


def test_no_id_is_given_twice_to_many_threads():
    def some(_: int) -> list[str]:
        return [new_id() for _ in range(AT_ONCE)]

    with ThreadPoolExecutor(8) as threads:
        given = [each for ids in threads.map(some, range(24)) for each in ids]
    assert len(set(given)) == len(given) == 24 * AT_ONCE
