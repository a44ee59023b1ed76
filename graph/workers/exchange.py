"""One request to a reader process, and its answer as it comes."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from graph.children import frames
from graph.errors import (
    QueryError,
    ReadOnlyStore,
    RemoteStoreError,
    RemoteStoreTimeout,
    ScipolError,
    StoreError,
)
from graph.workers.child import Child
from graph.workers.errors import (
    AnswerTooLarge,
    MalformedQuery,
    NoSuchFormat,
    OutOfMemory,
    QueryTimeout,
    UpdateFailed,
    UploadError,
    WorkerDied,
)
from graph.workers.requests import Limits

# So much of a streamed answer waits for the client before the process has to.
_AHEAD = 1 << 20
_OF_STORES: dict[str, type[ScipolError]] = {
    error.__name__: error
    for error in (ReadOnlyStore, RemoteStoreError, RemoteStoreTimeout, StoreError, UpdateFailed)
}
_KINDS = {"bindings": "rows", "boolean": "yes or no", "graph": "a graph"}


class Exchange:
    """Sends a request to a process and takes in the answer, within limits.

    `on_end` is called once, when the process has done its part or is gone, with whether it can
    take another request; `on_begun` once, when it is known what `begin` gives.
    """

    def __init__(
        self, child: Child, limits: Limits, seconds: float, on_end: Callable[[bool], None]
    ) -> None:
        self.head: Mapping[str, Any] = {}
        self.on_begun: Callable[[], None] = lambda: None
        self._child = child
        self._limits = limits
        self._seconds = seconds
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self._begun: asyncio.Future[None] = self._loop.create_future()
        self._changed = asyncio.Event()
        self._portions: deque[bytes] = deque()
        self._kept = self._total = 0
        self._failure: ScipolError | None = None
        self._is_over = self._is_paused = False
        self._timer = self._loop.call_later(seconds, self._time_is_over)

    @property
    def seconds(self) -> float:
        """Seconds since the request was sent."""
        return self._loop.time() - self._started

    @property
    def size(self) -> int:
        """Bytes of the answer that have come so far."""
        return self._total

    async def begin(self, request: bytes) -> bytes | None:
        """Send the request and wait until the answer is whole or has begun to stream.

        Returns all of it, or None when it is to be streamed. Raises what went wrong. When the
        caller is cancelled, the process ends.
        """
        self.send(request)
        return await self.begun()

    def send(self, request: bytes) -> None:
        """Send the request; `begun` is to be awaited, or `on_begun` and `whole` to be used."""
        self._child.on_frame = self._take
        self._child.on_gone = self._gone
        self._child.send(request)
        if self._child.is_gone:
            # It died in the moment in which it was given out.
            self._gone()

    async def begun(self) -> bytes | None:
        """Wait for the answer to a request that was sent, as `begin` does."""
        try:
            await self._begun
        except asyncio.CancelledError:
            self.abandon()
            raise
        return self.whole() if self._is_over else None

    def whole(self) -> bytes | None:
        """All of the answer, if it is there and nothing went wrong; it is given once."""
        if not self._is_over or self._failure:
            return None
        whole = b"".join(self._portions)
        self._portions.clear()
        return whole

    async def stream(self) -> AsyncIterator[bytes]:
        """The portions of an answer that was too large to be kept. Raises what went wrong."""
        while True:
            while self._portions:
                portion = self._portions.popleft()
                self._kept -= len(portion)
                self._go_on()
                yield portion
            if self._failure:
                raise self._failure
            if self._is_over:
                return
            self._changed.clear()
            await self._changed.wait()

    def abandon(self) -> None:
        """Nobody wants the answer any more: a process that still works on it ends."""
        if not self._is_over:
            self._fail(WorkerDied("The request was given up."), kill=True)
        if self._begun.done() and not self._begun.cancelled():
            # Let asyncio know that a failure is no surprise.
            self._begun.exception()

    def _take(self, kind: bytes, payload: bytes) -> None:
        if self._is_over:
            return
        if kind == frames.DATA:
            self._take_data(payload)
        elif kind == frames.HEAD:
            self.head = _head(payload)
        elif kind == frames.END:
            self._finish(reusable=payload != frames.RETIRING)
        elif kind == frames.FAILURE:
            report = json.loads(payload)
            self._failure = error_of(report, self._limits)
            self._finish(reusable=report["error"] != "memory")

    def _take_data(self, payload: bytes) -> None:
        self._portions.append(payload)
        self._kept += len(payload)
        self._total += len(payload)
        if self._total > self._limits.answer:
            size = f"{self._limits.answer:,} bytes"
            self._fail(AnswerTooLarge(f"The answer has more than {size}; ask for less."), kill=True)
            return
        if not self._begun.done():
            if self._total > self._limits.buffered:
                self._begun.set_result(None)
                self.on_begun()
        elif self._kept > _AHEAD and not self._is_paused:
            # Time in which the client does not read is not the query's.
            self._is_paused = True
            self._child.pause()
            self._seconds -= self.seconds
            self._timer.cancel()
            self._timer = self._loop.call_later(self._limits.stalled_seconds, self._is_stalled)
        self._changed.set()

    def _go_on(self) -> None:
        if self._is_paused and self._kept <= _AHEAD // 2 and not self._is_over:
            self._is_paused = False
            self._started = self._loop.time()
            self._timer.cancel()
            self._timer = self._loop.call_later(max(self._seconds, 0.1), self._time_is_over)
            self._child.resume()

    def _time_is_over(self) -> None:
        limit = f"{self._seconds:g} s"
        self._fail(QueryTimeout(f"The query was ended at its time limit of {limit}."), kill=True)

    def _is_stalled(self) -> None:
        self._fail(QueryTimeout("The answer was not read; it is ended."), kill=True)

    def _gone(self) -> None:
        if not self._is_over:
            # Why it died is known only when the system has cleared it away.
            self._timer.cancel()
            self._waiting = self._loop.create_task(self._tell_death())

    async def _tell_death(self) -> None:
        status = await self._child.ended()
        if not self._is_over:
            self._fail(_death(status, self._limits), kill=False)

    def _fail(self, error: ScipolError, kill: bool) -> None:
        self._failure = error
        if kill:
            self._child.kill()
        self._finish(reusable=False)

    def _finish(self, reusable: bool) -> None:
        self._is_over = True
        self._timer.cancel()
        is_begun = self._begun.done()
        if not is_begun:
            if self._failure:
                self._begun.set_exception(self._failure)
            else:
                self._begun.set_result(None)
        self._changed.set()
        self._on_end(reusable)
        if not is_begun:
            self.on_begun()


@lru_cache(maxsize=64)
def _head(payload: bytes) -> Mapping[str, Any]:
    """What the head of an answer says; there are only so many."""
    return MappingProxyType(json.loads(payload))


def _death(status: int, limits: Limits) -> ScipolError:
    """What it means that a process ended so."""
    if status == -signal.SIGABRT:
        return _out_of_memory(limits)
    if status == -signal.SIGSEGV:
        return WorkerDied("The query is too deep for the engine; make it simpler.")
    return WorkerDied("The process that worked on this was ended; try again.")


def _out_of_memory(limits: Limits) -> OutOfMemory:
    size = f"{limits.query_memory >> 20:,} MiB"
    return OutOfMemory(f"The query wanted more than its {size} of memory; ask for less at once.")


def error_of(report: dict[str, Any], limits: Limits) -> ScipolError:
    """The error that a process reports."""
    kind = report["error"]
    if kind == "memory":
        return _out_of_memory(limits)
    if kind == "syntax":
        return MalformedQuery.of(report, report.get("what", "query"))
    if kind == "form":
        what = f"The query gives {_KINDS[report['form']]}, which no acceptable format can hold."
        return NoSuchFormat(what, report["form"])
    if kind == "xml":
        what = "The answer has characters that XML cannot hold; ask for another format."
        return NoSuchFormat(what, "xml")
    if kind == "format":
        return UploadError(f"{report['message']!r} is not a format of RDF that can be read.")
    if kind == "upload":
        line = report["line"]
        where = f" at line {line}" if line and " line " not in report["message"] else ""
        what = f"The RDF cannot be read{where}: {report['message']}"
        return UploadError(what, line, report["column"])
    if kind in _OF_STORES:
        return _OF_STORES[kind](report["message"])
    return QueryError(f"The query cannot be answered: {report['message']}")
