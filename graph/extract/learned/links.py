"""Candidates for relations: pairs of entities whose mentions lie near, with their features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.extract.draft import Draft, RelationDraft
from graph.extract.learned.pairs import LABELS, PREDICATES, Place, between, gap, joins, near
from graph.extract.learned.words import KINDS, TYPES, Floats, Integers, token_span
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
_LOW = -9.0
# Of how many mentions of an entity the closest is sought.
_LOOKED = 30


@dataclass(frozen=True, slots=True)
class Placed:
    """Mentions of the kept entities, the pairs of them that lie near, and what the encoder says.

    `labels` are the encoder's scores of each pair and label, before they become probabilities.
    """

    prose: Prose
    entities: Sequence[Draft]
    places: Sequence[Place]
    pairs: Sequence[tuple[int, int]]
    labels: Floats
    stances: Floats
    contents: Sequence[int]


@dataclass(frozen=True, slots=True)
class Link:
    """A possible relation by the numbers of its entities, and its best pair of mentions."""

    subject: int
    label: int
    object: int
    pair: int


def places_of(prose: Prose, entities: Sequence[Draft]) -> list[Place]:
    """The mentions of entities; `entity` is the index of each."""
    return [
        Place(number, d.type, *token_span(prose, start, end), prose.passage_at(start))
        for number, d in enumerate(entities)
        for start, end in d.mentions
    ]


def questions(
    prose: Prose, places: Sequence[Place], wanted: Iterable[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[int], Integers, Integers, Integers]:
    """Pairs and contents to ask the encoder about, and the three arrays that its head takes.

    `wanted` are entities that the rules relate: their closest mentions are a pair, however far.
    """
    pairs = list(near(prose, places))
    pairs += _distant(places, pairs, wanted)
    contents = [i for i, p in enumerate(places) if p.type in ("Goal", "Instrument")]
    spans = [prose.passages[places[i].passage] for i in contents]
    return (
        pairs,
        contents,
        _array([(p.first, p.last - 1, TYPES.index(p.type)) for p in places], 3),
        _array(
            [(a, b, *between(places[a], places[b]), gap(places[a], places[b])) for a, b in pairs], 5
        ),
        _array([(i, s.first, s.last) for i, s in zip(contents, spans, strict=True)], 3),
    )


def _distant(
    places: Sequence[Place], pairs: Sequence[tuple[int, int]], wanted: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The closest mentions of wanted entities that no pair holds."""
    held = {(places[a].entity, places[b].entity) for a, b in pairs}
    by_entity: dict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        by_entity[place.entity].append(index)
    return [
        min(
            ((a, b) for a in by_entity[subject][:_LOOKED] for b in by_entity[object_][:_LOOKED]),
            key=lambda ab: (abs(places[ab[0]].first - places[ab[1]].first), ab),
        )
        for subject, object_ in sorted(set(wanted) - held)
    ]


def _array(rows: Sequence[Sequence[int]], width: int) -> Integers:
    return np.array(rows, np.int64).reshape(-1, width)


