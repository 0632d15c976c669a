"""What people hear without having to answer.

Each returns one SMS segment, or with `rich` a text for chats with names isolated.
"""

from oncall.model import Language
from oncall.wording.catalogue import catalogue, in_digits
from oncall.wording.sentence import fill


def owner_has_it(
    language: Language, *, number: int, owner: str, at: str, rich: bool = False
) -> str:
    """Tell the others who were paged; `at` is since when, from `local_time`."""
    sentence = catalogue(language).notices.owner_has_it
    facts = {"number": str(number), "at": at}
    return fill(sentence, facts, {"owner": owner}, rich=rich)


def customer_wrote_again(
    language: Language, *, number: int, customer: str, problem: str, rich: bool = False
) -> str:
    """Tell the owner that there is something new to read."""
    sentence = catalogue(language).notices.customer_wrote_again
    names = {"problem": problem, "customer": customer}
    return fill(sentence, {"number": str(number)}, names, rich=rich)


def reopened(
    language: Language, *, number: int, customer: str, problem: str, rich: bool = False
) -> str:
    """Tell the owner that what was resolved is not."""
    sentence = catalogue(language).notices.reopened
    names = {"problem": problem, "customer": customer}
    return fill(sentence, {"number": str(number)}, names, rich=rich)


def answer_failed(
    language: Language, *, number: int, customer: str, problem: str, rich: bool = False
) -> str:
    """Tell whoever looks after an issue that an answer did not reach the customer."""
    sentence = catalogue(language).notices.answer_failed
    names = {"problem": problem, "customer": customer}
    return fill(sentence, {"number": str(number)}, names, rich=rich)


def paging_ill(language: Language, *, via: str, at: str, rich: bool = False) -> str:
    """Tell that a provider fails; `at` is since when, from `local_time`."""
    sentence = catalogue(language).notices.paging_ill
    return fill(sentence, {"via": via, "at": at}, {}, rich=rich)


def trial_page(language: Language, *, person: str, rich: bool = False) -> str:
    """Show a person how a page arrives."""
    sentence = catalogue(language).notices.trial_page
    return fill(sentence, {}, {"person": person}, rich=rich)


def leave_unread(
    language: Language, *, line: int, words: str, count: int, rich: bool = False
) -> str:
    """Tell somebody that `count` events of their leave calendar cannot be read.

    The first is on `line` and begins with `words`.
    """
    notices = catalogue(language).notices
    sentence = notices.leave_unread if count == 1 else notices.leave_unread_more
    facts = {
        "line": in_digits(language, str(line)),
        "count": in_digits(language, str(count)),
    }
    return fill(sentence, facts, {"words": words or "?"}, rich=rich)
