"""A page: how bad, which issue, who, what, and what can be answered."""

from escalation_policies.policy import Severity
from oncall.model import Language, Verb
from oncall.wording.catalogue import catalogue, in_digits
from oncall.wording.plain import for_sms, isolated, isolated_lines, one_line
from oncall.wording.segments import is_gsm
from oncall.wording.shorten import Words, fit

LONGEST_PAGE = 1600
"""Characters: all that Twilio takes for WhatsApp."""
_GIVE = (("problem", 12), ("customer", 12), ("problem", 4), ("customer", 0))


def page_sms(
    language: Language, *, number: int, severity: Severity, customer: str, problem: str
) -> str:
    """Return one segment: severity, number, customer, problem and verbs, in that order.

    The problem is shortened first, then the customer's name; nothing else ever.
    """
    words = {
        "severity": catalogue(language).severities[severity],
        **numbers(language, number),
        "customer": for_sms(customer),
        "problem": for_sms(problem),
    }

    def compose(words: Words) -> str:
        page = catalogue(language).page.format(**words)
        full = f"{page}\n{catalogue(language).reply.format(**words)}"
        short = f"{page}\n{catalogue(language).reply_short.format(**words)}"
        return full if is_gsm(full) else short

    return fit(compose, words, _GIVE)


def page_text(
    language: Language,
    *,
    number: int,
    severity: Severity,
    customer: str,
    problem: str,
    text: str = "",
    waiting_since: str = "",
    link: str = "",
) -> str:
    """Return the page for a chat or a mail: plain text, other people's words isolated.

    `text` is what the customer wrote, `waiting_since` a time from `local_time`.
    """
    words = catalogue(language)
    waiting = words.waiting.format(at=waiting_since) if waiting_since else ""
    head = _head(language, number, severity, customer, problem)
    reply = words.reply.format(**numbers(language, number))
    around = [head, waiting, "", one_line(link), reply]
    said = isolated_lines(text, LONGEST_PAGE - len("\n".join(around)))
    lines = [head, waiting, said, one_line(link), reply]
    return "\n".join(line for line in lines if line)


def page_edited(
    language: Language,
    *,
    number: int,
    severity: Severity,
    customer: str,
    problem: str,
    verb: Verb,
    owner: str,
    at: str,
) -> str:
    """Return what stands in the place of an answered page.

    `owner` is who answered, with `verb`; `at` is when, for a snooze until when.
    """
    head = _head(language, number, severity, customer, problem)
    done = catalogue(language).edited[verb].format(owner=isolated(owner), at=at)
    return f"{head}\n{done}"


def button_labels(language: Language) -> dict[Verb, str]:
    """Return the label of each button under a page, in the order they stand."""
    return dict(catalogue(language).buttons)


def numbers(language: Language, number: int) -> dict[str, str]:
    """Return the issue's number as we name it, and as the reader will type it."""
    return {"number": str(number), "reply_number": in_digits(language, str(number))}


def _head(
    language: Language, number: int, severity: Severity, customer: str, problem: str
) -> str:
    words = catalogue(language)
    who = f"{words.direction}{isolated(customer)}: {isolated(problem)}"
    return f"{words.severities[severity]} #{number}\n{who}"
