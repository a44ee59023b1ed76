"""What the encoder is to learn from an annotated document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.extract.learned.links import questions
from graph.extract.learned.pairs import LABELS, MODALITIES, Place, columns, joins
from graph.extract.learned.spans import every
from graph.extract.learned.words import TYPES, Words, encode, token_span
from graph.extract.passages import Prose
from graph.extract.rules import Reading, RuleExtractor
from graph.gold import Annotated
from graph.records import Extraction, Span

Array = npt.NDArray[np.int64]
OUTSIDE, BEGIN, INSIDE = 0, 1, 2
IGNORED = -1


@dataclass(frozen=True, slots=True)
class Lesson:
    """An annotated document as numbers.

    `tags` [words, types]; `spans` [s, 2] every span and `marked` [s, types] which are mentions;
    `mentions` [n, 3] first and last word and type; `pairs` [m, 5] and `contents` [k, 3] as
    `graph.learn.network.Pairs` takes them, with `joined` [m, labels] and `stances` [k, 2] (index
    of the modality or of none, and whether nobody is named), where IGNORED means that nothing is
    to be learned. From what is not `measured` only the encoder's heads learn.
    """

    annotated: Annotated
    measured: bool
    reading: Reading
    words: Words
    tags: Array
    spans: Array
    marked: npt.NDArray[np.bool_]
    mentions: Array
    pairs: Array
    joined: Array
    contents: Array
    stances: Array

    @property
    def name(self) -> str:
        """The name of the document."""
        return self.annotated.text.document.name


def lesson(annotated: Annotated, spell: object, measured: bool = True) -> Lesson:
    """Read a document with the rules and lay the annotation beside it."""
    reading = RuleExtractor().read(annotated.text)
    prose = reading.prose
    words = encode(prose, reading.entities, spell)  # type: ignore[arg-type]
    places = gold_places(prose, annotated.gold)
    contents, mentions, pairs, around = questions(prose, places, columns(places), ())
    spans_of = every(prose)
    return Lesson(
        annotated,
        measured,
        reading,
        words,
        _tags(len(prose.words), places),
        np.stack(spans_of, 1),
        _marked(spans_of, places),
        mentions,
        pairs,
        _joined(prose, annotated.gold, places, pairs),
        around,
        _stances(prose, annotated.gold, [places[i] for i in contents]),
    )


def _array(rows: Sequence[Sequence[int]], width: int) -> Array:
    return np.array(rows, np.int64).reshape(-1, width)


def gold_places(prose: Prose, gold: Extraction) -> list[Place]:
    """The mentions of the annotation; `entity` counts its entities."""
    return [
        Place(number, e.type, *token_span(prose, m.start, m.end), prose.passage_at(m.start))
        for number, e in enumerate(gold.entities)
        for m in e.mentions
        if prose.words
    ]


def passages_of(prose: Prose, evidence: Span) -> range:
    """The passages that a quote lies in."""
    return range(prose.passage_at(evidence.start), prose.passage_at(evidence.end - 1) + 1)


def _tags(size: int, places: Sequence[Place]) -> Array:
    tags = np.full((size, len(TYPES)), OUTSIDE, np.int64)
    # Of mentions of one type that overlap, the outer one counts.
    for place in sorted(places, key=lambda p: p.last - p.first):
        column = TYPES.index(place.type)
        tags[place.first, column] = BEGIN
        tags[place.first + 1 : place.last, column] = INSIDE
    return tags


def _marked(spans: tuple[Array, Array], places: Sequence[Place]) -> npt.NDArray[np.bool_]:
    rows = {span: row for row, span in enumerate(zip(*(s.tolist() for s in spans), strict=True))}
    marked = np.zeros((len(rows), len(TYPES)), bool)
    for place in places:
        row = rows.get((place.first, place.last))
        if row is not None:
            marked[row, TYPES.index(place.type)] = True
    return marked


def _joined(prose: Prose, gold: Extraction, places: Sequence[Place], pairs: Array) -> Array:
    numbers = {e.id: i for i, e in enumerate(gold.entities)}
    evidence: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for relation in gold.relations:
        ends = (numbers[relation.subject], numbers[relation.object])
        label = LABELS.index(relation.predicate)
        evidence[(*ends, label)].update(passages_of(prose, relation.evidence))
        if relation.predicate == "partnerOf":
            evidence[(*ends[::-1], label)].update(passages_of(prose, relation.evidence))
    spoken: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for statement in gold.statements:
        where = passages_of(prose, statement.evidence)
        for content in statement.content:
            if statement.speaker is not None:
                ends = (numbers[content], numbers[statement.speaker])
                spoken[(*ends, LABELS.index("speaker"))].update(where)
            for addressee in statement.addressee:
                ends = (numbers[content], numbers[addressee])
                spoken[(*ends, LABELS.index("addressee"))].update(where)
    joined = np.full((len(pairs), len(LABELS)), IGNORED, np.int64)
    for row, (a, b) in enumerate(pairs[:, :2].tolist()):
        subject, object_ = places[a], places[b]
        for label in joins(subject.type, object_.type):
            key = (subject.entity, object_.entity, label)
            if label >= LABELS.index("speaker"):
                joined[row, label] = subject.passage in spoken.get(key, ())
            elif key not in evidence:
                joined[row, label] = 0
            elif not evidence[key].isdisjoint((subject.passage, object_.passage)):
                joined[row, label] = 1
    return joined


def _stances(prose: Prose, gold: Extraction, contents: Sequence[Place]) -> Array:
    numbers = {e.id: i for i, e in enumerate(gold.entities)}
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    for statement in gold.statements:
        stance = (MODALITIES.index(statement.modality), int(statement.speaker is None))
        for content in statement.content:
            for passage in passages_of(prose, statement.evidence):
                taken.setdefault((numbers[content], passage), stance)
    none = (len(MODALITIES), 0)
    return _array([taken.get((p.entity, p.passage), none) for p in contents], 2)
