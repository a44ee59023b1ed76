"""The one writer of a store: commits graphs of texts, keeps the graph of entities in step.

Three graphs are always there besides those of the texts: the entities, the vocabulary, and the
catalogue, which marks every graph that is completely stored with the input it was made from.
"""

from __future__ import annotations

import hashlib
import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, cast

import pyoxigraph as ox

from graph import checkpoints
from graph.authority import load_authority
from graph.entity_graph import Describer, Name, Names, name_of
from graph.errors import QueryError, StoreError
from graph.identifiers import entity_iri
from graph.layout import CATALOGUE, ENTITIES, GRAPHS, STAGING, VOCABULARY, DataDirectory
from graph.link.registry import Registry
from graph.lock import writer_lock
from graph.store import EmbeddedStore, Store
from graph.terms import Term, iri, quoted
from ontology.files import ALIGNMENT, resource, vocabulary_files
from ontology.vocabulary import DCT, PREFIXES, PROV, RDFS, SCIP, SKOS

_IDENTIFIER = ox.NamedNode(DCT.identifier)
# In the catalogue, a graph is identified by the input it was made from.
_FINGERPRINT = _IDENTIFIER
_VERSION_OF = ox.NamedNode(SCIP.versionOf)
_MENTIONS = ox.NamedNode(SCIP.mentions)
_QUOTE = ox.NamedNode(SCIP.quote)
_LABEL = ox.NamedNode(RDFS.label)
_NAMES = (ox.NamedNode(SKOS.prefLabel), ox.NamedNode(SKOS.altLabel))
_ENTITIES = ox.NamedNode(ENTITIES)
# Names that only builds give: a run and a text. Other graphs belong to people and are left alone.
_TEXT_GRAPH = re.compile(re.escape(GRAPHS) + "[0-9a-f]{12}/[0-9a-f]{16}")


class TextGraph(NamedTuple):
    """The graph of one text, ready to be stored.

    `fingerprint` says from which input it was made, `names` what the text calls its entities.
    """

    name: str
    nquads: bytes
    fingerprint: str
    names: Names


@dataclass
class _Staged:
    """What the next commit will do, beyond what is loaded already."""

    marks: list[str] = field(default_factory=list)
    drop: set[str] = field(default_factory=set)
    again: list[TextGraph] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)


