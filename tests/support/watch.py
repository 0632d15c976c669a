"""Somebody else's watch, to which the service says that all is well, or is not."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from support.provider_server import ProviderServer


class Watch(ProviderServer):
    """Takes heartbeats and alarms."""

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.alarms: list[str] = []

    @override
    async def answer(self, request: Request) -> Response:
        if fault := self.next_fault():
            return await self.give_up(fault, request)
        if request.url.path == "/beat":
            self.beats += 1
        else:
            self.alarms.append((await request.json())["what"])
        return Response()


def watched_by(watch: Watch) -> Callable[[str], str]:
    """Return the change of the file that names this watch."""
    urls = f'alarm_url = "{watch.url}/alarm"\nheartbeat_url = "{watch.url}/beat"'
    return lambda text: text.replace("[service]", f"[service]\n{urls}", 1)
