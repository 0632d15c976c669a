"""The composition root: the only place that names providers and the database."""

from oncall.wiring.providers import bot_name, channels_of
from oncall.wiring.service import Reloaded, Service, build, open_database, reload
from oncall.wiring.sources import sources_of

__all__ = [
    "Reloaded",
    "Service",
    "bot_name",
    "build",
    "channels_of",
    "open_database",
    "reload",
    "sources_of",
]
