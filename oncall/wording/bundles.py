"""One page for many issues: how many wait, the worst of them, and how to take all."""

from escalation_policies.policy import Severity
from oncall.model import Language
from oncall.wording.catalogue import catalogue, in_digits
from oncall.wording.pages import numbers
from oncall.wording.plain import for_sms, isolated
from oncall.wording.shorten import Words, fit

_GIVE = (("problem", 12), ("customer", 12), ("problem", 0), ("customer", 0))


def bundle_page(
    language: Language,
    *,
    count: int,
    number: int,
    severity: Severity,
    customer: str,
    problem: str,
    rich: bool = False,
) -> str:
    """Return one SMS segment, or with `rich` a text for chats with names isolated.

    `count` issues wait; the other facts are those of the worst.
    """
    clean = isolated if rich else for_sms
    words = {
        "count": in_digits(language, str(count)),
        "zero": in_digits(language, "0"),
        "severity": catalogue(language).severities[severity],
        **numbers(language, number),
        "customer": clean(customer),
        "problem": clean(problem),
    }

    def compose(words: Words) -> str:
        say = catalogue(language).bundle
        return f"{say.page.format(**words)}\n{say.reply.format(**words)}"

    return compose(words) if rich else fit(compose, words, _GIVE)


def bundle_button(language: Language) -> str:
    """Return the label of the one button under a bundle."""
    return catalogue(language).bundle.button
