"""Answers of the engine in the formats that the standards name."""

from __future__ import annotations

from typing import cast

import pyoxigraph as ox

from graph.errors import QueryError

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


def serialise(answer: Answer, form: str) -> bytes:
    """Write an answer in a format: rows as json, csv, tsv or xml, triples in a format of RDF.

    Raises QueryError naming the formats that fit when this one does not.
    """
    rows = not isinstance(answer, ox.QueryTriples)
    fitting = RESULTS if rows else GRAPHS
    if form not in fitting:
        raise QueryError(f"{form!r} does not fit this answer; choose {', '.join(fitting)} or table")
    return cast(bytes, answer.serialize(format=fitting[form]))  # type: ignore[arg-type]


def table_of(answer: Answer) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows of an answer of any form, every cell as text."""
    if isinstance(answer, ox.QueryBoolean):
        return ["answer"], [{"answer": "yes" if answer else "no"}]
    if isinstance(answer, ox.QueryTriples):
        columns = ["subject", "predicate", "object"]
        return columns, [
            dict(zip(columns, map(_text, (t.subject, t.predicate, t.object)), strict=True))
            for t in answer
        ]
    columns = [v.value for v in answer.variables]
    return columns, [dict(zip(columns, map(_text, row), strict=True)) for row in answer]


def _text(term: object) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
