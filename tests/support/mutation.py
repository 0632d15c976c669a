"""JSON that is almost right: one node of a document deleted, replaced or retyped."""

import copy
from collections.abc import Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as st

Json: TypeAlias = Any

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "0", "-", "\ud800", "\x00", "<![x[", "1e999", "https://[", 10**30]
    )
)
any_json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def places(node: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every node below `node`."""
    steps: Json = ()
    if isinstance(node, dict):
        steps = node.items()
    elif isinstance(node, list):
        steps = enumerate(node)
    for step, below in steps:
        yield (*path, step)
        yield from places(below, (*path, step))


@st.composite
def mutated(draw: st.DrawFn, document: Json) -> Json:
    """Return `document` with one to three nodes deleted, replaced or retyped."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        paths = list(places(changed))
        if paths:
            _change(draw, changed, draw(st.sampled_from(paths)))
    return changed


def _change(draw: st.DrawFn, document: Json, path: tuple[Any, ...]) -> None:
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    match draw(st.sampled_from(["delete", "replace", "retype"])):
        case "delete":
            del parent[path[-1]]
        case "replace":
            parent[path[-1]] = draw(any_json)
        case _:
            parent[path[-1]] = _retyped(parent[path[-1]])


def _retyped(value: Json) -> Json:
    match value:
        case bool() | int() | float() | None:
            return str(value)
        case str():
            return [value]
        case dict():
            return list(value.values())
        case _:
            return {"0": value}
