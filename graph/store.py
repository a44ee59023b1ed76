"""What a store is, and the one in this process: the one owner of the engine.

Readers never open the directory the writer works in: each commit that should be seen publishes a
checkpoint (hard links, a few milliseconds), and a reader holds the newest one until it is closed.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

import pyoxigraph as ox

from graph import checkpoints
from graph.errors import QueryError
from graph.layout import CATALOGUE, CURATION, DataDirectory
from graph.sparql_text import bind, keywords
from graph.terms import Plain, Term, plain
from ontology.vocabulary import PREFIXES

# Every query may use these without declaring them.
_PREFIXES = dict(PREFIXES)
_PLACE = re.compile(r"^error at (\d+):(\d+): ?", re.IGNORECASE)
_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT: the names of the columns, and the rows in the order of the query."""

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]

    def records(self) -> list[dict[str, Plain]]:
        """The rows as dictionaries of plain values, for example to make a data frame of."""
        return [
            {name: plain(cell) for name, cell in zip(self.variables, row, strict=True)}
            for row in self.rows
        ]


class Store(ABC):
    """A dataset to ask, wherever it is kept. Terms of answers are those of pyoxigraph.

    Unless a query says FROM, its default graph is the union of all graphs. The usual prefixes need
    no declaration.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def revision(self) -> str:
        """What updates leave behind that no graph shows; empty where there was none."""
        return ""

    @abstractmethod
    def close(self) -> None:
        """Let go of the dataset; asking afterwards is an error of the caller."""

    @abstractmethod
    def __len__(self) -> int:
        """Count the quads of all graphs."""

    @abstractmethod
    def query(
        self, sparql: str, bindings: Mapping[str, Term] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a query of any form and return an answer that can serialise itself.

        `bindings` gives values to variables of the query. Raises QueryError for malformed text,
        updates, and SERVICE (nothing is fetched from here); StoreError where the store fails.
        """

    def select(self, sparql: str, bindings: Mapping[str, Term] | None = None) -> Table:
        """Answer a SELECT. Raises QueryError, also when it is a query of another form."""
        found = self.query(sparql, bindings)
        if not isinstance(found, ox.QuerySolutions):
            raise QueryError("This query has no rows: a SELECT is needed here.")
        variables = tuple(v.value for v in found.variables)
        try:
            with as_query_errors(sparql):
                return Table(variables, [tuple(row) for row in found])
        finally:
            # An error would carry it to other threads, in which it must not be destroyed.
            del found

    def ask(self, sparql: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Answer an ASK. Raises QueryError, also when it is a query of another form."""
        found = self.query(sparql, bindings)
        if not isinstance(found, ox.QueryBoolean):
            raise QueryError("This query has no yes or no: an ASK is needed here.")
        return bool(found)

    def construct(
        self,
        sparql: str,
        bindings: Mapping[str, Term] | None = None,
        format: ox.RdfFormat = ox.RdfFormat.TURTLE,
    ) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE as bytes of an RDF format. Raises QueryError."""
        found = self.query(sparql, bindings)
        if not isinstance(found, ox.QueryTriples):
            raise QueryError("This query makes no graph: a CONSTRUCT or DESCRIBE is needed here.")
        with as_query_errors(sparql):
            return cast(bytes, found.serialize(format=format))

    @abstractmethod
    def graphs(self) -> list[str]:
        """Names of all graphs, sorted."""

    @abstractmethod
    def dump(self, format: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> bytes:
        """Write the whole dataset. N-Quads come sorted, so that equal datasets give equal bytes.

        A format that knows no graphs gets the union of all.
        """

    @abstractmethod
    def dump_graph(self, name: str) -> bytes:
        """Write one graph as sorted N-Quads; nothing when there is no such graph."""


class EmbeddedStore(Store):
    """A dataset of the engine in this process."""

    def __init__(self, engine: ox.Store, lease: IO[str] | None = None) -> None:
        """Wrap an engine; `lease` is the lock that keeps its checkpoint alive, if it is one."""
        self._engine = engine
        self._lease = lease
        self._revision = lease.read() if lease else ""

    @property
    def revision(self) -> str:
        """What the checkpoint was marked with."""
        return self._revision

    def close(self) -> None:
        """Let go of the engine, and of the lease."""
        self.__dict__.pop("_engine", None)
        if self._lease:
            self._lease.close()

    def __len__(self) -> int:
        return len(self._engine)

    def query(
        self, sparql: str, bindings: Mapping[str, Term] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a query in the engine; rows come as they are found."""
        words = readable_words(sparql)
        sparql = bind(sparql, bindings or {})
        with as_query_errors(sparql):
            return self._engine.query(
                sparql,
                prefixes=_PREFIXES,
                # The engine would ignore FROM beside the union.
                use_default_graph_as_union="FROM" not in words,
            )

    def graphs(self) -> list[str]:
        """Names of all graphs, sorted."""
        return sorted(g.value for g in self._engine.named_graphs() if isinstance(g, ox.NamedNode))

    def dump(self, format: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> bytes:
        """Write the whole dataset."""
        if format == ox.RdfFormat.N_QUADS:
            return sorted_lines(cast(bytes, self._engine.dump(format=format)))
        prefixes = _PREFIXES if format in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) else None
        if format.supports_datasets:
            return cast(bytes, self._engine.dump(format=format, prefixes=prefixes))
        triples = sorted({str(quad.triple): quad.triple for quad in self._engine}.items())
        return cast(bytes, ox.serialize((t for _, t in triples), format=format, prefixes=prefixes))

    def dump_graph(self, name: str) -> bytes:
        """Write one graph as sorted N-Quads."""
        node = ox.NamedNode(name)
        triples = cast(bytes, self._engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=node))
        return sorted_lines(triples.replace(b" .\n", f" {node} .\n".encode()))


def readable_words(sparql: str) -> frozenset[str]:
    """The words of a query. Raises QueryError where it is an update, or has SERVICE."""
    words = keywords(sparql)
    if "SERVICE" in words:
        raise QueryError("SERVICE is not allowed: this store asks no other servers.")
    if words & _UPDATES and not words & {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}:
        raise QueryError("This is an update, but the store is open for reading only.")
    return words


def sorted_lines(nquads: bytes) -> bytes:
    """Sort the lines of N-Quads that the engine wrote: the canonical form, without blank nodes."""
    return b"".join(sorted(nquads.splitlines(keepends=True)))


def data_version(store: Store) -> str:
    """Short hash of what is stored: it changes when, and only when, the content does.

    Reads the catalogue of graphs, the curation and the mark of updates, not the whole.
    """
    parts = store.dump_graph(CATALOGUE), store.dump_graph(CURATION), store.revision.encode()
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def graph_hash(store: Store) -> str:
    """SHA-256 of the whole dataset as canonical N-Quads, 64 hexadecimal digits."""
    return hashlib.sha256(store.dump()).hexdigest()


def memory_store(nquads: bytes = b"") -> EmbeddedStore:
    """Make a store in memory from N-Quads: for a single document, or a test."""
    engine = ox.Store()
    engine.load(nquads, format=ox.RdfFormat.N_QUADS)
    return EmbeddedStore(engine)


def open_reader(data_dir: Path) -> Store:
    """Open the newest published state for reading; a writer may go on meanwhile.

    Raises StoreError when nothing was published there yet.
    """
    path, lease = checkpoints.newest(DataDirectory(data_dir))
    return EmbeddedStore(ox.Store.read_only(str(path)), lease)


@contextmanager
def as_query_errors(sparql: str) -> Iterator[None]:
    """Turn what the engine raises for a bad query into QueryError, with line and column."""
    try:
        yield
    except SyntaxError as error:
        raise QueryError(_explain(str(error), sparql)) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"The query cannot be answered: {error}") from error


def _explain(message: str, sparql: str) -> str:
    """Say where a query is wrong; the engine lists its whole grammar, of no use to a reader."""
    if not (place := _PLACE.match(message)):
        return f"The query is not valid SPARQL: {message}"
    line, column = int(place[1]), int(place[2])
    text = [*sparql.splitlines(), "", ""][line - 1]
    # Back to the beginning of the word in which the engine gave up.
    start = len(text[: column - 1]) - len(re.split(r"\s", text[: column - 1])[-1])
    rest = text[start:].strip()
    near = f"near {rest[:40]!r}" if text[column - 1 :].strip() else "it ends too early"
    if "Prefix not found" in message:
        near = f"a prefix is not declared near {rest[:40]!r}"
    return f"The query is not valid SPARQL at line {line}, column {column}: {near}"
