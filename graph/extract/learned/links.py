"""Candidates for relations: pairs of entities whose mentions lie near, with their features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from graph.extract.draft import Draft, RelationDraft
from graph.extract.learned.pairs import (
    ENTITY,
    FIRST,
    JOINED,
    LABELS,
    LAST,
    PASSAGE,
    PREDICATES,
    TYPE,
    Place,
    lie,
    near,
)
from graph.extract.learned.words import KINDS, Doubles, Floats, Integers, token_span
from graph.extract.passages import Prose
from graph.extract.rules import Reading

SPEAKER = LABELS.index("speaker")
ADDRESSEE = LABELS.index("addressee")
# Words before the second mention that tell how it is joined to the first.
_JOINTS = (
    *("for", "to", "of", "by", "in", "with", "and", "the", "a", "at", "on", "from", "through"),
    *("under", "between", "via", "as", "into", ",", "(", "'", "'s", "that", "which", "while"),
    *("or", "including", "within", "its", "their"),
)
_JOINT = {word: index for index, word in enumerate(_JOINTS)}
# How far ahead of others a link is where there are none.
_ALONE = 9.0
# Tags of what is counted between two mentions.
_COUNTED = ("V", ",C", "PT")
_ITEM = KINDS.index("item")
# Of how many mentions of an entity the closest is sought.
_LOOKED = 30


@dataclass(frozen=True, slots=True)
class Placed:
    """Mentions of the kept entities, the pairs of them that lie near, and what the encoder says.

    `pairs` [m, 5] are two places, the words [from, to) between them and how they lie; `labels` the
    encoder's scores of each pair and label, before they become probabilities.
    """

    prose: Prose
    entities: Sequence[Draft]
    places: Sequence[Place]
    columns: Integers
    pairs: Integers
    labels: Floats
    stances: Floats
    contents: Sequence[int]


# Columns of links, before the last, which is the best pair of mentions.
SUBJECT, LABEL, OBJECT = range(3)


def places_of(prose: Prose, entities: Sequence[Draft]) -> list[Place]:
    """The mentions of entities; `entity` is the index of each."""
    return [
        Place(number, d.type, *token_span(prose, start, end), prose.passage_at(start))
        for number, d in enumerate(entities)
        for start, end in d.mentions
    ]


def questions(
    prose: Prose, places: Sequence[Place], table: Integers, wanted: Iterable[tuple[int, int]]
) -> tuple[list[int], Integers, Integers, Integers]:
    """Contents to ask the encoder about, and the three arrays that its head takes.

    `table` holds the columns of the places. `wanted` are entities that the rules relate: their
    closest mentions are a pair, however far.
    """
    pairs = near(prose, table)
    pairs = np.concatenate([pairs, _distant(places, table[pairs, ENTITY], wanted)])
    contents = [i for i, p in enumerate(places) if p.type in ("Goal", "Instrument")]
    spans = [prose.passages[places[i].passage] for i in contents]
    return (
        contents,
        np.stack([table[:, FIRST], table[:, LAST] - 1, table[:, TYPE]], 1),
        np.concatenate([pairs, lie(table, pairs)], 1),
        _array([(i, s.first, s.last) for i, s in zip(contents, spans, strict=True)], 3),
    )


def _distant(
    places: Sequence[Place], held: Integers, wanted: Iterable[tuple[int, int]]
) -> Integers:
    """The closest mentions of wanted entities that are not held."""
    by_entity: dict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        by_entity[place.entity].append(index)
    return _array(
        [
            min(
                (
                    (a, b)
                    for a in by_entity[subject][:_LOOKED]
                    for b in by_entity[object_][:_LOOKED]
                ),
                key=lambda ab: (abs(places[ab[0]].first - places[ab[1]].first), ab),
            )
            for subject, object_ in sorted(set(wanted).difference(map(tuple, held.tolist())))
        ],
        2,
    )


def _array(rows: Sequence[Sequence[int]], width: int) -> Integers:
    return np.array(rows, np.int64).reshape(-1, width)


def candidates(placed: Placed, rules: Mapping[tuple[int, int, int], str], least: float) -> Integers:
    """Links [n, 4] that the types allow and the rules found or the encoder gives this score.

    Each stands at the pair of mentions with the best score, the first of several; they are in the
    order of subject, label and object. Nothing is linked to what is called the same: a fund that
    is a body too does not implement itself.
    """
    one, other = (placed.columns[placed.pairs[:, end]] for end in (0, 1))
    row, label = np.nonzero(JOINED[one[:, TYPE], other[:, TYPE], : len(PREDICATES)])
    score = placed.labels[row, label]
    ends = _keys(placed, one[row, ENTITY], label, other[row, ENTITY])
    ranks = np.lexsort((row, -score, ends))
    ends, first = np.unique(ends[ranks], return_index=True)
    best = ranks[first]
    kept = (score[best] >= least) | np.isin(ends, _keys(placed, *_array(list(rules), 3).T))
    best = best[kept]
    found = np.stack([one[row[best], ENTITY], label[best], other[row[best], ENTITY], row[best]], 1)
    size = len(placed.entities)
    same = [a * size + b for a, b in _namesakes(placed)]
    return found[~np.isin(found[:, SUBJECT] * size + found[:, OBJECT], same)]


def _namesakes(placed: Placed) -> Iterator[tuple[int, int]]:
    """Entities that share a wording, both ways."""
    called: dict[str, set[int]] = defaultdict(set)
    for place in placed.places:
        called[" ".join(placed.prose.lowers[place.first : place.last])].add(place.entity)
    for entities in called.values():
        yield from permutations(entities, 2)


def _keys(placed: Placed, subject: Integers, label: Integers, object_: Integers) -> Integers:
    """One number for each subject, label and object, which sorts as they do."""
    return (subject * len(LABELS) + label) * len(placed.entities) + object_


def told(reading: Reading, entities: Sequence[Draft]) -> dict[tuple[int, int, int], str]:
    """The rules' relations between kept entities -> the rule that found each."""
    match = matches(reading, entities)
    found: dict[tuple[int, int, int], str] = {}
    for r in reading.relations:
        subject, object_ = match.get(r.subject), match.get(r.object)
        if subject is not None and object_ is not None and subject != object_:
            key = (subject, PREDICATES.index(r.predicate), object_)
            found.setdefault(key, r.rule)
    return found


