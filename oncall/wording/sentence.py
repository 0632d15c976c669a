"""Fill a sentence of the catalogue, for an SMS or for a chat."""

from oncall.wording.plain import for_sms, isolated
from oncall.wording.shorten import Words, fit

_SHORT_NAME = 12


def fill(sentence: str, facts: Words, names: Words, *, rich: bool) -> str:
    """Return one SMS segment, or with `rich` a text with `names` isolated.

    `names` are other people's words; in an SMS they give way in the order they stand.
    """
    if rich:
        shown = {name: isolated(text) for name, text in names.items()}
        return sentence.format(**facts, **shown)
    words = {**facts, **{name: for_sms(text) for name, text in names.items()}}
    give = [(name, least) for least in (_SHORT_NAME, 0) for name in names]
    return fit(sentence.format_map, words, give)
