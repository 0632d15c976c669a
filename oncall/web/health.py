"""`/healthz`, `/readyz`, `/metrics`: what a machine asks to know how we are."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import generate_latest

from oncall import metrics
from oncall.actions.house import View
from oncall.errors import StoreUnavailable
from oncall.store import Tx, absence_calendars, formats, issues, mailboxes, nodes, paged
from oncall.store.formats import Part
from oncall.store.migrate import FORMS
from oncall.web import answers
from oncall.web.auth import Service
from oncall.web.instants import written

router = APIRouter(tags=["health"])

SILENT = timedelta(seconds=60)
"""A node that has said nothing for so long does no work."""


@router.get("/healthz", response_model=answers.Alive)
async def healthz() -> Response:
    """Say that the process is alive."""
    return answers.shown({"status": "alive"})


NOT_READY = {"description": "not ready", "model": answers.Readiness}


@router.get("/readyz", response_model=answers.Readiness, responses={503: NOT_READY})
async def readyz(parts: Service) -> JSONResponse:
    """Whether pages would go out: 503 when the database or the engine is away."""
    now = parts.clock.now()
    found: dict[str, Any] = {"release": formats.release(), "tzdata": parts.tzdata}
    try:
        found |= await parts.read(_measured)
    except StoreUnavailable as error:
        found |= {"database": "unreachable", "detail": error.detail}
        return JSONResponse({"status": "not ready"} | found, 503)
    age = found["last_tick_age_s"]
    ready = age is not None and age < SILENT.total_seconds()
    status = "ready" if ready else "not ready"
    body = {"status": status, "at": written(now)} | found
    return JSONResponse(body, 200 if ready else 503)


def _measured(tx: Tx, view: View, now: datetime) -> dict[str, Any]:
    ticked = nodes.last_tick(tx)
    oldest = paged.next_due(tx, tuple(view.vias))
    late = None if oldest is None else (now - oldest).total_seconds()
    in_force = formats.in_force(tx).get(Part.TABLES)
    readings = absence_calendars.readings(tx)
    return {
        "database": "reachable",
        "last_tick_age_s": None if ticked is None else (now - ticked).total_seconds(),
        "oldest_due_page_s": max(late, 0.0) if late is not None else 0.0,
        "tables": {
            "known": FORMS[Part.TABLES].version,
            "in_force": in_force.version if in_force else None,
        },
        "nodes": [asdict(each) for each in nodes.running(tx, now - SILENT)],
        "absence_calendars": {
            "read": len(readings),
            "stale": sum(reading.is_stale(now) for reading in readings),
        },
        "mailboxes": _mailboxes(tx, view, now),
    }


def _mailboxes(tx: Tx, view: View, now: datetime) -> dict[str, int]:
    """Count the configured mailboxes; those that nobody has looked into are away."""
    known = {each.source: each for each in mailboxes.all_of(tx)}
    ours = [known.get(name) for name in view.config.mailboxes]
    away = sum(each is not None and each.is_away(now) for each in ours)
    return {"read": len(ours), "away": away}


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics_text(parts: Service) -> Response:
    """Counters and gauges in Prometheus' text format."""
    measured = await parts.read(_counted)
    metrics.STANDING.clear()
    for status, count in measured["issues"].items():
        metrics.STANDING.labels(status).set(count)
    metrics.OUTBOX.clear()
    for state, count in measured["messages"].items():
        metrics.OUTBOX.labels(state).set(count)
    metrics.OLDEST_DUE.set(measured["oldest_due_page_s"])
    text = generate_latest(metrics.REGISTRY)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _counted(tx: Tx, view: View, now: datetime) -> dict[str, Any]:
    return _measured(tx, view, now) | {
        "issues": issues.counts(tx),
        "messages": paged.counts(tx),
    }
