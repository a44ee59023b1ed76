"""What the REST interface answers, as models: the shape of the JSON and of the OpenAPI document.

Things are named by `id`, a short form of their IRI that other addresses take (`api.ids`). Every
answer that one query gives has it as `sparql`, ready to be sent to `/sparql`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.ids import edge_id, id_of
from api.prose import unseen_in
from graph import (
    annotated,
    compare,
    coverage,
    evidence,
    gaps,
    neighbourhood,
    queries,
    reliability,
    timeline,
)
from graph.analytics import Bridge, Community, Score, Tie
from graph.network import Connection, Step
from graph.queries import Thing
from graph.search import NameHit, SentenceHit

T = TypeVar("T")
Direction = Literal["out", "in"]


class Model(BaseModel):
    """An answer or a part of one."""

    model_config = ConfigDict(frozen=True)


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]})


_GOAL = {
    "id": "goal/strengthen-basic-research-w5ytjun7zw",
    "iri": "https://w3id.org/scipol/id/goal/strengthen-basic-research-w5ytjun7zw",
    "type": "Goal",
    "label": "strengthen basic research",
}
_ACTOR = {
    "id": "organization/european-commission-rsuf2itmgb",
    "iri": "https://w3id.org/scipol/id/organization/european-commission-rsuf2itmgb",
    "type": "Organization",
    "label": "European Commission",
}
_DOCUMENT = {
    "id": "document/eu-chips-act-2023-7mmzwg472o",
    "title": "The European Chips Act",
    "date": "2023-09-21",
}
_EDGE = f"{_ACTOR['id']}|commits-to|{_GOAL['id']}"
_SPARQL = "SELECT ?goal { ?goal a scip:Goal }"


class Problem(Model):
    """What went wrong (RFC 9457): `detail` is a sentence that says what to do."""

    model_config = _example(
        type="https://w3id.org/scipol/problem/not-found",
        title="Not Found",
        status=404,
        detail="there is nothing with the IRI https://w3id.org/scipol/id/goal/nothing",
    )

    type: str
    title: str
    status: int
    detail: str
    near: list[str] = Field(default=[], description="What comes near, where a name was not found.")


class ThingRef(Model):
    """A thing: person, post, organisation, country, group, goal, instrument, event, document …"""

    model_config = _example(**_GOAL)

    id: str = Field(description="Short name, for other addresses of this interface.")
    iri: str
    type: str
    label: str

    @classmethod
    def of(cls, thing: Thing) -> ThingRef:
        """The reference to a thing."""
        return cls(id=id_of(thing.iri), iri=thing.iri, type=thing.type, label=thing.label)


class DocumentRef(Model):
    """The document that a sentence stands in."""

    model_config = _example(**_DOCUMENT)

    id: str
    title: str
    date: date | None


class Page(Model, Generic[T]):
    """A part of a list; `next` is the cursor of the following part, none at the end."""

    items: list[T]
    total: int = Field(description="How many items the whole list has.")
    next: str | None = Field(default=None, description="Give it as `cursor` for the next page.")
    sparql: str | None = Field(default=None, description="The query that gives the whole list.")


class FoundThing(ThingRef):
    """A thing that was found by a name; `alias` is that name where it is not the label."""

    model_config = _example(**_GOAL, alias=None, score=1.0, mentions=31, docs=12, degree=19)

    alias: str | None
    score: float = Field(description="How well the name fits, 0 to 1.")
    mentions: int = Field(description="How often texts name it.")
    docs: int = Field(description="How many documents name it.")
    degree: int = Field(description="How many things it is connected with.")

    @classmethod
    def found(cls, hit: NameHit, docs: int, degree: int) -> FoundThing:
        """The hit with its weights."""
        alias = hit.name if hit.name != hit.thing.label else None
        return cls(
            **ThingRef.of(hit.thing).model_dump(),
            alias=alias,
            score=round(hit.score, 4),
            mentions=hit.mentions,
            docs=docs,
            degree=degree,
        )


class SearchPage(Page[FoundThing]):
    """Things by name: exact names first, then beginnings, then what resembles."""

    q: str
    facets: dict[str, int] = Field(description="How many of each type, whatever `type` was asked.")
    complete: bool = Field(description="False where so much resembles that not all is listed.")


class FoundSentence(Model):
    """A sentence that holds the words; in `marked` they stand between « and »."""

    sentence: str
    marked: str
    start: int
    end: int
    document: DocumentRef

    @classmethod
    def of(cls, hit: SentenceHit) -> FoundSentence:
        """The hit with its place in the text."""
        start, _, end = hit.evidence.span.rpartition("=")[2].partition(",")
        return cls(
            sentence=hit.evidence.quote,
            marked=hit.marked,
            start=int(start),
            end=int(end),
            document=document_ref(hit.evidence),
        )


class SentencePage(Page[FoundSentence]):
    """Sentences by their words."""

    q: str
    complete: bool = Field(description="False where more match than are listed.")


class FactValue(Model):
    """A property of a thing, as text; `confidence` where a concept was assigned with one."""

    property: str
    value: str
    language: str | None
    confidence: float | None = None


class GroupCount(Model):
    """The neighbours by one relation in one direction, counted."""

    relation: str
    direction: Direction
    neighbours: int
    facts: int
    types: dict[str, int]

    @classmethod
    def of(cls, group: neighbourhood.Group) -> GroupCount:
        """The same as a model."""
        return cls(**group.model_dump())


class NamingDocument(DocumentRef):
    """A document that names a thing, and how often."""

    mentions: int


class EntityAnswer(ThingRef):
    """All about one thing, but for its neighbours, which are only counted."""

    model_config = _example(
        **_GOAL,
        alt=["improve basic research"],
        facts=[{"property": "field", "value": "basic research", "language": None}],
        documents=[{**_DOCUMENT, "mentions": 3}],
        groups=[
            {
                "relation": "commits-to",
                "direction": "in",
                "neighbours": 4,
                "facts": 5,
                "types": {"Organization": 3, "Country": 1},
            }
        ],
        sparql=_SPARQL,
    )

    alt: list[str]
    facts: list[FactValue]
    documents: list[NamingDocument]
    groups: list[GroupCount]
    sparql: str


_SOURCES = Field(description="Documents that say so; those that copy a sentence count once.")
_TOGETHER = Field(description="What their sentences give together: noisy-or, at most 0.99.")


class NeighbourItem(Model):
    """A thing that is connected by one relation; `edge` leads to the sentences."""

    model_config = _example(
        edge=_EDGE,
        relation="commits-to",
        direction="in",
        thing=_ACTOR,
        facts=2,
        documents=[_DOCUMENT["id"]],
        sources=1,
        first="2023-09-21",
        last="2023-09-21",
        confidence=0.87,
    )

    edge: str
    relation: str
    direction: Direction
    thing: ThingRef
    facts: int
    documents: list[str]
    sources: int = _SOURCES
    first: date | None
    last: date | None
    confidence: float = _TOGETHER

    @classmethod
    def of(cls, centre: str, found: neighbourhood.Neighbour) -> NeighbourItem:
        """The neighbour of a thing (IRI)."""
        ends = (centre, found.thing.iri)
        source, target = ends if found.direction == "out" else ends[::-1]
        return cls(
            edge=edge_id(source, found.relation, target),
            relation=found.relation,
            direction=found.direction,
            thing=ThingRef.of(found.thing),
            facts=found.facts,
            documents=[id_of(document) for document in found.documents],
            sources=found.sources,
            first=found.first,
            last=found.last,
            confidence=round(found.confidence, 4),
        )


class NeighbourPage(Page[NeighbourItem]):
    """The neighbours that are shown, the best supported first; shown and hidden make `all`."""

    thing: ThingRef
    groups: list[GroupCount] = Field(description="All neighbours, counted before any condition.")
    all: int = Field(description="How many there are without conditions.")
    hidden: dict[str, int] = Field(description="How many each condition hides.")
    undated: int


class PathStep(Model):
    """One hop, in the direction it is walked; `forward` is False where it is read backwards."""

    edge: str
    source: ThingRef
    relation: str
    target: ThingRef
    forward: bool
    confidence: float = _TOGETHER
    sources: int = _SOURCES
    sentences: int
    evidence: list[PathEvidence] = Field(description="The first sentences; `edge` leads to all.")

    @classmethod
    def of(cls, step: Step, most: int) -> PathStep:
        """The step with at most so many sentences."""
        ends = (step.source.iri, step.target.iri)
        source, target = ends if step.forward else ends[::-1]
        return cls(
            edge=edge_id(source, step.label, target),
            source=ThingRef.of(step.source),
            relation=step.label,
            target=ThingRef.of(step.target),
            forward=step.forward,
            confidence=round(step.confidence, 4),
            sources=step.sources,
            sentences=len(step.evidence),
            evidence=[PathEvidence.of(one) for one in step.evidence[:most]],
        )


class PathEvidence(Model):
    """A sentence and the document it stands in."""

    sentence: str
    document: DocumentRef

    @classmethod
    def of(cls, found: queries.Evidence) -> PathEvidence:
        """The same as a model."""
        return cls(sentence=found.quote, document=document_ref(found))


class Path(Model):
    """A way from one thing to another, and its score."""

    steps: list[PathStep]
    score: float

    @classmethod
    def of(cls, found: Connection, most: int) -> Path:
        """The way with at most so many sentences for each step."""
        steps = [PathStep.of(step, most) for step in found.steps]
        return cls(steps=steps, score=round(found.score, 6))


class PathRow(Model):
    """One step of one of the paths, as a line of a table."""

    path: int
    step: int
    score: float
    source: str
    relation: str
    target: str
    forward: bool
    sentence: str
    document: str


class PathsAnswer(Model):
    """The best ways between two things; with fewer than were asked for, there are no more."""

    source: ThingRef
    target: ThingRef
    paths: list[Path]
    searched: int = Field(description="Longest way that was looked for, in steps.")
    complete: bool = Field(description="Whether these are all ways of that length.")


class StatementItem(Model):
    """Who takes which stance on what, and the sentence that says so."""

    model_config = _example(
        id="statement/d26f37bbd1aff39e-7ecuvtqv37",
        speaker=_ACTOR,
        modality="commits-to",
        content=[_GOAL],
        addressee=[],
        date="2025-05-05",
        attribution="paraphrase",
        confidence=0.81,
        status="candidate",
        sentence="The Commission will strengthen basic research.",
        document=_DOCUMENT,
    )

    id: str
    speaker: ThingRef | None = Field(description="None where the document itself speaks.")
    modality: str
    content: list[ThingRef]
    addressee: list[ThingRef]
    date: date | None
    attribution: str
    confidence: float
    status: str
    sentence: str
    document: DocumentRef

    @classmethod
    def of(cls, found: queries.StatementAnswer) -> StatementItem:
        """The same as a model."""
        return cls(
            id=id_of(found.iri),
            speaker=ThingRef.of(found.speaker) if found.speaker else None,
            modality=found.modality,
            content=[ThingRef.of(thing) for thing in found.content],
            addressee=[ThingRef.of(thing) for thing in found.addressee],
            date=found.stated_on,
            attribution=found.attribution,
            confidence=found.confidence,
            status=found.status,
            sentence=found.evidence.quote,
            document=document_ref(found.evidence),
        )


class MarkItem(Model):
    """A range of characters of the sentence, and the thing that is named there."""

    start: int
    end: int
    id: str
    type: str
    label: str

    @classmethod
    def of(cls, mark: evidence.Mark) -> MarkItem:
        """The same as a model."""
        thing = mark.thing
        return cls(
            start=mark.start,
            end=mark.end,
            id=id_of(thing.iri),
            type=thing.type,
            label=thing.label,
        )


class EvidenceItem(Model):
    """A fact and the sentence it rests on; `start` and `end` are its place in the document."""

    model_config = _example(
        fact="claim/d26f37bbd1aff39e-hrut2vs5fg",
        kind="claim",
        sentence="The Commission will strengthen basic research.",
        start=310,
        end=356,
        spans=[
            {
                "start": 20,
                "end": 45,
                "id": _GOAL["id"],
                "type": "Goal",
                "label": _GOAL["label"],
            }
        ],
        unseen=[],
        document=_DOCUMENT,
        confidence=0.83,
        worth="",
        method="rules 1",
        status="candidate",
    )

    fact: str
    kind: Literal["statement", "claim", "tenure"]
    sentence: str
    start: int
    end: int
    spans: list[MarkItem]
    unseen: list[tuple[int, int]] = Field(
        description="Characters of the sentence that are marks of Markdown, for who shows it."
    )
    document: DocumentRef
    confidence: float
    worth: str = Field(
        description="What facts of its kind that were said to be so sure were worth when measured; "
        "empty where that is not known."
    )
    method: str | None
    status: str

    @classmethod
    def of(cls, found: evidence.FactEvidence, worth: str) -> EvidenceItem:
        """The same as a model, with what its confidence is worth."""
        return cls(
            fact=id_of(found.fact),
            kind=found.kind,
            sentence=found.sentence,
            start=found.start,
            end=found.end,
            spans=[MarkItem.of(mark) for mark in found.marks],
            unseen=unseen_in(found.sentence),
            document=DocumentRef(id=id_of(found.document), title=found.title, date=found.issued),
            confidence=found.confidence,
            worth=worth,
            method=found.method,
            status=found.status,
        )


class ReliabilityRange(Model):
    """Facts of one kind whose stated confidence lies in a range, and the share that was right."""

    model_config = _example(
        kind="statements",
        least=0.5,
        most=0.6,
        facts=297,
        stated=0.546,
        right=0.6195,
        in_words="Of statements said to be this sure (0.5 to 0.6), 62 of 100 were right when "
        "measured (297 facts)",
    )

    kind: str
    least: float
    most: float
    facts: int
    stated: float = Field(description="Their mean confidence.")
    right: float = Field(description="The share of them that was right.")
    in_words: str


class ReliabilityKind(Model):
    """How far the confidence of one kind of fact can be trusted."""

    kind: str = Field(description="`entities`, `relations`, `statements`, or a part of them.")
    facts: int
    error: float = Field(
        description="Mean distance of stated and right (expected calibration error); of few facts "
        "it is mostly chance."
    )
    threshold: float | None = Field(
        description="The least confidence from which on the stated share was right; none if never."
    )
    ranges: list[ReliabilityRange]


class ReliabilityAnswer(Model):
    """What confidences are worth: measured on documents that the extractor had not seen."""

    extractor: str = Field(description="Whose facts these are; of others it says nothing.")
    share: float = Field(description="The share of right facts that thresholds are chosen for.")
    public: float = Field(description="The confidence from which on the explorer shows at first.")
    card: str = Field(description="Where the quality card is.")
    kinds: list[ReliabilityKind]

    @classmethod
    def of(cls, table: Mapping[str, reliability.Reliability], share: float) -> ReliabilityAnswer:
        """The table, with thresholds for a share of right facts."""
        return cls(
            extractor=reliability.EXTRACTOR,
            share=share,
            public=reliability.public_threshold(table, share),
            card="/quality",
            kinds=[
                ReliabilityKind(
                    kind=row.kind,
                    facts=row.facts,
                    error=row.error,
                    threshold=reliability.threshold(row.ranges, share),
                    ranges=[
                        ReliabilityRange(
                            kind=row.kind,
                            in_words=reliability.in_words(row.kind, one),
                            **one.model_dump(),
                        )
                        for one in row.ranges
                    ],
                )
                for row in table.values()
            ],
        )


class EvidencePage(Page[EvidenceItem]):
    """The sentences that a fact or an edge rests on, the earliest first."""

    edge: str | None
    fact: str | None
    documents: int = Field(description="How many documents say so.")
    sources: int = _SOURCES
    confidence: float = _TOGETHER


class SharedThingItem(Model):
    """A thing, and in how many places each side has it."""

    thing: ThingRef
    a: int
    b: int


class SharedRelationItem(Model):
    """A relation or stance, and in how many places each side has it."""

    source: ThingRef | None
    relation: str
    target: ThingRef
    a: int
    b: int


class SharedThings(Model):
    """Things that only A has, both have, and only B has."""

    a: list[SharedThingItem]
    both: list[SharedThingItem]
    b: list[SharedThingItem]


class SharedRelations(Model):
    """Relations and stances that only A has, both have, and only B has."""

    a: list[SharedRelationItem]
    both: list[SharedRelationItem]
    b: list[SharedRelationItem]


class CompareRow(Model):
    """One line of the table of a comparison."""

    what: Literal["thing", "relation"]
    side: Literal["a", "both", "b"]
    source: str
    relation: str
    target: str
    id: str
    a: int
    b: int


class ComparisonAnswer(Model):
    """Two documents, actors or countries side by side."""

    kind: Literal["document", "actor", "country"]
    a: ThingRef
    b: ThingRef
    entities: SharedThings
    relations: SharedRelations
    opposed: list[ThingRef] = Field(description="What one side opposes and the other is for.")
    sparql: list[str] = Field(description="The queries that give the things of A and of B.")

    @classmethod
    def of(cls, found: compare.Comparison, sparql: list[str]) -> ComparisonAnswer:
        """The same as a model."""
        return cls(
            kind=found.kind,
            a=ThingRef.of(found.a),
            b=ThingRef.of(found.b),
            entities=SharedThings(
                a=[_shared_thing(s) for s in found.only_a],
                both=[_shared_thing(s) for s in found.both],
                b=[_shared_thing(s) for s in found.only_b],
            ),
            relations=SharedRelations(
                a=[_shared_relation(r) for r in found.relations_only_a],
                both=[_shared_relation(r) for r in found.relations_both],
                b=[_shared_relation(r) for r in found.relations_only_b],
            ),
            opposed=[ThingRef.of(thing) for thing in found.opposed],
            sparql=sparql,
        )

    def rows(self) -> list[CompareRow]:
        """The comparison as a table."""
        sides: tuple[Literal["a", "both", "b"], ...] = ("a", "both", "b")
        things = [
            CompareRow(
                what="thing",
                side=side,
                source="",
                relation="",
                target=shared.thing.label,
                id=shared.thing.id,
                a=shared.a,
                b=shared.b,
            )
            for side in sides
            for shared in getattr(self.entities, side)
        ]
        relations = [
            CompareRow(
                what="relation",
                side=side,
                source=shared.source.label if shared.source else "",
                relation=shared.relation,
                target=shared.target.label,
                id=shared.target.id,
                a=shared.a,
                b=shared.b,
            )
            for side in sides
            for shared in getattr(self.relations, side)
        ]
        return [*things, *relations]


class PeriodItem(Model):
    """What was said in a year, month or day."""

    model_config = _example(
        period="2024", statements=99, documents=8, modalities={"calls-for": 23, "opposes": 8}
    )

    period: str
    statements: int
    documents: int
    modalities: dict[str, int]

    @classmethod
    def of(cls, found: timeline.Period) -> PeriodItem:
        """The same as a model."""
        return cls(**found.model_dump())


class DateItem(Model):
    """A date that the graph knows of a thing."""

    thing: ThingRef
    property: str
    date: date


class TimelineAnswer(Model):
    """Statements by period, and dates of the thing that was asked for."""

    unit: timeline.Unit
    periods: list[PeriodItem]
    undated: int = Field(description="Statements whose document has no date.")
    dates: list[DateItem]
    sparql: str


class GapItem(Model):
    """A goal or instrument with a gap, and how much is said of it."""

    model_config = _example(thing=_GOAL, statements=12, documents=12)

    thing: ThingRef
    statements: int
    documents: int

    @classmethod
    def of(cls, found: gaps.Missing) -> GapItem:
        """The same as a model."""
        return cls(
            thing=ThingRef.of(found.thing), statements=found.statements, documents=found.documents
        )


class GapPage(Page[GapItem]):
    """What has a gap; it is one of what was read, not of the world."""

    gap: gaps.Gap
    meaning: str
    documents_read: int


class CoveragePart(Model):
    """Documents that have a property in common: read, with an answer, and the statements there."""

    value: str | None
    label: str
    documents: int
    answering: int
    statements: int

    @classmethod
    def of(cls, part: coverage.Part) -> CoveragePart:
        """The same as a model."""
        fields = part.model_dump()
        return cls(**fields | {"value": id_of(part.value) if part.value else None})


class CoverageRow(CoveragePart):
    """A part, and by what the documents were parted."""

    by: Literal["country", "genre", "year", "language"]


class CoverageAnswer(Model):
    """What was read behind an answer."""

    model_config = _example(
        verdict="not-found",
        meaning="Documents that could have said it were read, and none does.",
        documents=33,
        eligible=3,
        answering=0,
        statements=0,
        countries=[
            {
                "value": "country/france-x",
                "label": "France",
                "documents": 3,
                "answering": 0,
                "statements": 0,
            }
        ],
        genres=[],
        years=[],
        languages=[],
        sparql=_SPARQL,
    )

    verdict: coverage.Verdict
    meaning: str
    documents: int = Field(description="Documents that were read at all.")
    eligible: int = Field(description="Those of the country, genre and time that are asked for.")
    answering: int = Field(description="Those that hold a statement that is asked for.")
    statements: int
    countries: list[CoveragePart]
    genres: list[CoveragePart]
    years: list[CoveragePart]
    languages: list[CoveragePart]
    sparql: str

    def rows(self) -> list[CoverageRow]:
        """All parts as one table."""
        parts: tuple[tuple[Literal["country", "genre", "year", "language"], Any], ...] = (
            ("country", self.countries),
            ("genre", self.genres),
            ("year", self.years),
            ("language", self.languages),
        )
        return [CoverageRow(by=by, **part.model_dump()) for by, found in parts for part in found]


class MeasureInfo(Model):
    """A measure of the network."""

    name: str
    meaning: str


class MeasureList(Model):
    """The measures there are."""

    items: list[MeasureInfo]


class FindingItem(Model):
    """What a measure finds: a thing, a group, or two things, with the sentences behind it.

    `things` are the thing or the two things, or members of the group, of which there are `size`.
    """

    model_config = _example(
        things=[_GOAL], value=0.83, sentences=12, size=1, through=["open science"]
    )

    things: list[ThingRef]
    value: float
    sentences: int
    size: int
    through: list[str] = Field(description="By what two things are tied in a projection.")

    @classmethod
    def of(cls, found: Score | Community | Bridge | Tie, types: dict[str, str]) -> FindingItem:
        """The finding, with the types of things by IRI where the finding does not say them."""

        def refs(*named: tuple[str, str]) -> list[ThingRef]:
            return [
                ThingRef(id=id_of(iri), iri=iri, type=types.get(iri, ""), label=label)
                for iri, label in named
            ]

        match found:
            case Score():
                things, value = refs((found.iri, found.label)), found.score
            case Community():
                things = refs(*zip(found.members, found.labels, strict=True))
                value = float(found.size)
            case Bridge():
                things = refs((found.source, found.labels[0]), (found.target, found.labels[1]))
                value = float(found.cut_off)
            case Tie():
                things = refs((found.first, found.labels[0]), (found.second, found.labels[1]))
                value = float(found.weight)
        return cls(
            things=things,
            value=round(value, 6),
            sentences=found.sentences,
            size=found.size if isinstance(found, Community) else len(things),
            through=list(found.through[:50]) if isinstance(found, Tie) else [],
        )


class MeasurePage(Page[FindingItem]):
    """What a measure finds, the most of it first."""

    measure: str
    meaning: str


class ParameterInfo(Model):
    """A parameter of a question, and its value where none is given."""

    name: str
    type: str
    default: str
    description: str


class QuestionInfo(Model):
    """A question that analysts ask."""

    number: int
    name: str
    question: str
    parameters: list[ParameterInfo]
    sparql: str


class QuestionList(Model):
    """All questions by number."""

    items: list[QuestionInfo]


class QuestionAnswer(Model):
    """A question with its parameters filled in, and the rows that answer it."""

    model_config = _example(
        number=1,
        question="What did the European Commission say on basic research?",
        columns=["modality", "sentence"],
        rows=[{"modality": "commits-to", "sentence": "It will strengthen basic research."}],
        open=[],
        total=1,
        next=None,
        sparql=_SPARQL,
    )

    number: int
    question: str
    columns: list[str]
    rows: list[dict[str, str | int | float | None]]
    open: list[str] = Field(description="Parameters left open: their default is not in this graph.")
    total: int
    next: str | None
    sparql: str


class DocumentItem(DocumentRef):
    """A document that was read, and how much was found in it."""

    model_config = _example(
        **_DOCUMENT,
        iri="https://w3id.org/scipol/id/document/eu-chips-act-2023-7mmzwg472o",
        name="eu-chips-act-2023",
        genre="law",
        characters=2530,
        statements=17,
    )

    iri: str
    name: str
    genre: str | None
    characters: int
    statements: int

    @classmethod
    def of(cls, found: queries.DocumentAnswer) -> DocumentItem:
        """The same as a model."""
        return cls(
            id=id_of(found.iri),
            iri=found.iri,
            name=found.name,
            title=found.title,
            date=found.issued,
            genre=found.genre,
            characters=found.characters,
            statements=found.statements,
        )


class PassageItem(Model):
    """A sentence of a document, what it names, and the facts that rest on it."""

    start: int
    end: int
    text: str
    spans: list[MarkItem]
    facts: list[str]

    @classmethod
    def of(cls, found: annotated.Passage) -> PassageItem:
        """The same as a model."""
        return cls(
            start=found.start,
            end=found.end,
            text=found.text,
            spans=[MarkItem.of(mark) for mark in found.marks],
            facts=[id_of(fact) for fact in found.facts],
        )


class TextPage(Page[PassageItem]):
    """The text of a document, sentence by sentence."""

    document: DocumentItem


class VersionAnswer(Model):
    """Which data and which software answer."""

    model_config = _example(
        data="12-18f3a", release="5d41402abc4b2a76", quads=90210, documents=33, software="0.1.0"
    )

    data: str = Field(description="Changes with every write; part of every ETag.")
    release: str = Field(description="Hash of the content, equal wherever the content is.")
    quads: int
    documents: int
    software: str


class ConceptItem(Model):
    """A concept of one of the schemes."""

    code: str
    iri: str
    label: str


class ExampleQuery(Model):
    """A query to begin with."""

    title: str
    query: str


class VocabularyAnswer(Model):
    """Words to ask with: prefixes, classes, properties, schemes, and example queries."""

    prefixes: dict[str, str]
    classes: list[str]
    properties: list[str]
    types: dict[str, int] = Field(description="How many things of each type there are.")
    relations: dict[str, int] = Field(description="How many facts of each relation there are.")
    used_classes: dict[str, int] = Field(
        description="How often each class is used, of whichever vocabulary, by IRI."
    )
    used_properties: dict[str, int] = Field(
        description="How often each property is used, of whichever vocabulary, by IRI."
    )
    schemes: dict[str, list[ConceptItem]]
    examples: list[ExampleQuery]


class AddressToRead(Model):
    """A document on the web to be read, and what is known of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"address": "https://example.org/strategy.html", "title": "A strategy"}]
        },
    )

    address: str = Field(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f]+$")
    title: str | None = Field(default=None, max_length=500)
    issuer: str | None = Field(default=None, max_length=500)
    issued: date | None = None
    language: str | None = Field(
        default=None, max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"
    )
    country: str | None = Field(default=None, max_length=100)
    genre: str | None = Field(default=None, max_length=100)


