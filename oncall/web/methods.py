"""HEAD and OPTIONS for every path, and paths with a slash too many."""

from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Methods:
    """ASGI middleware: HEAD is GET without the body, OPTIONS says what a path takes."""

    def __init__(self, app: ASGIApp, routes: FastAPI) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS, ask for what HEAD wants to know, and let pass the rest."""
        method = scope["method"] if scope["type"] == "http" else ""
        if method == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, _bodiless(send))
        elif method == "OPTIONS" and (allow := allowed(self._routes, scope["path"])):
            await Response(status_code=204, headers={"Allow": allow})(
                scope, receive, send
            )
        else:
            await self._app(scope, receive, send)


def allowed(app: FastAPI, path: str) -> str:
    """Return the methods that a path takes, as an Allow header; empty for no path."""
    found = {
        method
        for context in iter_route_contexts(app.routes)
        if isinstance(route := context.original_route, Route)
        if route.path_regex.match(path)
        for method in route.methods or ()
    }
    if found:
        found |= {"OPTIONS"}
    if "GET" in found:
        found |= {"HEAD"}
    return ", ".join(sorted(found))


def without_slash(app: FastAPI, scope: Scope) -> Response | None:
    """Return the way to the path without its last slash; None if nothing is there.

    It names the path alone: the request's Host is the caller's word, not ours.
    """
    path = scope["path"].rstrip("/")
    if path == scope["path"] or path.startswith("//") or not allowed(app, path):
        return None
    query = scope["query_string"].decode("latin-1")
    target = quote(path)
    return RedirectResponse(f"{target}?{query}" if query else target, 307)


def _bodiless(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sent
