"""Commands load what they need and no more: they answer before one has looked away."""

import subprocess
import sys
from pathlib import Path

import pytest

from oncall.clock import SystemClock
from oncall.config import example
from oncall.config.load import read
from oncall.config.reach import carried_vias
from oncall.model import Via
from oncall.wiring.providers import channels_of

HEAVY = (
    "fastapi",
    "telegram",
    "twilio",
    "httpx",
    "aiohttp",
    "uvicorn",
    "oncall.wiring.service",
)
"""What only the service itself, or a command that speaks to a provider, may load."""
COMMANDS = (
    ("who",),
    ("shifts", "weekend"),
    ("check",),
    ("issue", "new", "--json", "--customer", "Mina", "--subject", "hi"),
    ("ical", "weekend"),
    ("simulate", "--policy", "customer-issue"),
    ("reach",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_loads_no_provider_and_no_service(
    tmp_path: Path, command: tuple[str, ...]
):
    (tmp_path / "oncall.toml").write_text(example.render(), encoding="utf-8")
    asked = (
        "import sys\n"
        f"sys.argv = ['oncall', *{command!r}]\n"
        "from oncall.cli.entry import main\n"
        "try:\n    main()\n"
        "except SystemExit as ended:\n    assert not ended.code, ended.code\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(  # noqa: S603 (our own lines)
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == ""


ACCOUNTS = """
[integrations.twilio]
account_sid = "AC1"
auth_token = "t"
from = "+15550100"
whatsapp_from = "+15550101"
[integrations.telegram]
token = "1:t"
[integrations.email]
host = "mail.example.com"
from = "care@example.com"
"""


@pytest.mark.parametrize(
    "more", ["", ACCOUNTS, ACCOUNTS.partition("[integrations.t")[0]]
)
def test_what_the_file_says_is_carried_is_what_channels_are_made_for(more: str):
    config = read(example.render() + more, environ={})
    made = set(channels_of(config, clock=SystemClock()))
    assert carried_vias(config) == made - {Via.SOURCE}
