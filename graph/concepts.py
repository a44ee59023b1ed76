"""Which concepts of a scheme a phrase suggests, by the cue words that the scheme itself carries.

The cues are the labels in `ontology/schemes`, hidden ones included: who adds a word there changes
what is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import pyoxigraph as ox

from graph.identifiers import concept_iri, normalise

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_LABELS = tuple(ox.NamedNode(f"{_SKOS}{p}Label") for p in ("pref", "alt", "hidden"))
_WORDINGS = (*_LABELS, *(ox.NamedNode(f"{_SKOS}{p}") for p in ("definition", "scopeNote")))
# Words; scripts that write none are taken sign by sign.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_COORDINATION = re.compile(r"\s+and\s+|\s+or\s+|\s*[,/;&]\s*", re.IGNORECASE)
# What follows one of these only narrows the head down: "centres for basic disciplines".
_TAIL = re.compile(
    r"\s+(?:of|for|to|on|in|with|by|from|at|under|between|among|through|towards?|that)\s|\s*\(",
    re.IGNORECASE,
)

Words = tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """The concepts (IRIs) of one scheme by the words of their labels."""

    by_words: Mapping[Words, tuple[str, ...]]
    longest: int

    def named(self, label: str) -> tuple[str, ...]:
        """Concepts that have this label."""
        return self.by_words.get(_words(label), ())

    def heads(self, phrase: str) -> tuple[str, ...]:
        """Concepts whose cue ends the head of the phrase or of one of its coordinated parts."""
        found: dict[str, None] = {}
        for part in _COORDINATION.split(_TAIL.split(phrase, maxsplit=1)[0]):
            found.update(dict.fromkeys(self._ending(_words(part))))
        return tuple(found)

    def anywhere(self, phrase: str) -> tuple[str, ...]:
        """Concepts of the longest cue inside the phrase, the last one where lengths are equal."""
        words = _words(phrase)
        for size in range(min(self.longest, len(words)), 0, -1):
            for start in range(len(words) - size, -1, -1):
                if concepts := self.by_words.get(words[start : start + size]):
                    return concepts
        return ()

    def _ending(self, words: Words) -> tuple[str, ...]:
        for size in range(min(self.longest, len(words)), 0, -1):
            if concepts := self.by_words.get(words[-size:]):
                return concepts
        return ()


@cache
def cues(scheme: str) -> Cues:
    """Read the cues of a scheme, such as `instrument-type`; read once per process."""
    by_words: dict[Words, dict[str, None]] = {}
    for concept, label in _literals(scheme, _LABELS):
        by_words.setdefault(_words(label.value), {})[concept] = None
    known = {words: tuple(sorted(found)) for words, found in sorted(by_words.items()) if words}
    return Cues(known, max(map(len, known), default=0))


def codes(scheme: str) -> tuple[str, ...]:
    """The codes of the concepts of a scheme, which end their IRIs, in order."""
    return tuple(sorted(concept.rpartition("/")[2] for concept in wordings(scheme)))


def is_reported(genre: str | None, issuer: str | None) -> bool:
    """Whether a text tells what others say: a news report that a medium issues."""
    is_news = concept_iri("doc-kind", "news") in cues("doc-kind").named(genre or "")
    return is_news and concept_iri("org-kind", "media") in cues("org-kind").anywhere(issuer or "")


def wordings(scheme: str, language: str = "en") -> Mapping[str, tuple[str, ...]]:
    """What is said of each concept (IRI) of a scheme in a language: labels and definitions."""
    found: dict[str, dict[str, None]] = {}
    for concept, literal in _literals(scheme, _WORDINGS):
        if literal.language == language:
            found.setdefault(concept, {})[literal.value] = None
    return {concept: tuple(sorted(texts)) for concept, texts in sorted(found.items())}


def _literals(
    scheme: str, properties: tuple[ox.NamedNode, ...]
) -> Iterator[tuple[str, ox.Literal]]:
    """The concepts of a scheme with their values of these properties."""
    turtle = (files("ontology") / "schemes" / f"{scheme}.ttl").read_bytes()
    scheme_iri = f"https://w3id.org/scipol/voc/{scheme}"
    for triple in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
        concept = triple.subject
        if triple.predicate not in properties or not isinstance(concept, ox.NamedNode):
            continue
        if concept.value != scheme_iri and isinstance(triple.object, ox.Literal):
            yield concept.value, triple.object


@lru_cache(maxsize=4096)
def _words(phrase: str) -> Words:
    """Words in lower case and singular, roughly: enough to compare by."""
    return tuple(_singular(word) for word in _WORD.findall(normalise(phrase)))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
