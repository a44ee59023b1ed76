"""A document as it is read: its sentences, what they name, and which facts rest on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from graph.errors import NotFound
from graph.evidence import Mark, marks_in, within
from graph.layout import DataDirectory
from graph.queries import DocumentAnswer, documents, text_of, value
from graph.records import Record
from graph.store import Store

# A sentence ends at a full stop and the like before a space, but not at that behind the number that
# begins a line; and at a line end.
_END = re.compile(r"(?<=[.!?])(?<!\n\d\.)(?<!\n\d\d\.)[\"”’)]*\s+(?=[^\sa-z])|(?<=[。！？])|\n+")


class Passage(Record):
    """A sentence, where it stands, what it names, and the facts that rest on it.

    Marks count from the beginning of the passage.
    """

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]
    facts: tuple[str, ...]


class AnnotatedText(Record):
    """The text of a document in passages; joined with what stands between, they are the text."""

    document: DocumentAnswer
    content: str
    passages: tuple[Passage, ...]


def annotated(store: Store, places: DataDirectory, iri: str) -> AnnotatedText:
    """The text of a document (IRI) with all that was found in it. Raises NotFound."""
    document = document_of(store, iri)
    sha16 = document.text.rpartition("/")[2]
    try:
        content = (places.texts / f"{sha16}.txt").read_bytes().decode()
    except FileNotFoundError:
        raise NotFound(
            f"the text of {document.name!r} is not in this data directory, but where it was read; "
            "what was found in it is in the graph all the same"
        ) from None
    marks = marks_in(store, document.text)
    facts = [
        (int(value(start)), int(value(end)), value(fact))
        for start, end, fact, _ in store.select(
            text_of("facts-in-text"), {"text": ox.NamedNode(document.text)}
        ).rows
    ]
    passages = _passages(content, marks, facts)
    return AnnotatedText(document=document, content=content, passages=tuple(passages))


def document_of(store: Store, iri: str) -> DocumentAnswer:
    """The document with this IRI. Raises NotFound."""
    found = documents(store, iri)
    if not found:
        raise NotFound(f"there is no document with the IRI {iri}")
    return found[0]


def _passages(
    content: str, marks: tuple[Mark, ...], facts: list[tuple[int, int, str]]
) -> Iterator[Passage]:
    """Cut a text into sentences, but never within a name or the evidence of a fact."""
    held = sorted([(m.start, m.end) for m in marks] + [(start, end) for start, end, _ in facts])
    start = reach = at = 0
    for match in [*_END.finditer(content), None]:
        cut = match.start() if match else len(content)
        while at < len(held) and held[at][0] < cut:
            reach = max(reach, held[at][1])
            at += 1
        if reach > cut and match:
            continue
        text = content[start:cut]
        begin = start + len(text) - len(text.lstrip())
        end = begin + len(text.strip())
        if begin < end:
            yield Passage(
                start=begin,
                end=end,
                text=content[begin:end],
                marks=within(marks, begin, end),
                facts=tuple(f for s, e, f in facts if begin <= s and e <= end),
            )
        start = match.end() if match else cut
