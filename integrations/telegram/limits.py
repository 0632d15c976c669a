"""What Telegram takes: https://core.telegram.org/bots/api. Sizes are its own."""

from collections.abc import Iterable

from integrations.contract import Button

TEXT_UNITS = 4096
NOTE_UNITS = 200
DATA_BYTES = 64
ELLIPSIS = "…"


def fitting(text: str, units: int = TEXT_UNITS) -> str:
    """Return `text` cut to so many UTF-16 units, never inside a character.

    Half of a surrogate pair, which no encoding can carry, becomes U+FFFD.
    """
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) <= 2 * units:
        return encoded.decode("utf-16-le", "replace")
    kept = encoded[: 2 * (units - len(ELLIPSIS))]
    return kept.decode("utf-16-le", "ignore") + ELLIPSIS


def check_buttons(rows: Iterable[Iterable[Button]]) -> None:
    """Raise ValueError for a button that Telegram would refuse: our own mistake."""
    for button in (button for row in rows for button in row):
        if not 1 <= len(button.data.encode()) <= DATA_BYTES:
            message = f"a button's data must have 1 to {DATA_BYTES} bytes"
            raise ValueError(message)
        if not button.label:
            message = "a button must have a label"
            raise ValueError(message)
