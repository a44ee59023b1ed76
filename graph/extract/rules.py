"""The default extractor: cues and rules, no model, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.extract import (
    again,
    confidence,
    descriptions,
    fields,
    foreign,
    names,
    parties,
    passages,
    policy,
    quantities,
    references,
    relations,
    statements,
)
from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.passages import Prose
from graph.extract.scene import place
from graph.extract.speakers import listen
from graph.records import Entity, Extraction, Relation, Span, Statement, Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text, with the rule that found each thing.

    Of a text in another language, which is `foreign`, only names and figures are read.
    """

    prose: Prose
    entities: Sequence[Draft]
    statements: Sequence[StatementDraft]
    relations: Sequence[RelationDraft]
    foreign: bool = False

    def records(self, text: Text) -> Extraction:
        """The reading as records, numbered in order and with confidence."""
        return _records(text, self.prose, self.entities, self.statements, self.relations)


class RuleExtractor:
    """Reads policy prose with the cues in `data/cues` and the names in `data/authority`."""

    name = "rules"
    version = "3"

    def extract(self, text: Text) -> Extraction:
        """Find entities, then statements, then relations; see `graph.extract.base`."""
        return self.read(text).records(text)

    def is_foreign(self, text: Text) -> bool:
        """Whether only names and figures are read of it; see `graph.extract.foreign`."""
        return foreign.is_foreign(text)

    def read(self, text: Text) -> Reading:
        """The same before it becomes records; the rules are still known."""
        prose = passages.read(text.content)
        document = text.document
        if foreign.is_foreign(text):
            return Reading(prose, foreign.find(prose, document), (), (), foreign=True)
        drafts = [
            *(actors := names.find(prose, document)),
            *parties.find(prose, actors),
            *references.find(prose, document),
            *fields.find(prose, document),
            *quantities.find(prose, document),
        ]
        aims = policy.find(prose, document, drafts)
        drafts = [*policy.without_created(drafts, aims), *aims]
        drafts.sort(key=lambda d: (d.mentions[0], d.type))
        again.add_mentions(prose, drafts)
        descriptions.add_mentions(prose, drafts)
        scene = place(prose, drafts)
        voices = listen(scene, document)
        stances = statements.read(scene, voices)
        return Reading(prose, drafts, stances, relations.relate(scene, voices, stances))


def _records(
    text: Text,
    prose: Prose,
    drafts: Sequence[Draft],
    stances: Sequence[StatementDraft],
    links: Sequence[RelationDraft],
) -> Extraction:
    content = prose.text
    ids = {draft: f"e{number}" for number, draft in enumerate(drafts, start=1)}
    quoted = {s.passage for s in stances} | {r.passage for r in links}
    evidence = {i: _span(content, prose.passages[i].start, prose.passages[i].end) for i in quoted}
    return Extraction(
        document=text.document.name,
        entities=tuple(_entity(content, draft, ids[draft]) for draft in drafts),
        statements=tuple(
            Statement(
                speaker=ids[s.speaker] if s.speaker else None,
                modality=s.modality,
                content=tuple(ids[c] for c in s.content),
                addressee=tuple(ids[a] for a in s.addressee),
                evidence=evidence[s.passage],
                attribution=s.attribution,
                confidence=confidence.of_statement(s),
            )
            for s in stances
        ),
        relations=tuple(
            Relation(
                subject=ids[r.subject],
                predicate=r.predicate,
                object=ids[r.object],
                evidence=evidence[r.passage],
                confidence=confidence.of_relation(r),
            )
            for r in links
        ),
        extractor=RuleExtractor.name,
        sha256=text.sha256,
    )


def _entity(content: str, draft: Draft, id_: str) -> Entity:
    spans = tuple(_span(content, start, end) for start, end in draft.mentions)
    return Entity(
        id=id_,
        type=draft.type,
        name=draft.name or max((s.text for s in spans), key=len),
        mentions=spans,
        confidence=confidence.of_entity(draft),
        authority=draft.authority,
    )


def _span(content: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=content[start:end])
