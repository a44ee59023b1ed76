"""What is known of entities beyond a single text: labels, identifiers, and what contains what.

The description of an entity is a pure function of the names that all texts give it and of its
record in the authority list, so it does not matter in which order texts came, or whether others
have been there before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from graph.assemble import COUNTRY, ISSUER
from graph.authority import Authority, AuthorityRecord
from graph.identifiers import BASE, normalise_phrase, normalise_wording, slug
from graph.link.resolve import preferred_label
from graph.records import Extraction, Text
from graph.terms import foreign_iri, iri, quoted, text
from ontology.vocabulary import RDF, SCHEMA, SCIP, SKOS, VOC

# A name as a text gives it: its language (only the primary subtag) and the wording.
Name = tuple[str, str]
Names = dict[str, set[Name]]

_KIND_SCHEMES = {"Organization": "org-kind", "ActorGroup": "target-group"}
# What is worded freely is known by its wording; its IRI is made of this form of it.
_WORDINGS = {"goal": normalise_wording, "actorgroup": normalise_phrase}
_PREFERRED = iri(SKOS.prefLabel)
_ALTERNATIVE = iri(SKOS.altLabel)
_VOC = "https://w3id.org/scipol/voc/"
UNDETERMINED = "und"


def name_of(wording: str, language: str | None) -> Name:
    """A wording as a label: on one line, under its primary language."""
    return (language or UNDETERMINED).partition("-")[0].lower(), " ".join(wording.split())


def names_in(text_: Text, extraction: Extraction, iris: Mapping[str, str]) -> Names:
    """The names that a text gives to entities (IRIs), the issuer and country of it included."""
    document = text_.document
    found: Names = {}
    for entity in extraction.entities:
        if (node := iris.get(entity.id)) and entity.type != "Quantity":
            names = found.setdefault(node, set())
            names.update(name_of(m.text, document.language) for m in entity.mentions)
    for key, name in ((ISSUER, document.issuer), (COUNTRY, document.country)):
        if name and (node := iris.get(key)):
            found.setdefault(node, set()).add(name_of(name, document.language))
    return {node: names for node, names in found.items() if not node.startswith(_VOC)}


class Describer:
    """Writes descriptions of entities as lines of triples, without graph and final full stop."""

    def __init__(self, authority: Authority, iri_of: Callable[[AuthorityRecord], str]) -> None:
        """Describe with an authority list and the IRIs of its records."""
        self._records = {iri_of(r): r for r in authority.records.values() if r.type != "Field"}
        self._iris = {r.key: node for node, r in self._records.items()}

    def is_known(self, node: str) -> bool:
        """Whether the authority list has a record of this entity."""
        return node in self._records

    def wholes(self, node: str) -> frozenset[str]:
        """Entities that the record of this one leads to, step by step: bodies and countries."""
        return self._wholes.get(node, frozenset())

    def parts(self, node: str) -> frozenset[str]:
        """Entities whose records lead to this one."""
        return self._parts.get(node, frozenset())

    def describe(self, node: str, names: Set[Name]) -> set[str]:
        """Lines that describe an entity with these names."""
        subject = iri(node)
        record = self._records.get(node)
        if record is None:
            return set(_labels(subject, names, {}, node))
        preferred = {language.lower(): label for language, label in record.labels.items()}
        preferred["en"] = record.label
        known = {*names, *self._record_names(record)}
        return {*self._record_lines(subject, record), *_labels(subject, known, preferred)}

    def _record_names(self, record: AuthorityRecord) -> Iterable[Name]:
        native = {label: language.lower() for language, label in record.labels.items()}
        yield "en", record.label
        for name in record.names[1:]:
            yield native.get(name, "en"), name
        for language, label in record.labels.items():
            yield language.lower(), label

    def _record_lines(self, subject: str, record: AuthorityRecord) -> Iterable[str]:
        yield f"{subject} {iri(RDF.type)} {iri(getattr(SCIP, record.type))}"
        for identifier in record.ids:
            yield f"{subject} {iri(SCHEMA.sameAs)} {foreign_iri(identifier)}"
        if scheme := _KIND_SCHEMES.get(record.type):
            for kind in record.kinds:
                yield f"{subject} {iri(SCIP.kind)} {iri(VOC(scheme, kind))}"
        if record.type == "Country":
            if record.country:
                yield f"{subject} {iri(SCIP.isoCode)} {quoted(record.country)}"
        elif record.country:
            country = iri(self._iris[f"country/{record.country}"])
            yield f"{subject} {iri(SCIP.jurisdiction)} {country}"
        if record.part_of in self._iris:
            whole = self._records[self._iris[record.part_of]]
            predicate = SCIP.postIn if record.type == "Post" else SCIP.partOf
            # Only a body can be part of a body, and only a post be in a country.
            if record.type == "Post" or whole.type == record.type:
                yield f"{subject} {iri(predicate)} {iri(self._iris[record.part_of])}"

    @cached_property
    def _wholes(self) -> Mapping[str, frozenset[str]]:
        return {node: frozenset(self._follow(record)) for node, record in self._records.items()}

    @cached_property
    def _parts(self) -> Mapping[str, frozenset[str]]:
        parts: dict[str, set[str]] = {}
        for node, wholes in self._wholes.items():
            for whole in wholes:
                parts.setdefault(whole, set()).add(node)
        return {whole: frozenset(found) for whole, found in parts.items()}

    def _follow(self, record: AuthorityRecord) -> set[str]:
        found: set[str] = set()
        pending = [record]
        while pending:
            current = pending.pop()
            country = f"country/{current.country}" if current.country else None
            for key in (current.part_of, country):
                node = self._iris.get(key) if key else None
                if node and node not in found and key != record.key:
                    found.add(node)
                    pending.append(self._records[node])
        return found


def _labels(
    subject: str, names: Iterable[Name], preferred: Mapping[str, str], node: str = ""
) -> Iterator[str]:
    """One preferred label for each language, and all other names beside it."""
    by_language: dict[str, list[str]] = {}
    for language, name in names:
        by_language.setdefault(language, []).append(name)
    for language, wordings in by_language.items():
        chosen = preferred.get(language) or wordings[0]
        if len(wordings) > 1 and language not in preferred:
            chosen = preferred_label(dict.fromkeys(_core(node, wordings), 1), None)
        for wording in wordings:
            property_ = _PREFERRED if wording == chosen else _ALTERNATIVE
            yield f"{subject} {property_} {text(wording, language)}"


def _core(node: str, wordings: Sequence[str]) -> Sequence[str]:
    """The wordings by which a goal or group is known, not what else it is called; or all."""
    kind, _, own = node.removeprefix(f"{BASE}id/").partition("/")
    if kind not in _WORDINGS:
        return wordings
    readable = own.rpartition("-")[0]
    return [w for w in wordings if slug(_WORDINGS[kind](w)) == readable] or wordings
