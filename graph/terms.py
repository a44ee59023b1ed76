"""RDF terms: written as canonical N-Quads text, and converted between pyoxigraph and rdflib.

The graph of a text is written straight as lines of N-Quads: a formatted line costs a fraction of a
term object. What is written here is what the engine writes back, character for character, so that
the bytes of a graph can be compared and hashed before and after storing. The engine keeps numbers
by value and language tags in lower case, hence the canonical forms below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encode

import pyoxigraph as ox

from ontology.vocabulary import PREFIXES

if TYPE_CHECKING:
    # It takes longer to import than a service may take to start.
    import rdflib

Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
Plain = str | int | float | bool | date | None

_XSD = PREFIXES["xsd"]

# The only characters that the engine escapes in a literal.
_UNSAFE = re.compile('["\\\\\x00-\x1f\x7f\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
# The ASCII an IRI may hold after its scheme; the rest is percent-encoded, and so are signs of
# other scripts, of which not all are allowed.
_IRI_SAFE = "!#$%&'()*+,-./:;=?@_~"
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def plain(term: Term | None) -> Plain:
    """A term as a value of Python: numbers, days and truth by their datatype, all else as text.

    >>> plain(ox.Literal("4.50", datatype=ox.NamedNode(_XSD + "decimal")))
    4.5
    """
    if not isinstance(term, ox.Literal):
        return str(term) if isinstance(term, ox.Triple) else term.value if term else None
    read = _PLAIN.get(term.datatype.value.removeprefix(_XSD), str)
    try:
        return read(term.value)
    except ValueError:
        # An ill-typed literal is still what somebody wrote.
        return term.value


_PLAIN: Mapping[str, Callable[[str], Plain]] = {
    "integer": int,
    "decimal": float,
    "double": float,
    "float": float,
    "boolean": lambda text: text in ("true", "1"),
    "date": date.fromisoformat,
}


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT.get(character) or f"\\u{ord(character):04X}"


def quoted(value: str) -> str:
    """Write a string between quotation marks, escaped; this is also a plain literal."""
    return f'"{_UNSAFE.sub(_escape, value) if _UNSAFE.search(value) else value}"'


def iri(value: str) -> str:
    """Write an IRI that we made ourselves and that is therefore well-formed."""
    return f"<{value}>"


def foreign_iri(value: str) -> str:
    """Write an IRI that comes from outside: what an IRI may not hold is percent-encoded."""
    encoded = "".join(
        c if c.isalnum() and not c.isascii() else percent_encode(c, _IRI_SAFE) for c in value
    )
    address, hash_, fragment = _LONE_PERCENT.sub("%25", encoded).partition("#")
    return f"<{address}{hash_}{fragment.replace('#', '%23')}>"


def text(value: str, language: str | None) -> str:
    """Write text with its language (BCP 47), or a plain literal when that is not known."""
    return f"{quoted(value)}@{language.lower()}" if language else quoted(value)


def typed(value: str, datatype: str) -> str:
    """Write a literal of an XSD type (`date`, `anyURI`, `boolean`), its form being canonical."""
    return f"{quoted(value)}^^<{_XSD}{datatype}>"


def integer(value: int) -> str:
    """Write an xsd:integer."""
    return f'"{value}"^^<{_XSD}integer>'


def decimal(value: float | Decimal) -> str:
    """Write an xsd:decimal without superfluous zeros: 0.9, 1, 52700000000."""
    digits = format(Decimal(str(value)), "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f'"{"0" if digits == "-0" else digits}"^^<{_XSD}decimal>'


def canonical(lines: Iterable[str]) -> bytes:
    """Sort lines of N-Quads, drop repetitions, end each with a newline."""
    # Code points sort as their UTF-8 bytes do.
    ordered = sorted(set(lines))
    return ("\n".join(ordered) + "\n").encode() if ordered else b""


def to_rdflib(term: Term) -> rdflib.term.Identifier:
    """Convert a term of the engine; a triple term has no counterpart (TypeError)."""
    import rdflib

    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case ox.Literal():
            plain = term.datatype.value == f"{_XSD}string"
            return rdflib.Literal(
                term.value,
                datatype=None if plain else rdflib.URIRef(term.datatype.value),
                normalize=False,
            )
        case _:
            raise TypeError("rdflib has no terms for triples")


def from_rdflib(term: rdflib.term.Identifier) -> Term:
    """Convert a term of rdflib; variables and graphs are no data (TypeError)."""
    import rdflib

    match term:
        case rdflib.URIRef():
            return ox.NamedNode(str(term))
        case rdflib.BNode():
            return ox.BlankNode(str(term))
        case rdflib.Literal() if term.language:
            return ox.Literal(str(term), language=term.language)
        case rdflib.Literal() if term.datatype:
            return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
        case rdflib.Literal():
            return ox.Literal(str(term))
        case _:
            raise TypeError(f"{term!r} is not an RDF term")


def to_rdflib_graph(nquads: bytes) -> rdflib.Graph:
    """Read N-Quads into one rdflib graph, the union of all graphs in it.

    The engine parses many times faster than rdflib does.
    """
    import rdflib

    graph = rdflib.Graph()
    known: dict[Term, rdflib.term.Identifier] = {}

    def convert(term: Term) -> rdflib.term.Identifier:
        if term not in known:
            known[term] = to_rdflib(term)
        return known[term]

    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        graph.add((convert(quad.subject), convert(quad.predicate), convert(quad.object)))
    return graph
