"""`oncall page` and `oncall link`: whether somebody can be reached, and how."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json
from oncall.errors import Refused
from oncall.model import Via

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.contract import Channel, OutboundMessage, Receipt
    from oncall.actions.house import View
    from oncall.model import Person

app = typer.Typer()
Who = Annotated[str, typer.Argument(help="The person's id in the configuration.")]


@app.command(epilog='Example: oncall page sara --via sms "Does this reach you?"')
def page(
    person: Who,
    text: Annotated[
        str, typer.Argument(help="What to say; else that it is a test.")
    ] = "",
    *,
    via: Annotated[
        Via | None, typer.Option(help="By what; else the first that works.")
    ] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Send somebody a test page now.

    Tells what the provider answers. No issue is opened, and no answer is awaited.
    """
    from oncall.clock import SystemClock
    from oncall.wiring.providers import channels_of

    read = ground.configured(config, offline=False)
    view = ground.view_at(read, ground.present())
    reader = view.person(person)
    way, address = _way(view, reader, via)
    channels = channels_of(read, clock=SystemClock(), print_pages=output.aside)
    receipt = asyncio.run(_send(channels, way, _message(reader, way, address, text)))
    state = "delivered" if receipt.delivered else "accepted"
    if json:
        output.as_json(
            {"person": person, "via": way, "id": receipt.provider_id, "state": state}
        )
    else:
        output.say(
            f"{way} {state} it for {reader.name}; its id is {receipt.provider_id}"
        )


def _way(view: View, reader: Person, via: Via | None) -> tuple[Via, str]:
    """Return a contact method and its address; one that is named is tried anyway."""
    if via is None:
        if ladder := view.ladder(reader):
            return ladder[0].via, ladder[0].address
        msg = f"nothing reaches {reader.name}: no contact method has a channel"
        raise Refused(msg)
    if via not in view.vias:
        ways = ", ".join(sorted(view.vias)) or "none"
        msg = f"no provider is configured for {via}; there are: {ways}"
        raise Refused(msg)
    address = view.address(reader, via)
    if address is None:
        msg = f"{reader.name} has no address for {via}; add it to [people.{reader.id}]"
        raise Refused(msg)
    return via, address


def _message(reader: Person, via: Via, address: str, text: str) -> OutboundMessage:
    from integrations.contract import OutboundMessage
    from oncall import wording
    from oncall.actions.exceptions import new_id
    from oncall.actions.words import RICH

    said = text.strip() or wording.trial_page(
        reader.language, person=reader.name, rich=via in RICH
    )
    return OutboundMessage(reference=new_id(), to=address, text=said)


async def _send(
    channels: Mapping[Via, Channel], via: Via, message: OutboundMessage
) -> Receipt:
    """Hand over once. Raises Refused with what the provider says."""
    from integrations.errors import ChannelError

    try:
        return await channels[via].send(message)
    except ChannelError as error:
        code = f" (code {error.code})" if error.code else ""
        msg = f"{via} did not take it: {error.detail}{code}"
        raise Refused(msg) from None
    finally:
        for channel in channels.values():
            await channel.close()


@app.command(epilog="Example: oncall link sara")
def link(person: Who, *, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """Make a one-time code that pairs a Telegram account.

    Send the code to the bot, alone or after /start: whoever does so within 15 minutes
    is paged there from then on.
    """
    from oncall.actions.link import VALID, new_code
    from oncall.wiring.providers import bot_name

    read = ground.configured(config)
    code = ground.write(read, lambda tx, view, now: new_code(tx, view, person, now))
    bot = asyncio.run(bot_name(read))
    address = f"https://t.me/{bot}?start={code}" if bot else None
    if json:
        seconds = int(VALID.total_seconds())
        output.as_json({"code": code, "url": address, "valid_s": seconds})
        return
    minutes = int(VALID.total_seconds() // 60)
    output.say(f"{read.people[person].name} has {minutes} minutes to send the bot:")
    output.say(f"  {code}")
    if address:
        output.say(f"or to open {address}")
