"""`/api/v1/issues`: taking issues in, and reading them."""

from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from escalation_policies.policy import Severity
from oncall import metrics
from oncall.actions.house import View
from oncall.actions.report import report
from oncall.errors import NotFound
from oncall.model import Customer, Issue, Report, Status
from oncall.store import Tx, issues
from oncall.web import answers, shapes
from oncall.web.auth import Intake, Reader, Service
from oncall.web.fields import (
    Instant,
    Key,
    Line,
    Name,
    Named,
    Number,
    Sent,
    Text,
    Words,
)
from oncall.web.lists import Cursor, Limit, in_pages
from oncall.web.writes import Action, Answer, Write

router = APIRouter(prefix="/api/v1/issues", tags=["issues"])


FOUND_AT = "/api/v1/issues/{number}"


class SentCustomer(Sent):
    """Who wrote."""

    name: Line = ""
    email: Name = ""
    phone: Name = ""
    handle: Name = ""
    tier: Line = ""
    language: Line = ""

    def customer(self) -> Customer:
        """Return them as the service knows them."""
        return Customer(
            name=self.name,
            email=self.email,
            phone=self.phone,
            handle=self.handle,
            tier=self.tier,
            language=self.language,
        )


class SentIssue(Sent):
    """What a customer wrote, and what is known about it.

    `author` is who wrote it down for the customer, as after a call. `amount` is what is
    at stake, for rules that look at it.
    """

    source: Named
    customer: SentCustomer
    subject: Words
    external_id: Name | None = None
    text: Text | None = None
    severity: Severity | None = None
    tags: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    link: Line | None = None
    occurred_at: Instant | None = None
    author: Line | None = None
    amount: Annotated[Decimal, Field(ge=0, max_digits=20)] | None = None

    def report(self) -> Report:
        """Return it as the service knows it."""
        return Report(
            source=self.source,
            subject=self.subject,
            customer=self.customer.customer(),
            text=self.text or "",
            external_id=self.external_id or "",
            severity=self.severity,
            tags=self.tags,
            link=self.link or "",
            occurred_at=self.occurred_at,
            author=self.author or "",
            amount=self.amount,
        )


@router.post(
    "",
    response_model=answers.Issue,
    status_code=201,
    responses={200: {"description": "appended", "model": answers.Issue}},
)
async def new_issue(_: Intake, sent: SentIssue, write: Write) -> Response:
    """Open an issue, or append to the open one with this source and external id.

    A 2xx means that it is on disk, and that whoever is on call is being paged.
    """
    return await write(take_in(sent), at=FOUND_AT)


def take_in(sent: SentIssue) -> Action:
    """Return what is to be done with an issue that was sent."""

    def action(tx: Tx, view: View, now: datetime) -> Answer:
        reported = report(tx, view, sent.report(), now)
        if reported.new:
            tx.once_kept(metrics.ISSUES.labels("api", reported.issue.severity).inc)
        return 201 if reported.new else 200, shapes.issue(reported.issue)

    return action


@router.get("", response_model=answers.IssueList)
async def list_issues(
    _: Reader,
    parts: Service,
    *,
    status: Status | None = None,
    severity: Severity | None = None,
    owner: Key | None = None,
    customer: Key | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List issues, the newest first. `customer` is a name, e-mail, phone or handle."""

    def listed(tx: Tx, _view: View, _now: datetime) -> list[Issue]:
        return issues.listed(
            tx,
            status=status,
            severity=severity,
            owner=owner,
            customer=customer,
            before=cursor,
            limit=limit + 1,
        )

    found = await parts.read(listed)
    return answers.shown(
        in_pages(found, limit, shape=shapes.issue, number=attrgetter("number"))
    )


@router.get("/{number}", response_model=answers.WholeIssue)
async def one_issue(_: Reader, parts: Service, number: Number) -> Response:
    """Show an issue with its messages, pages, promises and timeline."""

    def whole(tx: Tx, view: View, _now: datetime) -> dict[str, Any]:
        found = issues.find(tx, number)
        if found is None:
            raise no_such(number)
        return shapes.whole_issue(tx, view, found)

    return answers.shown(await parts.read(whole))


def no_such(number: int) -> NotFound:
    """Return the error for an issue that is not there."""
    return NotFound(f"there is no issue #{number}")
