"""Who may do what: bearer tokens from the configuration, compared in constant time."""

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import Headers
from starlette.responses import Response

from oncall import metrics
from oncall.config.values import ApiToken
from oncall.model import Scope
from oncall.web.parts import Parts
from oncall.web.problems import problem


async def parts_of(request: Request) -> Parts:
    """Return the service behind the app."""
    parts: Parts = request.app.state.parts
    return parts


Service = Annotated[Parts, Depends(parts_of)]


ASK = "send the header Authorization: Bearer <secret of an api.tokens entry>"
HOW = {"WWW-Authenticate": "Bearer"}


def nobody() -> Response:
    """Ask a caller without a token who they are, and count it."""
    metrics.REFUSED.labels("api_token").inc()
    return problem(401, ASK, headers=HOW)


class Needs:
    """A dependency: the caller's token must have the scope. Returns the token's name."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: Request, parts: Service) -> ApiToken:
        """Raise 401 for an unknown token, 403 for one that may not."""
        token = holder(one_of(request.headers, "authorization"), parts)
        if token is None:
            metrics.REFUSED.labels("api_token").inc()
            raise HTTPException(401, ASK, headers=HOW)
        if not may(token, self.scope):
            metrics.REFUSED.labels("api_scope").inc()
            detail = f"the token {token.name!r} may not do this; it needs {self.scope}"
            raise HTTPException(403, detail)
        return token


def one_of(headers: Headers, name: str) -> str:
    """Return a header; empty when it is missing, and when it was sent twice.

    Of two, a proxy may have looked at the one and we at the other.
    """
    sent = headers.getlist(name)
    return sent[0] if len(sent) == 1 else ""


def holder(header: str, parts: Parts) -> ApiToken | None:
    """Return the token that an Authorization header bears, or None."""
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    sent = secret.strip().encode("utf-8", "surrogateescape")
    found = None
    for token in parts.house.config.tokens:  # all of them: time tells nothing
        if hmac.compare_digest(sent, token.secret.reveal().encode()):
            found = token
    return found


def may(token: ApiToken, scope: Scope) -> bool:
    """Tell whether a token may do this; an admin's may do everything."""
    return scope in token.may or Scope.ADMIN in token.may


Reader = Annotated[ApiToken, Depends(Needs(Scope.READ))]
Intake = Annotated[ApiToken, Depends(Needs(Scope.INTAKE))]
Responder = Annotated[ApiToken, Depends(Needs(Scope.RESPOND))]
Admin = Annotated[ApiToken, Depends(Needs(Scope.ADMIN))]