def candidates(
    placed: Placed, rules: Mapping[tuple[int, int, int], str], least: float
) -> list[Link]:
    """Relations that the types allow and the rules found or the encoder gives this score.

    Each stands at the pair of mentions with the best score.
    """
    best: dict[tuple[int, int, int], int] = {}
    for row, (a, b) in enumerate(placed.pairs):
        subject, object_ = placed.places[a], placed.places[b]
        for label in joins(subject.type, object_.type):
            if label >= len(PREDICATES):
                continue
            key = (subject.entity, label, object_.entity)
            old = best.get(key)
            if old is None or placed.labels[row, label] > placed.labels[old, label]:
                best[key] = row
    return [
        Link(subject, label, object_, row)
        for (subject, label, object_), row in sorted(best.items())
        if placed.labels[row, label] >= least or (subject, label, object_) in rules
    ]


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
    links: Sequence[Link],
    rules: Mapping[tuple[int, int, int], str],
    precision: Mapping[tuple[str, str], float],
    sure: Sequence[float],
) -> Floats:
    """One row for each link; `sure` is the probability of each entity."""
    rivals = _Rivals(placed, links)
    pairs_of: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, (a, b) in enumerate(placed.pairs):
        pairs_of[placed.places[a].entity, placed.places[b].entity].append(row)
    by_pair: dict[tuple[int, int], set[int]] = defaultdict(set)
    for s, label, o in rules:
        by_pair[s, o].add(label)
    mentions = [len(e.mentions) for e in placed.entities]
    rows = np.zeros((len(links), 30 + len(PREDICATES)), np.float32)
    for index, link in enumerate(links):
        a, b = placed.pairs[link.pair]
        subject, object_ = placed.places[a], placed.places[b]
        score = float(placed.labels[link.pair, link.label])
        own = pairs_of[link.subject, link.object]
        rule = rules.get((link.subject, link.label, link.object))
        passage = placed.prose.passages[subject.passage]
        between_ = between(subject, object_)
        tags = placed.prose.tags[between_[0] : between_[1]]
        left, right = sorted((subject, object_), key=lambda p: (p.first, p.last))
        rows[index, :30] = (
            score,
            sum(float(placed.labels[row, link.label]) for row in own) / len(own),
            len(own),
            rivals.of_subject(link, score),
            rivals.of_object(link, score),
            rivals.of_pair(link, score),
            rule is not None,
            precision.get((PREDICATES[link.label], rule), 0.3) if rule else 0,
            len(by_pair[link.subject, link.object] - {link.label}),
            len(by_pair[link.object, link.subject]),
            sure[link.subject],
            sure[link.object],
            gap(subject, object_),
            min(abs(object_.first - subject.first), 80),
            subject.passage - object_.passage,
            subject.first < object_.first,
            TYPES.index(subject.type),
            TYPES.index(object_.type),
            KINDS.index(passage.kind),
            _joint(placed.prose, right.first - 1),
            _joint(placed.prose, right.first - 2),
            _joint(placed.prose, left.last),
            tags.count("V"),
            tags.count(",") + tags.count("C"),
            tags.count("P") + tags.count("T"),
            placed.labels[link.pair, SPEAKER],
            mentions[link.subject],
            mentions[link.object],
            min(len(placed.entities), 200),
            passage.lead is not None and placed.prose.passages[object_.passage].kind != "item",
        )
        rows[index, 30 + link.label] = 1
    return rows


def _joint(prose: Prose, token: int) -> int:
    return _JOINT.get(prose.lowers[token], len(_JOINTS)) if 0 <= token < len(prose.words) else -1


class _Rivals:
    """How much better or worse a link scores than the best other one with an end in common."""

    def __init__(self, placed: Placed, links: Sequence[Link]) -> None:
        self._subjects: dict[tuple[int, int], list[float]] = defaultdict(list)
        self._objects: dict[tuple[int, int], list[float]] = defaultdict(list)
        self._pairs: dict[tuple[int, int], list[float]] = defaultdict(list)
        for link in links:
            score = float(placed.labels[link.pair, link.label])
            self._subjects[link.subject, link.label].append(score)
            self._objects[link.object, link.label].append(score)
            self._pairs[min(link.subject, link.object), max(link.subject, link.object)].append(
                score
            )
        for table in (self._subjects, self._objects, self._pairs):
            for scores in table.values():
                scores.sort(reverse=True)

    def of_subject(self, link: Link, score: float) -> float:
        """Against the other objects of the subject."""
        return _ahead(self._subjects[link.subject, link.label], score)

    def of_object(self, link: Link, score: float) -> float:
        """Against the other subjects of the object."""
        return _ahead(self._objects[link.object, link.label], score)

    def of_pair(self, link: Link, score: float) -> float:
        """Against other predicates of the same two entities."""
        ends = min(link.subject, link.object), max(link.subject, link.object)
        return _ahead(self._pairs[ends], score)


def _ahead(scores: Sequence[float], score: float) -> float:
    if len(scores) < 2:
        return -_LOW
    return score - (scores[1] if scores[0] == score else scores[0])


def as_drafts(placed: Placed, links: Sequence[Link]) -> list[RelationDraft]:
    """The links as relations, on the passage of the later of the two mentions' subject."""
    found = []
    for link in links:
        a, b = placed.pairs[link.pair]
        subject, object_ = placed.places[a], placed.places[b]
        found.append(
            RelationDraft(
                placed.entities[link.subject],
                PREDICATES[link.label],
                placed.entities[link.object],
                max(subject.passage, object_.passage),
                "learned",
            )
        )
    return found
