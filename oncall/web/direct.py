"""Routes that are asked all the time: described by FastAPI, called without its help.

For each request FastAPI works out anew where every argument comes from, and checks what
is returned. That costs several times what it takes to say who is on call.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from typing_extensions import override


class Query(BaseModel):
    """What a request may say in its query, as the endpoint's parameters do."""

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """Return it by name. Raises RequestValidationError, as FastAPI would."""
        try:
            return dict(cls.model_validate(dict(request.query_params)))
        except ValidationError as error:
            found = error.errors(include_url=False)
            told = [{**each, "loc": ("query", *each["loc"])} for each in found]
            raise RequestValidationError(told) from error


class Direct(APIRoute):
    """A route whose endpoint takes the caller, the request, the parts and a query.

    A subclass says who may ask, and what a query may hold.
    """

    asks: ClassVar[Callable[..., Awaitable[Any]]]
    query: ClassVar[type[Query]]

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers: who asks is looked at first, then what is asked."""

        async def answer(request: Request) -> Response:
            parts = request.app.state.parts
            caller = await type(self).asks(request, parts)
            asked = self.query.of(request)
            found = await self.endpoint(caller, request, parts, **asked)
            return Response(to_json(found), media_type="application/json")

        return answer
