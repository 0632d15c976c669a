"""Errors as RFC 9457 problem details, for people first."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from oncall.errors import (
    Conflict,
    Forbidden,
    NotFound,
    OncallError,
    Refused,
    StoreUnavailable,
)
from oncall.web.methods import allowed, without_slash
from oncall.web.problem_kinds import kind_of

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
UNREADABLE = "There was an error parsing the body"
PLAIN = {
    "extra_forbidden": "is not a field we know; remove it",
    "missing": "is missing",
    "string_unicode": "is not Unicode text: it has half a character (a lone surrogate)",
}
Errors = Sequence[tuple[str, str]]
_WORDS = {"type": "string"}
SCHEMAS = {
    "Problem": {
        "title": "Problem",
        "description": "What is wrong, for people (RFC 9457); `type` leads to a page.",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _WORDS | {"format": "uri-reference"},
            "title": _WORDS,
            "status": {"type": "integer"},
            "detail": _WORDS,
            "errors": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/ProblemField"},
            },
        },
    },
    "ProblemField": {
        "title": "ProblemField",
        "description": "What is wrong with one field.",
        "type": "object",
        "required": ["path", "message"],
        "properties": {"path": _WORDS, "message": _WORDS},
    },
}
"""Problem details as JSON Schema, one for all calls."""


def problem(
    status: int,
    detail: str,
    *,
    errors: Errors = (),
    headers: Any = None,  # noqa: ANN401 (Starlette's own type)
) -> JSONResponse:
    """Return a problem response; `errors` are (path, message)."""
    kind = kind_of(status)
    body: dict[str, Any] = {
        "type": f"/problems/{kind.name}",
        "title": kind.title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"path": path, "message": text} for path, text in errors]
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the API's description tells of problems with these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": kind_of(status).title,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Have every error of the app answered as a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(OncallError, _expected)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected)


def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    errors = [(_path(found["loc"]), _message(found)) for found in error.errors()]
    detail = "; ".join(f"{path}: {text}" for path, text in errors[:3])
    return problem(422, detail, errors=errors)


def _path(loc: Sequence[Any]) -> str:
    """Write a pydantic location as a dotted path, without where it was sent."""
    parts = [str(part) for part in loc]
    return ".".join(parts[1:] if len(parts) > 1 else parts)


def _message(found: dict[str, Any]) -> str:
    if found["type"] == "json_invalid":
        return f"is not JSON: {found.get('ctx', {}).get('error', 'unreadable')}"
    said = str(found["msg"]).removeprefix("Value error, ")
    return PLAIN.get(found["type"], said)


def _http(request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.NOT_FOUND and "route" not in request.scope:
        elsewhere = without_slash(request.app, request.scope)
        if elsewhere is not None:
            return elsewhere
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # all of a path's methods: the router names those of the first route alone
        allow = {"Allow": allowed(request.app, request.scope["path"])}
        return problem(405, str(error.detail), headers=allow)
    if error.detail == UNREADABLE:
        text = "is not JSON we can read: send one JSON object in UTF-8"
        return problem(422, f"the body {text}", errors=[("body", text)])
    return problem(error.status_code, str(error.detail), headers=error.headers)


def _expected(_: Request, error: OncallError) -> JSONResponse:
    return told(error)


def told(error: OncallError) -> JSONResponse:
    """Return the problem response for an error that people can do something about."""
    match error:
        case NotFound():
            return problem(404, error.detail)
        case Refused():
            return problem(422, error.detail, errors=error.errors)
        case Conflict():
            return problem(409, error.detail)
        case Forbidden():
            return problem(403, error.detail)
        case StoreUnavailable():
            later = {"Retry-After": str(RETRY_AFTER_S)}
            return problem(503, f"{error.detail}; nothing was kept", headers=later)
        case _:
            return problem(500, error.detail)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error(
        "a request failed by our own mistake",
        action="request",
        path=request.scope["route"].path if "route" in request.scope else "",
        exc_info=error,
    )
    return problem(500, "this is our mistake; it is in the log")
