"""Which pairs of mentions are looked at, and how they lie to each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

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


def near(prose: Prose, places: Sequence[Place]) -> Iterator[tuple[int, int]]:
    """Ordered pairs of indexes of mentions that may be joined: of one passage or neighbours.

    The passage that opens a list is a neighbour of its items. Mentions more than REACH words apart
    are not joined, so that a text without full stops does not take a time that grows with its
    square.
    """
    by_passage: dict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        by_passage[place.passage].append(index)
    firsts: dict[int, list[tuple[int, int]]] = {
        passage: sorted((places[i].first, i) for i in own) for passage, own in by_passage.items()
    }
    for passage in sorted(by_passage):
        around = {passage, passage + 1}
        lead = prose.passages[passage].lead
        if lead is not None:
            around.add(lead)
        for other in sorted(around & by_passage.keys()):
            for a in by_passage[passage]:
                for b in _within_reach(firsts[other], places[a].first):
                    if a == b or places[a].entity == places[b].entity:
                        continue
                    if joins(places[a].type, places[b].type):
                        yield a, b
                    if other != passage and joins(places[b].type, places[a].type):
                        yield b, a


def _within_reach(firsts: Sequence[tuple[int, int]], first: int) -> list[int]:
    """Indexes of the mentions that begin at most REACH words from here, in order."""
    start = bisect_left(firsts, (first - REACH, 0))
    stop = bisect_left(firsts, (first + REACH + 1, 0))
    return sorted(index for _, index in firsts[start:stop])


def gap(subject: Place, object_: Place) -> int:
    """How two mentions lie to each other, as a number below GAPS."""
    if subject.passage != object_.passage:
        apart = object_.passage - subject.passage
        return (20 if abs(apart) == 1 else 22) + (apart > 0)
    if subject.first <= object_.first and object_.last <= subject.last:
        return 0
    if object_.first <= subject.first and subject.last <= object_.last:
        return 1
    forward = subject.first <= object_.first
    words = object_.first - subject.last if forward else subject.first - object_.last
    size = sum(words >= least for least in _APART)
    return 2 + 2 * size + forward


def between(subject: Place, object_: Place) -> tuple[int, int]:
    """The tokens [from, to) between two mentions of one passage; none where there is no room."""
    left, right = sorted((subject, object_), key=lambda p: (p.first, p.last))
    if subject.passage != object_.passage or right.first <= left.last:
        return 0, 0
    return left.last, right.first
