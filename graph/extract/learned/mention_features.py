"""What a judge is told of each candidate for a mention, one row each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from graph.extract.learned.spans import GROUPS, SAME, Candidate, Marks
from graph.extract.learned.words import _TAG, KINDS, TYPES, Floats, Integers
from graph.extract.passages import Prose
from graph.extract.policy import policy_surplus
from graph.extract.rules import Reading

_NUMBER = {name: index for index, name in enumerate(TYPES)}
_NAMES = sorted(set(GROUPS.values()))
# [types, types]: whether two types are of one group.
_ALIKE = np.array([[GROUPS[a] == GROUPS[b] for b in TYPES] for a in TYPES])
_GROUP = np.array([_NAMES.index(GROUPS[t]) for t in TYPES])
_LOW = 1e-4


def features(
    reading: Reading,
    chance: Floats,
    marks: Marks,
    found: Sequence[Candidate],
    precision: Mapping[tuple[str, str], float],
) -> Floats:
    """One row for each candidate; `precision` is that of the rules by type and rule."""
    if not found:
        return np.zeros((0, 32 + 2 * len(TYPES)), np.float32)
    first, last = (np.array([getattr(c, end) for c in found]) for end in ("first", "last"))
    types = np.array([_NUMBER[c.type] for c in found])
    spans = marks.of(first, last)
    tags, most = _of_tags(chance, first, last, types)
    told = np.array(
        [
            (
                c.draft is not None,
                precision.get((c.type, c.draft.rule), 0.5) if c.draft else 0,
                bool(c.draft and c.draft.authority),
            )
            for c in found
        ],
        np.float32,
    )
    return np.column_stack(
        [
            told,
            tags,
            _of_place(reading.prose, found),
            _of_words(reading.prose, found, tags[:, 3]),
            _of_marks(spans, types),
            _crowds(found, types, np.where(_ALIKE[types], spans, 0).max(1)),
            types[:, None] == np.arange(len(TYPES)),
            most,
        ]
    ).astype(np.float32)


def _of_tags(
    chance: Floats, first: Integers, last: Integers, types: Integers
) -> tuple[Floats, Floats]:
    """What begin and inside say of each span, and the most that any word has of each type."""
    log = np.log(np.maximum(chance, _LOW))
    inside = log[:, :, 2]
    sums = np.concatenate([np.zeros((1, len(TYPES)), np.float32), inside.cumsum(0)])
    # The word behind the last one of the text is inside of nothing.
    stays = np.log(np.maximum(1 - chance[:, :, 2], _LOW))
    stays = np.concatenate([stays, np.zeros((1, len(TYPES)), np.float32)])
    marked = chance[:, :, 1] + chance[:, :, 2]
    totals = np.concatenate([np.zeros((1, len(TYPES)), np.float32), marked.cumsum(0)])
    begins = log[first, types, 1]
    closed = stays[last, types]
    least = _over(np.minimum, inside, first + 1, last)[np.arange(len(first)), types]
    columns = [
        begins,
        np.where(last > first + 1, least, 0),
        closed,
        begins + sums[last, types] - sums[first + 1, types] + closed,
        np.where(_ALIKE[types], 0, marked[first]).max(1),
        (totals[last, types] - totals[first, types]) / (last - first),
        last - first,
    ]
    return np.column_stack(columns), _over(np.maximum, marked, first, last)


def _over(ufunc: np.ufunc, values: Floats, first: Integers, last: Integers) -> Floats:
    """The least or greatest of the rows [first, last) each; of no rows, the row first."""
    padded = np.concatenate([values, values[-1:], values[-1:]])
    bounds = np.stack([first, np.maximum(last, first + 1)], 1).reshape(-1)
    found: Floats = ufunc.reduceat(padded, bounds, axis=0)[::2]
    return found


def _of_place(prose: Prose, found: Sequence[Candidate]) -> Floats:
    """Where each stands: the tags around it, its passage, its place in the text."""
    surplus, size = policy_surplus(prose), max(len(prose.passages), 1)
    tags = [_TAG.get(ord(tag), len(_TAG)) for tag in prose.tags]
    rows = []
    for c in found:
        passage = prose.passages[c.passage]
        rows.append(
            (
                tags[c.first - 1] if c.first > passage.first else -1,
                tags[c.first],
                tags[c.last - 1],
                tags[c.last] if c.last < passage.last else -1,
                KINDS.index(passage.kind),
                max(min(surplus[c.passage], 10), -5),
                c.passage / size,
                min(size, 200),
                c.first == passage.first,
                c.last == passage.last,
            )
        )
    return np.array(rows, np.float32)


def _of_words(prose: Prose, found: Sequence[Candidate], probable: Floats) -> Floats:
    """How often the words are a candidate, how probable at best, and their capitals."""
    keys = [(c.type, tuple(prose.lowers[c.first : c.last])) for c in found]
    best: dict[tuple[str, tuple[str, ...]], float] = defaultdict(lambda: -99.0)
    for key, p in zip(keys, probable.tolist(), strict=True):
        best[key] = max(best[key], p)
    count = Counter(keys)
    upper = np.cumsum([0, *(word[0].isupper() for word in prose.words)]).tolist()
    return np.array(
        [
            (count[key], best[key], (upper[c.last] - upper[c.first]) / (c.last - c.first))
            for c, key in zip(found, keys, strict=True)
        ],
        np.float32,
    )


def _of_marks(spans: Floats, types: Integers) -> Floats:
    """What the encoder gives each span: as its type, as its group, as any other group."""
    own = _ALIKE[types]
    chances = np.column_stack(
        [
            spans[np.arange(len(types)), types],
            np.where(own, spans, 0).max(1),
            np.where(own, 0, spans).max(1),
        ]
    )
    odds: Floats = np.log(np.maximum(chances, _LOW) / np.maximum(1 - chances, _LOW))
    return odds


def _crowds(found: Sequence[Candidate], types: Integers, likely: Floats) -> Floats:
    """How each overlaps with the other candidates of its passage.

    First with what the rules marked: the greatest share with one of its group, and of another.
    Then with the candidates of its group, by what the encoder gives them: those that share half of
    their characters and more, how much together and the best; the best of those that share less;
    and how many share half.
    """
    rows = np.zeros((len(found), 6), np.float32)
    start, end = (np.array([getattr(c, name) for c in found]) for name in ("start", "end"))
    ruled = np.array([c.draft is not None for c in found])
    group = _GROUP[types]
    # One span may be there with several types of its group; it counts once.
    _, where = np.unique(np.stack([start, end, group], 1), axis=0, return_index=True)
    alone = np.zeros(len(found), bool)
    alone[where] = True
    for _, members in groupby(range(len(found)), key=lambda i: found[i].passage):
        these = np.fromiter(members, np.int64)
        a, b = start[these], end[these]
        shared = np.minimum(b[:, None], b) - np.maximum(a[:, None], a)
        share = np.maximum(shared, 0) / (np.maximum(b[:, None], b) - np.minimum(a[:, None], a))
        own = group[these][:, None] == group[these]
        near = (share >= SAME) & own
        p = likely[these]
        rows[these] = np.column_stack(
            [
                (share * (ruled[these] & own)).max(1),
                (share * (ruled[these] & ~own)).max(1),
                (near * (p * alone[these])).sum(1),
                (near * (share < 1) * p).max(1),
                ((share > 0) * (share < SAME) * own * p).max(1),
                (near & (share < 1)).sum(1),
            ]
        )
    return rows
