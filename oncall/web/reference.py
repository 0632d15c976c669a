"""The API's own description (OpenAPI) as values for people to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from oncall.web.description import scopes

Schema = Mapping[str, Any]

SAID_ONCE = frozenset({"idempotency-key"})
"""Parameters of every write: told at the top, not at each call."""

PLAIN = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
}
FORMATS = {
    "date-time": "time, e.g. 2026-01-16T09:00:00Z",
    "duration": "duration, e.g. 15m",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something to send. `place` is path, query or body; a body's are dotted."""

    name: str
    place: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. `scope` is what its token must be allowed; None when it takes none.

    `summary` is the description's first line, `more` the rest. `answers` are the
    statuses of success.
    """

    id: str
    method: str
    path: str
    title: str
    summary: str
    more: str
    scope: str | None
    fields: tuple[Field, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The calls about one thing."""

    name: str
    operations: tuple[Operation, ...]


def groups(app: FastAPI) -> tuple[Group, ...]:
    """Return all documented calls by their tag, in the order of the routes."""
    document = app.openapi()
    needed = scopes(app)
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            tag = said.get("tags", ["other"])[0]
            scope = needed.get((method, path))
            operation = _operation(method, path, said, scope, document)
            found.setdefault(tag, []).append(operation)
    return tuple(
        Group(name=name, operations=tuple(operations))
        for name, operations in found.items()
    )


def _operation(
    method: str, path: str, said: Schema, scope: str | None, document: Schema
) -> Operation:
    summary, _, more = said.get("description", "").partition("\n")
    return Operation(
        id=f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""),
        method=method,
        path=path,
        title=said["summary"],
        summary=summary.strip(),
        more=" ".join(more.split()),
        scope=scope,
        fields=(*_parameters(said, document), *_body(said, document)),
        answers=tuple(status for status in said["responses"] if status[0] == "2"),
    )


def _parameters(said: Schema, document: Schema) -> Iterator[Field]:
    for parameter in said.get("parameters", ()):
        if parameter["name"].lower() not in SAID_ONCE:
            yield Field(
                name=parameter["name"],
                place=parameter["in"],
                kind=kind(parameter["schema"], document),
                required=parameter.get("required", False),
            )


def _body(said: Schema, document: Schema) -> Iterator[Field]:
    content = said.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is not None:
        yield from _fields(schema, document, before="")


def _fields(schema: Schema, document: Schema, before: str) -> Iterator[Field]:
    """Yield an object's fields; one that is an object is followed by its own."""
    for whole in _choices(schema, document):
        needed = whole.get("required", ())
        for name, its in whole.get("properties", {}).items():
            dotted = f"{before}{name}"
            yield Field(
                name=dotted,
                place="body",
                kind=kind(its, document),
                required=name in needed,
            )
            yield from _fields(its, document, before=f"{dotted}.")


def kind(schema: Schema, document: Schema) -> str:
    """Say in words what a value is."""
    said = [_kind(choice, document) for choice in _choices(schema, document)]
    return " or ".join(dict.fromkeys(said)) or "anything"


def _kind(schema: Schema, document: Schema) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}), document)}"
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    return PLAIN.get(schema.get("type", ""), "anything")


def _choices(schema: Schema, document: Schema) -> Sequence[Schema]:
    """Return what a value may be, references followed; null, which says nothing, not."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _choices(document["components"]["schemas"][name], document)
    if "anyOf" in schema:
        return [
            found
            for choice in schema["anyOf"]
            if choice.get("type") != "null"
            for found in _choices(choice, document)
        ]
    return [schema]
