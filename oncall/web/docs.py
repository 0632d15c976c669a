"""Pages for people who look around: `/`, and the readable API at `/docs`."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from escalation_policies.policy import Severity
from oncall.web.auth import Service
from oncall.web.pages.render import page
from oncall.web.reference import Operation, groups

router = APIRouter(include_in_schema=False)

EXAMPLES: Mapping[tuple[str, str], Mapping[str, Any] | None] = {
    ("post", "/api/v1/issues"): {
        "source": "helpdesk",
        "external_id": "4711",
        "customer": {"name": "Laleh Moradi", "tier": "vip"},
        "subject": "Charged twice for one ticket",
        "severity": "high",
    },
    ("get", "/api/v1/issues"): None,
    ("get", "/api/v1/issues/{number}"): None,
    ("post", "/api/v1/issues/{number}/acknowledge"): {"person": "sara"},
    ("post", "/api/v1/issues/{number}/snooze"): {"for": "15m"},
    ("post", "/api/v1/issues/{number}/messages"): {
        "direction": "out",
        "text": "Your money is on its way back.",
        "author": "sara",
        "send": False,
        "where": "by phone",
    },
    ("post", "/api/v1/issues/{number}/promises"): {
        "text": "A call with the refund's number",
        "due": "2026-12-04T12:00:00Z",
        "owner": "sara",
    },
    ("post", "/api/v1/issues/{number}/resolve"): {"result": "The money is back."},
    ("post", "/api/v1/incidents"): {
        "title": "Payments fail",
        "issues": [1],
        "person": "sara",
    },
    ("get", "/api/v1/incidents/suggestions"): None,
    ("get", "/api/v1/on-call"): None,
    ("post", "/api/v1/rotations/{rotation}/overrides"): {
        "person": "mina",
        "instead_of": "sara",
        "from": "2026-12-04T08:00:00Z",
        "to": "2026-12-05T08:00:00Z",
    },
    ("post", "/api/v1/rotations/{rotation}/swaps"): {
        "person": "sara",
        "with": "mina",
        "from": "2026-12-04T08:00:00Z",
        "to": "2026-12-05T08:00:00Z",
    },
    ("post", "/api/v1/absences"): {
        "person": "sara",
        "from": "2026-12-10T00:00:00Z",
        "to": "2026-12-14T00:00:00Z",
        "reason": "leave",
    },
    ("post", "/api/v1/feeds"): {"person": "sara"},
}
"""The main calls as somebody would send them: the body, None for those without."""

NAMED = {"{number}": "1", "{rotation}": "weekend"}
"""What stands in an example for the parts of a path."""


@router.get("/")
async def home(parts: Service) -> HTMLResponse:
    """Say what this is and where to go."""
    service = parts.house.config.service.name
    return page("home.html", service=service, simulator=parts.phones is not None)


@router.get("/docs")
async def docs(request: Request, parts: Service) -> HTMLResponse:
    """Show every call of the API, with examples to copy."""
    service = parts.house.config.service
    app = request.app
    found = groups(app)
    return page(
        "docs.html",
        service=service.name,
        summary=app.summary,
        version=app.version,
        groups=found,
        examples={
            operation.id: curl(operation, service.url)
            for group in found
            for operation in group.operations
        },
        severities=sorted(Severity, key=lambda severity: -severity.rank),
    )


def example_path(path: str) -> str:
    """Return a path with names and numbers in the place of its braces."""
    for part, name in NAMED.items():
        path = path.replace(part, name)
    return path


def curl(operation: Operation, url: str) -> str:
    """Return a command that makes the call; empty when there is no example of it."""
    key = operation.method, operation.path
    if key not in EXAMPLES:
        return ""
    lines = [
        f"curl {shlex.quote(url + example_path(operation.path))}",
        '-H "Authorization: Bearer $TOKEN"',
    ]
    body = EXAMPLES[key]
    if body is not None:
        lines += [
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}",
        ]
    return " \\\n  ".join(lines)
