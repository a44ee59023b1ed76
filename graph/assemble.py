"""From what was found in a text to its graph: sorted N-Quads, the same bytes everywhere.

A graph holds the text and its document, the run, the entities as this text shows them, every
mention and every piece of evidence as a span with its quote, the statements, and for each relation
the plain triple and the claim that carries its evidence. What holds beyond one text (labels,
identifiers, what contains what) is in the graph of entities.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import get_args

from graph.concepts import cues, is_reported
from graph.identifiers import (
    BASE,
    claim_iri,
    classification_iri,
    concept_iri,
    document_iri,
    graph_iri,
    quantity_iri,
    span_iri,
    statement_iri,
    tenure_iri,
    text_iri,
)
from graph.quantities import NEAR, Figures, Part, is_beginning, read_change, read_quantity
from graph.records import (
    ACTOR_TYPES,
    Entity,
    EntityType,
    Extraction,
    Predicate,
    Relation,
    Span,
    Statement,
    Text,
)
from graph.runs import Run
from graph.terms import canonical, decimal, foreign_iri, integer, iri, quoted, text, typed
from ontology.vocabulary import DCT, PROV, RDF, RDFS, SCIP, SKOS, VOC

# Keys under which the linker puts what the metadata of the document name.
ISSUER = "metadata:issuer"
COUNTRY = "metadata:country"

_VOC = f"{BASE}voc/"
_ELEMENTS: frozenset[EntityType] = frozenset(("Goal", "Instrument"))
_KIND_SCHEMES: Mapping[EntityType, str] = {
    "ActorGroup": "target-group",
    "Organization": "org-kind",
    "Event": "event-kind",
    "Document": "doc-kind",
}
_TYPES = "instrument-type"
_ADDRESS = re.compile(r"https?://\S+")

_TYPE = iri(RDF.type)
_CONFIDENCE = iri(SCIP.confidence)
_EVIDENCE = iri(SCIP.evidence)
_SPAN = iri(SCIP.EvidenceSpan)
_IN_VERSION = iri(SCIP.inVersion)
_START = iri(SCIP.start)
_END = iri(SCIP.end)
_QUOTE = iri(SCIP.quote)
_MENTIONS = iri(SCIP.mentions)
_STATUS = iri(SCIP.status)
_CANDIDATE = iri(VOC("status", "candidate"))
_GENERATED = iri(PROV.wasGeneratedBy)
_PLAIN = {
    predicate: iri(getattr(SCIP, predicate))
    for predicate in (
        "servesGoal",
        "subGoalOf",
        "partOf",
        "implementedBy",
        "fundedBy",
        "beneficiary",
        "field",
        "postIn",
        "memberOf",
        "organizer",
        "participant",
        "setOutIn",
        "partnerOf",
    )
}


def assemble(text_: Text, extraction: Extraction, iris: Mapping[str, str], run: Run) -> bytes:
    """Write the graph of one text as canonical N-Quads.

    `iris` maps the local ids of the extraction to IRIs; what has none is left out together with
    all facts about it. It may also name the issuer and the country of the document, under ISSUER
    and COUNTRY. `run` says which extractor found all this.
    """
    graph = _TextGraph(text_, extraction, iris, run)
    graph.add_document()
    graph.add_run()
    for entity in extraction.entities:
        graph.add_entity(entity)
    # Two that become one in the graph, since both of their speakers are one actor, say how sure the
    # surer is.
    for statement in sorted(extraction.statements, key=lambda s: (-s.confidence, s.speaker or "")):
        graph.add_statement(statement)
    for relation in sorted(extraction.relations, key=lambda r: -r.confidence):
        graph.add_relation(relation)
    return canonical(graph.lines)


class _TextGraph:
    """The lines of one graph while it is written."""

    def __init__(
        self, text_: Text, extraction: Extraction, iris: Mapping[str, str], run: Run
    ) -> None:
        self.lines: list[str] = []
        self._text = text_
        self._sha16 = text_.sha16
        self._iris = iris
        self._entities = {e.id: e for e in extraction.entities}
        self._nodes = {e.id: self._node(e) for e in extraction.entities}
        self._spans: dict[tuple[int, int], str] = {}
        self._tail = f" {iri(graph_iri(run.id, self._sha16))} ."
        self._made_by = run
        self._run = iri(f"{BASE}id/run/{run.id}")
        self._version = iri(text_iri(self._sha16))
        self._document = iri(document_iri(text_.document.name))
        self._language = text_.document.language
        self._country = text_.document.country
        self._narrator = self._narrating()
        self._posts = _only_partner(extraction, "holdsPost")
        self._recorded: set[str] = set()
        self._occasions = _only_partner(extraction, "organizer", "participant")

    def add_document(self) -> None:
        """Describe the document and this text of it."""
        document = self._text.document
        add = self._add
        add(self._version, _TYPE, iri(SCIP.TextVersion))
        add(self._version, iri(SCIP.versionOf), self._document)
        add(self._version, iri(SCIP.sha256), quoted(self._text.sha256))
        add(self._version, iri(SCIP.charCount), integer(len(self._text.content)))
        add(self._version, iri(DCT.language), quoted(self._language or "und"))
        add(self._document, _TYPE, iri(SCIP.Document))
        add(self._document, iri(DCT.identifier), quoted(document.name))
        if document.title:
            add(self._document, iri(DCT.title), text(document.title, self._language))
        if document.issued:
            add(self._document, iri(DCT.issued), typed(document.issued.isoformat(), "date"))
        if document.source and _ADDRESS.fullmatch(document.source):
            add(self._version, iri(SCIP.sourceUrl), typed(document.source, "anyURI"))
        elif document.source:
            add(self._document, iri(DCT.bibliographicCitation), quoted(document.source))
        for concept in cues("doc-kind").named(document.genre or ""):
            add(self._document, iri(SCIP.kind), iri(concept))
        creates = "/id/person/" in self._iris.get(ISSUER, "")
        self._add_named(ISSUER, DCT.creator if creates else DCT.publisher, document.issuer)
        self._add_named(COUNTRY, SCIP.jurisdiction, document.country)

    def add_run(self) -> None:
        """Say which version of which extractor read the text; there is no clock in it."""
        agent = foreign_iri(f"{BASE}id/agent/{self._made_by.extractor}")
        self._add(self._run, _TYPE, iri(SCIP.ExtractionRun))
        self._add(self._run, iri(PROV.used), self._version)
        self._add(self._run, iri(PROV.wasAssociatedWith), agent)
        made_by = f"{self._made_by.extractor} {self._made_by.version}"
        self._add(self._run, iri(SCIP.model), quoted(made_by))
        self._add(self._run, iri(SCIP.codeRevision), quoted(self._made_by.version))
        if self._made_by.prompt_hash:
            self._add(self._run, iri(SCIP.promptHash), quoted(self._made_by.prompt_hash))
        self._add(agent, _TYPE, iri(PROV.SoftwareAgent))

    def add_entity(self, entity: Entity) -> None:
        """Write what the text shows of an entity: type, kinds, figures, and where it is named."""
        if entity.type == "Quantity" and not self._add_quantity(entity):
            return
        if (node := self._nodes[entity.id]) is None:
            return
        self._add_types(node, entity)
        for mention in entity.mentions:
            self._add(self._span(mention), _MENTIONS, node)

    def add_statement(self, statement: Statement) -> None:
        """Write a statement; one whose content is not in the graph says nothing and is left out."""
        content = self._known(statement.content, _ELEMENTS)
        if not content:
            return
        speaker = self._speaker(statement)
        evidence = statement.evidence
        said = (_bare(speaker) if speaker else None, statement.modality, map(_bare, content))
        node = iri(statement_iri(self._sha16, evidence.start, evidence.end, *said))
        if node in self._recorded:
            return
        attribution = "narrator" if statement.speaker is None else statement.attribution
        self._add_record(node, SCIP.Statement, evidence, statement.confidence)
        self._add(node, iri(SCIP.modality), iri(f"{_VOC}modality/{statement.modality}"))
        self._add(node, iri(SCIP.attribution), iri(f"{_VOC}attribution/{attribution}"))
        if speaker:
            self._add(node, iri(SCIP.speaker), speaker)
        for element in content:
            self._add(node, iri(SCIP.content), element)
        for actor in self._known(statement.addressee, ACTOR_TYPES):
            self._add(node, iri(SCIP.addressee), actor)
        if issued := self._text.document.issued:
            self._add(node, iri(SCIP.statedOn), typed(issued.isoformat(), "date"))
        self._add_circumstances(node, statement)

    def add_relation(self, relation: Relation) -> None:
        """Write a relation: the plain triple where there is one, and the record of it."""
        subject, object_ = self._nodes.get(relation.subject), self._nodes.get(relation.object)
        if relation.predicate == "amount":
            self._add_amount(relation)
        elif subject is None or object_ is None or subject == object_:
            return
        elif relation.predicate == "holdsPost":
            self._add_tenure(relation, subject, object_)
        elif relation.predicate == "publishedBy":
            creator = self._entities[relation.object].type in ("Person", "Post")
            predicate = iri(DCT.creator if creator else DCT.publisher)
            self._add_fact(relation, subject, predicate, object_)
        else:
            self._add_fact(relation, subject, _PLAIN[relation.predicate], object_)

    def _add_circumstances(self, node: str, statement: Statement) -> None:
        """Write the post and the occasion of the speaker, where the text leaves no choice."""
        for partners, predicate in (
            (self._posts, SCIP.inCapacityOf),
            (self._occasions, SCIP.madeAt),
        ):
            partner = partners.get(statement.speaker or "")
            if partner and (found := self._nodes.get(partner)):
                self._add(node, iri(predicate), found)

    def _add(self, subject: str, predicate: str, object_: str) -> None:
        self.lines.append(f"{subject} {predicate} {object_}{self._tail}")

    def _node(self, entity: Entity) -> str | None:
        """The term of an entity, or None for one that has no place in the graph."""
        if entity.type == "Quantity":
            first = entity.mentions[0]
            return iri(quantity_iri(self._sha16, first.start, first.end))
        found = self._iris.get(entity.id)
        return iri(found) if found else None

    def _known(self, ids: tuple[str, ...], types: frozenset[EntityType]) -> list[str]:
        """Terms of those entities that have one and are of one of the types, without repetition."""
        nodes = (
            self._nodes[i] for i in ids if i in self._nodes and self._entities[i].type in types
        )
        return list(dict.fromkeys(node for node in nodes if node))

    def _speaker(self, statement: Statement) -> str | None:
        """Who speaks; where the document itself does, its issuer, if that is known."""
        if statement.speaker is not None:
            return next(iter(self._known((statement.speaker,), ACTOR_TYPES)), None)
        return self._narrator

    def _narrating(self) -> str | None:
        """The issuer, whose words the document's own are; a newspaper only reports stances."""
        document, issuer = self._text.document, self._iris.get(ISSUER)
        if issuer is None or is_reported(document.genre, document.issuer):
            return None
        return iri(issuer)

    def _span(self, span: Span) -> str:
        """The term of a span, which is described when it is first needed."""
        key = (span.start, span.end)
        node = self._spans.get(key)
        if node is None:
            node = self._spans[key] = iri(span_iri(self._sha16, span.start, span.end))
            tail = self._tail
            # Most of the graph is spans, hence all lines of one at once.
            self.lines += (
                f"{node} {_TYPE} {_SPAN}{tail}",
                f"{node} {_IN_VERSION} {self._version}{tail}",
                f"{node} {_START} {integer(span.start)}{tail}",
                f"{node} {_END} {integer(span.end)}{tail}",
                f"{node} {_QUOTE} {text(span.text, self._language)}{tail}",
            )
        return node

    def _add_named(self, key: str, predicate: str, name: str | None) -> None:
        """Relate the document to what its metadata name, and keep the wording of the name."""
        found = self._iris.get(key)
        if not name or not found:
            return
        self._add(self._document, iri(predicate), iri(found))
        self._add(iri(found), _TYPE, iri(_class_of(found)))
        self._add(iri(found), iri(RDFS.label), text(name, self._language))

    def _add_types(self, node: str, entity: Entity) -> None:
        """Write the type of an entity, and the kinds that its name suggests."""
        if entity.type == "Field":
            # Fields of the scheme are described in the graph of the vocabulary.
            if not node.startswith(f"<{_VOC}"):
                self._add(node, _TYPE, iri(SKOS.Concept))
                self._add(node, iri(SKOS.inScheme), iri(f"{_VOC}field"))
                self._add_assigned(node, entity, "field", iri(SKOS.broader))
            return
        self._add(node, _TYPE, iri(getattr(SCIP, entity.type)))
        self._add(node, _CONFIDENCE, _probability(entity.confidence))
        if entity.type in _ELEMENTS:
            if not self._add_assigned(node, entity, "theme", iri(SCIP.theme)):
                for concept in _themes(entity.name):
                    self._add(node, iri(SCIP.theme), concept)
            self._add_assigned(node, entity, "field", iri(SCIP.field))
        if entity.type == "Instrument":
            self._add_kinds(node, entity, _TYPES, SCIP.instrumentType)
        # What the authority list says of the kinds of an organisation is better than its name.
        elif (scheme := _KIND_SCHEMES.get(entity.type)) and entity.authority is None:
            self._add_kinds(node, entity, scheme, SCIP.kind)

    def _add_kinds(self, node: str, entity: Entity, scheme: str, predicate: str) -> None:
        """Write the kinds of a thing: those assigned to it, or else those that cues suggest."""
        if self._add_assigned(node, entity, scheme, iri(predicate)):
            return
        name = entity.name
        for concept in _instrument_types(name) if scheme == _TYPES else _kinds(scheme, name):
            self._add(node, iri(predicate), concept)

    def _add_assigned(self, node: str, entity: Entity, scheme: str, predicate: str) -> bool:
        """Write what the extractor assigned of a scheme, with how sure it is; say if it did."""
        assigned = [a for a in entity.concepts if a.scheme == scheme]
        shown = next((m for m in entity.mentions if m.text == entity.name), entity.mentions[0])
        for one in assigned:
            concept = concept_iri(one.scheme, one.code)
            self._add_class(node, predicate, concept, shown, one.confidence)
        return bool(assigned)

    def _add_class(
        self, node: str, predicate: str, concept: str, evidence: Span, confidence: float
    ) -> None:
        """Write that a thing is of a concept, and the record of it."""
        place = (self._sha16, evidence.start, evidence.end)
        record = iri(classification_iri(*place, _bare(node), concept))
        self._add(node, predicate, iri(concept))
        self._add_record(record, SCIP.Classification, evidence, confidence)
        self._add(record, iri(SCIP.classifies), node)
        self._add(record, iri(SCIP.classifiedAs), iri(concept))

    def _add_quantity(self, entity: Entity) -> bool:
        """Write a quantity; say whether it has a figure, without which it is none."""
        node, figures = self._nodes[entity.id], self._figures_of(entity, entity.mentions[0])
        if node is None or figures.unit is None:
            return False
        self._describe_quantity(node, figures, entity.name)
        return True

    def _figures_of(self, entity: Entity, mention: Span) -> Figures:
        """What the wording of a quantity says where it is mentioned."""
        before = self._text.content[max(0, mention.start - NEAR) : mention.start]
        return read_quantity(entity.name, before, self._country)

    def _describe_quantity(self, node: str, figures: Figures, wording: str) -> None:
        for predicate, value in (
            (SCIP.value, figures.value),
            (SCIP.minValue, figures.minimum),
            (SCIP.maxValue, figures.maximum),
        ):
            if value is not None:
                self._add(node, iri(predicate), decimal(value))
        if figures.unit:
            self._add(node, iri(SCIP.unit), iri(figures.unit))
        self._add(node, iri(SCIP.quantityText), text(wording, self._language))

    def _add_record(self, node: str, class_: str, evidence: Span, confidence: float) -> None:
        """Write what all records have: class, evidence, confidence, status, and the run.

        What is recorded twice keeps the confidence that it had first.
        """
        if node in self._recorded:
            return
        self._recorded.add(node)
        span, tail = self._span(evidence), self._tail
        self.lines += (
            f"{node} {_TYPE} {iri(class_)}{tail}",
            f"{node} {_EVIDENCE} {span}{tail}",
            f"{node} {_CONFIDENCE} {_probability(confidence)}{tail}",
            f"{node} {_STATUS} {_CANDIDATE}{tail}",
            f"{node} {_GENERATED} {self._run}{tail}",
        )

    def _add_fact(self, relation: Relation, subject: str, predicate: str, object_: str) -> None:
        """Write a triple and the claim that carries its evidence."""
        self._add(subject, predicate, object_)
        self._add_claim(relation, subject, predicate, object_)

    def _add_claim(self, relation: Relation, subject: str, predicate: str, object_: str) -> None:
        evidence = relation.evidence
        triple = (_bare(subject), _bare(predicate), _bare(object_))
        node = iri(claim_iri(self._sha16, evidence.start, evidence.end, *triple))
        value = SCIP.claimObject if object_.startswith("<") else SCIP.claimLiteral
        self._add_record(node, SCIP.Claim, evidence, relation.confidence)
        self._add(node, iri(SCIP.claimSubject), subject)
        self._add(node, iri(SCIP.claimPredicate), predicate)
        self._add(node, iri(value), object_)

    def _add_tenure(self, relation: Relation, person: str, post: str) -> None:
        evidence = relation.evidence
        pair = (_bare(person), _bare(post))
        node = iri(tenure_iri(self._sha16, evidence.start, evidence.end, *pair))
        self._add_record(node, SCIP.Tenure, evidence, relation.confidence)
        self._add(node, iri(SCIP.holder), person)
        self._add(node, iri(SCIP.fillsPost), post)

    def _add_amount(self, relation: Relation) -> None:
        """Write the figure or date of a goal or instrument; a goal with one is a target.

        A wording that gives neither is only claimed, as it stands.
        """
        subject = self._nodes.get(relation.subject)
        quantity = self._nodes.get(relation.object)
        if subject is None or quantity is None:
            return
        entity, evidence = self._entities[relation.object], relation.evidence
        inside = (m for m in entity.mentions if evidence.start <= m.start < evidence.end)
        mention = next(inside, entity.mentions[0])
        if self._entities[relation.subject].type == "Goal":
            self._add_target(relation, subject, quantity, mention)
        else:
            self._add_to_instrument(relation, subject, quantity, mention)

    def _add_to_instrument(
        self, relation: Relation, subject: str, quantity: str, mention: Span
    ) -> None:
        entity = self._entities[relation.object]
        figures = self._figures_of(entity, mention)
        dates = _dates(figures)
        if figures.unit:
            # A date beside a figure is one of the figure.
            predicate = iri(SCIP.budget if figures.is_money else SCIP.quantity)
            self._add_fact(relation, subject, predicate, quantity)
        elif dates:
            self._add_dates(relation, subject, dates, figures)
            self._add_stage(relation, subject, dates)
        else:
            wording = text(entity.name, self._language)
            self._add_claim(relation, subject, iri(SCIP.quantity), wording)

    def _add_stage(self, relation: Relation, subject: str, dates: Mapping[str, date]) -> None:
        """Write how far an instrument had come when the document was issued."""
        if stage := _stage(dates, self._text.document.issued):
            self._add_class(
                subject,
                iri(SCIP.lifecycle),
                concept_iri("lifecycle", stage),
                relation.evidence,
                relation.confidence,
            )

    def _add_target(self, relation: Relation, goal: str, quantity: str, mention: Span) -> None:
        entity, content = self._entities[relation.object], self._text.content
        figures = self._figures_of(entity, mention)
        if change := read_change(content, mention.start, mention.end, self._country):
            begun, aimed = change
            self._add_fact(relation, goal, iri(SCIP.baselineValue), self._part(begun))
            quantity, figures = self._part(aimed), aimed.figures
        elif figures.unit and is_beginning(content[max(0, mention.start - NEAR) : mention.start]):
            self._add_fact(relation, goal, iri(SCIP.baselineValue), quantity)
            return
        elif figures.unit is None and figures.deadline is None:
            wording = text(entity.name, self._language)
            self._add_claim(relation, goal, iri(SCIP.targetValue), wording)
            return
        self._add(goal, _TYPE, iri(SCIP.Target))
        for concept in cues("metric").anywhere(self._entities[relation.subject].name):
            self._add(goal, iri(SCIP.metric), iri(concept))
        if figures.comparator:
            self._add(goal, iri(SCIP.comparator), iri(figures.comparator))
        if figures.unit:
            self._add_fact(relation, goal, iri(SCIP.targetValue), quantity)
        if figures.deadline:
            self._add_dates(relation, goal, {SCIP.deadline: figures.deadline}, figures)

    def _add_dates(
        self, relation: Relation, subject: str, dates: Mapping[str, date], figures: Figures
    ) -> None:
        for predicate, day in dates.items():
            self._add_fact(relation, subject, iri(predicate), typed(day.isoformat(), "date"))
        if SCIP.deadline in dates and figures.deadline_text:
            self._add(subject, iri(SCIP.deadlineText), text(figures.deadline_text, self._language))

    def _part(self, part: Part) -> str:
        """The term of a figure, which may be a part of what was found or stand before it."""
        node = iri(quantity_iri(self._sha16, part.start, part.end))
        if node not in self._nodes.values():
            self._add(node, _TYPE, iri(SCIP.Quantity))
            self._describe_quantity(node, part.figures, self._text.content[part.start : part.end])
        return node


