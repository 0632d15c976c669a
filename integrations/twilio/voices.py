"""The voices that Twilio reads aloud with: https://www.twilio.com/docs/voice/twiml/say.

There is none for Persian, neither Amazon's nor Google's: who reads Persian is called in
the first language of the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Two attributes of `<Say>`, which must fit one another."""

    name: str
    language: str


VOICES: Mapping[str, Voice] = {
    "en": Voice(name="Polly.Joanna", language="en-US"),
    "ar": Voice(name="Polly.Zeina", language="arb"),
}
SPOKEN = tuple(VOICES)
"""The languages that can be read aloud, the one to fall back on first."""


def voice_of(language: str) -> Voice:
    """Return who reads this language; for one that nobody reads, the first there is."""
    return VOICES.get(language, VOICES[SPOKEN[0]])
