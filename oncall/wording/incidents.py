"""One incident for many issues: how its customers are named, and that it grows."""

from oncall.model import Language
from oncall.wording.catalogue import catalogue, in_digits
from oncall.wording.sentence import fill


def affected(language: Language, count: int) -> str:
    """Name the customers of an incident together."""
    words = catalogue(language).incident.customers
    return words.format(count=in_digits(language, str(count)))


def incident_grew(
    language: Language,
    *,
    incident: int,
    title: str,
    more: int,
    count: int,
    rich: bool = False,
) -> str:
    """Tell the owner that so many `more` issues have joined, `count` in all.

    One SMS segment, or with `rich` a text for chats with the title isolated.
    """
    counted = {"incident": incident, "more": more, "count": count}
    facts = {name: in_digits(language, str(many)) for name, many in counted.items()}
    sentence = catalogue(language).incident.more
    return fill(sentence, facts, {"title": title}, rich=rich)
