"""Helpdesks on loopback that are asked for what their webhooks only pointed at."""

from base64 import b64encode
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import override

from support.provider_server import ProviderServer

TOKEN = "products-token-not-real"
USER = "agent@example.com"
PROOFS = {
    f"Bearer {TOKEN}",
    f"Basic {b64encode(f'{USER}/token:{TOKEN}'.encode()).decode()}",
}


class AskedProducts(ProviderServer):
    """Knows what stands in `pages`, by path with query; what was asked is in `asked`."""

    def __init__(self, **pages: Any) -> None:  # noqa: ANN401  any JSON
        super().__init__()
        self.pages: dict[str, Any] = dict(pages)
        self.asked: list[str] = []

    @override
    async def answer(self, request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        path = f"{request.url.path}{query}"
        self.asked.append(path)
        if request.method != "GET":
            self.violations.append(f"{request.method} {path}")
        if request.headers.get("authorization") not in PROOFS:
            return JSONResponse({"error": "Couldn't authenticate you"}, 401)
        fault = self.next_fault()
        if fault:
            return await self.give_up(fault, request)
        if path not in self.pages:
            return JSONResponse({"error": "RecordNotFound"}, 404)
        return JSONResponse(self.pages[path])