class JobProgress(Model):
    """How far a job is; `total` is none where it is not known beforehand."""

    done: int = 0
    total: int | None = None
    words: int = 0


class JobAnswer(Model):
    """Something that is done to the documents, step by step."""

    model_config = _example(
        id="0f3c9a1e5b7d2468",
        kind="add",
        what="strategy.pdf",
        state="done",
        created="2026-01-05T10:00:00Z",
        changed="2026-01-05T10:00:03Z",
        progress={"done": 1, "total": 1, "words": 5120},
        report={"added": 1, "replaced": 0, "unchanged": 0, "refused": []},
        error=None,
        number=4,
    )

    id: str
    kind: Literal["add", "remove"]
    what: str = Field(description="The file, address or document.")
    state: Literal["waiting", "running", "done", "failed"]
    created: datetime
    changed: datetime
    progress: JobProgress = JobProgress()
    report: dict[str, Any] | None = Field(default=None, description="What was done in the end.")
    error: str | None = Field(default=None, description="Why it failed.")
    number: int = Field(default=0, description="Counts its changes; the id of its events.")


class JobList(Model):
    """Jobs, the newest first."""

    items: list[JobAnswer]


def document_ref(found: queries.Evidence) -> DocumentRef:
    """The document of a piece of evidence."""
    return DocumentRef(id=id_of(found.document), title=found.title, date=found.issued)


def _shared_thing(found: compare.SharedThing) -> SharedThingItem:
    return SharedThingItem(thing=ThingRef.of(found.thing), a=found.a, b=found.b)


def _shared_relation(found: compare.SharedRelation) -> SharedRelationItem:
    return SharedRelationItem(
        source=ThingRef.of(found.source) if found.source else None,
        relation=found.relation,
        target=ThingRef.of(found.target),
        a=found.a,
        b=found.b,
    )


PathStep.model_rebuild()
