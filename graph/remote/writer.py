"""Graphs of texts in a store elsewhere: each document in one request.

There is no place there that readers do not see, so that nothing is held back: what is staged is
stored. The mark in the catalogue goes last; a graph without it does not count, and the next writer
removes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from graph.entity_graph import Describer
from graph.layout import CATALOGUE, ENTITIES, DataDirectory
from graph.link.registry import Registry
from graph.lock import writer_lock
from graph.remote.address import RemoteAddress
from graph.remote.store import RemoteStore
from graph.terms import Term, iri
from graph.writer import GraphWriter, TextGraph, load_describer, mark_of, triples_of

# So many things are looked up in one question.
_SUBJECTS = 200


class RemoteWriter(GraphWriter, RemoteStore):
    """A dataset at a SPARQL endpoint in the hands of its one writer."""

    # One document at a time: each is a request of its own, which is one step.
    batch = 1

    def __init__(self, address: RemoteAddress, describer: Describer) -> None:
        """Use `open_remote_writer`, which also locks and recovers."""
        GraphWriter.__init__(self, describer)
        RemoteStore.__init__(self, address)

    def match(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: Term | None,
        graph: ox.NamedNode | None = None,
    ) -> Iterable[ox.Quad]:
        """Quads with these terms."""
        named = {"s": subject, "p": predicate, "o": object, "g": graph}
        bound = {name: term for name, term in named.items() if term is not None}
        return self._quads("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }", bound)

    def match_each(
        self, subjects: Iterable[str], graph: ox.NamedNode
    ) -> Iterator[tuple[str, list[ox.Quad]]]:
        """Each subject with its quads in a graph, looked up together."""
        wanted = sorted(subjects)
        for start in range(0, len(wanted), _SUBJECTS):
            portion = wanted[start : start + _SUBJECTS]
            found: dict[str, list[ox.Quad]] = defaultdict(list)
            values = " ".join(map(iri, portion))
            sparql = f"SELECT ?s ?p ?o ?g {{ VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            for quad in self._quads(sparql, {"g": graph}):
                if isinstance(quad.subject, ox.NamedNode):
                    found[quad.subject.value].append(quad)
            for subject in portion:
                yield subject, found[subject]

    def stage(self, put: Sequence[TextGraph], drop: Iterable[str] = ()) -> None:
        """Store graphs of texts and remove others, in one request."""
        gone = sorted(set(drop))
        added, removed = self._described_anew(put, set(gone))
        unmarks = [mark_of(name, mark) for name in gone if (mark := self.fingerprint(name))]
        steps = self.insertions(CATALOGUE, unmarks, "DELETE")
        steps += self.insertions(ENTITIES, sorted(removed), "DELETE")
        steps += [f"DROP SILENT GRAPH {iri(name)}" for name in gone]
        for graph in put:
            steps += self.insertions(graph.name, triples_of(graph))
        steps += self.insertions(ENTITIES, sorted(added))
        steps += self.insertions(CATALOGUE, [mark_of(g.name, g.fingerprint) for g in put])
        if steps:
            self.update(" ;\n".join(steps))

    def commit(self) -> None:
        """Nothing waits: what is staged is stored."""

    def publish(self) -> None:
        """Nothing to do: readers see what is stored."""

    def load(self, nquads: bytes) -> None:
        """Add quads graph by graph, in requests of moderate size."""
        graphs: dict[str, list[str]] = defaultdict(list)
        for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, ox.NamedNode):
                graphs[quad.graph_name.value].append(str(quad.triple))
        for name, lines in graphs.items():
            for step in self.insertions(name, lines):
                self.update(step)

    def execute(self, update: str) -> None:
        """Carry out an update of ours."""
        self.update(update)

    def _quads(self, sparql: str, bound: dict[str, Term]) -> Iterator[ox.Quad]:
        for s, p, o, g in self.select(sparql, bound).rows:
            # The answer holds what a quad may hold, since it was read from quads.
            yield ox.Quad(s, p, o, g)  # type: ignore[arg-type]


@contextmanager
def open_remote_writer(data_dir: Path, address: RemoteAddress) -> Iterator[RemoteWriter]:
    """Open a store elsewhere for writing, with the texts and names of a data directory.

    Only one process writes from a data directory; that no other machine writes to the same store
    has to be seen to by people. Raises StoreBusy, StoreError.
    """
    places = DataDirectory(data_dir)
    with (
        writer_lock(places),
        RemoteWriter(address, load_describer(Registry(places.registry))) as store,
    ):
        store.recover()
        yield store
