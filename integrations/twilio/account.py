"""An account at Twilio, and the one connection that its channels share."""

from typing import Any

from integrations.errors import Unavailable, Uncertain


class Account:
    """Who we are to Twilio. Give `api_url` to speak to a compatible gateway.

    Opened when the first message goes out, so it may be made without a running loop.
    """

    def __init__(
        self,
        *,
        sid: str,
        auth_token: str,
        api_url: str = "https://api.twilio.com",
        timeout_s: float = 10,
    ) -> None:
        self._sid = sid
        self._auth_token = auth_token
        self._api_url = api_url
        self._timeout_s = timeout_s
        self._client: Any = None  # twilio.rest.Client: the library carries no types

    def client(self) -> Any:  # noqa: ANN401  the library carries no types
        """Return the library's client. Raises Unavailable without credentials."""
        if self._client is None:
            self._client = self._open()
        return self._client

    async def close(self) -> None:
        """Let go of connections; a later message opens them again."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.http_client.close()

    def _open(self) -> Any:  # noqa: ANN401  the library carries no types
        if not self._sid or not self._auth_token:
            # the library would look for them in the environment
            detail = "Twilio needs account_sid and auth_token; set both"
            raise Unavailable(detail, code="20003")
        # imported when the first message goes out: a command line must not wait for it
        from twilio.rest import Client  # type: ignore[import-untyped]  # noqa: PLC0415

        from integrations.twilio.transport import Transport  # noqa: PLC0415

        transport = Transport(api_url=self._api_url, timeout_s=self._timeout_s)
        return Client(self._sid, self._auth_token, http_client=transport)


def unreadable() -> Uncertain:
    """Return the error for an answer that is not Twilio's."""
    return Uncertain("Twilio's answer cannot be read; check api_url", code="unreadable")
