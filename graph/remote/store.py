"""A dataset at a SPARQL endpoint, asked as the one in this process is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, cast

import pyoxigraph as ox

from graph.errors import QueryError, ReadOnlyStore, RemoteStoreError, StoreError
from graph.remote.address import PREFIX, RemoteAddress
from graph.remote.dialects import UNIONS, Dialect, dialect_of
from graph.remote.exchange import Arriving, Exchange, Reply, Request
from graph.sparql_text import bind, standalone, tokens
from graph.store import Store, readable_words, sorted_lines
from graph.terms import Term, iri

_JSON = "application/sparql-results+json"
_TABLES = f"{_JSON}, application/sparql-results+xml;q=0.8"
_TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
# The store's own limit lies below ours, so that it is the one to give up and say so.
_SHARE = 0.9


@dataclass(frozen=True)
class Dataset:
    """What a foreign query is about: the graphs that the protocol names, or the store's own.

    `union` makes the union of all graphs the default graph where none is named.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    union: bool = True


class RemoteStore(Store):
    """A dataset at a SPARQL 1.1 endpoint. Open one with `open_remote`.

    Each question is answered from the state the store has then; there are no snapshots.
    """

    def __init__(self, address: RemoteAddress) -> None:
        """Nothing is asked yet; `close` it in the end."""
        self._address = address
        self._exchange = Exchange(address)
        self._dialect: Dialect | None = None

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def __len__(self) -> int:
        """Count the quads of all graphs that are not the engine's own."""
        return sum(self._sizes().values())

    def query(
        self, sparql: str, bindings: Mapping[str, Term] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a query at the endpoint; the whole answer is read before this returns."""
        words = readable_words(sparql)
        sparql = standalone(bind(sparql, bindings or {}))
        form = _form(sparql)
        accept = _TABLES if form in ("SELECT", "ASK") else _TRIPLES
        reply = self._exchange.send(self._request(sparql, accept, union="FROM" not in words))
        if form in ("SELECT", "ASK"):
            return self._results(form, reply)
        return _as_answer(self._parsed(reply))

    @contextmanager
    def solutions(
        self, sparql: str, dataset: Dataset = Dataset(), seconds: float | None = None
    ) -> Iterator[ox.QuerySolutions]:
        """Answer a SELECT; rows come while the answer arrives, and are read within the block.

        The seconds are for the beginning. Whatever is wrong with the answer, also with its end,
        is raised as StoreError when the block is left.
        """
        with self._arriving(sparql, _TABLES, dataset, seconds) as arriving:
            kind = self._kind_of_results(arriving.media_type)
            if "X-SPARQL-MaxRows" in arriving.headers:
                # Whether the table was cut shows only when it is there.
                reply = Reply(200, arriving.media_type, arriving.headers, _joined(arriving))
                yield cast(ox.QuerySolutions, self._results("SELECT", reply))
                return
            dialect = dialect_of(arriving.headers.get("Server", ""), self._address.host)
            file = _File(dialect.corrected_while_arriving(arriving.portions))
            found = ox.parse_query_results(cast(IO[bytes], file), format=kind)
            if not isinstance(found, ox.QuerySolutions):
                raise self._nonsense("a SELECT was answered by yes or no")
            yield found

    @contextmanager
    def triples(
        self, sparql: str, dataset: Dataset = Dataset(), seconds: float | None = None
    ) -> Iterator[Iterator[ox.Triple]]:
        """Answer a CONSTRUCT or DESCRIBE; as `solutions` does."""
        with self._arriving(sparql, _TRIPLES, dataset, seconds) as arriving:
            kind = self._kind_of_graph(arriving.media_type)
            if kind != ox.RdfFormat.RDF_XML and not _has_an_end(arriving):
                # Lines have no last one: what was cut off would look whole.
                raise self._nonsense("it does not say how long its answer is")
            file = _File(arriving.portions)
            yield (quad.triple for quad in ox.parse(cast(IO[bytes], file), format=kind))

    def yes_or_no(
        self, sparql: str, dataset: Dataset = Dataset(), seconds: float | None = None
    ) -> ox.QueryBoolean:
        """Answer an ASK."""
        reply = self._exchange.send(self._foreign(sparql, _TABLES, dataset, seconds), seconds)
        return cast(ox.QueryBoolean, self._results("ASK", reply))

    @contextmanager
    def _arriving(
        self, sparql: str, accept: str, dataset: Dataset, seconds: float | None
    ) -> Iterator[Arriving]:
        request = self._foreign(sparql, accept, dataset, seconds)
        try:
            with self._exchange.stream(request, seconds) as arriving:
                yield arriving
        except (SyntaxError, ValueError) as error:
            raise self._nonsense(f"its answer is damaged, {str(error)[:100]}") from error

    def _foreign(
        self, sparql: str, accept: str, dataset: Dataset, seconds: float | None
    ) -> Request:
        """A query with the dataset of the protocol."""
        words = readable_words(sparql)
        union = dataset.union and "FROM" not in words
        request = self._request(standalone(sparql), accept, union=union, seconds=seconds)
        named: dict[str, str | list[str]] = {
            name: [*graphs]
            for name, graphs in (
                ("default-graph-uri", dataset.default),
                ("named-graph-uri", dataset.named),
            )
            if graphs
        }
        return replace(request, form={**(request.form or {}), **named})

    def graphs(self) -> list[str]:
        """Names of all graphs that are not the engine's own, sorted."""
        return sorted(self._sizes())

    def dump(self, format: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> bytes:
        """Write the whole dataset, read graph by graph: not one state, if somebody writes."""
        nquads = b"".join(map(self.dump_graph, self.graphs()))
        if format == ox.RdfFormat.N_QUADS:
            return sorted_lines(nquads)
        from graph.store import memory_store

        with memory_store(nquads) as store:
            return store.dump(format)

    def dump_graph(self, name: str) -> bytes:
        """Write one graph as sorted N-Quads."""
        node = ox.NamedNode(name)
        if self._address.graphs:
            reply = self._exchange.send(self._graph_request("GET", name))
            triples = [] if reply.status == 404 else self._parsed(reply)
        else:
            sparql = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}"
            triples = self._parsed(self._exchange.send(self._request(sparql, _TRIPLES)))
        quads = [ox.Quad(t.subject, t.predicate, t.object, node) for t in triples]
        return sorted_lines(cast(bytes, ox.serialize(quads, format=ox.RdfFormat.N_QUADS)))

    def update(self, sparql: str, seconds: float | None = None) -> None:
        """Carry out an update in one request. Raises ReadOnlyStore where the store takes none.

        What a store does when the second of several operations fails is its own affair: most undo
        the first, Virtuoso does not.
        """
        if not self._address.update:
            raise ReadOnlyStore(
                f"the store at {self._address.host} is for reading only: "
                f"{PREFIX}_UPDATE names no address for updates"
            )
        form = {"update": standalone(sparql)}
        request = Request("POST", self._address.update, False, _TABLES, form=form)
        self._exchange.send(request, seconds)

    def put_graph(self, name: str, nquads: bytes) -> None:
        """Replace a graph by the triples of N-Quads: one request where there is a graph store."""
        triples = [quad.triple for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS)]
        self.write_graph(name, triples, replaces=True)

    def write_graph(
        self,
        name: str | None,
        triples: Iterable[ox.Triple],
        *,
        replaces: bool,
        seconds: float | None = None,
    ) -> None:
        """Put triples in the place of a graph, or add them to it; None is the default graph.

        One request in any case. Raises ReadOnlyStore where the store takes nothing.
        """
        if self._address.graphs:
            body = cast(bytes, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
            method = "PUT" if replaces else "POST"
            self._exchange.send(self._graph_request(method, name, body), seconds)
            return
        steps = [f"DROP SILENT {f'GRAPH {iri(name)}' if name else 'DEFAULT'}"] if replaces else []
        steps += self.insertions(name, [str(triple) for triple in triples])
        if steps:
            self.update(" ;\n".join(steps), seconds)

    def drop_graph(self, name: str) -> None:
        """Remove a graph; it does not matter whether it was there."""
        if self._address.graphs:
            self._exchange.send(self._graph_request("DELETE", name))
        else:
            self.update(f"DROP SILENT GRAPH {iri(name)}")

    def insertions(
        self, graph: str | None, lines: list[str], operation: str = "INSERT"
    ) -> list[str]:
        """INSERT DATA or DELETE DATA of lines of triples, in portions that the engine takes."""
        size = self.dialect.triples
        start, end = (f"GRAPH {iri(graph)} {{", "}") if graph else ("", "")
        return [
            f"{operation} DATA {{ {start}\n" + " .\n".join(lines[at : at + size]) + f"\n{end} }}"
            for at in range(0, len(lines), size)
        ]

    @property
    def dialect(self) -> Dialect:
        """How to speak to this engine: found out by asking it, once it holds something.

        Raises StoreError where nothing makes its default graph the union of all graphs.
        """
        if self._dialect is None:
            dialect, is_sure = self._look_for_dialect()
            if not is_sure:
                return dialect
            self._dialect = dialect
        return self._dialect

    def _look_for_dialect(self) -> tuple[Dialect, bool]:
        """The dialect, and whether it will stay: an empty store answers every question alike."""
        sparql = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
        reply = self._exchange.send(self._request(sparql, _TABLES, plain=True))
        dialect = dialect_of(reply.headers.get("Server", ""), self._address.host)
        rows = _rows(self._results("SELECT", reply))
        if dialect.name != "standard" or not rows:
            return dialect, dialect.name != "standard"
        pattern = " ".join(str(term) for term in rows[0][:3])
        for union in UNIONS:
            request = self._request(f"ASK {{ {pattern} }}", _TABLES, plain=True)
            reply = self._exchange.send(replace(request, form={**(request.form or {}), **union}))
            if bool(self._results("ASK", reply)):
                return replace(dialect, union=union), True
        raise StoreError(
            f"the default graph of the store at {self._address.host} is not the union of all "
            "graphs, and asking for that does not help; its configuration has to say so"
        )

    def _request(
        self,
        sparql: str,
        accept: str,
        *,
        union: bool = False,
        plain: bool = False,
        seconds: float | None = None,
    ) -> Request:
        """A query as a form: some engines never answer a query that is sent as the body."""
        form: dict[str, str | list[str]] = {"query": sparql}
        if not plain:
            dialect = self.dialect
            limit = (seconds or self._address.seconds) * _SHARE * dialect.per_second
            form[dialect.timeout] = str(max(1, math.floor(limit)))
            if union:
                form.update(dialect.union)
        return Request("POST", self._address.query, True, accept, form=form)

    def _graph_request(self, method: str, name: str | None, body: bytes | None = None) -> Request:
        assert self._address.graphs is not None
        return Request(
            method,
            self._address.graphs,
            # Blank nodes that are sent twice would be there twice.
            method != "POST",
            _TRIPLES if body is None else "*/*",
            parameters={"graph": name} if name else {"default": ""},
            content=body,
            content_type="application/n-triples" if body is not None else None,
            # A graph that is not there is an empty one.
            expected=frozenset((404,)) if method in ("GET", "DELETE") else frozenset(),
        )

    def _sizes(self) -> dict[str, int]:
        """How many triples each graph has, without the engine's own graphs."""
        # Virtuoso needs minutes for SELECT DISTINCT ?g, and a moment for this.
        sparql = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        dialect = self.dialect
        return {
            graph.value: int(number.value)
            for graph, number in self._table(sparql)
            if isinstance(graph, ox.NamedNode) and isinstance(number, ox.Literal)
            if dialect.is_ours(graph.value)
        }

    def _table(self, sparql: str) -> list[tuple[Term | None, ...]]:
        return _rows(self._results("SELECT", self._exchange.send(self._request(sparql, _TABLES))))

    def _results(self, form: str, reply: Reply) -> ox.QuerySolutions | ox.QueryBoolean:
        """Read a table or a yes or no. Raises StoreError for what is neither."""
        kind = self._kind_of_results(reply.media_type)
        body = dialect_of(reply.headers.get("Server", ""), self._address.host).corrected(reply.body)
        try:
            rows = _read(body, kind)
        except (SyntaxError, ValueError) as error:
            raise self._nonsense(f"its answer is damaged, {str(error)[:100]}") from error
        if isinstance(rows, bool):
            if form == "SELECT":
                raise self._nonsense("a SELECT was answered by yes or no")
            return _boolean(rows)
        self._refuse_cut(reply, len(rows))
        if form == "ASK":
            return _as_boolean(rows)
        return cast(ox.QuerySolutions, ox.parse_query_results(body, format=kind))

    def _kind_of_results(self, media_type: str) -> ox.QueryResultsFormat:
        kind = ox.QueryResultsFormat.from_media_type(media_type)
        # CSV does not tell IRIs from strings, so that its answers would be wrong without a sign.
        if kind is None or kind == ox.QueryResultsFormat.CSV:
            raise self._nonsense(f"{media_type or 'no media type'} came back")
        return kind

    def _kind_of_graph(self, media_type: str) -> ox.RdfFormat:
        kind = ox.RdfFormat.from_media_type(media_type)
        if kind is None:
            raise self._nonsense(f"{media_type or 'no media type'} came back for a graph")
        return kind

    def _refuse_cut(self, reply: Reply, rows: int) -> None:
        """Virtuoso cuts long tables at a limit that it tells only here."""
        most = reply.headers.get("X-SPARQL-MaxRows", "")
        if most.isdigit() and rows >= int(most):
            raise RemoteStoreError(
                f"the store at {self._address.host} cuts every table at {most} rows; "
                "its ResultSetMaxRows has to be higher for this"
            )

    def _parsed(self, reply: Reply) -> list[ox.Triple]:
        kind = self._kind_of_graph(reply.media_type)
        try:
            return [quad.triple for quad in ox.parse(reply.body, format=kind)]
        except (SyntaxError, ValueError) as error:
            raise self._nonsense(f"its answer is damaged, {str(error)[:100]}") from error

    def _nonsense(self, what: str) -> RemoteStoreError:
        return RemoteStoreError(
            f"the store at {self._address.host} does not answer as a SPARQL endpoint does: {what}"
        )


@contextmanager
def open_remote(address: RemoteAddress) -> Iterator[RemoteStore]:
    """Open a store elsewhere. Raises StoreError where it is not there or not usable."""
    with RemoteStore(address) as store:
        # Whoever opens a store learns at once that it is not there.
        _ = store.dialect
        yield store


class _File:
    """What arrives, as a file that the engine reads from."""

    def __init__(self, portions: Iterator[bytes]) -> None:
        self._portions = portions
        self._rest = b""

    def read(self, size: int) -> bytes:
        """The next bytes, none at the end."""
        while not self._rest:
            if (portion := next(self._portions, None)) is None:
                return b""
            self._rest = portion
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


def _joined(arriving: Arriving) -> bytes:
    return b"".join(arriving.portions)


def _has_an_end(arriving: Arriving) -> bool:
    """Whether HTTP tells when something of the answer is missing."""
    chunked = "chunked" in arriving.headers.get("Transfer-Encoding", "").lower()
    return chunked or "Content-Length" in arriving.headers


def _form(sparql: str) -> str:
    """The form of a query. Raises QueryError where it has none."""
    for token in tokens(sparql):
        if token.kind == "word" and token.text.upper() in _FORMS:
            return token.text.upper()
    raise QueryError("This is not a query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE.")


def _read(body: bytes, kind: ox.QueryResultsFormat) -> list[tuple[Term | None, ...]] | bool:
    """The rows of a table, or the yes or no. Raises SyntaxError and ValueError."""
    found = ox.parse_query_results(body, format=kind)
    try:
        return bool(found) if isinstance(found, ox.QueryBoolean) else [tuple(r) for r in found]
    except (SyntaxError, ValueError) as error:
        # Its frames would carry the answer to other threads, in which it must not be destroyed.
        raise error.with_traceback(None) from None
    finally:
        del found


def _rows(found: ox.QuerySolutions | ox.QueryBoolean) -> list[tuple[Term | None, ...]]:
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


def _as_boolean(rows: list[tuple[Term | None, ...]]) -> ox.QueryBoolean:
    """What a table says that answers an ASK, as some engines do: its one value, or none."""
    said = rows[0][0] if rows and rows[0] else None
    yes = said.value.lower() in ("1", "true") if isinstance(said, ox.Literal) else bool(rows)
    return _boolean(yes)


def _boolean(yes: bool) -> ox.QueryBoolean:
    text = b'{"head": {}, "boolean": %s}' % (b"true" if yes else b"false")
    return cast(ox.QueryBoolean, ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON))


def _as_answer(triples: list[ox.Triple]) -> ox.QueryTriples:
    """Triples as an answer of the engine, which can serialise itself."""
    engine = ox.Store()
    engine.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return cast(ox.QueryTriples, engine.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))
