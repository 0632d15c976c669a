"""What a product's delivery is, in one word."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a delivery is. A forged one is counted and not kept."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    UNPARSED = "unparsed"
