"""The same delivery, which its product gives no name, at two nodes at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from integrations.intake.contract import IntakeRequest
from integrations.intake.kinds import source
from oncall.actions.deliveries import keep
from oncall.actions.sources import ConfiguredSource
from oncall.actions.verdict import Verdict
from oncall.config.values import Secret
from oncall.store import Tx
from support.crossing import crossed, two_nodes
from support.intake_service import FRIDAY


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_comes_to_two_nodes_at_once_is_kept_once(database_url: str):
    product = ConfiguredSource(
        name="web", product=source("generic"), secret=Secret("a secret")
    )

    def received(after: timedelta) -> Callable[[Tx], Verdict]:
        request = IntakeRequest(
            url="https://example.com/intake/web",
            method="POST",
            query={},
            headers={},
            body=b"what cannot be read",
            received_at=FRIDAY + after,
        )
        arrival = product.arrival(request)
        return lambda tx: keep(tx, arrival, request.received_at)

    first, second = received(timedelta(0)), received(timedelta(milliseconds=3))
    with two_nodes(database_url) as (one, other):
        verdicts = crossed(one, first, other, second)
    assert verdicts == (Verdict.ACCEPTED, Verdict.DUPLICATE)
