"""`/problems/…`: what each kind of problem means, for whoever follows its `type`."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oncall.errors import NotFound
from oncall.web.auth import Service
from oncall.web.pages.render import page
from oncall.web.parts import Parts
from oncall.web.problem_kinds import BY_NAME, KINDS, Kind

router = APIRouter(prefix="/problems", include_in_schema=False)

STATUSES = {kind.name: status for status, kind in KINDS.items()}


@router.get("")
async def problems(parts: Service) -> HTMLResponse:
    """List every kind of problem."""
    return _page(parts, *BY_NAME.values())


@router.get("/{name}")
async def one_problem(parts: Service, name: str) -> HTMLResponse:
    """Say what a kind of problem means and what to do about it."""
    kind = BY_NAME.get(name)
    if kind is None:
        msg = f"there is no kind of problem {name!r}; /problems lists them"
        raise NotFound(msg)
    return _page(parts, kind)


def _page(parts: Parts, *kinds: Kind) -> HTMLResponse:
    service = parts.house.config.service.name
    return page("problems.html", service=service, kinds=kinds, statuses=STATUSES)
