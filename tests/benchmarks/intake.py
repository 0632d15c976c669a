"""Taking issues in, beside POSTs that do nothing.

Pages are planned with them, but their provider has no room: none is sent meanwhile.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from figures import Aim, Figure
from floors import EMPTY_POST, at_once, empty_posts, many
from reporting import post, session, words
from setting import NOWHERE, config

from service import running

POSTS = 2000
WARM = 200
SLOWLY = 0.1
"""Pages a second that the provider takes."""
PEOPLE = 200


async def intake() -> list[Figure]:
    """Post issues as fast as can be: each is on disk once it is answered."""
    with TemporaryDirectory() as folder:
        settings = config(folder, NOWHERE, per_second=SLOWLY)
        async with (
            running(Path(folder), settings) as service,
            session() as client,
        ):

            async def issue(count: int) -> None:
                await post(client, [service.url], words(count, people=PEOPLE), 0)

            await at_once(issue, WARM)
            before = await empty_posts(service.url)
            worked = service.worked_ms()
            durable = await at_once(issue, POSTS)
            worked = (service.worked_ms() - worked) / POSTS
            after = await empty_posts(service.url)
    floor = many([before, after], EMPTY_POST)
    return [
        Figure(
            name="intake: issues on disk",
            samples=[durable],
            unit="/s",
            aims=[Aim(bound=0.6, floor=floor)],
            more_is_better=True,
        ),
        Figure(
            name="intake: processor time for each issue", samples=[worked], unit="ms"
        ),
    ]
