"""`/api/v1/customers`: who writes to us, and who of them are one person."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from oncall.actions.customers import dismiss, merge, suggested, unmerge
from oncall.actions.erase import Erasure, figures
from oncall.actions.house import View
from oncall.errors import NotFound
from oncall.store import Tx, customers, issues, timeline
from oncall.store.customers import Handle, Known, Suggestion
from oncall.web import answers, shapes
from oncall.web.auth import Admin, Reader, Responder, Service
from oncall.web.fields import LARGEST_NUMBER, Key, Number, Sent
from oncall.web.instants import written
from oncall.web.lists import Cursor, Limit, in_pages
from oncall.web.writes import NOTHING, Answer, Write

router = APIRouter(prefix="/api/v1/customers", tags=["customers"])


@router.get("", response_model=answers.CustomerList)
async def list_customers(
    _: Reader,
    parts: Service,
    *,
    handle: Key | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List customers, the newest first. `handle` is an address, a number or an id."""

    def listed(tx: Tx, _view: View, _now: datetime) -> list[Known]:
        return customers.listed(tx, handle=handle, before=cursor, limit=limit + 1)

    found = await parts.read(listed)
    return answers.shown(in_pages(found, limit, shape=shape, number=attrgetter("id")))


@router.get("/suggestions", response_model=answers.CustomerSuggestionList)
async def list_customer_suggestions(
    _: Reader, parts: Service, *, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """List customers who are perhaps one person, the newest suggestion first.

    They share a handle that nothing proves: merge them, or dismiss it.
    """

    def listed(tx: Tx, _view: View, _now: datetime) -> Sequence[Suggestion]:
        return suggested(tx, before=cursor, limit=limit + 1)

    found = await parts.read(listed)
    return answers.shown(
        in_pages(found, limit, shape=suggestion, number=attrgetter("id"))
    )


@router.post("/suggestions/{number}/dismiss", status_code=204)
async def dismiss_customer_suggestion(
    _: Responder, number: Number, write: Write
) -> Response:
    """Say that two customers are not one person. It is not suggested again."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        dismiss(tx, number, now)
        return NOTHING

    return await write(action)


@router.get("/{number}", response_model=answers.WholeCustomer)
async def one_customer(_: Reader, parts: Service, number: Number) -> Response:
    """Show a customer with handles, issues and timeline; those merged into them too."""

    def whole(tx: Tx, _view: View, _now: datetime) -> dict[str, Any]:
        found = customers.find(tx, number)
        if found is None:
            msg = f"there is no customer {number}"
            raise NotFound(msg)
        return _whole(tx, found)

    return answers.shown(await parts.read(whole))


class Erasing(BaseModel):
    """How much was replaced by nothing."""

    customers: int
    handles: int
    issues: int
    messages: int
    pages: int
    deliveries: int


@router.delete("/{number}", response_model=Erasing)
async def erase_customer(
    _: Admin, parts: Service, number: Number, write: Write
) -> Response:
    """Replace a customer's words, names and handles by nothing, everywhere.

    Issues, pages and their times stay as figures. It cannot be taken back.
    """
    erasure = Erasure(number)
    while erasure.done.more:
        booked = await parts.write(lambda tx, _view, now: erasure.step(tx, now))
        booked()

    def action(_tx: Tx, _view: View, _now: datetime) -> Answer:
        return 200, figures(erasure.done)

    return await write(action)


class Merging(Sent):
    """Who this customer turned out to be."""

    into: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


@router.post("/{number}/merge", response_model=answers.KnownCustomer)
async def merge_customer(
    _: Responder, number: Number, sent: Merging, write: Write
) -> Response:
    """Let two customers be one person. Nothing is moved; `/unmerge` takes it back."""

    def action(tx: Tx, _view: View, now: datetime) -> Answer:
        return 200, shape(merge(tx, number, sent.into, now))

    return await write(action)


@router.post("/{number}/unmerge", response_model=answers.KnownCustomer)
async def unmerge_customer(_: Responder, number: Number, write: Write) -> Response:
    """Take a merge back: both are again what they were."""

    def action(tx: Tx, _view: View, _now: datetime) -> Answer:
        return 200, shape(unmerge(tx, number))

    return await write(action)


def shape(found: Known) -> dict[str, Any]:
    """Show a customer in short."""
    return {
        "id": found.id,
        **shapes.customer(found.customer),
        "merged_into": found.merged_into,
        "created_at": written(found.created_at),
    }


def suggestion(found: Suggestion) -> dict[str, Any]:
    """Show two customers who are perhaps one, and why."""
    return {
        "id": found.id,
        "customer": shape(found.customer),
        "other": shape(found.other),
        "because": {"kind": found.handle.kind, "value": found.handle.value},
        "created_at": written(found.created_at),
    }


def _whole(tx: Tx, found: Known) -> dict[str, Any]:
    group = customers.within(tx, found.id)
    theirs = issues.of_customers(tx, group)
    lines = timeline.of_issues(tx, [issue.number for issue in theirs])
    return shape(found) | {
        "merged": [each for each in group if each != found.id],
        "handles": [_handle(each) for each in customers.handles_of(tx, group)],
        "issues": [shapes.issue(each) for each in theirs],
        "timeline": [
            {"issue": row["issue"], **shapes.line(dict(row))} for row in lines
        ],
    }


def _handle(handle: Handle) -> dict[str, Any]:
    return {"kind": handle.kind, "value": handle.value, "verified": handle.verified}
