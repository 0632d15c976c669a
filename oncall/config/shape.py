"""From a TOML table to a typed table, with every fault of it in plain words.

A rejected value is never shown: it may be a secret. What a message quotes, the
field's own reader has chosen to quote.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import override

from oncall.config.findings import Fault, Findings, Unfit, did_you_mean
from oncall.config.lines import Path, dotted

Table = TypeVar("Table", bound=BaseModel)

_NAME = re.compile(r"\w[\w.-]*")
_WORDS: Mapping[str, tuple[str, str]] = {
    "model_type": ("is not a table", "give it keys: [section] or braces"),
    "dict_type": ("is not a table", "give it keys: [section] or braces"),
    "list_type": ("is not a list", 'write it in brackets: ["…", "…"]'),
    "string_type": ("is not text", "put it in quotes"),
    "int_type": ("is not a whole number", "write digits without quotes"),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "greater_than_equal": ("is less than {ge}", "write {ge} or more"),
    "less_than_equal": ("is more than {le}", "write {le} or less"),
    "too_short": ("is empty", "give at least one, or leave the key out"),
}


def take(kind: type[Table], raw: object, at: Path, findings: Findings) -> Table | None:
    """Read one table, or note all that is wrong with it and return None."""
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    for detail in details:
        _note(kind, detail, at, findings)
    if isinstance(raw, dict):
        rest = _readable(kind, raw, details)
        if all(detail["loc"] for detail in details):  # else it was judged as a whole
            _note_coherence(kind, raw, rest, at, findings)
        findings.partial[at] = rest
    return None


class _Unread:
    """Stands for a value with a fault of its own: there, and not to be looked into."""

    @override
    def __str__(self) -> str:
        raise TypeError


def _readable(
    kind: type[Table], raw: Mapping[str, object], details: Iterable[ErrorDetails]
) -> dict[str, object]:
    """Return the values of a faulty table that can be read, by their fields' names.

    One mistake must not hide what else is wrong with the same table.
    """
    bad = {detail["loc"][0] for detail in details if detail["loc"]}
    found: dict[str, object] = {}
    for name, info in kind.model_fields.items():
        key = info.alias or name
        if key in raw and key not in bad:
            annotated: Any = Annotated[info.annotation, *info.metadata, None]
            with suppress(ValidationError):
                found[name] = TypeAdapter(annotated).validate_python(raw[key])
    return found


def _note_coherence(
    kind: type[Table],
    raw: Mapping[str, object],
    rest: Mapping[str, object],
    at: Path,
    findings: Findings,
) -> None:
    """Note what the readable values say against each other.

    What needs a value that could not be read is not judged.
    """
    needed = (name for name, info in kind.model_fields.items() if info.is_required())
    written = (
        name for name, info in kind.model_fields.items() if (info.alias or name) in raw
    )
    values: dict[str, Any] = dict.fromkeys((*needed, *written), _Unread())
    table = kind.model_construct({*raw, *rest}, **(values | dict(rest)))
    with suppress(TypeError, AttributeError):
        for fault in getattr(table, "faults", tuple)():
            findings.error((*at, *fault.at), fault.message, fault.hint)


def take_tables(
    kind: type[Table], raw: object, at: Path, findings: Findings
) -> dict[str, Table]:
    """Read a table of tables: `[people.sara]`, `[people.reza]`, …."""
    return take_chosen(lambda _: kind, raw, at, findings)


def take_chosen(
    choose: Callable[[object], type[Table]], raw: object, at: Path, findings: Findings
) -> dict[str, Table]:
    """Do as `take_tables` does, each table being of the type that `choose` finds."""
    if not isinstance(raw, dict):
        findings.error(at, *_WORDS["dict_type"])
        return {}
    for name in raw:
        if not is_name(name):
            findings.error(
                (*at, name),
                "cannot be a name here",
                "use letters, digits, `_`, `-` and `.`, without spaces",
            )
    taken = {
        name: take(choose(one), one, (*at, name), findings) for name, one in raw.items()
    }
    return {name: table for name, table in taken.items() if table is not None}


def take_list(
    kind: type[Table], raw: object, at: Path, findings: Findings
) -> dict[int, Table]:
    """Read an array of tables, by index: those that will not do are missing."""
    if not isinstance(raw, list):
        findings.error(at, "is not a list of tables", f"write it as [[{dotted(at)}]]")
        return {}
    taken = {i: take(kind, one, (*at, i), findings) for i, one in enumerate(raw)}
    return {i: table for i, table in taken.items() if table is not None}


def is_name(name: str) -> bool:
    """Whether a table's name can stand in an address and after `rotation:`."""
    return _NAME.fullmatch(name) is not None


def _note(
    kind: type[BaseModel], detail: ErrorDetails, at: Path, findings: Findings
) -> None:
    loc: Path = detail["loc"]
    for fault in _faults(kind, detail):
        findings.error((*at, *loc, *fault.at), fault.message, fault.hint)


def _faults(kind: type[BaseModel], detail: ErrorDetails) -> tuple[Fault, ...]:
    loc, name = detail["loc"], str(detail["loc"][-1]) if detail["loc"] else ""
    match detail["type"]:
        case "extra_forbidden":
            hint = did_you_mean(name, _keys(kind, loc[:-1]))
            return (Fault(message="is an unknown key", hint=hint),)
        case "missing":
            return (Fault(message="is missing", hint=f"add `{name} = …`"),)
        case "value_error":
            cause = detail.get("ctx", {}).get("error")
            if isinstance(cause, Unfit):
                return cause.faults
        case _:
            pass
    message, hint = _WORDS.get(detail["type"], ("cannot be read", ""))
    limits = detail.get("ctx", {})
    return (Fault(message=message.format(**limits), hint=hint.format(**limits)),)


def _keys(kind: type[BaseModel], loc: Path) -> list[str]:
    """Return the keys that the table at `loc` inside `kind` may have."""
    for part in loc:
        field = _fields(kind).get(str(part))
        if field is not None:
            kind = _model_in(field) or kind
    return list(_fields(kind))


def _fields(kind: type[BaseModel]) -> dict[str, Any]:
    return {
        info.alias or name: info.annotation for name, info in kind.model_fields.items()
    }


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type form has no narrower type
    """Return the table type inside `list[…]`, `… | None` and their like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in get_args(annotation))
    return next((model for model in found if model is not None), None)
