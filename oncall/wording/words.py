"""What a language must provide: one field for each thing we say.

Braces are filled in; a test asks that every language fills the same ones. `number` is
an issue's number, `at` and `since` are times as `local_time` writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason
from oncall.model import Outcome, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNewsWords:
    """How leaders are told. Labels are followed by a colon and what they name."""

    opening: str
    since: str
    owner: str
    nobody: str
    promised: str
    needed: str
    why: str
    take_it: str
    support_owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """What people hear without having to act."""

    owner_has_it: str
    customer_wrote_again: str
    reopened: str
    answer_failed: str
    paging_ill: str
    trial_page: str
    leave_unread: str
    leave_unread_more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderWords:
    """A page sent again to the owner. `waited` is `minutes` or `hours` with a count.

    The short ones are for UCS-2 segments.
    """

    page: str
    page_short: str
    reply: str
    reply_short: str
    minutes: str
    hours: str
    button: str
    spoken: str
    spoken_keys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleWords:
    """One page that stands for many: how many, and the worst of them."""

    page: str
    reply: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWords:
    """Many customers with one cause: what stands for them, and that there are more."""

    customers: str
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftWords:
    """What people hear of their own shifts, keyed by `ShiftNews` values."""

    tomorrow: str
    soon: str
    begins: str
    appeared: str
    moved: str
    gone: str
    changed: str
    all_gone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWords:
    """What a call says, in sentences for the ear."""

    page: str
    keys: str
    bundle: str
    bundle_keys: str
    unknown_key: str
    unspeakable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language. `digits` are its ten digits from zero; weekdays begin on Monday.

    `direction` is an invisible mark for lines that begin with somebody else's words.
    `separator` stands between short facts. `reply_short` is for UCS-2 segments.
    """

    digits: str
    direction: str
    weekdays: tuple[str, str, str, str, str, str, str]
    date: str
    separator: str
    severities: Mapping[Severity, str]
    page: str
    reply: str
    reply_short: str
    waiting: str
    buttons: Mapping[Verb, str]
    edited: Mapping[Verb, str]
    applied: Mapping[Verb, str]
    outcomes: Mapping[Outcome, str]
    stranger: str
    linked: str
    link_failed: str
    bad_news: BadNewsWords
    reminder: ReminderWords
    bundle: BundleWords
    incident: IncidentWords
    notices: NoticeWords
    shifts: ShiftWords
    spoken: SpokenWords
    reasons: Mapping[Reason, str]
