"""Definitions as they changed: which was valid when, and whom a follower followed then.

Nothing of the past is rewritten: a change is one more revision, and a question about
last month is answered by what was valid last month.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from rotations.rotation import Rotation

BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)
_VALID_FROM = attrgetter("valid_from")

# A rotation after all those that it follows, the one with layers first. Nobody is in
# an empty chain: the rotation, or one that it follows, was not there.
Chain: TypeAlias = tuple[Rotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A definition that is valid from `valid_from` (UTC) until the next; None: none."""

    rotation: Rotation | None
    valid_from: datetime = BEGINNING


class Era(NamedTuple):
    """`[start, end)` in which neither a rotation nor one that it follows changes."""

    start: datetime
    end: datetime
    chain: Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """The revisions of each rotation by its id, in the order of their validity."""

    revisions: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)

    def eras(self, rotation_id: str, start: datetime, end: datetime) -> Iterator[Era]:
        """Cut `[start, end)` where what the rotation rests on changes.

        LookupError for a rotation that never was, or that follows itself.
        """
        while start < end:
            chain, until = self.chain_at(rotation_id, start)
            yield Era(start, min(until, end), chain)
            start = until

    def chain_at(self, rotation_id: str, at: datetime) -> tuple[Chain, datetime]:
        """Return what the rotation rests on at `at`, and until when."""
        chain: Chain = ()
        following, until = rotation_id, _END
        while True:
            rotation, ends = self.definition_at(following, at)
            until = min(until, ends)
            if rotation is None:
                return (), until
            if rotation in chain:
                msg = (
                    f"rotation {rotation_id!r} follows itself; give one of them people"
                )
                raise LookupError(msg)
            chain = (rotation, *chain)
            if rotation.follows is None:
                return chain, until
            following = rotation.follows.rotation

    def definition_at(
        self, rotation_id: str, at: datetime
    ) -> tuple[Rotation | None, datetime]:
        """Return the definition that is valid at `at`, and until when."""
        revisions = self._of(rotation_id)
        index = bisect_right(revisions, at, key=_VALID_FROM)
        until = revisions[index].valid_from if index < len(revisions) else _END
        return (revisions[index - 1].rotation if index else None), until

    def _of(self, rotation_id: str) -> tuple[Revision, ...]:
        try:
            return self.revisions[rotation_id]
        except KeyError:
            known = ", ".join(sorted(self.revisions)) or "none"
            msg = f"there is no rotation {rotation_id!r}; there are: {known}"
            raise LookupError(msg) from None
