"""Whether what the file names is there: people, groups, rotations, policies.

Judged on the raw document, so that one mistake in a table does not hide another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oncall.config.findings import Findings, did_you_mean
from oncall.config.lines import Path

PERSON, ROTATION, POLICY, TARGET = "person", "rotation", "policy", "target"

_PLACES: Sequence[tuple[str, str]] = (
    ("service.last_resort.*", TARGET),
    ("groups.*.*", PERSON),
    ("rotations.*.people.*", PERSON),
    ("rotations.*.people.*.*", PERSON),
    ("rotations.*.layers.*.people.*", PERSON),
    ("rotations.*.layers.*.people.*.*", PERSON),
    ("rotations.*.follows", ROTATION),
    ("rotations.*.overrides.*.person", PERSON),
    ("rotations.*.overrides.*.instead_of", PERSON),
    ("rotations.*.overrides.*.remove", PERSON),
    ("absences.*.person", PERSON),
    ("absence_calendars.*.person", PERSON),
    ("escalation_policies.*.levels.*.page.*", TARGET),
    ("escalation_policies.*.bad_news.*.tell.*", TARGET),
    ("routes.*.policy", POLICY),
)
_SECTIONS: Mapping[str, str] = {
    PERSON: "people",
    "group": "groups",
    ROTATION: "rotations",
    POLICY: "escalation_policies",
}


def check_references(document: Mapping[str, object], findings: Findings) -> None:
    """Note every name that nothing bears."""
    known = {kind: _names(document, section) for kind, section in _SECTIONS.items()}
    for pattern, kind in _PLACES:
        for at, name in _find(document, pattern):
            _check(_Reference(at=at, kind=kind, name=name), known, findings)
    _Follows(document).check(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    at: Path
    kind: str
    name: str


def _check(
    reference: _Reference,
    known: Mapping[str, frozenset[str]],
    findings: Findings,
) -> None:
    kind, name = reference.kind, reference.name.strip()
    if kind == TARGET:
        kind, _, name = name.partition(":")
    # A target of an unknown kind is told by its own reader.
    if not name or kind not in known or name in known[kind]:
        return
    hint = did_you_mean(name, known[kind]) or f"add [{_SECTIONS[kind]}.{name}]"
    findings.error(reference.at, f'there is no {kind} "{name}"', hint)


def _names(document: Mapping[str, object], section: str) -> frozenset[str]:
    table = document.get(section)
    return frozenset(table) if isinstance(table, dict) else frozenset()


def _find(document: Mapping[str, object], pattern: str) -> Iterator[tuple[Path, str]]:
    """Yield the texts at the places that `pattern` describes; `*` is anything."""
    found: list[tuple[Path, object]] = [((), document)]
    for wanted in pattern.split("."):
        found = [
            ((*at, key), value)
            for at, holder in found
            for key, value in _items(holder)
            if wanted in ("*", key)
        ]
    return ((at, value) for at, value in found if isinstance(value, str))


def _items(holder: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(holder, dict):
        yield from holder.items()
    elif isinstance(holder, list):
        yield from enumerate(holder)


class _Follows:
    """Which rotation follows which: in the end there must be people."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._leader = {
            str(at[1]): name for at, name in _find(document, "rotations.*.follows")
        }

    def check(self, findings: Findings) -> None:
        """Note the rotations that follow one another in a circle."""
        for rotation in self._leader:
            chain = self._chain(rotation)
            if chain[-1] == rotation:
                findings.error(
                    ("rotations", rotation, "follows"),
                    f"goes in a circle: {' → '.join(chain)}",
                    "let one of them have people of its own",
                )

    def _chain(self, rotation: str) -> list[str]:
        chain = [rotation]
        while (leader := self._leader.get(chain[-1])) is not None:
            chain.append(leader)
            if leader in chain[:-1]:
                break
        return chain
