"""Drafts and their probabilities as the records of an extraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from graph.extract.draft import Draft, RelationDraft, StatementDraft, full_name
from graph.extract.passages import Prose
from graph.records import Entity, Extraction, Relation, Span, Statement, Text

NAME = "learned"
# Kinds of fact; each has a curve from what the judges state to how often it is right.
KINDS = ("entities", "statements", "relations")
Curves = Mapping[str, tuple[Sequence[float], Sequence[float]]]
_DIGITS = 3


def entities_of(prose: Prose, drafts: Sequence[Draft], sure: Sequence[float]) -> list[Entity]:
    """Entities numbered in order; a name that is no longer among the mentions is chosen anew."""
    found = []
    for number, (draft, p) in enumerate(zip(drafts, sure, strict=True), start=1):
        spans = tuple(_span(prose, start, end) for start, end in draft.mentions)
        found.append(
            Entity(
                id=f"e{number}",
                type=draft.type,
                name=full_name(draft, [s.text for s in spans]),
                mentions=spans,
                confidence=round(p, _DIGITS),
                authority=draft.authority,
            )
        )
    return found


def extraction(
    text: Text,
    prose: Prose,
    drafts: tuple[Sequence[Draft], Sequence[float]],
    stances: tuple[Sequence[StatementDraft], Sequence[float]],
    links: tuple[Sequence[RelationDraft], Sequence[float]],
) -> Extraction:
    """The facts, each with its probability, as an extraction of the text."""
    ids = {draft: f"e{number}" for number, draft in enumerate(drafts[0], start=1)}
    return Extraction(
        document=text.document.name,
        entities=tuple(entities_of(prose, *drafts)),
        statements=tuple(
            Statement(
                speaker=ids[s.speaker] if s.speaker else None,
                modality=s.modality,
                content=tuple(ids[c] for c in s.content),
                addressee=tuple(ids[a] for a in s.addressee),
                evidence=_passage(prose, s.passage),
                attribution=s.attribution,
                confidence=round(p, _DIGITS),
            )
            for s, p in zip(*stances, strict=True)
        ),
        relations=tuple(
            Relation(
                subject=ids[r.subject],
                predicate=r.predicate,
                object=ids[r.object],
                evidence=_passage(prose, r.passage),
                confidence=round(p, _DIGITS),
            )
            for r, p in zip(*links, strict=True)
        ),
        extractor=NAME,
        sha256=text.sha256,
    )


def calibrated(found: Extraction, curves: Curves) -> Extraction:
    """The extraction with each probability moved along the curve of its kind of fact."""

    def moved(kind: str, p: float) -> float:
        stated, right = curves[kind]
        return round(float(np.interp(p, stated, right)), _DIGITS)

    return found.model_copy(
        update={
            kind: tuple(
                fact.model_copy(update={"confidence": moved(kind, fact.confidence)})
                for fact in getattr(found, kind)
            )
            for kind in KINDS
        }
    )


def _passage(prose: Prose, index: int) -> Span:
    return _span(prose, prose.passages[index].start, prose.passages[index].end)


def _span(prose: Prose, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=prose.text[start:end])
