"""What a calendar says about a shift, in each language."""

from dataclasses import dataclass

from integrations.header import header
from oncall.feeds.calendar import FeedSlot, Role
from oncall.model import Language

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    roles: dict[Role, str]
    before: str
    after: str
    call: str


_WORDS = {
    Language.ENGLISH: _Words(
        roles={
            Role.ON_CALL: "on call",
            Role.BACKUP: "backup",
            Role.GAP: "nobody on call",
        },
        before="Takes over from",
        after="Hands over to",
        call="To call",
    ),
    Language.PERSIAN: _Words(
        roles={Role.ON_CALL: "کشیک", Role.BACKUP: "پشتیبان", Role.GAP: "بدون کشیک"},
        before="تحویل از",
        after="تحویل به",
        call="برای تماس",
    ),
    Language.ARABIC: _Words(
        roles={
            Role.ON_CALL: "مناوبة",
            Role.BACKUP: "احتياط",
            Role.GAP: "لا أحد في المناوبة",
        },
        before="التسليم من",
        after="التسليم إلى",
        call="للاتصال",
    ),
}


def summary(language: Language, slot: FeedSlot) -> str:
    """Return the rotation, the role and, where it is not plain, the person."""
    role = _WORDS[language].roles[slot.role]
    title = f"{isolated(slot.rotation_title)}: {role}"
    return f"{title}, {isolated(slot.person_name)}" if slot.person_name else title


def description(language: Language, slot: FeedSlot) -> str:
    """Return who hands over, who takes over and whom to call, a line each."""
    words = _WORDS[language]
    facts = {words.before: slot.before, words.after: slot.after, words.call: slot.call}
    lines = [f"{label}: {isolated(name)}" for label, name in facts.items() if name]
    return "\n".join(lines)


def isolated(text: str) -> str:
    """Return the text between FSI and PDI, so that it takes its own direction."""
    return f"{_FIRST_STRONG_ISOLATE}{visible(text)}{_POP_ISOLATE}"


def visible(text: str) -> str:
    """Return the text as one line without control characters and directions."""
    return header(text)
