"""Whether a form was sent from a page of ours: another site's page could send it too."""

from fastapi import Depends, HTTPException, Request

from oncall import metrics


def same_origin(request: Request) -> None:
    """Raise 403 unless the browser says that the call comes from a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:  # browsers leave it out where the connection is plain HTTP
        origin = request.headers.get("Origin", "").partition("://")[2]
        ours = origin != "" and origin == request.headers.get("Host")
    else:
        ours = site in ("same-origin", "none")
    if not ours:
        metrics.REFUSED.labels("origin").inc()
        raise HTTPException(403, "this works only from this service's own pages")


OwnPage = Depends(same_origin)
"""For a route that acts on a form without a token."""
