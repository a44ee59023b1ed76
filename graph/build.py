"""Where the stages meet: documents -> extract -> link -> assemble -> store."""

from __future__ import annotations

import difflib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import pyoxigraph as ox
from pydantic import Field

from graph.authority import load_authority
from graph.concepts import codes
from graph.documents import Place, ReadOptions, Refusal, locate, read_one
from graph.entity_graph import Names
from graph.errors import ExtractorStopped, Interrupted, NotFound, QueryError, ScipolError
from graph.extract import DEFAULT, Settled, load_extractor, settle_extractor
from graph.extract.base import Extractor, Monolingual, Remarking, Setup
from graph.identifiers import document_iri, graph_iri, text_iri
from graph.layout import ENTITIES, DataDirectory
from graph.link.registry import Registry
from graph.origins import Origins
from graph.queries import extractor_of
from graph.reading import Extracted, Job, Outcome, Standing, extract, is_table, outcomes, tasks
from graph.records import Record, Text
from graph.runs import files_of_text, from_json, keep_extraction, keep_text, run_of, to_json
from graph.store import memory_store
from graph.stores import open_store, open_store_writer
from graph.terms import canonical, iri
from graph.weave import Weaver, fingerprint_of
from graph.writer import GraphWriter, TextGraph, load_describer
from ontology.vocabulary import SCIP

# A store is fastest with few commits.
_COMMIT_SECONDS = 4.0
# In a long build, readers see what is finished after so many seconds.
_PUBLISH_SECONDS = 6.0

_STATEMENT = f"<{SCIP.Statement}>".encode()
# So many documents are named in a message.
_NAMED = 5

_FORMS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class BuildOptions(Record):
    """How to build: the extractor by name, processes that read and extract, how to read.

    Without a name the learned extractor reads, or the rules where it cannot; with `as_before` the
    one that has read most of what is in the graph, if it can be used. `settings` are those of the
    extractor, over the environment.
    """

    extractor: str | None = None
    as_before: bool = False
    settings: Mapping[str, str] = Field(default_factory=dict)
    workers: int = Field(default=1, ge=1)
    read: ReadOptions = ReadOptions()


class Progress(Record):
    """How far a build is: documents finished and in the store, of how many, and their words.

    `total` is None where a table does not say how many documents it holds.
    """

    done: int
    total: int | None
    words: int


class BuildReport(Record):
    """What a build did. `read` counts the documents that were not refused.

    `extractor` is the one that read. Where it stands in for one that cannot be used, `left` counts
    the unchanged documents that the graph keeps as another one read them. `fallback` says why it is
    not the one that would have been taken, `stopped` why it could not go on; `remarks` are what was
    not known of the metadata, and what the extractor has to tell. `foreign` are the names of
    documents in a language that it does not read: only names and figures were found there. `silent`
    are those of added and replaced documents in which no statement was found.
    """

    extractor: str = ""
    fallback: str | None = None

    read: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    left: int = 0
    refused: tuple[Refusal, ...] = ()
    words: int = 0
    seconds: float = 0.0
    stopped: str | None = None
    remarks: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


