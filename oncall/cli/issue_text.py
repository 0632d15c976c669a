"""Issues as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oncall.cli import output

if TYPE_CHECKING:
    from oncall.config.values import Config
    from oncall.model import Issue

Whole = Mapping[str, Any]


def listed(
    config: Config, found: Iterable[Issue]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return the head and the rows of a table of issues."""
    zone = config.service.zone
    head = ("#", "severity", "status", "owner", "customer", "problem", "opened")
    return head, [
        (
            str(issue.number),
            issue.severity,
            issue.status,
            issue.owner or "-",
            issue.customer.display_name,
            issue.subject,
            output.local(issue.opened_at, zone),
        )
        for issue in found
    ]


def whole(config: Config, issue: Whole) -> Iterator[str]:
    """Yield the lines of one issue, from the shape that the API shows."""
    from oncall.wording.plain import one_line

    for line in _lines(config, issue):
        yield line[: len(line) - len(line.lstrip())] + one_line(line)


def answered(issue: Whole) -> str:
    """Return what becomes of an answer that was just given."""
    number, answering = issue["number"], issue["answering"]
    if issue["messages"][-1]["delivery"]:
        return f"#{number}: the answer goes out by {answering['source']}"
    return f"#{number}: the answer is recorded"


def _lines(config: Config, issue: Whole) -> Iterator[str]:
    yield f"#{issue['number']} {issue['severity']}, {issue['status']}"
    yield f"{_customer(issue['customer'])}: {issue['subject']}"
    yield from _contact(issue["customer"])
    helping = ", ".join(_name(config, person) for person in issue["helpers"])
    helped = f", helped by {helping}" if helping else ""
    owner = _name(config, issue["owner"]) if issue["owner"] else "nobody"
    yield f"owner {owner}{helped}, policy {issue['policy']}"
    yield _answering(config, issue["answering"])
    if others := issue["customer"]["unconfirmed"]:
        confirm = f"oncall issue confirm-address {issue['number']} ADDRESS"
        yield f"also wrote: {', '.join(others)} (the customer's? {confirm})"
    parts = {
        "messages": _message,
        "pages": _page,
        "promises": _promise,
        "timeline": _event,
    }
    for name, say in parts.items():
        if issue[name]:
            yield ""
            yield name
            yield from (f"  {say(config, each)}" for each in issue[name])


def _answering(config: Config, way: Whole) -> str:
    if way["possible"]:
        until = f", until {_at(config, way['until'])}" if way["until"] else ""
        return f"answered by {way['source']}{until}"
    return _joined(f"not answered from here: {way['why_not']}", way["link"])


def _customer(customer: Whole) -> str:
    known = (customer[key] for key in ("name", "handle", "phone", "email"))
    return next(filter(None, known), "?")


def _contact(customer: Whole) -> Iterator[str]:
    """Say how the customer is reached, and what else is known of them."""
    ways = [customer[key] for key in ("phone", "email", "handle") if customer[key]]
    about = [customer[key] for key in ("tier", "language") if customer[key]]
    if ways or about:
        yield f"customer {_joined(*ways, *about)}"


def _name(config: Config, person: str | None) -> str:
    """Return what people call somebody; the id for one who has left."""
    known = config.people.get(person or "")
    return known.name if known else person or ""


def _message(config: Config, message: Whole) -> str:
    author = message["author"]
    if message["direction"] == "in":
        by = _name(config, author)
        who = f"customer, written down by {by}" if author else "customer"
    else:
        who = _name(config, author) or "we"
    delivery = message["delivery"]
    became = f" ({_joined(delivery['state'], delivery['detail'])})" if delivery else ""
    said = f"{message['text']}{_beside(message)}{became}"
    return f"{_at(config, message['at'])}  {who}: {said}"


def _beside(message: Whole) -> str:
    """Name the files that came along, and fold the old words; `--json` has them."""
    names = [each["name"] or "a file" for each in message["attachments"]]
    files = f" [with {', '.join(names)}]" if names else ""
    lines = len((message["quoted"] or "").strip().splitlines())
    return f"{files} [{lines} old lines folded]" if lines else files


def _page(config: Config, page: Whole) -> str:
    at = _at(config, page["sent_at"] or page["due_at"])
    to = f"{page['kind']} to {_name(config, page['person'])} by {page['via']}"
    return _joined(f"{at}  {to}: {page['state']}", page["detail"])


def _promise(config: Config, promise: Whole) -> str:
    state = "kept" if promise["kept_at"] else f"due {_at(config, promise['due'])}"
    owner = _name(config, promise["owner"]) or "nobody"
    return f"{promise['text']} ({owner}, {state})"


def _event(config: Config, event: Whole) -> str:
    said = (_name(config, event["person"]), event["reason"], event["detail"])
    return _joined(f"{_at(config, event['at'])}  {event['event']}", *said)


def _at(config: Config, written: str | None) -> str:
    at = None if written is None else datetime.fromisoformat(written)
    return output.local(at, config.service.zone)


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
