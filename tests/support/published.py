"""The providers' published interface descriptions, and what they say of a request."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SPECS = Path(__file__).parents[1] / "data" / "specs"
E164 = re.compile(r"\+[1-9]\d{6,14}")
REF = "#/components/schemas/"

Json = Any
Schema = Mapping[str, Any]


class TwilioApi:
    """Twilio's OpenAPI description: problems of a request or of an answer."""

    def __init__(self) -> None:
        spec = json.loads((SPECS / "twilio-v2010-messages-calls.json").read_text())
        self._paths: Mapping[str, Schema] = spec["paths"]
        self._schemas: Mapping[str, Schema] = spec["schemas"]

    def request_problems(
        self, method: str, path: str, fields: Iterable[tuple[str, str]]
    ) -> list[str]:
        """Say what is wrong with the form (POST) or the query (GET) sent to `path`."""
        operation = self._paths[path][method.lower()]
        given = list(fields)
        allowed, required = self._fields(operation)
        names = Counter(name for name, _ in given)
        missing = [f"{name} is missing" for name in required if name not in names]
        unknown = [
            f"{name} is not a parameter" for name in names if name not in allowed
        ]
        twice = [
            f"{name} is given {times} times"
            for name, times in names.items()
            if times > 1 and allowed.get(name, {}).get("type") != "array"
        ]
        wrong = [
            f"{name} {problem}"
            for name, value in given
            if name in allowed
            for problem in self._text_problems(value, allowed[name])
        ]
        return missing + unknown + twice + wrong

    def answer_problems(self, schema: str, body: Mapping[str, Json]) -> list[str]:
        """Say what is wrong with an answer: the fake must speak like the original."""
        properties = self._schemas[schema]["properties"]
        unknown = [f"{name} is not a property" for name in body.keys() - properties]
        wrong = [
            f"{name} {problem}"
            for name, value in body.items()
            if name in properties and value is not None
            for problem in self._text_problems(str(value), properties[name])
        ]
        return unknown + wrong

    @staticmethod
    def _fields(operation: Schema) -> tuple[dict[str, Schema], list[str]]:
        if "requestBody" in operation:
            (content,) = operation["requestBody"]["content"].values()
            return content["schema"]["properties"], content["schema"]["required"]
        query = [p for p in operation["parameters"] if p["in"] == "query"]
        return {p["name"]: p["schema"] for p in query}, []

    def _text_problems(self, value: str, schema: Schema) -> list[str]:
        """Everything is text on the wire, also numbers and truth."""
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].removeprefix(REF)]
        if schema.get("type") == "array":
            schema = schema["items"]
        enum = schema.get("enum", [value])
        problems = [] if value in enum else [f"is not one of {', '.join(enum)}"]
        if not re.search(schema.get("pattern", ""), value):
            problems.append(f"does not match {schema['pattern']}")
        return problems + _type_problems(value, schema)


def _type_problems(value: str, schema: Schema) -> list[str]:
    kind, form = schema.get("type"), schema.get("format")
    if kind == "integer":
        if not re.fullmatch(r"-?\d+", value):
            return ["is not a whole number"]
        low, high = schema.get("minimum"), schema.get("maximum")
        too_low = low is not None and int(value) < low
        too_high = high is not None and int(value) > high
        return ["is out of range"] if too_low or too_high else []
    if kind == "boolean" and value not in ("true", "false"):
        return ["is neither true nor false"]
    if form == "uri" and not urlsplit(value).netloc and not value.startswith("/"):
        return ["is not an address"]
    if form == "date-time" and not _is_date_time(value):
        return ["is not a date-time"]
    return []


def _is_date_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


class TelegramApi:
    """Telegram's list of methods and types: problems of a call or of an update."""

    def __init__(self) -> None:
        spec = json.loads((SPECS / "telegram-bot-api.json").read_text())
        self._methods: Mapping[str, Schema] = spec["methods"]
        self._types: Mapping[str, Schema] = spec["types"]

    def knows(self, method: str) -> bool:
        """Tell whether there is such a method."""
        return method in self._methods

    def decode(
        self, method: str, fields: Iterable[tuple[str, str]]
    ) -> tuple[dict[str, Json], list[str]]:
        """Return a form's fields as JSON values, and what is wrong with them."""
        declared = self._methods[method]["fields"]
        values: dict[str, Json] = {}
        problems: list[str] = []
        for name, text in fields:
            if name in values:
                problems.append(f"{name} is given twice")
            kinds = declared.get(name, {"types": ["String"]})["types"]
            values[name] = _decoded(text, kinds)
        return values, problems + self._object_problems(values, declared)

    def problems(self, kind: str, value: Json, path: str = "") -> list[str]:
        """Say what is wrong with a value of the type called `kind`."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{path} is not a list"]
            inner = kind.removeprefix("Array of ")
            return [p for item in value for p in self.problems(inner, item, path)]
        if kind in ("Integer", "Boolean", "String"):
            python = {"Integer": int, "Boolean": bool, "String": str}[kind]
            return [] if type(value) is python else [f"{path} is not {kind}"]
        if not isinstance(value, dict):
            return [f"{path} is not {kind}"]
        fields = self._types.get(kind, {}).get("fields")
        return self._object_problems(value, fields, f"{path}.") if fields else []

    def _described(self, kinds: list[str]) -> list[str]:
        """Leave out types that are only named, so that no object passes as one."""
        simple = ("Integer", "Boolean", "String", "Array")
        known = [kind for kind in kinds if kind.split()[0] in simple]
        known += [kind for kind in kinds if kind in self._types]
        return known or kinds

    def _object_problems(
        self, value: Mapping[str, Json], fields: Schema, path: str = ""
    ) -> list[str]:
        problems = [
            f"{path}{name} is missing"
            for name, field in fields.items()
            if field["required"] and name not in value
        ]
        for name, inner in value.items():
            if name not in fields:
                problems.append(f"{path}{name} is not a field")
                continue
            found = [
                self.problems(kind, inner, path + name)
                for kind in self._described(fields[name]["types"])
            ]
            if all(found):
                problems += found[0]
        return problems


def _decoded(text: str, kinds: Iterable[str]) -> Json:
    """Read a form field as its types allow; what cannot be read stays text."""
    kinds = set(kinds)
    if kinds == {"String"} or ("String" in kinds and not text.lstrip("-").isdecimal()):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
