"""Incidents as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oncall.cli import output

if TYPE_CHECKING:
    from oncall.config.values import Config
    from oncall.model import Incident


def listed(
    config: Config, found: Iterable[Incident]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return the head and the rows of a table of incidents."""
    zone = config.service.zone
    head = ("id", "status", "owner", "issues", "customers", "title", "opened")
    return head, [
        (
            str(each.id),
            each.status,
            each.owner or "-",
            str(each.issues),
            str(each.customers),
            each.title,
            output.local(each.opened_at, zone),
        )
        for each in found
    ]


def done(incident: Incident, what: str) -> str:
    """Say what became of an incident, and how large it is."""
    size = f"{incident.issues} issues of {incident.customers} customers"
    owner = incident.owner or "nobody"
    return f"incident {incident.id} {what}: {size}; its owner is {owner}"


def suggestions(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of what is suggested, from the shape that the API shows."""
    from oncall.wording.plain import one_line

    for each in found:
        into = f", for incident {each['incident']}" if each["incident"] else ""
        yield f"suggestion {each['id']}{into}: {one_line(each['title'])}"
        for issue in each["issues"]:
            why = ", ".join(issue["because"])
            like = (
                f"  (like #{issue['like']}: {one_line(why)})" if issue["like"] else ""
            )
            yield f"  #{issue['number']} {one_line(issue['subject'])}{like}"
    if not found:
        yield "nothing is suggested"


def whole(incident: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one incident, from the shape that the API shows."""
    from oncall.wording.plain import one_line

    for line in _lines(incident):
        yield line[: len(line) - len(line.lstrip())] + one_line(line)


def _lines(incident: Mapping[str, Any]) -> Iterator[str]:
    size = f"{incident['issues']} issues of {incident['customers']} customers"
    yield f"incident {incident['id']}, {incident['status']}: {incident['title']}"
    yield f"owner {incident['owner'] or 'nobody'}, {size}"
    for name in ("cause", "result"):
        if incident[name]:
            yield f"{name}: {incident[name]}"
    yield from _section("issues", [_member(each) for each in incident["members"]])
    yield from _section("updates", [_update(each) for each in incident["updates"]])


def _section(name: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield name
        yield from (f"  {line}" for line in lines)


def _member(each: Mapping[str, Any]) -> str:
    customer = each["customer"]
    known = (customer[key] for key in ("name", "handle", "phone", "email"))
    who = next(filter(None, known), "?")
    left = ", left" if each["left_at"] else ""
    why = f", by {each['reason']}" if each["reason"] != "person" else ""
    return f"#{each['number']} {each['status']}{left}{why}, {who}: {each['subject']}"


def _update(each: Mapping[str, Any]) -> str:
    counted = ", ".join(
        f"{many} {fate.replace('_', ' ')}"
        for fate, many in each["customers"].items()
        if many
    )
    text = each["text"]
    said = text if isinstance(text, str) else next(iter(text.values()))
    return f"{counted or 'for nobody'}, {each['author'] or 'we'}: {said}"
