"""Requests of real product shapes, as they come over the wire."""

import json
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parents[1] / "data" / "payloads"


def payload(name: str) -> dict[str, Any]:
    """Return `tests/data/payloads/<name>.json`."""
    loaded: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return loaded
