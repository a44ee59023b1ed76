"""From an extraction to the graph of its text: link, assemble, and note the names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from graph.assemble import COUNTRY, ISSUER, assemble
from graph.authority import Authority
from graph.concepts import cues
from graph.entity_graph import names_in
from graph.identifiers import graph_iri
from graph.link.registry import Registry
from graph.link.resolve import Linker
from graph.records import ACTOR_TYPES, Document, Entity, EntityType, Extraction, Span, Text
from graph.runs import Run
from graph.writer import TextGraph

# To be raised when the same extraction gives another graph than before.
ASSEMBLY = "2"


class Weaver:
    """Makes the graphs of texts; one Weaver gives the same thing the same IRI everywhere."""

    def __init__(self, authority: Authority, registry: Registry) -> None:
        """Link by an authority list; new IRIs go to the registry."""
        self._authority = authority
        self._linker = Linker(authority, registry)

    def weave(self, text: Text, extraction: Extraction, run: Run, fingerprint: str) -> TextGraph:
        """Make the graph of a text from what a run found in it."""
        named = self._named_by_metadata(text)
        whole = extraction.model_copy(update={"entities": extraction.entities + named})
        iris = self._linker.link(text, whole)
        return TextGraph(
            name=graph_iri(run.id, text.sha16),
            nquads=assemble(text, extraction, iris, run),
            fingerprint=fingerprint,
            names=names_in(text, extraction, iris),
        )

    def unknown(self, document: Document) -> Iterator[tuple[str, str]]:
        """What the metadata of a document name that no list has: "genre" or "country", and it."""
        if document.genre and not cues("doc-kind").named(document.genre):
            yield "genre", document.genre
        if document.country and not self._linker.is_listed(document.country):
            yield "country", document.country

    def _named_by_metadata(self, text: Text) -> tuple[Entity, ...]:
        """The issuer and the country of a document, as if the text had named them at its end."""
        document = text.document
        entities = []
        if document.issuer:
            records = self._authority.lookup(document.issuer)
            types: set[EntityType] = {t for t in ACTOR_TYPES for r in records if r.type == t}
            type_ = types.pop() if len(types) == 1 else "Organization"
            entities.append(_entity(ISSUER, type_, document.issuer, text))
        if document.country and (record := self._authority.country(document.country)):
            entities.append(_entity(COUNTRY, "Country", document.country, text, record.key))
        return tuple(entities)


def fingerprint_of(text: Text, extraction: bytes) -> str:
    """Hash of all that the graph of a text by a run is made from, apart from the run.

    The extraction says what is known about the document.
    """
    return hashlib.sha256(f"{ASSEMBLY}\n{text.sha256}\n".encode() + extraction).hexdigest()[:32]


def _entity(
    id_: str, type_: EntityType, name: str, text: Text, authority: str | None = None
) -> Entity:
    # Behind the text, where no other words are near.
    start = len(text.content) + 1000
    span = Span(start=start, end=start + len(name), text=name)
    return Entity(id=id_, type=type_, name=name, mentions=(span,), authority=authority)
