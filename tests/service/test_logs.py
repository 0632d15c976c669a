"""A failure is logged with where it happened, never with what was being handled."""

import pytest
import structlog

from oncall import logs

WORDS = "the customer's own words"


def fail(words: str) -> None:
    msg = f"failed on {len(words)} characters"
    raise ValueError(msg)


@pytest.mark.parametrize("json", [True, False])
def test_a_logged_failure_shows_no_frame_s_locals(
    capfd: pytest.CaptureFixture[str], *, json: bool
):
    logs.configure(json=json)
    try:
        fail(WORDS)
    except ValueError:
        structlog.get_logger().exception("it failed", action="test")
    finally:
        structlog.reset_defaults()
    said = capfd.readouterr().err
    assert "it failed" in said
    assert "failed on 24 characters" in said
    assert "test_logs.py" in said
    assert WORDS not in said


def test_a_terminal_reads_sentences(capfd: pytest.CaptureFixture[str]):
    logs.configure(json=False)
    try:
        log = structlog.get_logger()
        log.info("serving", action="serve", url="http://127.0.0.1:8000")
        log.warning("a token is off", path="api\x1b[2J")
    finally:
        structlog.reset_defaults()
    first, second = capfd.readouterr().err.splitlines()
    assert first[8:] == "  serving (url http://127.0.0.1:8000)"
    assert second[8:] == r"  warning: a token is off (path 'api\x1b[2J')"
