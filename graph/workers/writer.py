"""The service's end of the writer process: hands it updates, and takes its place back when it dies.

The process is started by the first update and ends when nothing was written for a while, so that
a command may write to the same data in between.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from graph.children import frames
from graph.errors import ScipolError, StoreBusy, StoreError
from graph.workers.child import Child
from graph.workers.errors import (
    MalformedQuery,
    OutOfMemory,
    QueryTimeout,
    QueueFull,
    UpdateFailed,
    WorkerDied,
)
from graph.workers.exchange import error_of
from graph.workers.requests import Limits, Upload

_T = TypeVar("_T")
_START_SECONDS = 60.0
_JOB = "Documents are being read in, and updates wait for that; try again later."


@dataclass(eq=False)
class _Update:
    """An update on its way, `frame` is how it is sent."""

    frame: bytes
    seconds: float
    acknowledged: asyncio.Future[None]
    is_done: bool = False

    def fail(self, error: ScipolError) -> None:
        """Tell the client."""
        if not self.acknowledged.done():
            self.acknowledged.set_exception(error)


class Writer:
    """Carries out updates in one process, in order, and jobs on documents in others.

    `on_published` is called whenever readers can see something new.
    """

    def __init__(self, data: Path, limits: Limits, on_published: Callable[[], object]) -> None:
        """Nothing is started before the first update."""
        self._data = data
        self._limits = limits
        self._on_published = on_published
        self._child: Child | None = None
        self._dead: Child | None = None
        self._pending: deque[_Update] = deque()
        self._timer: asyncio.TimerHandle | None = None
        # Held while the process is started or ended, and for as long as a job runs.
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def update(self, text: str, base_iri: str | None, seconds: float) -> None:
        """Carry out an update and wait until the next query sees it.

        Raises MalformedQuery, UpdateFailed, QueryTimeout, OutOfMemory, QueueFull, StoreBusy,
        StoreError, WorkerDied. An update that failed has changed nothing, unless the message
        says that this is not known.
        """
        await self._send(
            frames.pack_json(frames.UPDATE, {"text": text, "base_iri": base_iri}), seconds
        )

    async def load(self, graph: str | None, upload: Upload, replaces: bool, seconds: float) -> None:
        """Load triples into a graph, or in the place of one, None being the default graph.

        For a format that knows no graphs. Raises as `update` does, and UploadError.
        """
        about = {
            "graph": graph,
            "replaces": replaces,
            "media_type": upload.media_type,
            "base_iri": upload.base_iri,
        }
        body = frames.pack(frames.BODY, upload.body)
        await self._send(frames.pack_json(frames.LOAD, about) + body, seconds)

    async def _send(self, frame: bytes, seconds: float) -> None:
        if len(self._pending) >= self._limits.updates_queued:
            raise QueueFull("Too many updates are waiting; try again a little later.", 2)
        child = await self._ready()
        update = _Update(frame, seconds, asyncio.get_running_loop().create_future())
        # Its client may have gone when it fails.
        update.acknowledged.add_done_callback(_look_at)
        self._pending.append(update)
        child.send(frame)
        if len(self._pending) == 1:
            self._watch_first()
        # An update that has been sent is carried out, whether or not its client still waits.
        await asyncio.shield(update.acknowledged)

    async def run_alone(self, job: Coroutine[Any, Any, _T]) -> _T:
        """Await a job while no update is carried out and the lock of the writer is free."""
        try:
            async with self._changing:
                while self._pending:
                    await asyncio.wait([u.acknowledged for u in self._pending])
                await self._end()
                return await job
        finally:
            job.close()
            self._on_published()

    async def close(self) -> None:
        """Let updates that are on their way finish, then end the process."""
        while self._pending:
            await asyncio.wait([u.acknowledged for u in self._pending])
        async with self._changing:
            await self._end()

    def status(self) -> dict[str, int | bool]:
        """Numbers for operators."""
        return {"writing": self._child is not None, "updates_waiting": len(self._pending)}

    async def _ready(self) -> Child:
        """The process, started when there is none. Waits for a job only so long."""
        if self._child and not self._changing.locked():
            return self._child
        try:
            async with asyncio.timeout(self._limits.queue_seconds):
                await self._changing.acquire()
        except TimeoutError:
            raise QueueFull(_JOB, 10) from None
        try:
            return self._child or await self._open()
        finally:
            self._changing.release()

    async def _open(self) -> Child:
        """Start the process and give it what its predecessor did not begin."""
        await self._bury()
        arguments = (str(self._data), str(self._limits.update_memory))
        child = Child("graph.children.writer", arguments)
        kind, payload = await child.start_and_hear(_START_SECONDS)
        if kind == frames.FAILURE:
            await child.ended()
            report = json.loads(payload)
            raised = StoreBusy if report["error"] == "StoreBusy" else StoreError
            raise raised(report["message"])
        child.on_frame = self._take
        child.on_gone = lambda: self._gone(child)
        self._child = child
        # What was committed is published by now: the new process has done that first.
        self._published({})
        for update in self._pending:
            child.send(update.frame)
        if self._pending:
            self._watch_first()
        return child

    async def _end(self) -> None:
        child, self._child = self._child, None
        self._stop_timer()
        if child:
            child.on_gone = lambda: None
            child.hang_up()
            try:
                async with asyncio.timeout(_START_SECONDS):
                    await child.ended()
            except TimeoutError:
                child.kill()
                await child.ended()

    def _take(self, kind: bytes, payload: bytes) -> None:
        """A frame came: an update is done, or those that are done are published."""
        report = json.loads(payload)
        if kind == frames.DONE:
            update = next(u for u in self._pending if not u.is_done)
            if report:
                self._pending.remove(update)
                update.fail(_error_of(report, self._limits))
            update.is_done = True
            self._watch_first()
        elif kind == frames.PUBLISHED:
            self._published(report)

    def _published(self, report: dict[str, Any]) -> None:
        self._on_published()
        while self._pending and self._pending[0].is_done:
            update = self._pending.popleft()
            if report:
                what = "The update is stored, but cannot be shown yet"
                update.fail(StoreError(f"{what}: {report['error']}"))
            elif not update.acknowledged.done():
                update.acknowledged.set_result(None)
        if not self._pending:
            self._rest()

    def _watch_first(self) -> None:
        """Limit the time of the update that is carried out now."""
        self._stop_timer()
        update = next((u for u in self._pending if not u.is_done), None)
        seconds = update.seconds if update else self._limits.update_seconds
        self._timer = asyncio.get_running_loop().call_later(seconds, self._time_is_over, update)

    def _time_is_over(self, update: _Update | None) -> None:
        if update:
            self._pending.remove(update)
            limit = f"{update.seconds:g} s"
            update.fail(QueryTimeout(f"The update was ended at its time limit of {limit}."))
        if self._child:
            self._child.kill()

    def _rest(self) -> None:
        """Nothing is to be done: end the process some time later."""
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(
            self._limits.writer_idle_seconds, self._retire
        )

    def _retire(self) -> None:
        self._begin(self._retire_if_idle())

    async def _retire_if_idle(self) -> None:
        async with self._changing:
            if not self._pending:
                await self._end()

    def _gone(self, child: Child) -> None:
        """The process has ended while it was wanted."""
        if self._child is child:
            self._child, self._dead = None, child
            self._stop_timer()
            self._begin(self._revive())

    async def _revive(self) -> None:
        async with self._changing:
            try:
                if not self._child:
                    await self._bury()
                if self._pending and not self._child:
                    await self._open()
            except ScipolError as error:
                while self._pending:
                    self._pending.popleft().fail(error)

    async def _bury(self) -> None:
        """Find out why the process died, and tell the update that it was carrying out."""
        dead, self._dead = self._dead, None
        if not dead:
            return
        status = await dead.ended()
        lost = next((u for u in self._pending if not u.is_done), None)
        if lost and status and not dead.was_killed:
            self._pending.remove(lost)
            lost.fail(_death(status, self._limits))

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _look_at(done: asyncio.Future[None]) -> None:
    """Let asyncio know that a failure is no surprise."""
    if not done.cancelled():
        done.exception()


def _error_of(report: dict[str, Any], limits: Limits) -> ScipolError:
    kind = report["error"]
    if kind == "memory":
        return _out_of_memory(limits)
    if kind == "store":
        return StoreError(f"The update cannot be written: {report['message']}")
    if kind == "syntax":
        return MalformedQuery.of(report, "update")
    if kind in ("upload", "format"):
        return error_of(report, limits)
    return UpdateFailed(report["message"])


def _death(status: int, limits: Limits) -> ScipolError:
    if status == -signal.SIGABRT:
        return _out_of_memory(limits)
    return WorkerDied(
        "The process that carried out the update was ended; look whether it was carried out."
    )


def _out_of_memory(limits: Limits) -> OutOfMemory:
    size = f"{limits.update_memory >> 20:,} MiB"
    return OutOfMemory(f"The update wanted more than its {size} of memory; do it in parts.")
