"""SQL lives here and nowhere else. Functions take a `Tx` first and return values."""

from oncall.store.database import Database
from oncall.store.tx import Tx

__all__ = ["Database", "Tx"]
