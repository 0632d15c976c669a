"""The API's description (OpenAPI 3.1), completed with what FastAPI does not say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from oncall.web.auth import Needs
from oncall.web.problems import SCHEMAS

TOKEN = "token"  # noqa: S105 (a name in the description)
SECURITY = {
    TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "description": "The secret of one of `[api.tokens]`.",
    }
}
TEXTS = {"text/calendar": "Calendar", "text/plain": "Metrics"}
"""The names of answers that are no JSON, by their content type."""
ONLY_WITH_TOKENS = ("401", "403", "409", "422")
LOCATION = {
    "description": "Where this is read, or else ended.",
    "schema": {"type": "string", "format": "uri-reference"},
}
REQUEST_ID = {
    "description": "The id of this request, as in the log.",
    "schema": {"type": "string"},
}


def operation_id(route: APIRoute) -> str:
    """Name a call as its function: short, and the name of a client's function."""
    return route.name


def completed(app: FastAPI, document: dict[str, Any]) -> dict[str, Any]:
    """Return the description with security, named answers, and headers."""
    needed = scopes(app)
    components = document.setdefault("components", {})
    components["securitySchemes"] = SECURITY
    components.setdefault("schemas", {}).update(SCHEMAS)
    for method, path, operation in _operations(document):
        scope = needed.get((method, path))
        operation["security"] = [{TOKEN: []}] if scope else []
        answers = operation["responses"]
        if scope is None:
            for status in ONLY_WITH_TOKENS:
                answers.pop(status, None)
        for status, answer in answers.items():
            answer["headers"] = {"X-Request-Id": REQUEST_ID}
            if status == "201":
                answer["headers"]["Location"] = LOCATION
            _name_texts(answer.get("content", {}), components["schemas"])
    return document


def scopes(app: FastAPI) -> dict[tuple[str, str], str]:
    """Return what each call's token must be allowed, by method and path."""
    return {
        (method.lower(), route.path): dependency.call.scope
        for context in iter_route_contexts(app.routes)
        if isinstance(route := context.original_route, APIRoute)
        for dependency in route.dependant.dependencies
        if isinstance(dependency.call, Needs)
        for method in route.methods or ()
    }


def _operations(
    document: Mapping[str, Any],
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _name_texts(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    for kind, told in content.items():
        name = TEXTS.get(re.split("[; ]", kind)[0])
        if name:
            schemas[name] = {"title": name, "type": "string"}
            told["schema"] = {"$ref": f"#/components/schemas/{name}"}
