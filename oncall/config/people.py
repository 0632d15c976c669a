"""`[people]` and `[groups]` as values."""

from collections.abc import Mapping

from escalation_policies.contact import default_ladder
from oncall.config.findings import Findings
from oncall.config.home import Home
from oncall.config.phones import is_assigned
from oncall.config.schema.service import PersonTable
from oncall.model import ContactStep, Person, Via


def build_people(
    tables: Mapping[str, PersonTable],
    home: Home,
    findings: Findings,
) -> dict[str, Person]:
    """Return everybody by id; two with one address are noted, for replies' sake."""
    people = {name: _person(name, table, home) for name, table in tables.items()}
    for person in people.values():
        if person.phone and not is_assigned(person.phone):
            findings.warning(
                ("people", person.id, "phone"),
                f"{person.phone} is in no range of numbers known to be in use",
                "check the digits",
            )
    for key in ("phone", "telegram"):
        _note_shared(key, people, findings)
    return people


def _person(name: str, table: PersonTable, home: Home) -> Person:
    return Person(
        id=name,
        name=table.name,
        language=table.language or home.language,
        zone=table.timezone or home.zone,
        phone=table.phone,
        telegram=table.telegram,
        email=table.email,
        contact=_ladder(table),
    )


def _ladder(table: PersonTable) -> tuple[ContactStep, ...]:
    if table.contact is not None:
        steps = (ContactStep(via=step.via, after=step.after) for step in table.contact)
        return tuple(sorted(steps, key=lambda step: step.after))
    # Telegram stands in everybody's ladder: an account may be linked any time.
    available = {Via.TELEGRAM}
    if table.phone:
        available |= {Via.SMS, Via.VOICE}
    if table.email:
        available.add(Via.EMAIL)
    return tuple(
        ContactStep(via=Via(rung.via), after=rung.after)
        for rung in default_ladder(available)
    )


def _note_shared(key: str, people: Mapping[str, Person], findings: Findings) -> None:
    """Note addresses of two people: an answer is known by where it comes from."""
    first: dict[object, str] = {}
    for person in people.values():
        address = getattr(person, key)
        if address is None:
            continue
        owner = first.setdefault(address, person.id)
        if owner != person.id:
            findings.warning(
                ("people", person.id, key),
                f"is the same as that of {owner}: answers are taken for {owner}'s",
                "give each person an address of their own",
            )