def matches(reading: Reading, entities: Sequence[Draft]) -> dict[Draft, int]:
    """The rules' entities -> the kept entity of the same type that shares most words with each."""
    prose = reading.prose
    owner: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, entity in enumerate(entities):
        for start, end in entity.mentions:
            for token in range(*token_span(prose, start, end)):
                owner[entity.type, token].add(number)
    found: dict[Draft, int] = {}
    for draft in reading.entities:
        votes: dict[int, int] = defaultdict(int)
        for start, end in draft.mentions:
            for token in range(*token_span(prose, start, end)):
                for number in owner.get((draft.type, token), ()):
                    votes[number] += 1
        if votes:
            found[draft] = max(sorted(votes), key=lambda n: votes[n])
    return found


def features(
    placed: Placed,
    links: Integers,
    rules: Mapping[tuple[int, int, int], str],
    precision: Mapping[tuple[str, str], float],
    sure: Sequence[float],
) -> Floats:
    """One row for each link; `sure` is the probability of each entity."""
    prose, size = placed.prose, len(placed.entities)
    subject, label, object_, pair = links.T
    a, b, start, stop, gap = placed.pairs[pair].T
    one, other = placed.columns[a], placed.columns[b]
    score = placed.labels[pair, label].astype(np.float64)
    swapped = (one[:, FIRST] > other[:, FIRST]) | (
        (one[:, FIRST] == other[:, FIRST]) & (one[:, LAST] > other[:, LAST])
    )
    left, right = np.where(swapped[:, None], other, one), np.where(swapped[:, None], one, other)
    mean, many = _over_all(placed, links)
    kinds = np.array([KINDS.index(p.kind) for p in prose.passages], np.int64)
    led = np.array([p.lead is not None for p in prose.passages], bool)
    joints = np.array([_JOINT.get(word, len(_JOINTS)) for word in prose.lowers], np.int64)
    # Before the first word and behind the last there is none.
    joints = np.concatenate([[-1, -1], joints, [-1]])
    mentions = np.array([len(e.mentions) for e in placed.entities], np.int64)
    certain = np.array(sure, np.float64)
    columns_ = [
        score,
        mean,
        many,
        _ahead(subject * len(LABELS) + label, score),
        _ahead(object_ * len(LABELS) + label, score),
        _ahead(np.minimum(subject, object_) * size + np.maximum(subject, object_), score),
        *_by_rules(placed, links, rules, precision),
        certain[subject],
        certain[object_],
        gap,
        np.minimum(abs(other[:, FIRST] - one[:, FIRST]), 80),
        one[:, PASSAGE] - other[:, PASSAGE],
        one[:, FIRST] < other[:, FIRST],
        one[:, TYPE],
        other[:, TYPE],
        kinds[one[:, PASSAGE]],
        joints[right[:, FIRST] + 1],
        joints[right[:, FIRST]],
        joints[left[:, LAST] + 2],
        *_counts(prose, start, stop),
        placed.labels[pair, SPEAKER],
        mentions[subject],
        mentions[object_],
        np.full(len(links), min(size, 200)),
        led[one[:, PASSAGE]] & (kinds[other[:, PASSAGE]] != _ITEM),
        *(label == number for number in range(len(PREDICATES))),
    ]
    return np.column_stack(columns_).astype(np.float32)