class GraphWriter(Store):
    """A dataset in the hands of its one writer, wherever it is kept."""

    # Staging so many quads at a time is fastest.
    batch = 100_000

    def __init__(self, describer: Describer) -> None:
        """Nothing is staged yet."""
        self._describer = describer
        self._staged = _Staged()

    @abstractmethod
    def match(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: Term | None,
        graph: ox.NamedNode | None = None,
    ) -> Iterable[ox.Quad]:
        """Quads with these terms; None stands for any."""

    def match_each(
        self, subjects: Iterable[str], graph: ox.NamedNode
    ) -> Iterable[tuple[str, Iterable[ox.Quad]]]:
        """Each subject (IRI) with its quads in a graph."""
        for subject in subjects:
            yield subject, self.match(ox.NamedNode(subject), None, None, graph)

    @abstractmethod
    def stage(self, put: Sequence[TextGraph], drop: Iterable[str] = ()) -> None:
        """Prepare to store graphs of texts and to remove others; `commit` makes it count.

        A graph must not be put twice before a commit.
        """

    @abstractmethod
    def commit(self) -> None:
        """Make all that was staged count."""

    @abstractmethod
    def publish(self) -> None:
        """Let new readers see the present state."""

    @abstractmethod
    def load(self, nquads: bytes) -> None:
        """Add quads; they need not come all at once."""

    @abstractmethod
    def execute(self, update: str) -> None:
        """Carry out an update of ours, as one step where the store can."""

    def fingerprint(self, graph: str) -> str | None:
        """From which input a graph was made; None for one that is not, or not wholly, there."""
        marks = self.match(ox.NamedNode(graph), _FINGERPRINT, None, ox.NamedNode(CATALOGUE))
        return next((cast(ox.Literal, quad.object).value for quad in marks), None)

    def graphs_of_document(self, document: str) -> list[str]:
        """Names of the graphs of all texts of a document (IRI), sorted."""
        quads = self.match(None, _VERSION_OF, ox.NamedNode(document))
        return sorted(_graph_name(quad) for quad in quads)

    def graphs_of_text(self, text: str) -> dict[str, str]:
        """Graphs that describe a text (IRI), each with the document (IRI) it is a text of."""
        quads = self.match(ox.NamedNode(text), _VERSION_OF, None)
        return {_graph_name(quad): cast(ox.NamedNode, quad.object).value for quad in quads}

    def document_name(self, document: str) -> str | None:
        """The name of a document (IRI) that was read; None where there is none."""
        quads = self.match(ox.NamedNode(document), _IDENTIFIER, None)
        return next((cast(ox.Literal, quad.object).value for quad in quads), None)

    def document_names(self) -> list[str]:
        """Names of all documents that were read, sorted."""
        versions = self.match(None, _VERSION_OF, None)
        documents = {cast(ox.NamedNode, quad.object).value for quad in versions}
        return sorted(filter(None, map(self.document_name, documents)))

    def readers(self) -> dict[str, str]:
        """The graphs of all texts, each with the name of the extractor that read the text."""
        quads = self.match(None, ox.NamedNode(PROV.wasAssociatedWith), None)
        return {
            name: cast(ox.NamedNode, quad.object).value.rpartition("/")[2]
            for quad in quads
            if _TEXT_GRAPH.fullmatch(name := _graph_name(quad))
        }

    def recover(self) -> None:
        """Remove graphs that a killed writer left without a mark, and renew the vocabulary."""
        self.stage((), [name for name in self._text_graphs() if not self.fingerprint(name)])
        self.commit()
        self._renew_vocabulary()

    def _text_graphs(self) -> list[str]:
        return [name for name in self.graphs() if _TEXT_GRAPH.fullmatch(name)]

    def _renew_vocabulary(self) -> None:
        """Keep the terms and schemes of this release beside the data that use them."""
        triples = vocabulary_triples()
        version = hashlib.sha256("\n".join(triples).encode()).hexdigest()
        held = self.fingerprint(VOCABULARY)
        if held == version:
            return
        mark = f"{iri(VOCABULARY)} {_FINGERPRINT}"
        steps = [f"DROP SILENT GRAPH {iri(VOCABULARY)}"]
        steps += data_steps("DELETE", {CATALOGUE: [f"{mark} {quoted(held)}"] if held else []})
        self.execute(" ;\n".join(steps))
        # Like the graphs of texts, it counts only once it is marked.
        lines = "".join(f"{triple} {iri(VOCABULARY)} .\n" for triple in triples)
        self.load(lines.encode())
        self.execute(*data_steps("INSERT", {CATALOGUE: [f"{mark} {quoted(version)}"]}))

    def _described_anew(
        self, put: Sequence[TextGraph], drop: Set[str]
    ) -> tuple[set[str], set[str]]:
        """Lines that the graph of entities gains and loses by these graphs coming and going."""
        gained = _merged(graph.names for graph in put)
        lost = _merged(map(self._names_in_graph, drop))
        gone = drop | self._staged.drop
        touched = gained.keys() | lost.keys()
        touched |= {whole for node in touched for whole in self._describer.wholes(node)}
        added: set[str] = set()
        removed: set[str] = set()
        for node, quads in self.match_each(touched, _ENTITIES):
            before, names = self._description(quads)
            if node in lost:
                names -= lost[node] - self._names_still_given(node, lost[node], gone)
            names |= gained.get(node, set())
            if self._describer.is_known(node):
                stays = node in gained or self._is_needed(node, gained, gone)
            else:
                stays = bool(names)
            after = self._describer.describe(node, names) if stays else set()
            if after != before:
                added |= after - before
                removed |= before - after
        return added, removed

    def _description(self, quads: Iterable[ox.Quad]) -> tuple[set[str], set[Name]]:
        """Lines that describe an entity as things are staged, and the names among them."""
        lines: set[str] = set()
        names: set[Name] = set()
        for quad in quads:
            line = f"{quad.subject} {quad.predicate} {quad.object}"
            if line in self._staged.removed:
                continue
            lines.add(line)
            if quad.predicate in _NAMES and isinstance(quad.object, ox.Literal):
                names.add((quad.object.language or "", quad.object.value))
        return lines, names

    def _names_in_graph(self, graph: str) -> Names:
        """The names that one text gives to entities, read back from its graph."""
        place = ox.NamedNode(graph)
        quotes = {quad.subject: quad.object for quad in self.match(None, _QUOTE, None, place)}
        found: Names = {}
        for quad in self.match(None, _MENTIONS, None, place):
            _add_name(found, quad.object, quotes.get(quad.subject))
        for quad in self.match(None, _LABEL, None, place):
            _add_name(found, quad.subject, quad.object)
        return found

    def _names_still_given(self, node: str, wanted: Set[Name], gone: Set[str]) -> set[Name]:
        """Those of the names that a text gives to an entity which is not in a graph that goes."""
        found: Names = {node: set(self._waiting_names().get(node, ()))}
        for quad in self._occurrences(node, gone):
            if quad.predicate == _LABEL:
                _add_name(found, quad.subject, quad.object)
            else:
                span, place = cast(ox.NamedNode, quad.subject), ox.NamedNode(_graph_name(quad))
                for quote in self.match(span, _QUOTE, None, place):
                    _add_name(found, quad.object, quote.object)
            if wanted <= found[node]:
                break
        return found[node] & wanted

    def _occurrences(self, node: str, gone: Set[str]) -> Iterator[ox.Quad]:
        """Where texts name an entity, except in graphs that go."""
        entity = ox.NamedNode(node)
        for pattern in ((entity, _LABEL, None), (None, _MENTIONS, entity)):
            for quad in self.match(*pattern):
                if _graph_name(quad) not in gone:
                    yield quad

    def _waiting_names(self) -> Names:
        """Names in graphs that will take the place of others, and are not loaded until then."""
        return _merged(graph.names for graph in self._staged.again)

    def _is_needed(self, node: str, gained: Names, gone: Set[str]) -> bool:
        """Whether a text names a known entity, or one whose record leads to it."""
        waiting = self._waiting_names()
        return any(
            candidate in gained
            or candidate in waiting
            or next(self._occurrences(candidate, gone), None) is not None
            for candidate in (node, *sorted(self._describer.parts(node)))
        )


