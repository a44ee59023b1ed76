"""The page at /sparql for people: an editor, questions to begin with, and the answer as a table.

It needs no script: the form and the examples lead to the answer as a page. With one, the answer is
fetched, sorted and paged in the browser (`api/static/sparql.js`), which begins with the rows that
the server has written.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from api.errors import status_of
from api.formats import Chosen
from api.ids import id_of
from api.pages import BASE, STATIC, address, page, sparql_link
from graph.competency import Example, examples
from graph.errors import ScipolError
from graph.queries import things
from ontology.vocabulary import PREFIXES

if TYPE_CHECKING:
    from api.dependencies import Service, Snapshot
    from api.sparql import Question
    from graph.workers import Answer

# More rows than this nobody reads on a page; links lead to all of them.
MOST_ROWS = 1000
EXAMPLE = """# What is wanted most often?
SELECT ?goal (COUNT(DISTINCT ?statement) AS ?statements)
WHERE {
  ?statement a scip:Statement ; scip:content ?goal .
  ?goal a scip:Goal .
}
GROUP BY ?goal
ORDER BY DESC(?statements) ?goal
LIMIT 20
"""
TABLES = ("csv", "tsv", "json", "xml")
GRAPHS = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")
_TSV = "text/tab-separated-values"
_N_TRIPLES = "application/n-triples"
# What stands in a link; longer queries go in a form, since servers and proxies refuse the address.
_LONGEST_LINK = 8000
_MOST_LABELS = 2000
_GRAPH_SEEDS = 300
_TRIPLE = re.compile(r"(\S+) (\S+) (.*) \.$")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_NUMBER = re.compile(r"[+-]?(?P<whole>\d*)(?P<point>\.\d*)?(?P<power>[eE][+-]?\d+)?")
# What a graph of relations can hold, by the first part of the id.
_IN_GRAPH = tuple(
    f"{BASE}/id/{kind}/"
    for kind in (
        *("person", "post", "organization", "country", "actorgroup", "goal", "instrument"),
        *("event", "document"),
    )
)


# How the name of a column ends that names the things of another.
_NAMES = "_label"


class Cell(NamedTuple):
    """One term of an answer: what it is, and how a page shows it."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""
    text: str = ""
    link: str | None = None


@dataclass(frozen=True)
class Shown:
    """An answer as a page shows it; `form` is that of the answer, or `error`, or empty."""

    form: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    is_cut: bool = False
    seconds: float = 0
    truth: bool = False
    error: str = ""
    line: int | None = None
    column: int | None = None
    status: int = 200


async def empty_page(scope: Scope, service: Service, question: Question) -> Response:
    """The editor with an example."""
    return await _page(service, EXAMPLE, Shown())


async def answer_page(scope: Scope, service: Service, question: Question) -> Response:
    """The editor with the query and its answer, or with what is wrong with it.

    What a form sends is led to the address that names the query, where it fits into one.
    """
    query = question.text or ""
    if scope["method"] == "POST" and _is_plain(question) and query.strip():
        link = sparql_link(query)
        if len(link) <= _LONGEST_LINK:
            return RedirectResponse(link, 303)
    if not query.strip():
        return await _page(service, "", Shown("error", error=NOTHING_ASKED, status=400))
    begun = time.monotonic()
    try:
        shown = await _shown(scope, service, question)
    except ScipolError as error:
        return await _page(service, query, _failure(error))
    seconds = time.monotonic() - begun
    labels = await service.library.ask(lambda now: _labels(now, shown.rows))
    rows = [[_labelled(cell, labels) for cell in row] for row in shown.rows]
    columns, rows = _joined(shown.columns, rows)
    shown = Shown(shown.form, columns, rows, shown.is_cut, seconds, shown.truth)
    return await _page(service, query, shown)


async def refused_page(service: Service, error: ScipolError) -> Response:
    """The editor with what is wrong with a request that holds no question."""
    return await _page(service, "", _failure(error))


NOTHING_ASKED = "There is no query yet. Write one, or take one of the questions."


def _is_plain(question: Question) -> bool:
    given = (question.default_graphs, question.named_graphs, question.timeout)
    return all(one is None for one in given)


def _failure(error: ScipolError) -> Shown:
    return Shown(
        "error",
        error=str(error),
        line=getattr(error, "line", None),
        column=getattr(error, "column", None),
        status=status_of(type(error)),
    )


async def _shown(scope: Scope, service: Service, question: Question) -> Shown:
    """The first rows of the answer. Raises what `Endpoint.query` raises."""
    from api.sparql import ask

    answer = await ask(service, scope, question, Chosen(f"{_TSV}, {_N_TRIPLES}"))
    try:
        lines, is_cut = await _lines(answer)
    finally:
        await answer.close()
    if answer.form == "boolean":
        return Shown("boolean", truth=lines[:1] == ["true"])
    if answer.form == "graph":
        triples = [_TRIPLE.match(line) for line in lines[:MOST_ROWS]]
        rows = [[_cell(part) for part in triple.groups()] for triple in triples if triple]
        return Shown("graph", ("subject", "predicate", "object"), rows, is_cut)
    columns = [name.lstrip("?") for name in lines[0].split("\t")] if lines and lines[0] else []
    rows = [[_cell(term) for term in line.split("\t")] for line in lines[1:]]
    return Shown("bindings", columns, rows, is_cut)


