"""`/static`: our own style sheets, scripts and pictures, served from the package.

A page asks for each by what is in it (`?v=` a hash), so that a browser may keep it for
good and still never shows an old one.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, Response

from oncall.errors import NotFound

router = APIRouter(prefix="/static", include_in_schema=False)

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that a page loads. `version` changes with what is in it."""

    body: bytes
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file there is to load, by name."""
    folder = files("oncall.web.pages").joinpath("static")
    return {
        found.name: _asset(found.name, found.read_bytes()) for found in folder.iterdir()
    }


def _asset(name: str, body: bytes) -> Asset:
    return Asset(
        body=body,
        media_type=MEDIA_TYPES[PurePath(name).suffix],
        version=hashlib.sha256(body).hexdigest()[:12],
    )


def address(name: str) -> str:
    """Return where a page finds the file in its present version."""
    return f"{router.prefix}/{name}?v={assets()[name].version}"


@router.get("/{name}")
async def asset(name: str, v: str = "") -> Response:
    """Return a file; only one asked for by its version is kept by the browser."""
    found = assets().get(name)
    if found is None:
        msg = f"there is no file {name!r} to load"
        raise NotFound(msg)
    headers = {
        "Cache-Control": FOR_GOOD if v == found.version else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.body, media_type=found.media_type, headers=headers)