def _only_partner(extraction: Extraction, *predicates: Predicate) -> dict[str, str]:
    """Actors that these relations join to exactly one thing, and that thing; local ids."""
    partners: dict[str, set[str]] = defaultdict(set)
    for relation in extraction.relations:
        if relation.predicate in predicates:
            actor, thing = relation.subject, relation.object
            if relation.predicate != "holdsPost":
                actor, thing = thing, actor
            partners[actor].add(thing)
    return {actor: found.pop() for actor, found in partners.items() if len(found) == 1}


def _dates(figures: Figures) -> dict[str, date]:
    """The dates that a wording sets for an instrument, by property."""
    if figures.begins is None or figures.deadline is None:
        return {}
    if figures.bound == "due":
        return {SCIP.deadline: figures.deadline}
    if figures.is_range:
        return {SCIP.startDate: figures.begins, SCIP.endDate: figures.deadline}
    if figures.bound == "begins":
        return {SCIP.startDate: figures.begins}
    return {SCIP.endDate: figures.deadline} if figures.bound == "ends" else {}


def _stage(dates: Mapping[str, date], issued: date | None) -> str | None:
    """How far an instrument with these dates had come when the document was issued, if they tell.

    That its end lies ahead does not tell whether it has begun.
    """
    if issued is None:
        return None
    begins, ends = dates.get(SCIP.startDate), dates.get(SCIP.endDate)
    if ends and ends < issued:
        return "ended"
    if max(begins or issued, dates.get(SCIP.deadline, issued)) > issued:
        return "planned"
    return "running" if begins else None


