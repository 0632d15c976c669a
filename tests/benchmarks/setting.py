"""The configurations that the figures are taken on."""

from provider import ACCOUNT_SID

NOWHERE = "http://127.0.0.1:9"
"""A provider that nobody answers for."""
PEOPLE = 200
"""With 400 issues nobody gets more than 3 pages, so that none are bundled."""

HEAD = """
[service]
name = "Benchmark"
url = "http://127.0.0.1:8000"
timezone = "Europe/Berlin"
language = "en"
database = "{database}"
last_resort = ["person:p0"]
[api.tokens]
bench = {{secret = "env:ONCALL_BENCH_TOKEN", may = ["admin"]}}
[integrations.twilio]
account_sid = "{account}"
auth_token = "env:TWILIO_AUTH_TOKEN"
from = "+15550100"
api_url = "{twilio}"
{pace}
[rotations.daily]
people = ["p0", "p1", "p2", "p3", "p4"]
starts = 2026-01-01T09:00:00
turn = "1 day"
"""
PERSON = """
[people.p{n}]
name = "Person {n}"
phone = "+4915112{n:06}"
contact = [{{via = "sms"}}]
[escalation_policies.p{n}]
levels = [{{page = ["person:p{n}"], wait = "30m"}}]
"""
ROUTE = """
[[routes]]
when = {{source = "desk{n}"}}
policy = "p{n}"
"""
LAST_ROUTE = """
[[routes]]
policy = "p0"
"""


def config(
    folder: object,
    twilio: str,
    *,
    people: int = PEOPLE,
    database: str = "",
    per_second: float | None = None,
) -> str:
    """Return a configuration in which issues from `desk7` page person 7 by SMS.

    The database is a file in `folder` unless another is named. So many pages go out
    `per_second`, at most.
    """
    database = database or f"sqlite:///{folder}/oncall.db"
    pace = "" if per_second is None else f"per_second = {per_second}"
    head = HEAD.format(database=database, account=ACCOUNT_SID, twilio=twilio, pace=pace)
    persons = "".join(PERSON.format(n=n) for n in range(people))
    routes = "".join(ROUTE.format(n=n) for n in range(1, people))
    return head + persons + routes + LAST_ROUTE
