"""Make a message fit one SMS by shortening the words that may be shortened."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from oncall.wording.plain import cut_places
from oncall.wording.segments import fits_one_segment, is_gsm

Words = Mapping[str, str]
Compose = Callable[[Words], str]

_INVISIBLE_END = " \u200c"


def fit(compose: Compose, words: Words, give: Sequence[tuple[str, int]]) -> str:
    """Compose `words` into one segment.

    `give` names who gives way, in order: a word and how many of its characters
    stay before the next one has to give. A word may come twice, with less left.
    """
    current = dict(words)
    for name, least in give:
        if fits_one_segment(compose(current)):
            break
        current[name] = _shortened(compose, current, name, least)
    return compose(current)


def _shortened(compose: Compose, words: Words, name: str, least: int) -> str:
    """Return as much of the word as fits, at least `least` characters of it."""

    def too_long(place: int) -> bool:
        cut = _cut(compose, words, name, place)
        return not fits_one_segment(compose({**words, name: cut}))

    places = [place for place in cut_places(words[name]) if place >= least]
    if not places:
        return words[name]
    # Cutting earlier never makes the message longer, so the places can be bisected.
    first_too_long = bisect_left(places, True, key=too_long)
    return _cut(compose, words, name, places[max(first_too_long - 1, 0)])


def _cut(compose: Compose, words: Words, name: str, place: int) -> str:
    """Mark the cut without making a UCS-2 message of a GSM-7 one."""
    head = words[name][:place].rstrip(_INVISIBLE_END)
    return head + (".." if is_gsm(compose({**words, name: head})) else "…")
