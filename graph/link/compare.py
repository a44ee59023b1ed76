"""How alike two names are, with the reason. Scores propose; they never merge anything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from graph.identifiers import normalise, normalise_wording


@dataclass(frozen=True, slots=True)
class Similarity:
    """A score from 0 to 1 and what it rests on."""

    score: float
    reason: str


def compare(left: str, right: str) -> Similarity:
    """How alike two names are, whichever comes first; 1 only for names that are the same."""
    first, second = sorted((normalise(left), normalise(right)))
    if first == second:
        return Similarity(1.0, "the same name")
    if normalise_wording(left) == normalise_wording(right):
        return Similarity(0.98, "the same words in other forms")
    if sorted(first.split()) == sorted(second.split()):
        return Similarity(0.95, "the same words in another order")
    if is_acronym_of(left, right) or is_acronym_of(right, left):
        return Similarity(0.85, "one is the initials of the other")
    words = _dice(frozenset(first.split()), frozenset(second.split()))
    letters = _dice(trigrams(first), trigrams(second))
    # Below the certain cases: words weigh as much as spelling, so that a misspelt name and a
    # shortened one both come near.
    score = round(0.9 * max(letters, (words + letters) / 2), 3)
    return Similarity(score, "shared words" if words >= letters else "similar spelling")


def is_acronym_of(short: str, full: str) -> bool:
    """Whether the capitals of `short` are the initials of the words of `full`, small words apart.

    >>> is_acronym_of("NIST", "National Institute of Standards and Technology")
    True
    """
    letters = "".join(char for char in short if char.isalnum()).casefold()
    if len(letters) < 2 or " " in short.strip() or not any(map(str.isupper, short)):
        return False
    words = normalise(full).split()
    if len(words) < 2:
        return False
    every = "".join(word[0] for word in words)
    content = "".join(word[0] for word in words if word not in _SMALL)
    return letters in (every, content)


@lru_cache(maxsize=65_536)
def trigrams(text: str) -> frozenset[str]:
    """The runs of three letters of a text, with its edges marked."""
    padded = f"  {text} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


_SMALL = frozenset(("of", "and", "for", "the", "in", "on", "to", "at", "de", "et", "a", "an", "by"))
