"""Whatever is sent to the API, it answers as its description says, and never with 5xx."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from oncall.clock import TurnedClock
from oncall.wiring.service import build
from support.api import FRIDAY_NIGHT, configured, secret_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


ADMIN = {
    "Host": "localhost",
    "Authorization": f"Bearer {secret_of('admin')}",
}


@pytest.fixture(scope="module")
def described(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[schemathesis.BaseSchema]:
    """The description of the real service, over a database of its own."""
    file = tmp_path_factory.mktemp("described") / "oncall.db"
    shutil.copy(migrated_sqlite, file)
    service = build(
        configured(f"sqlite:///{file}"),
        tzdata="pinned",
        clock=TurnedClock(FRIDAY_NIGHT),
        print_pages=lambda _: None,
    )
    asyncio.run(service.engine.settle())  # ready from the first look on
    yield schemathesis.openapi.from_asgi("/openapi.json", service.app, headers=ADMIN)
    service.database.close()


SETTINGS = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_api_answers_as_it_is_described(
    described: schemathesis.BaseSchema, subtests: pytest.Subtests
):
    for found in described.get_all_operations():
        operation = found.ok()
        with subtests.test(operation.label):
            assert_as_described(operation)


def assert_as_described(operation: schemathesis.APIOperation) -> None:
    """Send what the description allows, and what it does not."""

    @SETTINGS
    @given(case=operation.as_strategy())
    def answers(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=ADMIN, checks=CHECKS)

    answers()