class WritableStore(GraphWriter, EmbeddedStore):
    """The dataset of a data directory. What is not committed, readers never see."""

    def __init__(self, engine: ox.Store, places: DataDirectory, describer: Describer) -> None:
        """Take over an engine. Use `open_writer`, which also locks and recovers."""
        GraphWriter.__init__(self, describer)
        EmbeddedStore.__init__(self, engine)
        self._places = places
        # One batch is loaded while the next is made ready.
        self._loader = ThreadPoolExecutor(1)
        self._loading: Future[None] | None = None

    def match(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: Term | None,
        graph: ox.NamedNode | None = None,
    ) -> Iterable[ox.Quad]:
        """Quads with these terms, as they are found."""
        return self._engine.quads_for_pattern(subject, predicate, object, graph)

    def load(self, nquads: bytes) -> None:
        """Load quads in bulk, which is fast but not atomic."""
        self._engine.bulk_load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)

    def execute(self, update: str) -> None:
        """Carry out an update as one step."""
        self._engine.update(update)

    def stage(self, put: Sequence[TextGraph], drop: Iterable[str] = ()) -> None:
        """Prepare to store graphs of texts and to remove others; `commit` makes it count.

        New graphs are loaded in bulk, which is fast but not atomic: without a mark they do not
        count, and are removed when the store is opened again. Staging some tens of thousands of
        quads at a time is fastest; a graph must not be put twice before a commit. The engine
        loads on when this returns; what goes wrong is raised by the next call that changes things.
        """
        self._settle()
        drop = set(drop)
        added, removed = self._described_anew(put, drop)
        staged = self._staged
        # A graph that takes the place of one with its own name has to wait until that is gone.
        staged.again += [graph for graph in put if graph.name in drop]
        staged.marks += [mark_of(g.name, g.fingerprint) for g in put]
        staged.drop |= drop
        # Lines that were to go and are wanted again simply stay.
        new_lines = sorted(added - staged.removed)
        staged.removed = (staged.removed - added) | removed
        loaded = [graph.nquads for graph in put if graph.name not in drop]
        loaded.append("".join(f"{line} {iri(ENTITIES)} .\n" for line in new_lines).encode())
        if any(loaded):
            self._loading = self._loader.submit(self.load, b"".join(loaded))

    def _settle(self) -> None:
        """Wait until the engine has loaded what was staged; raises what went wrong there."""
        loading, self._loading = self._loading, None
        if loading is not None:
            loading.result()

    def close(self) -> None:
        """Let go of the files, when what is being loaded is loaded."""
        try:
            self._settle()
        finally:
            self._loader.shutdown()
            super().close()

    def commit(self) -> None:
        """Make all that was staged count, as one step: all of it happens, or nothing."""
        self._settle()
        staged, self._staged = self._staged, _Staged()
        unmarks = [
            mark_of(name, mark) for name in sorted(staged.drop) if (mark := self.fingerprint(name))
        ]
        steps = [f"DROP SILENT GRAPH {iri(name)}" for name in sorted(staged.drop)]
        steps += data_steps("DELETE", {CATALOGUE: unmarks, ENTITIES: sorted(staged.removed)})
        steps += data_steps("INSERT", {CATALOGUE: staged.marks})
        steps += data_steps("INSERT", {graph.name: triples_of(graph) for graph in staged.again})
        if steps:
            self._engine.update(" ;\n".join(steps))

    def update(self, sparql: str, base_iri: str | None = None) -> None:
        """Carry out an update as one step: all of it happens, or nothing.

        For what people write. Raises QueryError where it cannot be carried out, and what the
        engine raises for malformed text (SyntaxError) and for a failing disk (OSError).
        """
        # Noted before: at worst the version is another one and the data are not.
        self._note_update(sparql)
        try:
            self._engine.update(sparql, base_iri=base_iri, prefixes=dict(PREFIXES))
        except (ValueError, RuntimeError) as error:
            raise QueryError(f"The update cannot be carried out: {error}") from error

    def load_graph(
        self,
        name: str | None,
        body: bytes,
        format: ox.RdfFormat,
        base_iri: str | None,
        *,
        replaces: bool,
    ) -> None:
        """Load triples in bulk into a graph, or in the place of one; None is the default graph.

        All of it happens, or nothing. `format` must be one that knows no graphs. Raises what the
        engine raises for malformed text (SyntaxError) and for a failing disk (OSError).
        """
        self._note_update(hashlib.sha256(body).hexdigest())
        target = ox.NamedNode(name) if name else ox.DefaultGraph()
        held = self._engine.quads_for_pattern(None, None, None, target)
        is_displaced = replaces and next(held, None) is not None
        place = ox.NamedNode(STAGING) if is_displaced else target
        self._engine.bulk_load(body, format=format, base_iri=base_iri, to_graph=place)
        if is_displaced:
            # This is the one step. To move it would take half as much memory again.
            self._engine.update(f"COPY {place} TO {f'GRAPH {target}' if name else 'DEFAULT'}")
            self._engine.update(f"DROP GRAPH {place}")
        elif name:
            self._engine.add_graph(target)

    @property
    def revision(self) -> str:
        """What the updates made so far leave behind, apart from the catalogue."""
        return checkpoints.revision(self._places)

    def _note_update(self, sparql: str) -> None:
        """Make the version of the data another one.

        The mark lies beside the dataset: an update changes what it says, and nothing else.
        """
        version = hashlib.sha256(f"{self.revision}\n{sparql}".encode()).hexdigest()[:32]
        checkpoints.note_revision(self._places, version)

    def publish(self) -> None:
        """Let new readers see the present state."""
        checkpoints.publish(self._engine, self._places)


