"""Whether issues are about the same thing, and what says so: a hint for people.

Two issues are alike when they share words that say something. Words of the same
meaning count as one in English, Persian and Arabic. What almost everybody mentions
counts less, what nobody else mentions and what stands in a subject counts more.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from math import sqrt
from typing import Final

from escalation_policies.concepts import CONCEPTS, COURTESIES, EVERYDAY
from escalation_policies.words import normalise

WITHIN: Final = timedelta(hours=24)
"""Issues further apart than this are not compared."""
ALIKE: Final = 0.45
"""The score from which two issues are worth showing to people; 1 is the same words."""
_READ_WORDS: Final = 80
_NAMED: Final = 4
_IN_SUBJECT: Final = 1.5
_SAYS_LITTLE: Final = 0.4
_TOGETHER: Final = 0.6
_SAME_TAG: Final = 1.0
_SAME_SOURCE: Final = 0.02
_PAIRED: Final = " "
# One telling word may be chance; two, or one and a tag, hardly.
_EVIDENCE: Final = 1.9
_CROWD: Final = 20
_NEAR: Final = 300
_SHORTEST: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_CODE: Final = 4
_BEFORE: Final = ("وال", "بال", "فال", "کال", "لل", "ال")
_BEHIND: Final = (
    *("هایشان", "هایتان", "هایمان", "هایش", "هایت", "هایم", "های", "ها"),
    *("مان", "تان", "شان", "ات", "ی", "م", "ت", "ش", "ه"),
)
_LATIN_BEHIND: Final = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is compared of an issue: `terms` are its words and pairs of words by weight."""

    number: int
    customer: int
    at: datetime
    source: str
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another issue that this one is like: `score` above 0 to 1, and what they share."""

    number: int
    score: float
    because: tuple[str, ...]


def traits(
    *,
    number: int,
    customer: int,
    at: datetime,
    subject: str,
    text: str = "",
    tags: Iterable[str] = (),
    source: str = "",
) -> Traits:
    """Return what is compared of an issue: linear in its words, the first 80 of them."""
    terms: dict[str, float] = {}
    for words, factor in ((subject, _IN_SUBJECT), (text, 1.0)):
        told = list(_told(words))[:_READ_WORDS]
        for word in told:
            terms[word] = max(terms.get(word, 0), factor * _weight(word))
        for one, other in pairwise(told):
            if one != other:
                terms.setdefault(f"{one}{_PAIRED}{other}", _TOGETHER)
    terms |= {f"tag:{normalise(tag)}": _SAME_TAG for tag in tags}
    return Traits(number=number, customer=customer, at=at, source=source, terms=terms)


class Crowd:
    """Issues that are compared with one another; it does not matter in which order.

    An issue is compared with those that share its rarest words, the oldest first and
    not more than three hundred: of two thousand that takes a millisecond or two.
    """

    def __init__(self, members: Iterable[Traits]) -> None:
        self._members = {member.number: member for member in members}
        self._having: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for number in sorted(self._members):
            for term, weight in self._members[number].terms.items():
                self._having[term][number] = weight
        for term, having in self._having.items():
            rarity = self._rarity(term)
            self._having[term] = {
                who: rarity * weight for who, weight in having.items()
            }
        self._squares: defaultdict[int, float] = defaultdict(float)
        for having in self._having.values():
            for number, weight in having.items():
                self._squares[number] += weight**2

    def like(self, number: int, limit: int = 10) -> tuple[Alike, ...]:
        """Return which members this one is like, the most alike first, then the oldest.

        Another issue of the same customer is no sign of a common cause.
        """
        one = self._members[number]
        scored = (
            (self._score(one, self._members[other], dot), other)
            for other, dot in self._dots(one).items()
            if _may_share_a_cause(one, self._members[other])
        )
        best = sorted((-score, other) for score, other in scored if score >= ALIKE)
        found = (
            Alike(number=other, score=-score, because=self._because(one, other))
            for score, other in best
            if self._evidence(one, other) >= _EVIDENCE
        )
        return tuple(islice(found, limit))

    def _dots(self, one: Traits) -> dict[int, float]:
        near = self._near(one)
        dots: defaultdict[int, float] = defaultdict(float)
        for term in one.terms:
            having = self._having[term]
            own = having[one.number]
            for number in near & having.keys():
                dots[number] += own * having[number]
        return dots

    def _near(self, one: Traits) -> set[int]:
        """Return whom to compare with: the oldest that say the rarest of its words."""
        near = {one.number}
        for term in sorted(one.terms, key=lambda term: (len(self._having[term]), term)):
            for number in self._having[term]:
                near.add(number)
                if len(near) > _NEAR:
                    return near
        return near

    def _score(self, one: Traits, other: Traits, dot: float) -> float:
        """Mean of how much both have in common and how much of the shorter is shared.

        The first alone would never find a short cry in a long letter, the second would
        find it in every one.
        """
        squares = self._squares[one.number], self._squares[other.number]
        common = dot / sqrt(squares[0] * squares[1])
        inside = min(1.0, dot / min(squares))
        score = sqrt(common * inside) + _SAME_SOURCE * (one.source == other.source)
        return round(min(1.0, score), 3)

    def _evidence(self, one: Traits, other: int) -> float:
        return sum(min(1.0, weight) for weight in self._shared(one, other).values())

    def _because(self, one: Traits, other: int) -> tuple[str, ...]:
        shared = self._shared(one, other)
        return tuple(sorted(shared, key=lambda term: (-shared[term], term))[:_NAMED])

    def _shared(self, one: Traits, other: int) -> dict[str, float]:
        """Return what both say and how much it says: words and tags, not pairs."""
        shared = one.terms.keys() & self._members[other].terms.keys()
        return {
            term: self._having[term][one.number]
            for term in shared
            if _PAIRED not in term
        }

    def _rarity(self, term: str) -> float:
        """Return 1 for what nobody else says, down to a half for what all say."""
        many = len(self._members)
        return 1.0 - 0.5 * len(self._having[term]) / many if many >= _CROWD else 1.0


def _may_share_a_cause(one: Traits, other: Traits) -> bool:
    return one.customer != other.customer and abs(one.at - other.at) <= WITHIN


def _told(text: str) -> Iterator[str]:
    """Yield the words that say something, each as what it is about."""
    for word in _WORD.findall(normalise(text).replace("'", "").replace("’", "")):
        if word in COURTESIES:
            continue
        if word.isdigit() and not _SHORTEST <= len(word) <= _LONGEST_CODE:
            continue  # an order's number is its own; an error's is everybody's
        told = _meaning(word)
        if len(told) >= _SHORTEST and told not in COURTESIES:
            yield told


def _meaning(word: str) -> str:
    forms = list(_forms(word))
    return next((CONCEPTS[form] for form in forms if form in CONCEPTS), forms[-1])


def _forms(word: str) -> Iterator[str]:
    """Yield a word and what may be left of it without endings; the last is its stem."""
    yield word
    if word.isascii():
        yield _latin_stem(word)
        return
    for before in _BEFORE:
        if word.startswith(before) and len(word) - len(before) >= _SHORTEST:
            word = word.removeprefix(before)
            break
    yield word
    for behind in _BEHIND:
        least = _SHORTEST if len(behind) == 1 else _SHORTEST - 1
        if word.endswith(behind) and len(word) - len(behind) >= least:
            word = word.removesuffix(behind)
            break
    yield word


def _latin_stem(word: str) -> str:
    for behind, instead in _LATIN_BEHIND:
        if word.endswith(behind) and len(word) - len(behind) >= _SHORTEST:
            return (word.removesuffix(behind) + instead).removesuffix("e")
    return word.removesuffix("e") if len(word) > _SHORTEST + 1 else word


def _weight(word: str) -> float:
    return _SAYS_LITTLE if word in EVERYDAY else 1.0
