"""Reads documents and extracts from them, in this process or in several, always in order.

Texts and extractions are stored as files on the way, so that nothing is extracted twice. However
many processes there are, only a few documents are in memory at a time.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import active_children, connection, get_context, parent_process
from typing import NamedTuple

from graph.documents import FORMATS, Place, ReadOptions, Refusal, read
from graph.errors import ExtractorError, ExtractorStopped
from graph.extract import load_extractor
from graph.extract.base import Extractor, Setup
from graph.layout import DataDirectory
from graph.records import Extraction, Text
from graph.runs import Run, is_kept_by, keep_first, keep_text, kept_extraction, to_json

# How many documents may be on their way for each process.
_AHEAD = 3
_TABLES = frozenset(suffix for f in FORMATS if f.streams for suffix in f.suffixes)

Task = Place | Text | Refusal


class Extracted(NamedTuple):
    """A text and its extraction: as JSON, and as a record when it was made just now."""

    text: Text
    made: bytes
    extraction: Extraction | None


class Standing(NamedTuple):
    """A text that is in the graph as another extractor read it, in the run with this id."""

    text: Text
    run: str


Outcome = Extracted | Standing | Refusal


@dataclass(frozen=True)
class Job:
    """What there is to do with every document; small enough to be sent to other processes.

    `standing` are texts that are not to be read again, by their hash, each with the id of the run
    that read it.
    """

    places: DataDirectory
    extractor: str
    run: Run
    options: ReadOptions
    setup: Setup
    standing: Mapping[str, str] = field(default_factory=dict)


def is_table(place: Place) -> bool:
    """Whether a place holds a table, whose number of documents shows only when it is read."""
    return place.path is not None and place.path.suffix.lower() in _TABLES


def tasks(found: Iterable[Place | Refusal], options: ReadOptions) -> Iterator[Task]:
    """What is to be done, in order: tables are read here, row by row, files by who works."""
    for place in found:
        if isinstance(place, Place) and is_table(place):
            yield from read(place, options)
        else:
            yield place


def outcomes(
    todo: Iterable[Task], job: Job, workers: int, extractor: Extractor
) -> Generator[Outcome, None, None]:
    """Do the tasks with this many processes; what comes out does not depend on how many.

    One process is this one, with the extractor of the job as it was loaded here.
    A document that ends its process is refused and costs nothing else.
    """
    if workers == 1:
        worker = _Worker(job, extractor)
        for task in todo:
            yield from worker.do(task)
    else:
        yield from _Pool(job, workers).run(todo)


class _Worker:
    """Does tasks with an extractor that is loaded once."""

    def __init__(self, job: Job, extractor: Extractor) -> None:
        self._job = job
        self._extractor = extractor

    def do(self, task: Task) -> list[Outcome]:
        """Read and extract; one outcome for each document."""
        match task:
            case Refusal():
                return [task]
            case Text():
                return [self._extract(task)]
            case Place():
                found = read(task, self._job.options)
                return [t if isinstance(t, Refusal) else self._extract(t) for t in found]

    def _extract(self, text: Text) -> Outcome:
        by = self._job.standing.get(text.sha16)
        if by and is_kept_by(self._job.places, by, text):
            return Standing(text, by)
        keep_text(self._job.places, text)
        kept = kept_extraction(self._job.places, self._job.run, text)
        if kept is not None:
            return Extracted(text, kept, None)
        return extract(self._extractor, self._job, text)


def extract(extractor: Extractor, job: Job, text: Text) -> Extracted | Refusal:
    """Extract from a text, and store what was found unless there is something already.

    Whether what is there has to give way is decided where documents are accepted. Raises
    ExtractorStopped where the others would fare no better.
    """
    try:
        extraction = extractor.extract(text)
    except ExtractorStopped:
        raise
    except ExtractorError as error:
        return Refusal(where=text.document.name, reason=str(error))
    # Whatever an extractor stumbles over in one document, the others go on.
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        reason = f"the extractor {job.run.extractor!r} failed on it ({what})"
        return Refusal(where=text.document.name, reason=reason)
    made = to_json(extraction, job.run, text)
    keep_first(job.places, job.run, text, made)
    return Extracted(text, made, extraction)


_worker: _Worker | None = None


def _start(job: Job) -> None:
    """Prepare a process of the pool: it leaves interrupts to its parent, and dies with it."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True).start()
    _worker = _Worker(job, load_extractor(job.extractor, job.setup))


def _die_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _do(task: Task) -> list[Outcome]:
    assert _worker is not None, "the process was not prepared"
    # The record costs more to send than to read again from the JSON.
    return [
        o._replace(extraction=None) if isinstance(o, Extracted) else o for o in _worker.do(task)
    ]


class _Pool:
    """Several processes that are given tasks a few ahead of what is needed next."""

    def __init__(self, job: Job, workers: int) -> None:
        self._job = job
        self._workers = workers
        self._not_ours = set(active_children())
        self._executor = self._start(workers)

    def run(self, todo: Iterable[Task]) -> Iterator[Outcome]:
        """Do the tasks; on the way out, however that happens, no process is left."""
        pending: deque[tuple[Task, Future[list[Outcome]]]] = deque()
        try:
            for task in todo:
                pending.append((task, self._submit(task)))
                if len(pending) > self._workers * _AHEAD:
                    yield from self._next(pending)
            while pending:
                yield from self._next(pending)
            self._executor.shutdown()
        finally:
            self._end()

    def _start(self, workers: int) -> ProcessPoolExecutor:
        # A fork would copy the engine's threads and locks in the middle of whatever they do.
        return ProcessPoolExecutor(workers, get_context("spawn"), _start, (self._job,))

    def _submit(self, task: Task) -> Future[list[Outcome]]:
        try:
            return self._executor.submit(_do, task)
        except BrokenProcessPool as error:
            broken: Future[list[Outcome]] = Future()
            broken.set_exception(error)
            return broken

    def _next(self, pending: deque[tuple[Task, Future[list[Outcome]]]]) -> list[Outcome]:
        task, future = pending.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            # Any of the tasks under way may be the culprit: this one is tried again, alone.
            outcome = self._alone(task)
            self._executor = self._start(self._workers)
            again = [(other, self._submit(other)) for other, _ in pending]
            pending.clear()
            pending.extend(again)
            return outcome

    def _alone(self, task: Task) -> list[Outcome]:
        with self._start(1) as executor:
            try:
                return executor.submit(_do, task).result()
            except BrokenProcessPool:
                where = task.document.name if isinstance(task, Text) else task.where
                return [Refusal(where=where, reason="the process that read it was killed")]

    def _end(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in active_children():
            if process not in self._not_ours:
                process.terminate()
                process.join()