@contextmanager
def open_writer(data_dir: Path) -> Iterator[WritableStore]:
    """Open a data directory for writing, made when missing; whatever was left half is removed.

    Raises StoreBusy while another process writes there, StoreError where the files are damaged.
    """
    places = DataDirectory(data_dir)
    with writer_lock(places):
        try:
            engine = ox.Store(str(places.store))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(
                f"{places.store} cannot be opened ({error}); "
                "delete that folder and build again, the texts and extractions are kept"
            ) from error
        describer = load_describer(Registry(places.registry))
        with WritableStore(engine, places, describer) as store:
            del engine
            store.recover()
            # What a killed writer had loaded to take the place of another graph.
            store.execute(f"DROP SILENT GRAPH {iri(STAGING)}")
            yield store


def load_describer(registry: Registry | None = None) -> Describer:
    """Describe entities with the shipped authority list and the IRIs given out so far."""
    registry = registry or Registry()
    return Describer(
        load_authority(),
        lambda r: registry.lookup(r.key) or entity_iri(r.type, r.label, r.key),
    )


def vocabulary_triples() -> list[str]:
    """The vocabulary as sorted lines of triples; anonymous nodes of OWL axioms are left out."""
    lines: set[str] = set()
    for name in (*vocabulary_files(), ALIGNMENT):
        for triple in ox.parse(resource(name).read_bytes(), format=ox.RdfFormat.TURTLE):
            if not isinstance(triple.subject, ox.BlankNode) and not isinstance(
                triple.object, ox.BlankNode
            ):
                lines.add(f"{triple.subject} {triple.predicate} {triple.object}")
    return sorted(lines)


