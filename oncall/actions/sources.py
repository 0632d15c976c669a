"""Where customers write: the products we were told of, and their secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from urllib.parse import urlencode

from integrations.intake.asking import Askable
from integrations.intake.contract import (
    Answer,
    CanonicalMessage,
    IntakeRequest,
    Source,
    Verdict,
)
from integrations.intake.parser import Job, Parser
from oncall.config.values import Secret
from oncall.store.intake import Arrival, Stored

SECRETS = frozenset(
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "x-oncall-token",
        "x-telegram-bot-api-secret-token",
    }
)
"""Headers that hold a secret itself; they are used up once a request is verified."""
LONGEST_NAME = 500
TEXTS = {"sms": "sms", "whatsapp": "twilio-whatsapp"}
"""The source of what strangers write to our own number, by contact method."""
SECRET_PARAMETERS = frozenset({"token", "hub.verify_token"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSource:
    """One of `[integrations.intake]`: a product, by the name in its address.

    `askable` is there where the product can be asked for what it only points at.
    """

    name: str
    product: Source
    secret: Secret
    askable: Askable | None = None

    def judge(self, request: IntakeRequest, now: datetime) -> Verdict:
        """Tell whether a request is the product's own, a handshake, or forged."""
        return self.product.judge(request, self.secret.reveal(), now)

    def plausible(self, request: IntakeRequest, now: datetime) -> bool:
        """Tell whether a request may be the product's own, before its body is read."""
        return self.product.plausible(request, self.secret.reveal(), now)

    def handshake(self, request: IntakeRequest) -> Answer | None:
        """Return what a handshake must be answered; None when it is none."""
        return self.product.challenge(request, self.secret.reveal())

    def job(self, stored: Stored) -> Job:
        """Return a kept delivery as it is read, with what its product was asked."""
        parts = (stored.asked or {}).get("parts", {})
        return Job(parser=self.parser, request=kept_request(stored), parts=parts)

    @property
    def parser(self) -> Parser:
        """How deliveries are read; whoever reads them needs no token for it."""
        complete = None
        if (askable := self.askable) is not None:
            nobody = replace(askable.account, token="")
            complete = partial(askable.asking.complete, nobody)
        return Parser(parse=self.product.parse, complete=complete)

    def parse(self, stored: Stored) -> tuple[CanonicalMessage, ...]:
        """Read a kept delivery here and now. Raises Unparsed."""
        return self.job(stored).run()

    def arrival(self, request: IntakeRequest) -> Arrival:
        """Return a verified request as it is kept: without the secret it came with."""
        name = self.product.delivery_id(request).replace("\0", "")
        return Arrival(
            source=self.name,
            kind=self.product.kind,
            delivery_id=name[:LONGEST_NAME],
            named=name != _digest(request),
            method=request.method,
            url=request.url.partition("?")[0],
            query=_without(request.query, SECRET_PARAMETERS),
            headers=_without(request.headers, SECRETS),
            body=request.body,
        )


Sources = Mapping[str, ConfiguredSource]


def kept_request(stored: Stored) -> IntakeRequest:
    """Return a delivery as it came, but for its secret."""
    query = urlencode(stored.query)
    return IntakeRequest(
        url=f"{stored.url}?{query}" if query else stored.url,
        method=stored.method,
        query=stored.query,
        headers=stored.headers,
        body=stored.body,
        received_at=stored.received_at,
    )


def _digest(request: IntakeRequest) -> str:
    """Return what names a delivery to which its product gave no name."""
    return sha256(request.body).hexdigest()


def _without(pairs: Mapping[str, str], secrets: frozenset[str]) -> dict[str, str]:
    """Leave secrets out, and characters that no database can hold."""
    return {
        name.replace("\0", ""): value.replace("\0", "")
        for name, value in pairs.items()
        if name not in secrets
    }
