"""The page at /sparql for people: a text area, and the answer as a table. It needs no script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response
from starlette.types import Scope

from api.errors import status_of
from api.formats import Chosen
from api.pages import page
from graph.errors import ScipolError

if TYPE_CHECKING:
    from api.dependencies import Service
    from api.sparql import Question
    from graph.workers import Answer

# More rows than this nobody reads on a page; links lead to all of them.
MOST_ROWS = 1000
EXAMPLE = """SELECT ?goal (COUNT(DISTINCT ?statement) AS ?statements)
WHERE {
  ?statement a scip:Statement ; scip:content ?thing .
  ?thing a scip:Goal ; skos:prefLabel ?goal .
}
GROUP BY ?goal
ORDER BY DESC(?statements) ?goal
LIMIT 20
"""
_TSV = "text/tab-separated-values"
_TURTLE = "text/turtle"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}


class Cell(NamedTuple):
    """One term of an answer as a page shows it."""

    text: str
    iri: str | None = None
    note: str = ""


async def empty_page(scope: Scope, service: Service, question: Question) -> Response:
    """The editor with an example."""
    return _page(query=EXAMPLE)


async def answer_page(scope: Scope, service: Service, question: Question) -> Response:
    """The editor with the query and its answer, or with what is wrong with it."""
    from api.sparql import ask

    query = question.text or ""
    try:
        answer = await ask(service, scope, question, Chosen(f"{_TSV}, {_TURTLE}"))
        try:
            lines, is_cut = await _lines(answer)
        finally:
            await answer.close()
    except ScipolError as error:
        return _page(query=query, error=str(error), status=status_of(type(error)))
    if answer.form == "graph":
        return _page(query=query, text="\n".join(lines), is_cut=is_cut, formats=_GRAPHS)
    if answer.form == "boolean":
        return _page(query=query, text=lines[0], formats=("json", "xml"))
    columns = [name.lstrip("?") for name in lines[0].split("\t")] if lines[0] else []
    rows = [[_cell(term) for term in line.split("\t")] for line in lines[1:]]
    return _page(query=query, columns=columns, rows=rows, is_cut=is_cut, formats=_TABLES)


_TABLES = ("json", "xml", "csv", "tsv")
_GRAPHS = ("turtle", "ntriples", "jsonld", "rdfxml")


def _page(
    query: str,
    error: str = "",
    status: int = 200,
    text: str = "",
    columns: list[str] | None = None,
    rows: list[list[Cell]] | None = None,
    is_cut: bool = False,
    formats: tuple[str, ...] = (),
) -> Response:
    return page(
        "sparql.html",
        status,
        query=query,
        error=error,
        text=text,
        columns=columns,
        rows=rows,
        is_cut=is_cut,
        most=MOST_ROWS,
        formats=formats,
    )


async def _lines(answer: Answer) -> tuple[list[str], bool]:
    """The first lines of an answer, and whether there are more."""
    found = b""
    async for portion in answer.body:
        found += portion
        if found.count(b"\n") > MOST_ROWS + 1:
            break
    lines = found.decode("utf-8", "replace").split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines[: MOST_ROWS + 1] or [""], len(lines) > MOST_ROWS + 1


def _cell(term: str) -> Cell:
    """A term of the TSV format, which is that of Turtle."""
    if term.startswith("<") and term.endswith(">"):
        return Cell(term[1:-1], term[1:-1])
    if term.startswith('"'):
        content, _, note = term[1:].rpartition('"')
        return Cell(re.sub(r"\\(.)", _unescape, content), None, note.lstrip("@^"))
    return Cell(term)


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[0])
