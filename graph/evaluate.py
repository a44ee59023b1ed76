"""How good an extraction is: the scoring of the annotation guidelines.

Entities match one to one within a document and type group by the overlap of a mention of each;
statements and relations match when the entities they join match. Everything is counted as true
positives, false positives and false negatives, so that counts of documents can be added up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import field_serializer

from graph.errors import ExtractorError
from graph.extract.base import Extractor
from graph.gold import load_gold
from graph.records import (
    ACTOR_TYPES,
    Document,
    Entity,
    EntityType,
    Extraction,
    Record,
    Span,
    Statement,
)

Overlap = float
RELAXED: Overlap = 0.5
STRICT: Overlap = 1.0


class Count(NamedTuple):
    """Predictions that are right, predictions that are wrong, and gold that was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def plus(self, other: Count) -> Count:
        """Sum, field by field."""
        return Count(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of the predictions that are right; 0 when there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 0 when there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0


Scores = Mapping[str, Count]


class Negatives(Record):
    """What was found in documents in which there is no policy to find."""

    documents: int
    statements: int
    goals: int
    instruments: int

    @property
    def line(self) -> str:
        """One sentence for people."""
        statements = self.statements / self.documents
        elements = (self.goals + self.instruments) / self.documents
        return (
            f"{self.documents} documents without policy: {statements:.2f} statements and "
            f"{elements:.2f} goals and instruments a document"
        )


class Report(Record):
    """How an extractor did on annotated documents.

    `scores` has the names of `score`, and the same behind `genre/GENRE/`. Documents without policy
    (`neg-...`) are not in the scores but in `negatives`.
    """

    documents: int
    scores: Mapping[str, Count]
    negatives: Negatives | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said beside the scores, one line each."""
        return () if self.negatives is None else (self.negatives.line,)

    @field_serializer("scores")
    def _with_ratios(self, scores: Mapping[str, Count]) -> dict[str, dict[str, float]]:
        return {
            name: {
                **count._asdict(),
                "precision": round(count.precision, 4),
                "recall": round(count.recall, 4),
                "f1": round(count.f1, 4),
            }
            for name, count in scores.items()
        }


def evaluate(gold: Path, texts: Path | None, extractor: Extractor) -> Report:
    """Run an extractor over annotated documents and score it; see `graph.gold.load_gold`.

    Raises DataError where the annotations are not usable, and ExtractorError where the extractor
    quotes what does not stand in the text: such a run has no score.
    """
    parts: list[Scores] = []
    without: list[Extraction] = []
    documents = 0
    for annotated in load_gold(gold, texts):
        documents += 1
        found = extractor.extract(annotated.text)
        if failures := ungrounded(found, annotated.text.content):
            first = failures[0]
            raise ExtractorError(
                f"{extractor.name} failed grounding in {annotated.text.document.name}: the text at "
                f"{first.start}-{first.end} is not {first.text[:60]!r}"
            )
        if annotated.text.document.name.startswith("neg-"):
            without.append(found)
            continue
        scores = score(annotated.gold, found)
        parts.append(scores)
        if genre := genre_of(annotated.text.document):
            parts.append({f"genre/{genre}/{name}": count for name, count in scores.items()})
    return Report(documents=documents, scores=add_up(parts), negatives=_negatives(without))


def genre_of(document: Document) -> str | None:
    """The genre of the metadata, or the word that opens the file name ("news-...")."""
    if document.genre:
        return document.genre
    match = re.match(r"([A-Za-z]+)[-_]", document.name)
    return match.group(1).lower() if match else None


def _negatives(found: Sequence[Extraction]) -> Negatives | None:
    if not found:
        return None
    types = Counter(e.type for extraction in found for e in extraction.entities)
    return Negatives(
        documents=len(found),
        statements=sum(len(extraction.statements) for extraction in found),
        goals=types["Goal"],
        instruments=types["Instrument"],
    )


def group_of(entity_type: EntityType) -> str:
    """The group in which a type is scored: the five actor types are one."""
    return "Actor" if entity_type in ACTOR_TYPES else entity_type


def ungrounded(extraction: Extraction, text: str) -> list[Span]:
    """Spans of mentions and evidence that do not equal the text at their offsets."""
    spans = [m for e in extraction.entities for m in e.mentions]
    spans += [s.evidence for s in extraction.statements]
    spans += [r.evidence for r in extraction.relations]
    return [s for s in spans if text[s.start : s.end] != s.text]


def match_entities(
    gold: Sequence[Entity], found: Sequence[Entity], threshold: Overlap
) -> dict[str, str]:
    """Pair found with gold entities, one to one, the highest overlap first.

    Returns found id -> gold id. Overlap is the intersection over union of two mentions.
    """
    by_start: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for entity in gold:
        for m in entity.mentions:
            by_start[group_of(entity.type)].append((m.start, m.end, entity.id))
    for spans in by_start.values():
        spans.sort()
    best: dict[tuple[str, str], Overlap] = {}
    for entity in found:
        candidates = by_start.get(group_of(entity.type), [])
        for m in entity.mentions:
            for start, end, gold_id in candidates:
                if start >= m.end:
                    break
                shared = min(end, m.end) - max(start, m.start)
                if shared <= 0:
                    continue
                overlap = shared / (max(end, m.end) - min(start, m.start))
                if overlap >= threshold and overlap > best.get((entity.id, gold_id), 0.0):
                    best[entity.id, gold_id] = overlap
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for (found_id, gold_id), _ in sorted(best.items(), key=lambda kv: (-kv[1], kv[0])):
        if found_id not in pairs and gold_id not in taken:
            pairs[found_id] = gold_id
            taken.add(gold_id)
    return pairs


def score(gold: Extraction, found: Extraction) -> dict[str, Count]:
    """Score one document.

    Returns counts under names such as `entities`, `entities/strict`, `entities/Goal`,
    `entities/Goal/strict`, `actor-type`, `statements/pair`, `statements/full`,
    `statements/modality/calls-for`, `relations`, `relations/servesGoal`.
    """
    scores: Counter[tuple[str, str]] = Counter()
    relaxed = match_entities(gold.entities, found.entities, RELAXED)
    strict = match_entities(gold.entities, found.entities, STRICT)
    for suffix, pairs in (("", relaxed), ("/strict", strict)):
        _count_entities(scores, suffix, gold, found, pairs)
    _count_actor_types(scores, gold, found, relaxed)
    _count_statements(scores, gold.statements, found.statements, relaxed)
    _count_relations(scores, gold, found, relaxed)
    names = {name for name, _ in scores}
    return {
        name: Count(scores[name, "right"], scores[name, "wrong"], scores[name, "missed"])
        for name in sorted(names)
    }


def add_up(parts: Iterable[Scores]) -> dict[str, Count]:
    """Micro-average: the counts of several documents, added name by name."""
    total: dict[str, Count] = {}
    for part in parts:
        for name, count in part.items():
            total[name] = total.get(name, Count()).plus(count)
    return dict(sorted(total.items()))


def _count_entities(
    scores: Counter[tuple[str, str]],
    suffix: str,
    gold: Extraction,
    found: Extraction,
    pairs: Mapping[str, str],
) -> None:
    matched = set(pairs.values())
    for entity in found.entities:
        outcome = "right" if entity.id in pairs else "wrong"
        scores[f"entities{suffix}", outcome] += 1
        scores[f"entities/{group_of(entity.type)}{suffix}", outcome] += 1
    for entity in gold.entities:
        if entity.id not in matched:
            scores[f"entities{suffix}", "missed"] += 1
            scores[f"entities/{group_of(entity.type)}{suffix}", "missed"] += 1


def _count_actor_types(
    scores: Counter[tuple[str, str]],
    gold: Extraction,
    found: Extraction,
    pairs: Mapping[str, str],
) -> None:
    types = {e.id: e.type for e in gold.entities}
    for entity in found.entities:
        if entity.type in ACTOR_TYPES and entity.id in pairs:
            same = types[pairs[entity.id]] == entity.type
            scores["actor-type", "right" if same else "wrong"] += 1


def _count_statements(
    scores: Counter[tuple[str, str]],
    gold: Sequence[Statement],
    found: Sequence[Statement],
    pairs: Mapping[str, str],
) -> None:
    for mode in ("pair", "full"):
        taken = match_statements(gold, found, pairs, modality_counts=mode == "full")
        for i, statement in enumerate(found):
            outcome = "right" if i in taken else "wrong"
            scores[f"statements/{mode}", outcome] += 1
            if mode == "full":
                scores[f"statements/modality/{statement.modality}", outcome] += 1
        matched = set(taken.values())
        for j, statement in enumerate(gold):
            if j not in matched:
                scores[f"statements/{mode}", "missed"] += 1
                if mode == "full":
                    scores[f"statements/modality/{statement.modality}", "missed"] += 1


def match_statements(
    gold: Sequence[Statement],
    found: Sequence[Statement],
    pairs: Mapping[str, str],
    *,
    modality_counts: bool,
) -> dict[int, int]:
    """Pair statements one to one; those whose evidence and content overlap most come first.

    Returns index of found -> index of gold. `pairs` are the entities that match.
    """
    candidates: list[tuple[float, int, int]] = []
    for i, f in enumerate(found):
        speaker = None if f.speaker is None else pairs.get(f.speaker, "(unmatched)")
        content = {pairs[c] for c in f.content if c in pairs}
        for j, g in enumerate(gold):
            shared = len(content.intersection(g.content))
            if not shared or speaker != g.speaker:
                continue
            if modality_counts and f.modality != g.modality:
                continue
            overlap = min(f.evidence.end, g.evidence.end) - max(f.evidence.start, g.evidence.start)
            near = max(overlap, 0) / max(g.evidence.end - g.evidence.start, 1)
            same = 0.5 if f.modality == g.modality else 0.0
            candidates.append((near + same + shared / 100, i, j))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    return taken


def match_relations(
    gold: Extraction, found: Extraction, pairs: Mapping[str, str]
) -> dict[int, tuple[str, str, str]]:
    """Pair relations one to one: index of found -> gold subject, predicate and object.

    Partners match either way round. `pairs` are the entities that match.
    """
    wanted = {(r.subject, str(r.predicate), r.object) for r in gold.relations}
    taken: dict[int, tuple[str, str, str]] = {}
    for i, r in enumerate(found.relations):
        key = (pairs.get(r.subject, ""), str(r.predicate), pairs.get(r.object, ""))
        mirrored = (key[2], key[1], key[0]) if r.predicate == "partnerOf" else key
        right = next((k for k in (key, mirrored) if k in wanted), None)
        if right is not None:
            wanted.remove(right)
            taken[i] = right
    return taken


def _count_relations(
    scores: Counter[tuple[str, str]],
    gold: Extraction,
    found: Extraction,
    pairs: Mapping[str, str],
) -> None:
    taken = match_relations(gold, found, pairs)
    seen: set[tuple[str, str, str]] = set()
    for i, r in enumerate(found.relations):
        if (r.subject, r.predicate, r.object) in seen:
            continue
        seen.add((r.subject, r.predicate, r.object))
        outcome = "right" if i in taken else "wrong"
        scores["relations", outcome] += 1
        scores[f"relations/{r.predicate}", outcome] += 1
    wanted = {(r.subject, str(r.predicate), r.object) for r in gold.relations}
    for _, predicate, _ in wanted.difference(taken.values()):
        scores["relations", "missed"] += 1
        scores[f"relations/{predicate}", "missed"] += 1
