"""What people answer to a page: typed words, and pressed buttons."""

from oncall.replies.buttons import encode_button, read_button
from oncall.replies.grammar import CarrierWord, Command, Reply, Unclear, read

__all__ = [
    "CarrierWord",
    "Command",
    "Reply",
    "Unclear",
    "encode_button",
    "read",
    "read_button",
]
