"""The web application: routes, errors and limits put together."""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp
from typing_extensions import override

from oncall.web import (
    customers,
    deliveries,
    deliveries_page,
    docs,
    feeds,
    health,
    incident_suggestions,
    incidents,
    intake,
    issue_actions,
    issues,
    on_call,
    problem_pages,
    problems,
    reach,
    roster,
    simulator,
    webhooks,
    write_in,
)
from oncall.web.description import completed, operation_id
from oncall.web.hosts import OwnHosts
from oncall.web.kept import KeptAnswers
from oncall.web.limits import BodyLimit, HeadLimit
from oncall.web.methods import Methods
from oncall.web.pages import assets
from oncall.web.parts import Parts
from oncall.web.request_ids import RequestIds
from oncall.web.straight import StraightIn


class App(FastAPI):
    """FastAPI, all of whose answers have an id: also those to our own mistakes."""

    @override
    def build_middleware_stack(self) -> ASGIApp:
        """Put ids around everything, where no middleware can be added."""
        return RequestIds(super().build_middleware_stack())

    @override
    def openapi(self) -> dict[str, Any]:
        """Return the API's description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = completed(self, super().openapi())
        return self.openapi_schema


def create_app(parts: Parts) -> FastAPI:
    """Return the application over a service's parts."""
    app = App(
        title="customer-oncall",
        summary="On-call rotations and escalation for customer care",
        version=version("customer-oncall"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        responses=problems.described(400, 401, 403, 404, 409, 413, 421, 422, 503),
    )
    app.state.parts = parts
    problems.install(app)
    app.add_middleware(StraightIn, parts=parts)
    app.add_middleware(BodyLimit, parts=parts)
    app.add_middleware(KeptAnswers, parts=parts)
    app.add_middleware(Methods, routes=app)
    app.add_middleware(HeadLimit)
    app.add_middleware(OwnHosts, parts=parts)
    for module in (
        on_call,
        issues,
        issue_actions,
        roster,
        reach,
        incident_suggestions,
        incidents,
        customers,
        deliveries,
        deliveries_page,
        feeds,
        health,
        docs,
        problem_pages,
        assets,
        simulator,
        intake,
        write_in,
    ):
        app.include_router(module.router)
    app.include_router(webhooks.routes(parts))
    return app
