"""Deliveries parsed at once and in this very process, where no other is wanted."""

from collections.abc import Sequence

from integrations.intake.contract import Unparsed
from integrations.intake.parser import Job, Messages


class ParsedHere:
    """Fulfils `Parsers`. A parser's mistake is the caller's to see."""

    async def parse(self, jobs: Sequence[Job]) -> Sequence[Messages | Unparsed]:
        return [_parsed(job) for job in jobs]


def _parsed(job: Job) -> Messages | Unparsed:
    try:
        return job.run()
    except Unparsed as error:
        return error
