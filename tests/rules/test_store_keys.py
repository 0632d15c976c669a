"""What points to a row is found by an index: else whoever deletes it looks at all."""

from collections.abc import Iterator

import pytest
from sqlalchemy import ForeignKey, Table, UniqueConstraint

from oncall.store.tables import IssueRow

KEYS = [
    pytest.param(table, key, id=f"{table.name}.{key.parent.name}")
    for table in IssueRow.metadata.sorted_tables
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
]


def beginnings(table: Table) -> Iterator[str]:
    """Yield the columns that an index of the table begins with."""
    yield next(iter(table.primary_key)).name
    for index in table.indexes:
        yield next(iter(index.columns)).name
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield next(iter(constraint.columns)).name


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_foreign_key_begins_an_index(table: Table, key: ForeignKey):
    assert key.parent.name in set(beginnings(table))
