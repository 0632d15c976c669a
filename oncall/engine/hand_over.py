"""One leased page to its channel: looked for first when it is in doubt."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from integrations.contract import Channel, Editor, Lookup, Receipt
from integrations.errors import ChannelError, Rejected, Uncertain
from oncall import metrics
from oncall.clock import Clock
from oncall.engine.outbound import Outbound
from oncall.model import Page, Via
from oncall.store import Database, paged, pages

T = TypeVar("T")
log = structlog.get_logger()

LEASE = timedelta(seconds=25)
"""A node that was killed has its pages taken up by others when this is over, within
30 s. One that lives renews it, however long a provider takes."""
RENEW_AFTER = LEASE / 3
BEGIN_WITHIN = LEASE / 2
"""A page is handed over so soon after it was leased or not at all: a node that stood
still must not send what another has taken over meanwhile."""
CORRECTED = timedelta(seconds=5)
"""A clock that went back further was set: how long ago the lease was is not known."""
LOOK_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a page, as it was sent in the end: neither when it was too late.

    Then it is somebody else's by now. `broken` says that the channel has a mistake.
    `ours` is an error that says nothing of the provider.
    """

    page: Page
    receipt: Receipt | None = None
    error: ChannelError | None = None
    broken: bool = False
    ours: bool = False


class HandOver:
    """Sends a page, unless an earlier attempt of which we heard nothing was taken.

    What it reads and writes itself stands outside of what the channel is judged by:
    StoreUnavailable goes to the caller, and the page's lease runs out.
    """

    def __init__(
        self, database: Database, channels: Mapping[Via, Channel], clock: Clock
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock

    async def send(self, outbound: Outbound, leased: datetime) -> Came:
        """Hand over a page that was leased at `leased`. Raises StoreUnavailable."""
        page = outbound.page
        if outbound.edits is not None:
            return await _called(page, self._edit(outbound, outbound.edits))
        found = await self._look_up(outbound)
        if found is not None:
            return found
        if outbound.lost:
            error = Rejected(outbound.lost, broken=False)
            return Came(page=page, error=error, ours=True)
        if not leased - CORRECTED <= self._clock.now() < leased + BEGIN_WITHIN:
            return Came(page=page)
        if outbound.is_corrected:
            # Written down first: should we die now, it is looked for where it went.
            page = replace(page, address=outbound.message.to)
            text = outbound.message.text
            ours = await self._database.write(
                lambda tx: pages.correct(tx, page, text), urgent=True
            )
            if not ours:
                return Came(page=page)
        return await _called(page, self._channels[page.via].send(outbound.message))

    async def _edit(self, outbound: Outbound, message_id: str) -> Receipt:
        """Change a message in place; done twice it is the same.

        That one message cannot be changed any more says nothing of its address.
        """
        channel, message = self._channels[outbound.page.via], outbound.message
        if not isinstance(channel, Editor):
            detail = "what was sent this way cannot be changed"
            raise Rejected(detail, broken=False)
        try:
            await channel.edit(
                chat=message.to, message_id=message_id, text=message.text
            )
        except Rejected as error:
            raise Rejected(error.detail, code=error.code, broken=False) from error
        return Receipt(provider_id="")

    async def _look_up(self, outbound: Outbound) -> Came | None:
        """Return what is known of an earlier attempt; None when it may be sent."""
        page, channel = outbound.page, self._channels[outbound.page.via]
        if not (page.in_doubt and page.sent_at and isinstance(channel, Lookup)):
            return None
        # sent later than now: the clock was set back, nobody knows by how much
        now = self._clock.now()
        since = page.sent_at if page.sent_at <= now else now - LOOK_BACK
        others = await self._database.read(lambda tx: paged.known_to_provider(tx, page))
        to, text = outbound.before or (outbound.message.to, outbound.message.text)
        asked = channel.lookup(to=to, since=since, text=text, but=others)
        came = await _called(page, asked)
        return None if came.receipt is None and came.error is None else came


async def _called(page: Page, call: Awaitable[Receipt | None]) -> Came:
    """Return what came of a channel's call, whatever it raises."""
    try:
        return Came(page=page, receipt=await call)
    except ChannelError as error:
        return Came(page=page, error=error)
    except Exception:
        log.exception("a channel broke", action="send", via=page.via, page=page.id)
        metrics.TROUBLE.labels("channel").inc()
        return Came(page=page, error=Uncertain("the channel broke"), broken=True)
