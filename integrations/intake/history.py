"""Where an old letter begins within a new one, as mail programs mark it.

Below a separator, below the labels of a letter, or below a line that announces a quote.
Only so much is looked at of each line that no letter takes long.
"""

import re
from collections.abc import Sequence

from integrations.intake.html import Line, Mark
from integrations.intake.quote_words import FORWARDED, LABELS, ORIGINAL, WROTE

_LOOKED_AT = 400  # characters of a line, which may have no end
_LONGEST_LABEL = 40  # characters, with what programs put around it
_MOST_LABELLED = 12  # lines from the first label to the last
_MOST_UNLABELLED = 3  # lines among them, where a long one was broken
_MOST_BROKEN = 3  # lines that "On Thursday, Mina wrote:" is broken into

_UNSEEN = "\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_BARE = re.compile(rf"^[\s*_>|{_UNSEEN}]+|[\s*_|{_UNSEEN}]+$")
_RULED = re.compile(r"^[\s>]*[-–—_=*]{2,}|[-–—_=*]{2,}\s*$")
_RULES = "-–—_=* \t\u00a0"
_UNDERLINE = re.compile(r"^\s*_{10,}\s*$")
_CUT = re.compile(
    r"^##- .{0,200} -##\s*$"
    r"|^\W{0,9}(?:please )?(?:type your )?reply above this line\W{0,9}$"
    r"|^>>> .{3,200} >>>\s*$",
    re.IGNORECASE,
)
_COLON = re.compile(r"[:：]\s*$")
_ENDS = re.compile(r"(?:[:：]|-{3,})\s*$")
_TIME = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}")
_WROTE = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(WROTE))})(?!\w)|写道|寫道|のメール")


def history(lines: Sequence[Line], *, answers: bool) -> int:
    """Return the first line of a history below the letter, or of what is handed on."""
    roles = [_role(line.text) for line in lines]
    for at, line in enumerate(lines):
        if line.mark is not Mark.NONE or not line.text:
            continue
        if _begins(lines, at, answers=answers) or _is_labelled(lines, roles, at):
            return at
    return len(lines)


def _begins(lines: Sequence[Line], at: int, *, answers: bool) -> bool:
    line = lines[at].text[:_LOOKED_AT]
    if _CUT.match(line) or _between_rules(line, ORIGINAL) or hands_on(lines[at]):
        return True
    return _tells_who_wrote(line, answers=answers) and _is_unmarked_below(lines, at)


def hands_on(line: Line) -> bool:
    """Tell whether it is "---- Forwarded message ----" or its like."""
    written = line.text[:_LOOKED_AT]
    bare = lower(_BARE.sub("", written))
    begins = _COLON.search(bare) and bare.rstrip(":： ").strip(_RULES) in FORWARDED
    return bool(begins) or _between_rules(written, FORWARDED)


def _between_rules(line: str, phrases: frozenset[str]) -> bool:
    if not _RULED.search(line):
        return False
    core = lower(_BARE.sub("", line).strip(_RULES))
    # Notes names who handed it on, and when
    return core in phrases or core.partition(" by ")[0] + " by" in phrases


def _role(line: str) -> str | None:
    """Return what a line's label says: from, date, to or subject."""
    label, colon, _ = line[:_LONGEST_LABEL].replace("：", ":").partition(":")
    if not colon:
        return None
    named = " ".join(lower(_BARE.sub("", label)).split())
    return next((role for role, names in LABELS.items() if named in names), None)


def _is_labelled(lines: Sequence[Line], roles: Sequence[str | None], at: int) -> bool:
    """Tell whether the labels of a letter stand here, or below a ruled line.

    A sender, a subject, and when or to whom: without the subject it might be
    somebody's journey.
    """
    if roles[at] is None:
        below = _next_written(lines, at + 1)
        ruled = _UNDERLINE.match(lines[at].text[:_LOOKED_AT])
        return bool(ruled) and below is not None and _is_block(lines, roles, below)
    return _is_block(lines, roles, at)


def _is_block(lines: Sequence[Line], roles: Sequence[str | None], at: int) -> bool:
    if roles[at] is None:
        return False
    found: set[str | None] = set()
    unlabelled = 0
    for place in range(at, min(at + _MOST_LABELLED, len(lines))):
        found.add(roles[place])
        unlabelled += roles[place] is None and bool(lines[place].text)
        if unlabelled > _MOST_UNLABELLED:
            break
    return {"from", "subject"} <= found and not found.isdisjoint({"date", "to"})


def _tells_who_wrote(line: str, *, answers: bool) -> bool:
    """Tell whether it is "On Thursday at 10:00, Mina <mina@…> wrote:"."""
    bare = _BARE.sub("", line)
    if not _ENDS.search(bare):
        return False
    says_when = _TIME.search(bare) is not None
    wrote = _WROTE.search(bare.lower()) is not None
    if "@" not in bare:
        return answers and says_when and wrote
    return (says_when and wrote) or (answers and (says_when or wrote))


def _is_unmarked_below(lines: Sequence[Line], at: int) -> bool:
    below = _next_written(lines, at + 1)
    return below is not None and lines[below].mark is Mark.NONE


def _next_written(lines: Sequence[Line], at: int) -> int | None:
    near = range(at, min(at + _MOST_BROKEN, len(lines)))
    return next((place for place in near if lines[place].text.strip()), None)


def announced(lines: Sequence[Line], start: int) -> int:
    """Return where the line that announces a quote begins; `start` if there is none.

    Programs leave a line empty below it, and break it where it is long.
    """
    last = start - 1
    while last >= 0 and start - last <= _MOST_BROKEN and not lines[last].text.strip():
        last -= 1
    if last < 0 or not _announces(lines[last]):
        return start
    begun = last
    while last - begun < _MOST_BROKEN and _is_broken_off(lines, begun):
        begun -= 1
    return begun


def _announces(line: Line) -> bool:
    bare = _BARE.sub("", line.text[:_LOOKED_AT])
    if line.mark is not Mark.NONE or not _ENDS.search(bare):
        return False
    return "@" in bare or _WROTE.search(bare.lower()) is not None


def _is_broken_off(lines: Sequence[Line], at: int) -> bool:
    """Tell whether what announces a quote begins on the line above."""
    if not at or _TIME.search(lines[at].text[:_LOOKED_AT]):
        return False
    above = lines[at - 1].text[:_LOOKED_AT].rstrip()
    says = "@" in above or _TIME.search(above) is not None
    return says and not above.endswith((".", "!", "?", ":"))


def lower(written: str) -> str:
    """Return it in lower case, where the Turkish capital I has no dot of its own."""
    return written.replace("İ", "i").lower()
