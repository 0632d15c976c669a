"""Lists come in pages: how a client asks for one, and how it is given."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

from oncall.web.fields import LARGEST_NUMBER

Cursor = Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)]
Limit = Annotated[int, Query(ge=1, le=200)]
Item = TypeVar("Item")


def in_pages(
    found: Sequence[Item],
    limit: int,
    *,
    shape: Callable[[Item], dict[str, Any]],
    number: Callable[[Item], int],
) -> dict[str, Any]:
    """Return `{items, next_cursor}`.

    `found` has one more than `limit` where there is another page; `number` is what an
    item is counted by, and the last one's is where that page goes on.
    """
    shown = found[:limit]
    more = str(number(shown[-1])) if len(found) > limit else None
    return {"items": [shape(each) for each in shown], "next_cursor": more}
