"""`/api/v1/incidents/suggestions`: issues that are alike, for people to decide."""

from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from oncall.actions.house import View
from oncall.actions.incident_suggestions import confirm, dismiss
from oncall.model import Incident
from oncall.store import Tx, incident_suggestions
from oncall.web import answers, incident_answers
from oncall.web import incident_shapes as shapes
from oncall.web.auth import Reader, Responder, Service
from oncall.web.fields import LARGEST_NUMBER, Line, Number
from oncall.web.incidents import FOUND_AT, Issues, person_of, shown
from oncall.web.issue_actions import MaybeByPerson
from oncall.web.lists import Cursor, Limit, in_pages
from oncall.web.writes import NOTHING, Answer, Write

router = APIRouter(prefix="/api/v1/incidents/suggestions", tags=["incidents"])

AT_LEAST = 3
"""Two issues that are alike are seldom a storm."""


@router.get("", response_model=incident_answers.IncidentSuggestionList)
async def list_incident_suggestions(
    _: Reader,
    parts: Service,
    *,
    at_least: Annotated[int, Query(ge=1, le=1000)] = AT_LEAST,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List issues that are perhaps one incident, the newest suggestion first.

    `at_least` so many; those to join an open incident are shown however few they are.
    """

    def listed(tx: Tx, _view: View, _now: datetime) -> dict[str, Any]:
        found = incident_suggestions.undecided(
            tx, at_least=at_least, before=cursor, limit=limit + 1
        )
        shape = partial(shapes.suggestion, tx)
        return in_pages(found, limit, shape=shape, number=attrgetter("id"))

    return answers.shown(await parts.read(listed))


class Confirmation(MaybeByPerson):
    """Which incident it is, and whether `person` has it from now on."""

    title: Line = ""
    incident: Annotated[int | None, Field(ge=1, le=LARGEST_NUMBER)] = None
    issues: Issues = ()
    acknowledge: bool = False


@router.post(
    "/{number}/confirm", response_model=incident_answers.Incident, status_code=201
)
async def confirm_incident_suggestion(
    _: Responder, number: Number, write: Write, sent: Confirmation | None = None
) -> Response:
    """Make them one incident, or join them to `incident`. Only `issues`, when given."""
    said = sent or Confirmation()

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return confirm(
            tx,
            view,
            number,
            now,
            by=person_of(view, said),
            title=said.title.strip(),
            incident=said.incident,
            numbers=said.issues,
            takes=said.acknowledge,
        )

    return await write(shown(act, status=201), at=FOUND_AT)


@router.post("/{number}/dismiss", status_code=204)
async def dismiss_incident_suggestion(
    _: Responder, number: Number, write: Write, sent: MaybeByPerson | None = None
) -> Response:
    """Say that they have nothing in common. They are not suggested again."""
    said = sent or MaybeByPerson()

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        dismiss(tx, number, now, by=person_of(view, said))
        return NOTHING

    return await write(action)
