"""Candidates for mentions: what the rules marked and what the encoder sees, with their features."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.extract.draft import Draft
from graph.extract.learned.words import _TAG, KINDS, TYPES, Floats, token_span
from graph.extract.passages import Prose
from graph.extract.policy import policy_surplus
from graph.extract.rules import Reading
from graph.records import ACTOR_TYPES, EntityType

# A mention begins where the encoder gives "begin" this much, and ends where "inside" falls below
# one of these: two readings of its end where the encoder wavers.
_BEGINS, _GOES_ON = 0.15, (0.5, 0.25)
_LONGEST = 40
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


def candidates(reading: Reading, chance: Floats) -> list[Candidate]:
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
    for type_, first, last in _seen(prose, chance):
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


def features(
    reading: Reading,
    chance: Floats,
    found: Sequence[Candidate],
    precision: Mapping[tuple[str, str], float],
) -> Floats:
    """One row for each candidate; `precision` is that of the rules by type and rule."""
    prose = reading.prose
    log = np.log(np.maximum(chance, 1e-4))
    inside = np.concatenate([np.zeros((1, len(TYPES)), np.float32), log[:, :, 2].cumsum(0)])
    stays = np.log(np.maximum(1 - chance[:, :, 2], 1e-4))
    surplus = policy_surplus(prose)
    near = _Marked(found)
    rows = np.zeros((len(found), 25 + 2 * len(TYPES)), np.float32)
    probable: list[float] = []
    for c in found:
        t = TYPES.index(c.type)
        within = float(inside[c.last, t] - inside[c.first + 1, t])
        closed = float(stays[c.last, t]) if c.last < len(prose.words) else 0.0
        probable.append(float(log[c.first, t, 1]) + within + closed)
    texts = [" ".join(prose.lowers[c.first : c.last]) for c in found]
    best: dict[tuple[str, str], float] = defaultdict(lambda: -99.0)
    for c, text, p in zip(found, texts, probable, strict=True):
        best[c.type, text] = max(best[c.type, text], p)
    count = Counter((c.type, text) for c, text in zip(found, texts, strict=True))
    size = max(len(prose.passages), 1)
    for index, c in enumerate(found):
        t = TYPES.index(c.type)
        same, other = near.of(c)
        group = [i for i, name in enumerate(TYPES) if GROUPS[name] != GROUPS[c.type]]
        least = log[c.first + 1 : c.last, t, 2].min() if c.last > c.first + 1 else 0.0
        passage = prose.passages[c.passage]
        key = (c.type, texts[index])
        rows[index, :25] = (
            c.draft is not None,
            precision.get((c.type, c.draft.rule), 0.5) if c.draft else 0,
            same,
            other,
            log[c.first, t, 1],
            least,
            stays[c.last, t] if c.last < len(prose.words) else 0,
            probable[index],
            chance[c.first, group, 1:].sum(-1).max(),
            chance[c.first : c.last, t, 1:].sum(-1).mean(),
            c.last - c.first,
            _tag(prose, c.first - 1) if c.first > passage.first else -1,
            _tag(prose, c.first),
            _tag(prose, c.last - 1),
            _tag(prose, c.last) if c.last < passage.last else -1,
            KINDS.index(passage.kind),
            max(min(surplus[c.passage], 10), -5),
            c.passage / size,
            count[key],
            best[key],
            min(size, 200),
            c.first == passage.first,
            c.last == passage.last,
            _share_upper(prose, c),
            bool(c.draft and c.draft.authority),
        )
        rows[index, 25 + t] = 1
        rows[index, 25 + len(TYPES) :] = chance[c.first : c.last, :, 1:].sum(-1).max(0)
    return rows


def _tag(prose: Prose, token: int) -> int:
    return _TAG.get(ord(prose.tags[token]), len(_TAG))


def _share_upper(prose: Prose, c: Candidate) -> float:
    words = prose.words[c.first : c.last]
    return sum(w[0].isupper() for w in words) / len(words)


class _Marked:
    """The rules' mentions by passage, asked how far a span overlaps with them."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        self._by_passage: dict[int, list[Candidate]] = defaultdict(list)
        for c in found:
            if c.draft is not None:
                self._by_passage[c.passage].append(c)

    def of(self, c: Candidate) -> tuple[float, float]:
        """Greatest overlap with a mention of the same group, and with one of another."""
        same = other = 0.0
        for marked in self._by_passage[c.passage]:
            share = overlap((c.start, c.end), (marked.start, marked.end))
            if GROUPS[marked.type] == GROUPS[c.type]:
                same = max(same, share)
            else:
                other = max(other, share)
        return same, other
