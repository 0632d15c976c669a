"""What somebody hears back after answering a page: one answer to each answer."""

from collections.abc import Iterator, Sequence

from oncall.model import Language, Outcome, Verb
from oncall.wording.catalogue import catalogue, in_digits
from oncall.wording.plain import cut, for_sms, isolated
from oncall.wording.segments import fits_one_segment
from oncall.wording.sentence import fill

Choice = tuple[int, str]
"""An issue that waits: its number and the customer's name."""

_NAME_LENGTHS = (40, 20, 12, 8, 4)


def answer(
    language: Language,
    outcome: Outcome,
    *,
    number: int | None = None,
    verb: Verb = Verb.TAKE,
    owner: str = "",
    at: str = "",
    choices: Sequence[Choice] = (),
    rich: bool = False,
) -> str:
    """Return one SMS segment, or with `rich` a text for chats with names isolated.

    `number` is wanted except for choices, nothing waiting and not understood; without
    it, not-for-you is said to a stranger. `owner` is wanted for already taken and
    helping; `at`, a time from `local_time`, for already taken (since when) and snoozed
    (until when); `choices` with the verb that was meant.
    """
    if outcome is Outcome.CHOICES:
        return _choices(language, verb, choices, rich=rich)
    words = catalogue(language)
    if outcome is Outcome.NOT_FOR_YOU and number is None:
        return words.stranger
    applied = outcome is Outcome.APPLIED
    sentence = words.applied[verb] if applied else words.outcomes[outcome]
    facts = {"number": str(number), "at": at}
    return fill(sentence, facts, {"owner": owner}, rich=rich)


def linked(language: Language, *, person: str, rich: bool = True) -> str:
    """Greet the person whose chat or phone is now known."""
    return fill(catalogue(language).linked, {}, {"person": person}, rich=rich)


def link_failed(language: Language) -> str:
    """Say that the pairing code is wrong, used or too old: which one is not told."""
    return catalogue(language).link_failed


def _choices(
    language: Language, verb: Verb, choices: Sequence[Choice], *, rich: bool
) -> str:
    head = catalogue(language).outcomes[Outcome.CHOICES]
    mark = catalogue(language).direction
    commands = [mark + in_digits(language, f"{number} {verb}") for number, _ in choices]
    names = [name for _, name in choices]
    if rich:
        return _list(head, commands, [isolated(name) for name in names])
    candidates = _from_longest(head, commands, [for_sms(name) for name in names])
    return next(text for text in candidates if fits_one_segment(text))


def _from_longest(head: str, commands: list[str], names: list[str]) -> Iterator[str]:
    """Shorten the names, then leave them out, then count what is not listed."""
    for longest in _NAME_LENGTHS:
        yield _list(head, commands, [cut(name, longest) for name in names])
    yield "\n".join([head, *commands])
    for shown in range(len(commands) - 1, -1, -1):
        yield "\n".join([head, *commands[:shown], f"+{len(commands) - shown}"])


def _list(head: str, commands: list[str], names: list[str]) -> str:
    pairs = zip(commands, names, strict=True)
    return "\n".join([head, *(f"{command}: {name}" for command, name in pairs)])
