"""Why a request that was taken brings no message: said in the product's own word."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from integrations.intake.contract import (
    CanonicalMessage,
    Direction,
    IntakeRequest,
    Source,
    Unparsed,
)
from integrations.intake.reading import Key, load, text

_NAME = re.compile(r"[A-Za-z0-9_:./-]{1,60}")
"""An event's name, and surely none of a customer's words."""
_MOST = 5

Parse = Callable[[IntakeRequest], tuple[CanonicalMessage, ...]]
Event = Callable[[IntakeRequest], str]


def saying_why(source: Source) -> Source:
    """Return the source so that a request without a message brings one line of why."""
    whole = partial(_parse, source.kind, source.parse, source.event)
    return replace(source, parse=whole)  # it can be pickled, as what it is made of


def in_body(*path: Key) -> Callable[[IntakeRequest], str]:
    """Return what reads the event's name at this place of the JSON that came."""
    return partial(_in_body, path)


def in_each(key: str) -> Callable[[IntakeRequest], str]:
    """Return what reads the names of all events of a batch, each once."""
    return partial(_in_each, key)


def _parse(
    kind: str, parse: Parse, event: Event, request: IntakeRequest
) -> tuple[CanonicalMessage, ...]:
    return parse(request) or (_nothing(kind, event(request)),)


def _nothing(kind: str, event: str) -> CanonicalMessage:
    called = f" ({event})" if event else ""
    return CanonicalMessage(
        source=kind,
        direction=Direction.STATUS,
        opens=False,
        conversation_id="",
        dedup_key="",
        why=f"It brings no message of a customer{called}.",
    )


def name(written: str | None) -> str:
    """Return an event's name if it looks like one."""
    return written if written and _NAME.fullmatch(written) else ""


def _in_body(path: tuple[Key, ...], request: IntakeRequest) -> str:
    return name(text(_body(request), *path))


def _in_each(key: str, request: IntakeRequest) -> str:
    body = _body(request)
    events = body if isinstance(body, list) else [body]
    names = dict.fromkeys(filter(None, (name(text(one, key)) for one in events)))
    return ", ".join(list(names)[:_MOST])


def _body(request: IntakeRequest) -> object:
    try:
        return load(request)
    except Unparsed:
        return None