def _over_all(placed: Placed, links: Integers) -> tuple[Doubles, Integers]:
    """Over all pairs of mentions of the two entities: the mean score, and how many there are."""
    size = len(placed.entities)
    one, other = (placed.columns[placed.pairs[:, end], ENTITY] for end in (0, 1))
    ends, group, many = np.unique(one * size + other, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    starts = np.cumsum(many) - many
    own = np.searchsorted(ends, links[:, SUBJECT] * size + links[:, OBJECT])
    if not len(order):
        return np.zeros(0), many[own]
    sums: Doubles = np.add.reduceat(placed.labels[order].astype(np.float64), starts, axis=0)
    return sums[own, links[:, LABEL]] / many[own], many[own]


def _ahead(keys: Integers, scores: Doubles) -> Doubles:
    """How much better or worse each score is than the best other one of the same key."""
    order = np.lexsort((-scores, keys))
    _, group, many = np.unique(keys, return_inverse=True, return_counts=True)
    starts = np.cumsum(many) - many
    best = scores[order[starts]]
    second = np.where(many > 1, scores[order[np.minimum(starts + 1, len(order) - 1)]], 0)
    found = np.where(scores == best[group], scores - second[group], scores - best[group])
    return np.where(many[group] > 1, found, _ALONE)


def _by_rules(
    placed: Placed,
    links: Integers,
    rules: Mapping[tuple[int, int, int], str],
    precision: Mapping[tuple[str, str], float],
) -> tuple[Doubles, Doubles, Integers, Integers]:
    """What the rules say of each link.

    Whether they told it, how often the rule that did is right, and how many other relations they
    told of its ends, and of them the other way round.
    """
    size = len(placed.entities)
    subject, label, object_, _ = links.T
    told = _array(list(rules), 3)
    right = np.array(
        [precision.get((PREDICATES[label], rule), 0.3) for (_, label, _), rule in rules.items()]
    )
    own = np.zeros(len(links))
    worth = np.zeros(len(links))
    keys, wanted = _keys(placed, subject, label, object_), _keys(placed, *told.T)
    # Links are in the order of their keys.
    at = np.searchsorted(keys, wanted)
    there = np.isin(wanted, keys)
    own[at[there]], worth[at[there]] = 1, right[there]
    ends = np.sort(told[:, 0] * size + told[:, 2])
    forth, back = (
        np.searchsorted(ends, key, "right") - np.searchsorted(ends, key, "left")
        for key in (subject * size + object_, object_ * size + subject)
    )
    return own, worth, forth - own, back


def _counts(prose: Prose, start: Integers, stop: Integers) -> Iterator[Integers]:
    """How many verbs, joints and prepositions there are among the words [start, stop)."""
    for tags in _COUNTED:
        sums = np.cumsum([0, *(tag in tags for tag in prose.tags)])
        yield sums[stop] - sums[start]


def as_drafts(placed: Placed, links: Iterable[Sequence[int]]) -> list[RelationDraft]:
    """The links as relations, on the passage of the later of the two mentions' subject."""
    found = []
    for subject, label, object_, pair in links:
        a, b = placed.pairs[pair, :2].tolist()
        found.append(
            RelationDraft(
                placed.entities[subject],
                PREDICATES[label],
                placed.entities[object_],
                max(placed.places[a].passage, placed.places[b].passage),
                "learned",
            )
        )
    return found
