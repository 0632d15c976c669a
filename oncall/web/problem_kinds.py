"""The kinds of problems the API tells of, each with a page that its `type` leads to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem: in short, what it means, and what to do about it."""

    title: str
    meaning: str
    mend: str

    @property
    def name(self) -> str:
        """What it is called in an address."""
        return self.title.rstrip("?").replace(" ", "-")


KINDS: Mapping[int, Kind] = {
    400: Kind(
        title="bad request",
        meaning="The request is not one that HTTP or this API knows.",
        mend="Read `detail`, and compare the request with the API's description.",
    ),
    401: Kind(
        title="who are you?",
        meaning="The request shows no token, secret or signature that we know.",
        mend="Send `Authorization: Bearer …` once, with the secret of a token that is "
        "in the configuration. A product's webhook needs the secret its source has.",
    ),
    403: Kind(
        title="not allowed",
        meaning="We know who asks; this token may not do it, or the call was not signed "
        "as it should be.",
        mend="Use a token whose `may` has what `detail` names. For a webhook see that "
        "`service.url` is the address that the provider calls.",
    ),
    404: Kind(
        title="not found",
        meaning="There is no such path, or nothing with this number or name.",
        mend="Look it up in the list, or in the API's description.",
    ),
    405: Kind(
        title="method not allowed",
        meaning="The path exists and does not take this method.",
        mend="The `Allow` header names those that it takes.",
    ),
    408: Kind(
        title="too slow",
        meaning="The request did not come whole in time.",
        mend="Send it again, in one go: a pause may last ten seconds.",
    ),
    409: Kind(
        title="not possible now",
        meaning="What is asked for does not fit to how things stand.",
        mend="Read `detail`, look at the present state, and decide anew.",
    ),
    413: Kind(
        title="too large",
        meaning="The body has more bytes, or more fields, than are taken.",
        mend="Send less at once.",
    ),
    415: Kind(
        title="not in this form",
        meaning="This path takes no body of this content type.",
        mend="Send JSON to the API, and forms url-encoded.",
    ),
    421: Kind(
        title="not our host",
        meaning="The request names a host that is not ours, as a page of another site "
        "would that has pointed its name at our address.",
        mend="Call us as `service.url` does, or add the name to `service.hosts`.",
    ),
    422: Kind(
        title="not understood",
        meaning="The request is well formed, and something in it cannot be taken.",
        mend="Each of `errors` names a field and what is wrong with it.",
    ),
    429: Kind(
        title="too often",
        meaning="Too many requests came from one address.",
        mend="Wait for as long as `detail` says.",
    ),
    431: Kind(
        title="too many headers",
        meaning="The request has more headers, or longer ones, than are taken.",
        mend="Send fewer.",
    ),
    500: Kind(
        title="our mistake",
        meaning="Something failed that should not. Nothing is known to have been kept.",
        mend="Report it with the `X-Request-Id` of the answer: it finds the log line.",
    ),
    503: Kind(
        title="not now",
        meaning="The database is away, or there is more to do than can be done.",
        mend="Send the same again after `Retry-After`, with the same `Idempotency-Key`.",
    ),
}
OTHER = Kind(
    title="error",
    meaning="The request could not be carried out.",
    mend="Read `detail`.",
)
BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in (*KINDS.values(), OTHER)}


def kind_of(status: int) -> Kind:
    """Return what kind of problem an HTTP status tells of."""
    return KINDS.get(status, OTHER)
