"""Who will be on call and cannot be reached."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from oncall.actions.house import View
from oncall.actions.reach import shape, unreached
from oncall.store import Tx, methods
from oncall.web import answers
from oncall.web.auth import Reader, Service

router = APIRouter(prefix="/api/v1", tags=["rotations"])


@router.get("/reach", response_model=answers.Reach)
async def reach(
    _: Reader, parts: Service, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> Response:
    """Who is on call in the coming days and cannot be reached, or cannot answer.

    `because` is of `no_method`, `unproven` (nothing has ever arrived) and
    `one_way_sms` (answers from that country do not).
    """

    def found(tx: Tx, view: View, now: datetime) -> dict[str, Any]:
        now = now.replace(microsecond=0)
        return shape(unreached(view, methods.proven(tx), now, days), now, days)

    return answers.shown(await parts.read(found))
