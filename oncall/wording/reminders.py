"""A page sent again to an issue's owner: the customer waits for an answer."""

from datetime import timedelta

from oncall.model import Language, Verb
from oncall.wording.catalogue import catalogue, in_digits
from oncall.wording.pages import LONGEST_PAGE, numbers
from oncall.wording.plain import cut, for_sms, isolated, isolated_lines, one_line
from oncall.wording.segments import is_gsm
from oncall.wording.shorten import Words, fit
from oncall.wording.spoken import LONGEST_PROBLEM

_GIVE = (("problem", 12), ("customer", 12), ("problem", 0), ("customer", 0))
_IN_MINUTES = timedelta(hours=2)


def waited(language: Language, span: timedelta) -> str:
    """Write how long somebody has waited: minutes, and hours from two on."""
    say = catalogue(language).reminder
    whole = max(span, timedelta(0))
    if whole < _IN_MINUTES:
        return say.minutes.format(
            count=in_digits(language, str(whole // timedelta(minutes=1)))
        )
    hours = whole // timedelta(hours=1)
    return say.hours.format(count=in_digits(language, str(hours)))


def reminder_sms(
    language: Language, *, number: int, customer: str, problem: str, span: timedelta
) -> str:
    """Return one segment: whose it is, who waits and how long, and what can be done."""
    say = catalogue(language).reminder
    words = {
        **numbers(language, number),
        "waited": waited(language, span),
        "customer": for_sms(customer),
        "problem": for_sms(problem),
    }

    def compose(words: Words) -> str:
        full = f"{say.page.format(**words)}\n{say.reply.format(**words)}"
        short = f"{say.page_short.format(**words)}\n{say.reply_short.format(**words)}"
        return full if is_gsm(full) else short

    return fit(compose, words, _GIVE)


def reminder_text(
    language: Language,
    *,
    number: int,
    customer: str,
    problem: str,
    span: timedelta,
    text: str = "",
    link: str = "",
) -> str:
    """Return the reminder for a chat or a mail, other people's words isolated."""
    say = catalogue(language).reminder
    words = {
        **numbers(language, number),
        "waited": waited(language, span),
        "customer": isolated(customer),
        "problem": isolated(problem),
    }
    head, reply = say.page.format(**words), say.reply.format(**words)
    around = [head, "", one_line(link), reply]
    said = isolated_lines(text, LONGEST_PAGE - len("\n".join(around)))
    return "\n".join(line for line in (head, said, one_line(link), reply) if line)


def spoken_reminder(
    language: Language, *, number: int, customer: str, problem: str, span: timedelta
) -> str:
    """Say whose it is, who waits and how long, and what each key does."""
    say = catalogue(language).reminder
    said = say.spoken.format(
        number=number,
        customer=one_line(customer),
        problem=cut(one_line(problem), LONGEST_PROBLEM),
        waited=waited(language, span),
    )
    return f"{said} {say.spoken_keys}"


def reminder_labels(language: Language) -> dict[Verb, str]:
    """Return the label of each button under a reminder, in the order they stand."""
    labels = dict(catalogue(language).buttons)
    return labels | {Verb.TAKE: catalogue(language).reminder.button}
