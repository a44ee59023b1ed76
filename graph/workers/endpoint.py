"""The one door to a data directory for what comes from outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import pyoxigraph as ox

from graph import checkpoints
from graph.children import frames
from graph.guard import guard
from graph.layout import DataDirectory
from graph.workers.child import Child
from graph.workers.exchange import Exchange
from graph.workers.jobs import run_job
from graph.workers.pool import Pool
from graph.workers.requests import Answer, Formats, Limits, QueryRequest, UpdateRequest, Upload
from graph.workers.rewrite import (
    addition,
    check_target,
    replacement,
    with_dataset,
    with_marks_kept_true,
    without_loads,
)
from graph.workers.writer import Writer

_T = TypeVar("_T")
# Uploads of so many bytes are loaded in bulk.
_LARGE = 1 << 20
_WATCH_SECONDS = 1.0
# Looking at so many characters takes a millisecond or two.
_LONG_TEXT = 10_000


class Endpoint:
    """Answers foreign queries, reads foreign RDF and carries out updates; one per service."""

    # Whether `data_version` changes with every change of the data, whoever makes it.
    sees_all_changes = True
    # What holds where there is a graph; an empty one counts.
    _presence = "GRAPH <{name}> {{}}"

    def __init__(self, data: Path, limits: Limits) -> None:
        """Use `start`."""
        self._places = DataDirectory(data)
        self._limits = limits
        self._pool = Pool(limits, self._new_child)
        self._writer = Writer(data, limits, self._look)
        self._number = self._told = 0
        self._watching: asyncio.Task[None] | None = None
        self.data_version = "0"

    @classmethod
    async def start(cls, data: Path, limits: Limits | None = None) -> Self:
        """Start the processes for a data directory. Raises StoreError."""
        endpoint = cls(data, limits or Limits())
        endpoint._look()
        await endpoint._begin()
        return endpoint

    async def _begin(self) -> None:
        await self._pool.start()
        self._watching = asyncio.create_task(self._watch())

    def _new_child(self) -> Child:
        arguments = (str(self._places.root), str(self._limits.query_memory), str(self._limits.nice))
        return Child("graph.children.reader", arguments)

    async def close(self) -> None:
        """End all processes; what was acknowledged is on disk already."""
        if self._watching:
            self._watching.cancel()
        await self._writer.close()
        await self._pool.close()

    def status(self) -> dict[str, Any]:
        """Numbers for operators: processes, what runs and waits, what is shut off."""
        return {**self._pool.status(), **self._writer.status(), "data_version": self.data_version}

    def check_writable(self) -> None:
        """Raise ReadOnlyStore where nothing can be changed."""

    async def query(self, request: QueryRequest) -> Answer:
        """Answer a query. `Answer.close` must be awaited in the end.

        Raises QueryRefused, MalformedQuery, NoSuchFormat, QueryError, QueryTimeout, OutOfMemory,
        QueueFull, WorkerDied. When the caller is cancelled, the process is freed.
        """
        words = await _aside(request.text, lambda: guard(request.text, self._limits.query_guard))
        frame, seconds = self._framed(request, words)
        version = self.data_version
        exchange, whole = await self._pool.ask(frame, request.client, seconds)
        return _answer(exchange, whole, version)

    def query_now(self, request: QueryRequest) -> Exchange | None:
        """Send a query to a process, if one is free and the text is short; None otherwise.

        Whoever asks is told by `Exchange.on_begun`, and may go on with `answer_of`. Raises
        QueryRefused.
        """
        if len(request.text) >= _LONG_TEXT:
            return None
        words = guard(request.text, self._limits.query_guard)
        return self._pool.ask_now(*self._framed(request, words), request.client)

    async def answer_of(self, exchange: Exchange, version: str) -> Answer:
        """The answer to what `query_now` has sent when the data had this version.

        Raises as `query` does.
        """
        return _answer(exchange, await exchange.begun(), version)

    def _framed(self, request: QueryRequest, words: frozenset[str]) -> tuple[bytes, float]:
        """A query as it is sent, and its time."""
        names_dataset = request.default_graphs is not None or request.named_graphs is not None
        limit = self._limits.query_seconds
        seconds = min(request.timeout or limit, limit)
        frame = frames.pack_json(
            frames.QUERY,
            {
                "text": request.text,
                "formats": vars(request.formats),
                "default_graphs": request.default_graphs,
                "named_graphs": request.named_graphs,
                # Beside the union the engine would ignore FROM.
                "union": request.union and not names_dataset and "FROM" not in words,
                "base_iri": request.base_iri,
                "number": self._number,
                "seconds": seconds,
            },
        )
        return frame, seconds

    async def has_graph(self, name: str, client: str = "") -> bool:
        """Whether there is a graph of this name, an IRI. Raises as `query` does."""
        text = f"ASK {{ {self._presence.format(name=name)} }}"
        formats = Formats(boolean="text/csv")
        answer = await self.query(QueryRequest(text, formats, union=False, client=client))
        try:
            return b"".join([part async for part in answer.body]).strip() == b"true"
        finally:
            await answer.close()

    async def parse(self, upload: Upload) -> bytes:
        """Read foreign RDF and give it as N-Quads, with blank nodes of new names.

        Raises UploadError with line and column, QueryTimeout, OutOfMemory, QueueFull.
        """
        about = {
            "media_type": upload.media_type,
            "base_iri": upload.base_iri,
            "graph": upload.graph,
        }
        request = frames.pack_json(frames.PARSE, about) + frames.pack(frames.BODY, upload.body)
        exchange, whole = await self._pool.ask(request, upload.client, self._limits.query_seconds)
        if whole is not None:
            return whole
        return b"".join([portion async for portion in exchange.stream()])

    async def update(self, request: UpdateRequest) -> int:
        """Carry out an update as one step; the next query sees it.

        Returns the number of the data, which grows. Raises as `query` does, and StoreBusy,
        StoreError.
        """
        text = await _aside(request.text, lambda: self._prepared(request))
        return await self._write(text, request.base_iri, request.timeout)

    async def store_graph(
        self, graph: str | None, uploads: Sequence[Upload], *, replaces: bool
    ) -> int:
        """Put foreign RDF in the place of a graph, or add it to one, None being the default.

        One step: all of it happens, or nothing. Returns and raises as `update` and `parse` do.
        """
        check_target(graph)
        if len(uploads) == 1 and _is_for_bulk(uploads[0]):
            await self._writer.load(graph, uploads[0], replaces, self._limits.update_seconds)
            return self._number
        text = "".join([(await self.parse(upload)).decode() for upload in uploads])
        update = replacement(graph, text) if replaces else addition(graph, text)
        return await self._write(update, None, None)

    async def build(
        self,
        sources: Sequence[str],
        options: Mapping[str, Any] | None = None,
        on_progress: Callable[[dict[str, Any]], None] = lambda _: None,
    ) -> dict[str, Any]:
        """Read documents into the graph, with the options of `graph.build.BuildOptions`.

        Returns a `BuildReport` as plain data; `on_progress` gets `Progress` likewise. Queries go
        on and see what is finished; updates wait. Cancelled, it keeps what is finished.
        """
        job = {"kind": "build", "sources": [*sources], "options": dict(options or {})}
        return await self._do(job, on_progress)

    async def forget(self, document: str) -> None:
        """Remove a document. Raises NotFound with near names."""
        await self._do({"kind": "forget", "document": document}, lambda _: None)

    async def _do(
        self, job: dict[str, Any], on_progress: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        return await self._writer.run_alone(run_job(self._places.root, job, on_progress))

    async def _write(self, text: str, base_iri: str | None, timeout: float | None) -> int:
        limit = self._limits.update_seconds
        await self._writer.update(text, base_iri, min(timeout or limit, limit))
        return self._number

    def _prepared(self, request: UpdateRequest) -> str:
        """The text of an update as the writer gets it."""
        guard(request.text, self._limits.update_guard)
        text = with_dataset(request.text, request.using_graphs, request.using_named)
        return with_marks_kept_true(without_loads(text))

    def _look(self) -> int:
        """See which checkpoint is the newest; a query that comes for it has it opened."""
        found = checkpoints.numbers(self._places)
        number = found[-1] if found else 0
        if number != self._number:
            made = (self._places.checkpoints / str(number)).stat().st_mtime_ns
            self._number = number
            self.data_version = f"{number}-{made:x}"
        return number

    async def _watch(self) -> None:
        """Notice what other processes publish, as a build does, and let idle readers open it.

        To open a checkpoint takes longer than most updates: among many in a row it is not opened
        by each reader after each of them.
        """
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if self._look() != self._told:
                self._told = self._number
                self._pool.tell(frames.pack(frames.REOPEN))
            self._pool.keep_up()


def _is_for_bulk(upload: Upload) -> bool:
    """Whether the writer is to read an upload itself: a large one, which cannot bring graphs.

    What is small goes through a reader, into one update; loading in bulk makes files each time.
    """
    format = ox.RdfFormat.from_media_type(upload.media_type)
    return format is not None and not format.supports_datasets and len(upload.body) >= _LARGE


def _answer(exchange: Exchange, whole: bytes | None, version: str) -> Answer:
    async def close() -> None:
        exchange.abandon()

    return Answer(
        form=exchange.head["form"],
        media_type=exchange.head["media_type"],
        whole=whole,
        body=exchange.stream() if whole is None else _once(whole),
        seconds=exchange.seconds,
        data_version=version,
        close=close,
    )


async def _aside(text: str, work: Callable[[], _T]) -> _T:
    """Do work on a text; on a long one beside the loop, which has others to serve."""
    return work() if len(text) < _LONG_TEXT else await asyncio.to_thread(work)


async def _once(whole: bytes) -> AsyncIterator[bytes]:
    yield whole
