"""What a call says. It is heard once or twice and never seen, so it is in sentences."""

from escalation_policies.policy import Severity
from oncall.model import Language
from oncall.wording.catalogue import catalogue
from oncall.wording.plain import cut, one_line

LONGEST_PROBLEM = 120
"""Characters: about eight seconds of speech."""

_UNSPOKEN = str.maketrans(
    {"#": "", "\n": " ", **dict.fromkeys("\u200e\u200f\u2066\u2067\u2068\u2069", "")}
)


def spoken_page(
    language: Language, *, number: int, severity: Severity, customer: str, problem: str
) -> str:
    """Say how bad, which issue, who, what, and what each key does, in that order."""
    what = _what(language, number, severity, customer, problem)
    return f"{what} {catalogue(language).spoken.keys}"


def spoken_bundle(
    language: Language,
    *,
    count: int,
    number: int,
    severity: Severity,
    customer: str,
    problem: str,
) -> str:
    """Say how many issues wait, the worst of them, and how to take all."""
    said = catalogue(language).spoken
    what = _what(language, number, severity, customer, problem)
    return f"{said.bundle.format(count=count)} {what} {said.bundle_keys}"


def unknown_key(language: Language) -> str:
    """Say that the key has no meaning."""
    return catalogue(language).spoken.unknown_key


def unspeakable(language: Language) -> str:
    """Say that there is a message, in a language that no voice reads."""
    return catalogue(language).spoken.unspeakable


def _what(
    language: Language, number: int, severity: Severity, customer: str, problem: str
) -> str:
    return catalogue(language).spoken.page.format(
        severity=catalogue(language).severities[severity],
        number=number,
        customer=one_line(customer),
        problem=cut(one_line(problem), LONGEST_PROBLEM),
    )


def aloud(text: str) -> str:
    """Return a message that was written to be seen as it is to be heard."""
    return text.translate(_UNSPOKEN)
