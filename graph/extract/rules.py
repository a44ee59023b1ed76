"""The default extractor: cues and rules, no model, no network."""

from __future__ import annotations

from collections.abc import Iterable

from graph.extract import (
    fields,
    names,
    passages,
    policy,
    quantities,
    references,
    relations,
    statements,
)
from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.passages import Prose
from graph.records import Entity, Extraction, Relation, Span, Statement, Text


class RuleExtractor:
    """Reads policy prose with the cues in `data/cues` and the names in `data/authority`."""

    name = "rules"
    version = "1"

    def extract(self, text: Text) -> Extraction:
        """Find entities, then statements, then relations; see `graph.extract.base`."""
        prose = passages.read(text.content)
        document = text.document
        drafts = [
            *names.find(prose, document),
            *references.find(prose, document),
            *fields.find(prose, document),
            *quantities.find(prose, document),
        ]
        drafts += policy.find(prose, document, drafts)
        drafts.sort(key=lambda d: (d.mentions[0], d.type))
        stances = statements.find(prose, document, drafts)
        links = relations.find(prose, document, drafts, stances)
        return _records(text, prose, drafts, stances, links)


def _records(
    text: Text,
    prose: Prose,
    drafts: Iterable[Draft],
    stances: Iterable[StatementDraft],
    links: Iterable[RelationDraft],
) -> Extraction:
    content = prose.text
    ids: dict[Draft, str] = {}
    entities: list[Entity] = []
    for number, draft in enumerate(drafts, start=1):
        ids[draft] = f"e{number}"
        spans = tuple(_span(content, start, end) for start, end in draft.mentions)
        name = draft.name or max((s.text for s in spans), key=len)
        entities.append(
            Entity(
                id=ids[draft],
                type=draft.type,
                name=name,
                mentions=spans,
                authority=draft.authority,
            )
        )
    evidence = [_span(content, p.start, p.end) for p in prose.passages]
    return Extraction(
        document=text.document.name,
        entities=tuple(entities),
        statements=tuple(
            Statement(
                speaker=ids[s.speaker] if s.speaker else None,
                modality=s.modality,
                content=tuple(ids[c] for c in s.content),
                addressee=tuple(ids[a] for a in s.addressee),
                evidence=evidence[s.passage],
                attribution=s.attribution,
            )
            for s in stances
        ),
        relations=tuple(
            Relation(
                subject=ids[r.subject],
                predicate=r.predicate,
                object=ids[r.object],
                evidence=evidence[r.passage],
            )
            for r in links
        ),
        extractor=RuleExtractor.name,
        sha256=text.sha256,
    )


def _span(content: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=content[start:end])