def build(
    sources: Sequence[str | Path],
    data_dir: Path,
    options: BuildOptions | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Read documents into the graph of a data directory, which is made when missing.

    What is there already and unchanged is passed over, a changed document replaces its graph. Where
    an extractor has to stand in for one that cannot be used, what the graph holds of others counts
    as unchanged too: it would not get better, and the graph would be mixed. Bad
    documents are refused one by one in the report. `on_progress` is told after each step; what it
    is told is finished stays, even if the process is killed. Where the extractor has to stop, or
    `on_progress` raises Interrupted, what was read is kept and the report says why. Raises
    StoreBusy, ExtractorError.
    """
    options = options or BuildOptions()
    begun = time.monotonic()
    places = DataDirectory(data_dir)
    setup = Setup(data=data_dir, session=uuid4().hex, settings=options.settings)
    settled = settle_extractor(options.extractor, setup, _usual(data_dir, options))
    job = Job(places, settled.name, run_of(settled.extractor), options.read, setup)
    with open_store_writer(data_dir) as store:
        if settled.remark:
            job = replace(job, standing=_standing(store, job.run.extractor))
        # Documents may lie around the data directory, but what lies in it is our own.
        origins = Origins(places.origins)
        found = list(origins.checked(locate(sources, [data_dir])))
        origins.save()
        has_tables = any(isinstance(f, Place) and is_table(f) for f in found)
        builder = _Builder(store, job, settled, None if has_tables else len(found), on_progress)
        todo = tasks(found, options.read)
        with closing(outcomes(todo, job, options.workers, settled.extractor)) as extracted:
            try:
                for outcome in extracted:
                    builder.take(outcome)
            except (ExtractorStopped, Interrupted) as error:
                builder.stop(str(error))
        # All is done when it tells so: nothing is left to be interrupted.
        with suppress(Interrupted):
            builder.finish()
        return builder.report(time.monotonic() - begun)


def _standing(store: GraphWriter, extractor: str) -> dict[str, str]:
    """The texts that another extractor than this one read: hash -> id of the run."""
    parts = (name.split("/") for name, by in store.readers().items() if by != extractor)
    return {sha16: run for *_, run, sha16 in parts}


def _usual(data_dir: Path, options: BuildOptions) -> str:
    """The extractor to take where none is named."""
    if not options.as_before:
        return DEFAULT
    try:
        with open_store(data_dir) as store:
            return extractor_of(store) or DEFAULT
    except ScipolError:
        return DEFAULT  # there is no graph yet, or writing to it says what is wrong


def forget(data_dir: Path, document: str) -> None:
    """Remove a document by its name: graph, text, extractions, and what rests on it alone.

    Raises NotFound with near names, StoreBusy.
    """
    places = DataDirectory(data_dir)
    with open_store_writer(data_dir) as store:
        graphs = store.graphs_of_document(document_iri(document))
        if not graphs:
            near = difflib.get_close_matches(document, store.document_names(), n=3, cutoff=0.4)
            raise NotFound(f"There is no document {document!r}", near)
        store.stage((), graphs)
        store.commit()
        store.publish()
        _remove_files(places, store, graphs)
        origins = Origins(places.origins)
        origins.forget(document)
        origins.save()
        # Derived, and made again when it is needed; until then it would still hold the sentences.
        for path in places.root.glob(f"{places.search.name}*"):
            path.unlink()


def some(names: Sequence[str]) -> str:
    """Names in a row, of many the first ones.

    >>> some(["a", "b"])
    'a, b'
    """
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def is_foreign_to(extractor: Extractor, text: Text) -> bool:
    """Whether a text is in a language that the extractor does not read."""
    return isinstance(extractor, Monolingual) and extractor.is_foreign(text)


def extract_only(
    source: str | Path,
    extractor: str | Extractor,
    form: str,
    on_foreign: Callable[[str], None] = lambda _: None,
) -> bytes:
    """What is found in a source, as `json` (several documents: a list) or as a graph.

    The extractor is given itself or by name; `on_foreign` is told the names of documents in a
    language that it does not read. Nothing is stored; the graph comes as `nquads`,
    `trig`, `turtle` or `jsonld`. Raises DocumentError, ExtractorError, and QueryError for an
    unknown form.
    """
    if form != "json" and form not in _FORMS:
        raise QueryError(f"there is no form {form!r}; there are: json, {', '.join(_FORMS)}")
    loaded = load_extractor(extractor) if isinstance(extractor, str) else extractor
    run = run_of(loaded)
    found = [(text, loaded.extract(text)) for text in read_one(source)]
    for text, _ in found:
        if is_foreign_to(loaded, text):
            on_foreign(text.document.name)
    if form == "json":
        plain = [json.loads(to_json(extraction, run, text)) for text, extraction in found]
        shown = plain[0] if len(plain) == 1 else plain
        return (json.dumps(shown, ensure_ascii=False, indent=2) + "\n").encode()
    weaver = Weaver(load_authority(), Registry())
    graphs = [weaver.weave(text, extraction, run, "") for text, extraction in found]
    nquads = b"".join(graph.nquads for graph in graphs) + _described(graphs)
    with memory_store(nquads) as store:
        return store.dump(_FORMS[form])


@dataclass
class _Batch:
    """Documents that go into the store together.

    `concerned` are the IRIs of the documents and texts that it is about.
    """

    put: list[TextGraph] = field(default_factory=list)
    drop: set[str] = field(default_factory=set)
    concerned: set[str] = field(default_factory=set)
    quads: int = 0
    documents: int = 0


class _Builder:
    """Takes what was extracted, in order, and commits it in batches."""

    def __init__(
        self,
        store: GraphWriter,
        job: Job,
        settled: Settled,
        total: int | None,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._store = store
        self._job = job
        self._settled = settled
        self._extractor = settled.extractor
        self._weaver = Weaver(load_authority(), Registry(job.places.registry))
        self._total = total
        self._on_progress = on_progress
        self._committed = self._published = time.monotonic()
        self._counts = Counter[str]()
        self._refused: list[Refusal] = []
        self._foreign: list[str] = []
        self._silent: list[str] = []
        # Documents by what their metadata name and no list has: a genre or country, and which.
        self._unknown: dict[tuple[str, str], list[str]] = {}
        self._stopped: str | None = None
        # What is made is collected while the engine loads what was made before.
        self._made = _Batch()
        self._loading = _Batch()

    def report(self, seconds: float) -> BuildReport:
        """What was done so far, in this many seconds."""
        told = self._extractor.remarks() if isinstance(self._extractor, Remarking) else ()
        unknown = (_on_unknown(*what, names) for what, names in sorted(self._unknown.items()))
        return BuildReport(
            **self._counts,
            refused=tuple(self._refused),
            seconds=seconds,
            extractor=self._settled.name,
            fallback=self._settled.remark,
            stopped=self._stopped,
            remarks=(*unknown, *told),
            foreign=tuple(self._foreign),
            silent=tuple(self._silent),
        )

    def stop(self, reason: str) -> None:
        """Note why nothing more comes."""
        self._stopped = reason

    def take(self, outcome: Outcome) -> None:
        """Put one document into the graph, unless it is refused or there already."""
        match outcome:
            case Refusal():
                self._refuse(outcome.where, outcome.reason)
            case Standing():
                self._take_standing(outcome)
            case Extracted():
                self._take_extracted(outcome)
        is_due = time.monotonic() - self._committed > _COMMIT_SECONDS
        if self._made.quads >= self._store.batch or (is_due and self._made.documents):
            self._advance()
            if time.monotonic() - self._published > _PUBLISH_SECONDS:
                self._publish()
        self._tell()

    def finish(self) -> None:
        """Commit what waits, and let readers see it."""
        self._commit()
        self._publish()
        self._tell()

    def _take_standing(self, standing: Standing) -> None:
        """Leave a document as it is in the graph; what is not there as this document is read."""
        text = standing.text
        document = document_iri(text.document.name)
        self._settle({document, text_iri(text.sha16)})
        known = self._store.graphs_of_document(document)
        if known == [graph_iri(standing.run, text.sha16)]:
            self._counts.update(read=1, words=len(text.content.split()), unchanged=1, left=1)
        elif isinstance(made := extract(self._extractor, self._job, text), Refusal):
            self._refuse(made.where, made.reason)
        else:
            self._take_extracted(made)

    def _take_extracted(self, extracted: Extracted) -> None:
        text = extracted.text
        document, version = document_iri(text.document.name), text_iri(text.sha16)
        self._settle({document, version})
        first = self._other_document(version, document)
        if first is not None:
            self._refuse(text.document.name, f"has the same text as {first}, read before")
            return
        words = len(text.content.split())
        graph = graph_iri(self._job.run.id, text.sha16)
        known = self._store.graphs_of_document(document)
        fingerprint = fingerprint_of(text, extracted.made)
        if known == [graph] and self._store.fingerprint(graph) == fingerprint:
            self._counts.update(read=1, words=words, unchanged=1)
            return
        whole = self._made_whole(extracted)
        if isinstance(whole, Refusal):
            self._refuse(whole.where, whole.reason)
            return
        if is_foreign_to(self._extractor, text):
            self._foreign.append(text.document.name)
        for what in self._weaver.unknown(text.document):
            self._unknown.setdefault(what, []).append(text.document.name)
        self._counts.update(("read", "replaced" if known else "added"))
        self._counts["words"] += words
        self._put_woven(whole)
        self._made.drop.update(known)
        self._made.concerned.update((document, version), map(_text_of, known))
        self._made.documents += 1

    def _settle(self, concerned: Set[str]) -> None:
        """Let what waits to be committed count where it is about these; it rarely is."""
        if (self._made.concerned | self._loading.concerned) & concerned:
            self._commit()

    def _made_whole(self, extracted: Extracted) -> Extracted | Refusal:
        """With the extraction as a record; one that is damaged in its file is made again."""
        text, made, extraction = extracted
        extraction = extraction or from_json(made, self._job.run, text)
        if extraction is None:
            return extract(self._extractor, self._job, text)
        return Extracted(text, made, extraction)

    def _put_woven(self, whole: Extracted) -> None:
        text, made, extraction = whole
        assert extraction is not None, "it was made whole"
        run = self._job.run
        keep_text(self._job.places, text)
        keep_extraction(self._job.places, run, text, made)
        woven = self._weaver.weave(text, extraction, run, fingerprint_of(text, made))
        if _STATEMENT not in woven.nquads:
            self._silent.append(text.document.name)
        self._made.put.append(woven)
        self._made.quads += woven.nquads.count(b"\n")

    def _other_document(self, version: str, document: str) -> str | None:
        """The name of the document that had this text before, if another one had."""
        others = set(self._store.graphs_of_text(version).values()) - {document}
        return self._store.document_name(min(others)) if others else None

    def _commit(self) -> None:
        """Let all that was made count."""
        self._advance()
        self._advance()

    def _advance(self) -> None:
        """Let count what the engine has loaded by now, and give it what was made meanwhile."""
        self._store.commit()
        _remove_files(self._job.places, self._store, self._loading.drop)
        self._loading, self._made = self._made, _Batch()
        self._store.stage(self._loading.put, self._loading.drop)
        self._committed = time.monotonic()

    def _publish(self) -> None:
        self._store.publish()
        self._published = time.monotonic()

    def _refuse(self, where: str, reason: str) -> None:
        self._refused.append(Refusal(where=where, reason=reason))

    def _tell(self) -> None:
        waiting = self._made.documents + self._loading.documents
        done = self._counts["read"] + len(self._refused) - waiting
        news = Progress(done=done, total=self._total, words=self._counts["words"])
        self._on_progress(news)


def _on_unknown(key: str, value: str, names: Sequence[str]) -> str:
    """Say what becomes of a genre or country that no list has, and what there is."""
    if key == "country":
        return (
            f"The country {value!r} of {some(names)} is in no list, and kept by this name alone; "
            "known are English names and ISO 3166 codes, and bodies such as European Union."
        )
    kinds = ", ".join(codes("doc-kind"))
    return f"The genre {value!r} of {some(names)} is not known, and left out; there are: {kinds}."


def _described(graphs: Sequence[TextGraph]) -> bytes:
    """The graph of entities for graphs that stand alone."""
    names: Names = {}
    for graph in graphs:
        for node, found in graph.names.items():
            names.setdefault(node, set()).update(found)
    describer = load_describer()
    wholes = {whole for node in names for whole in describer.wholes(node)}
    lines = [
        f"{line} {iri(ENTITIES)} ."
        for node in names.keys() | wholes
        for line in describer.describe(node, names.get(node, set()))
    ]
    return canonical(lines)


def _text_of(graph: str) -> str:
    """IRI of the text that a graph is about."""
    return text_iri(graph.rpartition("/")[2])


def _remove_files(places: DataDirectory, store: GraphWriter, dropped: Iterable[str]) -> None:
    """Remove the files of texts that no graph is about any more."""
    for graph in dropped:
        if not store.graphs_of_text(_text_of(graph)):
            for path in files_of_text(places, graph.rpartition("/")[2]):
                path.unlink()
