"""Answers about the vocabulary: is this a kind of that, what is it called, what is in a scheme.

Reads the files through the engine's parser, which takes a few hundredths of a second, and once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pyoxigraph as ox

from ontology.files import resource, vocabulary_files
from ontology.vocabulary import RDFS, SKOS, VOC

_Values = tuple[ox.NamedNode | ox.Literal, ...]
_ABOVE = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader)


def parents(term: str) -> tuple[str, ...]:
    """Direct super-classes, super-properties or broader concepts, sorted.

    Raises KeyError where the vocabulary has no such term; so do all functions here.
    """
    return tuple(sorted(value.value for above in _ABOVE for value in _values(term, above)))


def children(term: str) -> tuple[str, ...]:
    """What has this term as a direct parent, sorted."""
    _known(term)
    return _children().get(term, ())


def is_a(term: str, other: str) -> bool:
    """Whether a term is the other one or lies below it."""
    _known(other)
    return term == other or any(is_a(parent, other) for parent in parents(term))


def concepts(scheme: str) -> tuple[str, ...]:
    """IRIs of the concepts of a scheme, by code."""
    return tuple(VOC(scheme, code) for code in VOC.codes(scheme))


def top_concepts(scheme: str) -> tuple[str, ...]:
    """IRIs of the concepts that head a scheme, by code."""
    return tuple(c for c in concepts(scheme) if _values(c, SKOS.topConceptOf))


def labels(term: str) -> Mapping[str, str]:
    """The preferred label in each language."""
    found = (*_values(term, SKOS.prefLabel), *_values(term, RDFS.label))
    return {value.language or "": value.value for value in _literals(found)}


def label(term: str, language: str = "en") -> str:
    """The preferred label in this language, or else in English."""
    found = labels(term)
    return found.get(language) or found["en"]


def definition(term: str, language: str = "en") -> str | None:
    """The definition in this language, if there is one."""
    found = {v.language: v.value for v in _literals(_values(term, SKOS.definition))}
    return found.get(language)


def hidden_labels(term: str, language: str = "en") -> tuple[str, ...]:
    """Cue words of a concept in this language, in the order of the file."""
    found = _literals(_values(term, SKOS.hiddenLabel))
    return tuple(value.value for value in found if value.language == language)


def names(term: str, language: str = "en") -> tuple[str, ...]:
    """Everything a term is called in this language: preferred label, alternatives, cue words."""
    properties = (SKOS.prefLabel, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel)
    found = _literals(tuple(value for p in properties for value in _values(term, p)))
    return tuple(value.value for value in found if value.language == language)


def _literals(values: _Values) -> Iterator[ox.Literal]:
    return (value for value in values if isinstance(value, ox.Literal))


def _known(term: str) -> Mapping[str, _Values]:
    found = _index().get(term)
    if found is None:
        raise KeyError(f"the vocabulary has no term {term!r}")
    return found


def _values(term: str, predicate: str) -> _Values:
    return _known(term).get(predicate, ())


@cache
def _index() -> Mapping[str, Mapping[str, _Values]]:
    found: dict[str, dict[str, _Values]] = defaultdict(dict)
    for name in vocabulary_files():
        for quad in ox.parse(resource(name).read_bytes(), format=ox.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
                properties, predicate = found[subject.value], quad.predicate.value
                properties[predicate] = (*properties.get(predicate, ()), value)
    return dict(found)


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for term in _index():
        for parent in parents(term):
            found[parent].add(term)
    return {parent: tuple(sorted(terms)) for parent, terms in found.items()}
