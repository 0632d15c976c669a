"""Requests that are refused before their body is read: nothing in it could mend them."""

from fastapi import Request
from starlette.responses import Response
from starlette.types import Scope

from oncall.errors import NotFound
from oncall.web import auth, intake, webhooks
from oncall.web.parts import Parts
from oncall.web.problems import told

API, INTAKE = "/api/", "/intake/"


def refusal(scope: Scope, parts: Parts) -> Response | None:
    """Return the answer to a caller who shows neither token, secret nor signature."""
    path: str = scope["path"]
    if path.startswith(API):
        return _api(scope, parts)
    if path.startswith(INTAKE):
        return _intake(scope, parts, path.removeprefix(INTAKE))
    webhook = webhooks.webhook_at(parts, path)
    if webhook is None:
        return None
    called = webhooks.called(Request(scope), parts, b"")
    return None if webhook.plausible(called) else webhooks.forged()


def _api(scope: Scope, parts: Parts) -> Response | None:
    header = auth.one_of(Request(scope).headers, "authorization")
    return None if auth.holder(header, parts) else auth.nobody()


def _intake(scope: Scope, parts: Parts, name: str) -> Response | None:
    """Judge a delivery by its headers."""
    try:
        source = intake.source_at(parts, name)
    except NotFound as error:
        return told(error)
    called = intake.called(Request(scope), parts, b"")
    if source.plausible(called, called.received_at):
        return None
    return intake.forged(parts, source)
