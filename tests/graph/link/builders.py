"""Texts with marked names, as an extractor would hand them to the linker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from graph.authority import load_authority
from graph.link.identify import Identity
from graph.link.registry import Registry
from graph.link.resolve import Linker
from graph.records import Document, Entity, Extraction, Predicate, Relation, Span, Text

_TYPES = {
    "P": "Person",
    "R": "Post",
    "O": "Organization",
    "C": "Country",
    "A": "ActorGroup",
    "G": "Goal",
    "I": "Instrument",
    "E": "Event",
    "D": "Document",
    "F": "Field",
    "Q": "Quantity",
}
_MARK = re.compile(r"\{([A-Z])(\d*):([^}]*)\}")


def marked(
    text: str,
    relations: Iterable[tuple[str, Predicate, str]] = (),
    authority: Mapping[str, str] | None = None,
    **metadata: str,
) -> tuple[Text, Extraction]:
    """A text in which `{O:Royal Society}` marks an Organization.

    Marks with the same letter and number are mentions of one entity, whose id they are and whose
    name is the longest; a mark without a number is an entity of its own, whose id is its wording.
    """
    content, spans = "", {}
    position = 0
    for mark in _MARK.finditer(text):
        content += text[position : mark.start()]
        letter, number, name = mark.groups()
        span = Span(start=len(content), end=len(content) + len(name), text=name)
        spans.setdefault((letter + number if number else name, _TYPES[letter]), []).append(span)
        content += name
        position = mark.end()
    content += text[position:]
    document = Document(**{"name": "doc", **metadata})
    entities = tuple(
        Entity(
            id=id_,
            type=type_,
            name=max((span.text for span in found), key=len),
            mentions=tuple(found),
            authority=(authority or {}).get(id_),
        )
        for (id_, type_), found in spans.items()
    )
    evidence = Span(start=0, end=len(content), text=content)
    joined = tuple(
        Relation(subject=subject, predicate=predicate, object=object_, evidence=evidence)
        for subject, predicate, object_ in relations
    )
    extraction = Extraction(document=document.name, entities=entities, relations=joined)
    return Text(document=document, content=content), extraction


def linker(registry: Registry | None = None) -> Linker:
    return Linker(load_authority(), registry or Registry())


@cache
def _shared_linker() -> Linker:
    """One for all that only identify, which leaves no trace in it."""
    return linker()


def identities(
    text: str,
    relations: Iterable[tuple[str, Predicate, str]] = (),
    authority: Mapping[str, str] | None = None,
    **metadata: str,
) -> dict[str, Identity]:
    """What the marked entities are."""
    return _shared_linker().identify(*marked(text, relations, authority, **metadata))


def key(text: str, **metadata: str) -> str:
    """The key of the only entity of a marked text."""
    found = identities(text, **metadata)
    (only,) = [id_ for id_ in found if not id_.startswith("metadata:")]
    return found[only].key
