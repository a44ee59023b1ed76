"""Which pairs of mentions are looked at, and how they lie to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from graph.extract.learned.words import TYPES, Integers
from graph.extract.passages import Prose
from graph.records import ACTOR_TYPES, SIGNATURES, EntityType, Modality, Predicate

PREDICATES: tuple[Predicate, ...] = get_args(Predicate)
# What may join two mentions: the predicates, and two of statements: content to its speaker and
# content to whom it is addressed.
LABELS: tuple[str, ...] = (*PREDICATES, "speaker", "addressee")
MODALITIES: tuple[Modality, ...] = get_args(Modality)
# What may be said of one goal or instrument in its passage; "nobody": the speaker is not named.
STANCES: tuple[str, ...] = (*MODALITIES, "none", "nobody")
# How two mentions lie: within each other, apart by so many words, or passages apart, either way.
GAPS = 24
_APART = (1, 2, 3, 5, 8, 13, 21)
# How many words apart two mentions may begin.
REACH = 150


@dataclass(frozen=True, slots=True)
class Place:
    """A mention: its entity (any number), type, tokens [first, last) and passage."""

    entity: int
    type: EntityType
    first: int
    last: int
    passage: int


def joins(subject: EntityType, object_: EntityType) -> tuple[int, ...]:
    """The labels that may join these types, as indexes into LABELS."""
    return _JOINS.get((subject, object_), ())


def _joins() -> dict[tuple[EntityType, EntityType], tuple[int, ...]]:
    found: dict[tuple[EntityType, EntityType], list[int]] = defaultdict(list)
    for index, predicate in enumerate(PREDICATES):
        subjects, objects = SIGNATURES[predicate]
        for subject in subjects:
            for object_ in objects:
                if predicate != "partOf" or subject == object_:
                    found[subject, object_].append(index)
    for content in ("Goal", "Instrument"):
        for actor in sorted(ACTOR_TYPES):
            found[content, actor] += [LABELS.index("speaker"), LABELS.index("addressee")]
    return {types: tuple(labels) for types, labels in found.items()}


_JOINS = _joins()
# [types, types, labels]: whether the label may join the first type to the second.
JOINED = np.array(
    [[[label in joins(a, b) for label in range(len(LABELS))] for b in TYPES] for a in TYPES]
)
_MAY = np.asarray(JOINED.any(2))


# Columns of places; the type is an index into TYPES.
ENTITY, TYPE, FIRST, LAST, PASSAGE = range(5)


def columns(places: Sequence[Place]) -> Integers:
    """Entity, type, first, last and passage of each place: [places, 5]."""
    return np.array(
        [(p.entity, TYPES.index(p.type), p.first, p.last, p.passage) for p in places], np.int64
    ).reshape(-1, 5)


def near(prose: Prose, places: Integers) -> Integers:
    """Ordered pairs [pairs, 2] of mentions that may be joined: of one passage or neighbours.

    `places` is as `columns` gives it. The passage that opens a list is a neighbour of its items.
    Mentions more than REACH words apart are not joined, so that a text without full stops does not
    take a time that grows with its square.
    """
    entity, type_, first, _, passage = places.T
    order = np.argsort(first, kind="stable")
    ahead = np.searchsorted(first[order], first[order] + REACH, "right") - np.arange(len(order)) - 1
    left = np.repeat(np.arange(len(order)), ahead)
    steps = np.arange(len(left)) - np.repeat(np.cumsum(ahead) - ahead, ahead)
    one, other = order[left], order[left + steps + 1]
    apart = entity[one] != entity[other]
    one, other = one[apart], other[apart]
    p, q = passage[one], passage[other]
    leads = np.array([-1 if x.lead is None else x.lead for x in prose.passages], np.int64)
    same, following, led = p == q, q == p + 1, leads[q] == p
    # By the passage and the neighbour that are looked at, then in the order of the mentions.
    rows = np.concatenate(
        [
            _rows(p, q, one, other, 0)[same],
            _rows(p, q, other, one, 0)[same],
            _rows(p, q, one, other, 0)[following],
            _rows(p, q, one, other, 1)[following],
            _rows(q, p, other, one, 0)[led],
            _rows(q, p, other, one, 1)[led],
        ]
    )
    back = rows[:, 4] == 1
    subject, object_ = (
        np.where(back, rows[:, 3], rows[:, 2]),
        np.where(back, rows[:, 2], rows[:, 3]),
    )
    pairs: Integers = np.stack([subject, object_], 1)[np.lexsort(rows.T[::-1])]
    allowed: Integers = pairs[_MAY[type_[pairs[:, 0]], type_[pairs[:, 1]]]]
    return allowed


def _rows(p: Integers, q: Integers, one: Integers, other: Integers, back: int) -> Integers:
    return np.stack([p, q, one, other, np.full(len(p), back)], 1)


def lie(places: Integers, pairs: Integers) -> Integers:
    """How the mentions of each pair lie to each other: [pairs, 3].

    The tokens [from, to) between two mentions of one passage, nought where there is no room, and
    whether they are within each other or how far apart, either way: a number below GAPS.
    """
    _, _, first, last, passage = places[pairs[:, 0]].T
    _, _, first_, last_, passage_ = places[pairs[:, 1]].T
    ordered = (first < first_) | ((first == first_) & (last <= last_))
    start, stop = np.where(ordered, last, last_), np.where(ordered, first_, first)
    room = (passage == passage_) & (stop > start)
    forward = first <= first_
    words = np.where(forward, first_ - last, first - last_)
    gap = 2 + 2 * np.searchsorted(_APART, words, "right") + forward
    gap = np.where((first_ <= first) & (last <= last_), 1, gap)
    gap = np.where((first <= first_) & (last_ <= last), 0, gap)
    steps = passage_ - passage
    gap = np.where(steps == 0, gap, np.where(abs(steps) == 1, 20, 22) + (steps > 0))
    return np.stack([start * room, stop * room, gap], 1)
