"""What has to be written into the text of an update before the engine gets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graph.errors import QueryError
from graph.guard import Token, tokens
from graph.layout import CATALOGUE, GRAPHS
from ontology.vocabulary import DCT

_EMPTYING = frozenset(("DELETE", "DROP", "CLEAR", "MOVE", "COPY"))
_UNMARK = (
    f"DELETE {{ GRAPH <{CATALOGUE}> {{ ?g <{DCT.identifier}> ?of }} }} "
    f"WHERE {{ GRAPH <{CATALOGUE}> {{ ?g <{DCT.identifier}> ?of }} "
    "FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
)
_COMPUTED = re.compile(
    re.escape(GRAPHS) + "(?:catalogue|entities|vocabulary|staging|[0-9a-f]{12}/[0-9a-f]{16})"
)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")


class ComputedGraph(QueryError):
    """This graph is made from the documents, and what is written to it would be lost."""


class DatasetClash(QueryError):
    """The request and the text both say what the WHERE clauses are about."""


def with_dataset(
    text: str, using_graphs: Sequence[str] | None, using_named: Sequence[str] | None
) -> str:
    """Write the dataset of the protocol into each operation that has a WHERE.

    Raises DatasetClash when the text has USING or WITH itself, QueryError for what is no IRI.
    """
    if using_graphs is None and using_named is None:
        return text
    clauses = [f"USING <{_checked(iri)}>" for iri in using_graphs or ()]
    clauses += [f"USING NAMED <{_checked(iri)}>" for iri in using_named or ()]
    using = " ".join(clauses)
    parts: list[str] = []
    copied = depth = 0
    found = list(tokens(text))
    for index, token in enumerate(found):
        if token.kind in ("open", "close") and token.text in "{}":
            depth += 1 if token.kind == "open" else -1
        if depth or token.kind != "word":
            continue
        word = token.text.upper()
        if word in ("USING", "WITH"):
            raise DatasetClash(
                f"The update has {word} itself, so the request must not name graphs to use."
            )
        if word != "WHERE":
            continue
        parts.append(text[copied : token.start])
        if index and found[index - 1].text.upper() == "DELETE":
            parts.append(f"{_group(text, found[index + 1 :])} ")
        parts.append(f"{using} ")
        copied = token.start
    return "".join((*parts, text[copied:]))


def without_loads(text: str) -> str:
    """Put an operation that does nothing in the place of each LOAD SILENT.

    Nothing is fetched from here, and SILENT says that failing is all right.
    """
    parts: list[str] = []
    copied = 0
    found = list(tokens(text))
    for index, token in enumerate(found):
        if token.kind != "word" or token.text.upper() != "LOAD":
            continue
        # LOAD SILENT source, perhaps followed by INTO GRAPH target.
        has_target = _is_word(found[index + 3 : index + 4], "INTO")
        last = found[min(index + (5 if has_target else 2), len(found) - 1)]
        parts += (text[copied : token.start], "INSERT DATA {}")
        copied = last.start + len(last.text)
    return "".join((*parts, text[copied:]))


def with_marks_kept_true(text: str) -> str:
    """Add an operation that unmarks, in the catalogue, the graphs that the update empties.

    A build passes over what is marked, so a graph of a text that was dropped would never return.
    """
    found = list(tokens(text))
    if not any(t.kind == "word" and t.text.upper() in _EMPTYING for t in found):
        return text
    separator = "" if found[-1].text == ";" else ";"
    # On a line of its own: the text may end in a comment.
    return f"{text}\n{separator} {_UNMARK}"


def check_target(graph: str | None) -> None:
    """Look whether a graph may be written to as a whole.

    Raises QueryError when the name is no IRI, ComputedGraph when builds own it.
    """
    if graph is not None:
        _target(graph)


def replacement(graph: str | None, triples: str) -> str:
    """An update that puts lines of N-Triples in the place of a graph; None is the default graph.

    Raises QueryError when the name is no IRI, ComputedGraph when builds own it.
    """
    if graph is None:
        return f"DROP SILENT DEFAULT ; INSERT DATA {{\n{triples}}}"
    name = _target(graph)
    return (
        f"DROP SILENT GRAPH {name} ; CREATE SILENT GRAPH {name} ; "
        f"INSERT DATA {{ GRAPH {name} {{\n{triples}}} }}"
    )


def addition(graph: str | None, triples: str) -> str:
    """An update that adds lines of N-Triples to a graph; None is the default graph."""
    if graph is None:
        return f"INSERT DATA {{\n{triples}}}"
    name = _target(graph)
    return f"CREATE SILENT GRAPH {name} ; INSERT DATA {{ GRAPH {name} {{\n{triples}}} }}"


def _target(graph: str) -> str:
    """The name of a graph to write to, as SPARQL has it."""
    if _COMPUTED.fullmatch(graph):
        raise ComputedGraph(
            f"{graph} is computed from the documents; write to a graph with a name of your own."
        )
    return f"<{_checked(graph)}>"


def _checked(iri: str) -> str:
    if not _IRI.fullmatch(iri):
        raise QueryError(f"{iri[:100]!r} is not an absolute IRI.")
    return iri


def _is_word(found: Sequence[Token], word: str) -> bool:
    return bool(found) and found[0].text.upper() == word


def _group(text: str, found: Iterable[Token]) -> str:
    """The text of the group in braces with which these tokens begin."""
    depth = 0
    start = None
    for token in found:
        start = token.start if start is None else start
        if token.text == "{":
            depth += 1
        elif token.text == "}":
            depth -= 1
            if depth == 0:
                return text[start : token.start + 1]
    # Not closed: the engine will say where.
    return "{}"
