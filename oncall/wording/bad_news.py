"""Bad news for leaders: what happened to whom, who has it, and why they are told."""

from dataclasses import dataclass

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason
from oncall.model import Language
from oncall.wording.catalogue import catalogue, reason_text
from oncall.wording.pages import numbers
from oncall.wording.plain import for_sms, isolated
from oncall.wording.segments import fits_one_segment
from oncall.wording.shorten import Words, fit

_GIVE = (
    *(("problem", 12), ("customer", 12), ("owner", 8)),
    *(("problem", 3), ("customer", 3), ("owner", 0), ("problem", 0), ("customer", 0)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNews:
    """What leaders are told of an issue.

    `since` is a time from `local_time`; `why` the reason of the rule that
    fired. Without `owner` nobody has it; without `needed` we say what helps.
    """

    number: int
    severity: Severity
    customer: str
    problem: str
    since: str
    why: Reason
    owner: str = ""
    promised: str = ""
    needed: str = ""


def bad_news_sms(language: Language, news: BadNews) -> str:
    """Return one segment; promise and need are in it when there is room for them."""
    words = {
        "customer": for_sms(news.customer),
        "problem": for_sms(news.problem),
        "owner": for_sms(news.owner) if news.owner else "",
    }
    full = _sms(language, news, words, with_extras=True)
    if fits_one_segment(full):
        return full
    return fit(lambda words: _sms(language, news, words), words, _GIVE)


def bad_news_text(language: Language, news: BadNews) -> str:
    """Return the news for a chat or a mail, one fact a line, the worst first."""
    say = catalogue(language).bad_news
    severity = catalogue(language).severities[news.severity]
    mark = catalogue(language).direction
    lines = [
        f"{say.opening}: {severity} #{news.number}",
        f"{mark}{isolated(news.customer)}: {isolated(news.problem)}",
        f"{say.since} {news.since}",
        f"{say.owner}: {isolated(news.owner)}" if news.owner else say.nobody,
        f"{say.promised}: {isolated(news.promised)}" if news.promised else "",
        f"{say.needed}: {_needed(language, news)}",
        f"{say.why}: {reason_text(language, news.why)}",
    ]
    return "\n".join(line[0].upper() + line[1:] for line in lines if line)


def _sms(
    language: Language, news: BadNews, words: Words, *, with_extras: bool = False
) -> str:
    say = catalogue(language).bad_news
    owner = words["owner"]
    facts = [
        f"{say.since} {news.since}",
        f"{say.owner} {owner}" if owner else say.nobody,
        reason_text(language, news.why),
    ]
    extras = {say.promised: news.promised, say.needed: news.needed}
    if with_extras:
        facts += [f"{label}: {for_sms(text)}" for label, text in extras.items() if text]
    told = catalogue(language).separator.join(facts)
    who = f"{words['customer']}: {words['problem']}"
    return f"{say.opening} #{news.number} {who}\n{told}"


def _needed(language: Language, news: BadNews) -> str:
    say = catalogue(language).bad_news
    if news.needed:
        return isolated(news.needed)
    if news.owner:
        return say.support_owner.format(owner=isolated(news.owner))
    return say.take_it.format(**numbers(language, news.number))
