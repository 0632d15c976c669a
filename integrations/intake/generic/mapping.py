"""Where a source of one's own keeps each canonical field.

A path is names and list positions between dots: `issue.parts.0.text`. It is looked
up and nothing more: there is no expression to go wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.intake.generic.phone import in_e164
from integrations.intake.reading import dig, text, words

_POSITION = re.compile(r"-?[0-9]{1,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One field's path, what its values mean, and what counts when it is missing."""

    path: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    region: str | None = None

    def read(self, body: object) -> str | None:
        """Return the field's value; with a map, only what the map knows."""
        written = _written(_look(body, self.path))
        if self.meanings:
            written = self.meanings.get(written) if written else None
        if written is not None and self.region:
            written = in_e164(written, self.region)
        return self.default if written is None else written

    def read_all(self, body: object) -> tuple[str, ...]:
        """Return a list's values, or those between commas."""
        found = words(_look(body, self.path))
        return found or words(self.default)


def _written(value: object) -> str | None:
    """Return a value as words; JSON's yes and no are the words true and false."""
    return str(value).lower() if isinstance(value, bool) else text(value)


def read_mapping(mapping: Mapping[str, object]) -> Mapping[str, Place]:
    """Return the places by canonical field; what is no place is passed over."""
    return {
        name: place
        for name, written in mapping.items()
        if (place := _place(written)) is not None
    }


def _place(written: object) -> Place | None:
    if isinstance(written, str):
        return Place(path=_steps(written))
    if not isinstance(written, Mapping):
        return None
    meanings = written.get("map")
    known = meanings if isinstance(meanings, Mapping) else {}
    return Place(
        path=_steps(str(written.get("path") or "")),
        meanings={str(key): str(value) for key, value in known.items()},
        default=text(written.get("default")),
        region=text(written.get("region")),
    )


def _steps(path: str) -> tuple[str, ...]:
    return tuple(filter(None, path.split(".")))


def _look(body: object, path: tuple[str, ...]) -> object:
    """Follow a path; a number steps into a list, or names a field of an object."""
    node = body if path else None
    for step in path:
        position = _position(step) if isinstance(node, list) else None
        node = dig(node, step if position is None else position)
    return node


def _position(step: str) -> int | None:
    return int(step) if _POSITION.fullmatch(step) else None
