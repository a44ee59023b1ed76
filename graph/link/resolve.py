"""IRIs for the entities of an extraction: what each one is, then its entry in the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.authority import Authority, AuthorityRecord
from graph.identifiers import concept_iri, document_iri, quantity_iri
from graph.link.identify import Identity, identify, own_key
from graph.link.knowledge import load_knowledge
from graph.link.naming import is_acronym
from graph.link.registry import Registry
from graph.records import Extraction, Text


class Linker:
    """Gives the entities of extractions their IRIs.

    >>> from graph.authority import load_authority
    >>> linker = Linker(load_authority(), Registry())
    >>> linker.iri_of(load_authority().records["organization/cern"], "a document")
    'https://w3id.org/scipol/id/organization/european-organization-for-nuclear-research-kg3dhujn5v'
    """

    def __init__(self, authority: Authority, registry: Registry) -> None:
        self._knowledge = load_knowledge(authority)
        self._registry = registry

    def link(self, text: Text, extraction: Extraction) -> dict[str, str]:
        """The IRI of each entity, by its local id; new ones are minted and saved.

        What the metadata name is there too, under ISSUER and COUNTRY.
        """
        return self.mint(text, extraction, self.identify(text, extraction))

    def identify(self, text: Text, extraction: Extraction) -> dict[str, Identity]:
        """What each entity is, by its local id. Pure: any process may do this part."""
        return identify(self._knowledge, text, extraction)

    def mint(
        self, text: Text, extraction: Extraction, identities: Mapping[str, Identity]
    ) -> dict[str, str]:
        """The IRIs for identities of this text; new ones are saved."""
        iris = {
            id_: self._iri(identity, text.document.name) for id_, identity in identities.items()
        }
        for entity in extraction.entities:
            if entity.type == "Quantity":
                first = min(entity.mentions, key=lambda span: (span.start, span.end))
                iris[entity.id] = quantity_iri(text.sha16, first.start, first.end)
        self._registry.save()
        return iris

    def is_listed(self, place: str) -> bool:
        """Whether metadata that name this place name a country or body of the authority list."""
        return self._knowledge.naming.place(place) is not None

    def iri_of(self, record: AuthorityRecord, needed_by: str) -> str:
        """The IRI of an authority record, whether or not a text has named it.

        `needed_by` is the name of the document on whose account it is asked for. A new entry is
        saved with the next document that is linked.
        """
        if record.type == "Field":
            return concept_iri("field", record.key.removeprefix("field/"))
        return self._registry.mint(record.type, record.key, record.label, needed_by)

    def _iri(self, identity: Identity, document: str) -> str:
        if identity.record is not None:
            return self.iri_of(identity.record, document)
        if identity.key == own_key(document):
            return document_iri(document)
        return self._registry.mint(identity.type, identity.key, identity.label, document)


def preferred_label(names: Mapping[str, int], record: AuthorityRecord | None = None) -> str:
    """The name to show for an entity that goes by these names, each so many times.

    The authority's label comes first. Else full names come before acronyms and before short forms
    of themselves ("mission" for National Quantum Mission), and names as running text writes them
    before headings in title case or capitals; then the most frequent, the longest, the first by
    alphabet. Raises ValueError where there is no name at all.
    """
    if record is not None:
        return record.label
    return min(names, key=lambda name: (_rank(name, names), -names[name], -len(name), name))


def _rank(name: str, names: Iterable[str]) -> int:
    """0 for a full name, 1 for a short form or acronym, 2 for what only a heading writes so."""
    words, others = _words(name), [other for other in names if other != name]
    if name.isupper() and len(words) > 1:
        return 2
    if any(_words(other) == words and _capitals(other) < _capitals(name) for other in others):
        return 2
    if is_acronym(name) or any(words < _words(other) for other in others):
        return 1
    # What runs in lower case elsewhere, in other words, is a heading here.
    is_title = all(word[0].isupper() for word in name.split() if len(word) > 3)
    running = any(o[:1].islower() and len(o.split()) > 1 and not _words(o) < words for o in others)
    return 2 if is_title and len(words) > 2 and running else 0


def _words(name: str) -> frozenset[str]:
    return frozenset(name.casefold().split()) - _ARTICLES


def _capitals(name: str) -> int:
    return sum(letter.isupper() for letter in name)


_ARTICLES = frozenset(("a", "an", "the", "this", "its", "their", "our"))