async def _page(service: Service, query: str, shown: Shown) -> Response:
    formats = {"bindings": TABLES, "boolean": ("json", "xml"), "graph": GRAPHS}
    return page(
        "sparql.html",
        shown.status,
        query=query,
        shown=shown,
        most=MOST_ROWS,
        formats=formats.get(shown.form, ()),
        link=sparql_link(query) if len(sparql_link(query)) <= _LONGEST_LINK else None,
        wrong=_wrong_line(query, shown),
        graph=_graph_link(shown.rows),
        examples=await _examples(service),
        has_editor=(STATIC / "vendor" / "yasqe.min.js").is_file(),
        setting=json.dumps(
            {
                "base": BASE,
                "prefixes": dict(PREFIXES),
                "graph": _IN_GRAPH,
                "seeds": _GRAPH_SEEDS,
                "longest": _LONGEST_LINK,
                "formats": {form: list(names) for form, names in formats.items()},
                "seconds": shown.seconds,
                "column": shown.column,
            }
        ),
    )


async def _examples(service: Service) -> tuple[Example, ...]:
    """The competency questions about things of this graph; none where it cannot say."""
    try:
        return await service.library.ask(
            lambda now: now.kept("examples", lambda: examples(now.store, now.index))
        )
    except ScipolError:
        return ()


def _wrong_line(query: str, shown: Shown) -> tuple[str, str] | None:
    """The line that is wrong, before and from the place where."""
    lines = query.split("\n")
    if shown.line is None or not 0 < shown.line <= len(lines):
        return None
    line, at = lines[shown.line - 1], max((shown.column or 1) - 1, 0)
    start = max(at - 60, 0)
    return line[start:at], line[at : at + 60]


def _graph_link(rows: Iterable[Sequence[Cell]]) -> str | None:
    """The things of an answer as a graph in the explorer."""
    seeds = dict.fromkeys(
        cell.value
        for row in rows
        for cell in row
        if cell.kind == "iri" and cell.value.startswith(_IN_GRAPH)
    )
    pairs = [("seed", id_of(iri)) for iri in list(seeds)[:_GRAPH_SEEDS]]
    return f"/explore?{urlencode(pairs, safe='/')}" if pairs else None


def _labels(now: Snapshot, rows: Iterable[Sequence[Cell]]) -> dict[str, str]:
    ours = (f"{BASE}/id/", f"{BASE}/voc/")
    iris = dict.fromkeys(
        cell.value
        for row in rows
        for cell in row
        if cell.kind == "iri" and cell.value.startswith(ours)
    )
    known = things(now.store, list(iris)[:_MOST_LABELS])
    return {iri: thing.label for iri, thing in known.items()}


def _labelled(cell: Cell, labels: dict[str, str]) -> Cell:
    if cell.kind != "iri":
        return cell._replace(text=cell.value)
    text = labels.get(cell.value) or _short(cell.value)
    return cell._replace(text=text, link=address(cell.value))


def _joined(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> tuple[list[str], list[list[Cell]]]:
    """An answer with each thing once: a column `x_label` names what the column `x` holds.

    The thing stands where its name stood, and is called so.
    """
    names = {
        i: columns.index(f"{name}{_NAMES}")
        for i, name in enumerate(columns)
        if f"{name}{_NAMES}" in columns and all(row[i].kind in ("iri", "") for row in rows)
    }
    things = {name: i for i, name in names.items()}
    order = [things.get(i, i) for i in range(len(columns)) if i not in names]

    def named(row: Sequence[Cell], i: int) -> Cell:
        cell = row[i]
        name = row[names[i]].text if i in names else ""
        return cell._replace(text=name) if name and cell.kind else cell

    return [columns[i] for i in order], [[named(row, i) for i in order] for row in rows]


def _short(iri: str) -> str:
    """An IRI as people write it: with a prefix, or by the id of a thing."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return id_of(iri).removeprefix("/")


async def _lines(answer: Answer) -> tuple[list[str], bool]:
    """The first lines of an answer, and whether there are more."""
    most = MOST_ROWS + (answer.form != "graph")
    found = bytearray()
    count = 0
    async for portion in answer.body:
        found += portion
        count += portion.count(b"\n")
        if count > most:
            break
    lines = found.decode("utf-8", "replace").split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines[:most], len(lines) > most


def _cell(term: str) -> Cell:
    """A term as TSV and N-Triples write it, which is nearly that of Turtle."""
    if term.startswith("<") and term.endswith(">") and not term.startswith("<<"):
        return Cell("iri", _ESCAPE.sub(_unescape, term[1:-1]))
    if term.startswith('"'):
        content, _, rest = term[1:].rpartition('"')
        language = rest[1:] if rest.startswith("@") else ""
        datatype = rest[3:-1] if rest.startswith("^^<") else ""
        return Cell("literal", _ESCAPE.sub(_unescape, content), language, _name(datatype))
    if term in ("true", "false"):
        return Cell("literal", term, datatype="xsd:boolean")
    if term and (number := _NUMBER.fullmatch(term)):
        kind = "double" if number["power"] else "decimal" if number["point"] else "integer"
        return Cell("literal", term, datatype=f"xsd:{kind}")
    return Cell("blank" if term.startswith("_:") else "other" if term else "", term)


def _name(datatype: str) -> str:
    """A datatype in short; a plain text has none to show."""
    short = _short(datatype) if datatype else ""
    return "" if short == "xsd:string" else short


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _ESCAPES.get(code, code)
