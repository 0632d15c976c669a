"""Time zones come from the pinned tzdata package, whatever the machine has."""

import zoneinfo
from importlib.metadata import version


def use_pinned() -> str:
    """Have zoneinfo read the package and nothing else; return the data's version."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    return version("tzdata")
