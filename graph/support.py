"""How well a fact is supported that several sentences state, worked out when it is asked for.

Each sentence keeps its own confidence; what they give together is stored nowhere.

The documents that state a fact are combined by a noisy-or (J. Pearl, Probabilistic Reasoning in
Intelligent Systems, 1988, section 4.3.2): the fact is wrong only if each of them was misread,

    combined = 1 - product over the sources of (1 - confidence of its surest sentence)

which takes readings to go wrong independently. Within a document they do not, hence only its surest
sentence counts. Documents that share a sentence word for word copy it from each other or from a
third, so they are one source. And since even different documents repeat each other, and are read by
one program, nothing becomes surer than `CAP` by being said often.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from graph.records import Record

CAP = 0.99


class Proof(NamedTuple):
    """A sentence that states a fact: its document (IRI), its words, and how sure it is."""

    document: str
    quote: str
    confidence: float


class Support(Record):
    """In how many documents a fact is, in how many without copies, and how sure they make it."""

    documents: int
    sources: int
    confidence: float


def support(proofs: Iterable[Proof]) -> Support:
    """What sentences that state one fact give together.

    >>> support([Proof("a", "It rains.", 0.6), Proof("b", "Rain fell.", 0.5)])
    Support(documents=2, sources=2, confidence=0.8)
    >>> support([Proof("a", "It rains.", 0.6), Proof("b", "It  rains.", 0.5)])
    Support(documents=2, sources=1, confidence=0.6)
    """
    surest: dict[str, float] = {}
    first: dict[str, str] = {}
    same: dict[str, str] = {}

    def source(document: str) -> str:
        """The document that stands for all that share a sentence with this one."""
        while same[document] != document:
            document = same[document]
        return document

    for document, quote, confidence in proofs:
        same.setdefault(document, document)
        surest[document] = max(surest.get(document, 0.0), confidence)
        words = " ".join(quote.split()).casefold()
        same[source(document)] = source(first.setdefault(words, document))
    sources: dict[str, float] = {}
    for document, confidence in surest.items():
        sources[source(document)] = max(sources.get(source(document), 0.0), confidence)
    best = max(sources.values(), default=0.0)
    combined = best
    if len(sources) > 1:
        together = 1 - math.prod(1 - c for c in sorted(sources.values()))
        # What one sentence says more surely than the cap stays so.
        combined = max(best, min(round(together, 9), CAP))
    return Support(documents=len(surest), sources=len(sources), confidence=combined)