def _class_of(entity: str) -> str:
    """The class of an entity, which its IRI names in lower case."""
    segment = entity.removeprefix(f"{BASE}id/").partition("/")[0]
    return next(str(getattr(SCIP, t)) for t in get_args(EntityType) if t.lower() == segment)


def _bare(term: str) -> str:
    """An IRI without its brackets; a literal stays as it is."""
    return term[1:-1] if term.startswith("<") else term


@lru_cache(maxsize=4096)
def _probability(confidence: float) -> str:
    """A confidence, to four places: it is not known better than that."""
    return decimal(round(confidence, 4))


@lru_cache(maxsize=16_384)
def _kinds(scheme: str, name: str) -> tuple[str, ...]:
    """Terms of the concepts that the head of a name suggests."""
    return tuple(iri(concept) for concept in cues(scheme).heads(name))


@lru_cache(maxsize=16_384)
def _instrument_types(name: str) -> tuple[str, ...]:
    """Terms of the types of an instrument: by its head, else by any cue in it, else unspecified."""
    known = cues("instrument-type")
    unspecified = (VOC("instrument-type", "x-unspecified-support"),)
    return tuple(iri(c) for c in known.heads(name) or known.anywhere(name) or unspecified)


@lru_cache(maxsize=16_384)
def _themes(name: str) -> tuple[str, ...]:
    """Terms of the policy themes that a cue in the wording of a goal or instrument suggests."""
    return tuple(iri(concept) for concept in cues("theme").anywhere(name))
