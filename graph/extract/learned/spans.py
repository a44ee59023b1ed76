"""Candidates for mentions: what the rules marked and what the encoder sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from graph.extract.draft import Draft
from graph.extract.learned.words import TYPES, Floats, Halves, Integers, token_span
from graph.extract.passages import Prose
from graph.extract.policy import policy_surplus
from graph.extract.rules import Reading
from graph.records import ACTOR_TYPES, EntityType

# A mention begins where the encoder gives "begin" this much, and ends where "inside" falls below
# one of these: two readings of its end where the encoder wavers.
_BEGINS, _GOES_ON = 0.15, (0.5, 0.25)
_LONGEST = 40
# Every span of so many words is looked at, and is a candidate where the encoder gives it this much.
WIDEST, _LEAST = 14, 0.03
# In a passage that falls so far short of policy, the encoder alone names no goal or instrument.
_NO_POLICY = -50
SAME = 0.5

GROUPS: Mapping[EntityType, str] = {t: "Actor" if t in ACTOR_TYPES else t for t in TYPES}


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A possible mention: tokens [first, last), characters [start, end), the rules' draft."""

    type: EntityType
    first: int
    last: int
    start: int
    end: int
    passage: int
    draft: Draft | None


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two character ranges."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def chances(tags: Floats) -> Floats:
    """Probabilities [words, types, outside/begin/inside] of the encoder's scores."""
    scores = tags.reshape(len(tags), len(TYPES), 3)
    raised = np.exp(scores - scores.max(-1, keepdims=True, initial=-1e9))
    found: Floats = raised / raised.sum(-1, keepdims=True)
    return found


def every(prose: Prose) -> tuple[Integers, Integers]:
    """First and last word (exclusive) of every span of at most WIDEST words inside a passage."""
    firsts, lasts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    steps = np.arange(1, WIDEST + 1)
    for passage in prose.passages:
        first = np.arange(passage.first, passage.last)
        last = first[:, None] + steps
        inside = last <= passage.last
        firsts.append(np.broadcast_to(first[:, None], last.shape)[inside])
        lasts.append(last[inside])
    return np.concatenate(firsts), np.concatenate(lasts)


@dataclass(frozen=True, slots=True)
class Marks:
    """The encoder's probability of each span [spans, types], and where the spans of a word begin.

    The spans of a word are in the order of their width, as `every` gives them.
    """

    first: Integers
    last: Integers
    chance: Halves
    at: Integers

    def of(self, first: Integers, last: Integers) -> Floats:
        """Probabilities [spans, types] of some spans; nought for one that is too wide."""
        if not len(self.last):
            return np.zeros((len(first), len(TYPES)), np.float32)
        rows = np.minimum(self.at[first] + last - first - 1, len(self.last) - 1)
        known = self.last[rows] == last
        return np.where(known[:, None], self.chance[rows], 0).astype(np.float32)


def marks(prose: Prose, score: Callable[[Integers, Integers], Halves]) -> Marks:
    """What the encoder says of every span; `score` gives its probabilities."""
    first, last = every(prose)
    at = np.searchsorted(first, np.arange(len(prose.words) + 1))
    return Marks(first, last, score(first, last), at)


def candidates(reading: Reading, chance: Floats, marks: Marks) -> list[Candidate]:
    """Mentions of the rules and of the encoder, each once, in the order of the text."""
    prose = reading.prose
    found: dict[tuple[int, int, EntityType], Candidate] = {}
    for draft in reading.entities:
        for start, end in draft.mentions:
            first, last = token_span(prose, start, end)
            place = prose.passage_at(start)
            found.setdefault(
                (start, end, draft.type),
                Candidate(draft.type, first, last, start, end, place, draft),
            )
    surplus = policy_surplus(prose)
    marked, types = np.divmod(np.flatnonzero(marks.chance >= _LEAST), len(TYPES))
    told = zip(
        (TYPES[t] for t in types.tolist()),
        marks.first[marked].tolist(),
        marks.last[marked].tolist(),
        strict=True,
    )
    for type_, first, last in chain(_seen(prose, chance), told):
        start, end = prose.starts[first], prose.ends[last - 1]
        place = prose.passage_at(start)
        if type_ in ("Goal", "Instrument") and surplus[place] < _NO_POLICY:
            continue
        found.setdefault(
            (start, end, type_), Candidate(type_, first, last, start, end, place, None)
        )
    return [found[key] for key in sorted(found)]


def _seen(prose: Prose, chance: Floats) -> Iterator[tuple[EntityType, int, int]]:
    """Spans that the encoder marks, type by type; none crosses a passage."""
    ends = np.zeros(len(prose.words) + 1, np.int64)
    for passage in prose.passages:
        ends[passage.first : passage.last] = passage.last
    for column, type_ in enumerate(TYPES):
        begin, inside = chance[:, column, 1], chance[:, column, 2]
        for first in np.flatnonzero(begin >= _BEGINS).tolist():
            limit = min(int(ends[first]), first + _LONGEST)
            reached = set()
            for least in _GOES_ON:
                last = first + 1
                while last < limit and inside[last] >= least and begin[last] < 0.5:
                    last += 1
                reached.add(last)
            for last in sorted(reached):
                yield type_, first, last
