"""People who leave the company, and with it the file, as the service reads it anew."""

import re

from oncall.config.load import read
from oncall.wiring.service import Reloaded, reload
from support.night import Night


def leaves(night: Night, person: str) -> Reloaded:
    """Take a person out of the file, from the ring too, and have it read again."""
    block = re.search(rf"\[people\.{person}\]\n.*?(?=\n\[)", night.text, re.DOTALL)
    assert block is not None
    text = night.text.replace(block[0], "")
    for listed in (f'"{person}", ', f', "{person}"'):
        text = text.replace(listed, "")
    night.text = text
    return reload(night.service, read(text, environ=night.environ))