def mark_of(graph: str, fingerprint: str) -> str:
    """The line of the catalogue that makes a graph count."""
    return f"{iri(graph)} {_FINGERPRINT} {quoted(fingerprint)}"


def data_steps(operation: str, graphs: Mapping[str, Sequence[str]]) -> list[str]:
    """INSERT or DELETE DATA of lines of triples by graph; nothing where there are none."""
    blocks = [
        f"GRAPH {iri(graph)} {{\n" + " .\n".join(lines) + "\n}"
        for graph, lines in graphs.items()
        if lines
    ]
    return [f"{operation} DATA {{ {' '.join(blocks)} }}"] if blocks else []


def triples_of(graph: TextGraph) -> list[str]:
    """The lines of a graph without its name."""
    tail = f" {iri(graph.name)} ."
    return [line.removesuffix(tail) for line in graph.nquads.decode().splitlines()]


def _merged(parts: Iterable[Names]) -> Names:
    """The names that several texts give to entities, taken together."""
    merged: Names = {}
    for part in parts:
        for node, names in part.items():
            merged.setdefault(node, set()).update(names)
    return merged


def _graph_name(quad: ox.Quad) -> str:
    return cast(ox.NamedNode, quad.graph_name).value


def _add_name(names: Names, entity: object, wording: object) -> None:
    if isinstance(entity, ox.NamedNode) and isinstance(wording, ox.Literal):
        name = name_of(wording.value, wording.language)
        names.setdefault(entity.value, set()).add(name)
