"""The same door to a store elsewhere: asked by processes that can be killed while it is silent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from graph.children import frames
from graph.errors import ReadOnlyStore, ScipolError
from graph.remote.address import PREFIX, RemoteAddress
from graph.workers.child import Child
from graph.workers.endpoint import Endpoint
from graph.workers.errors import QueryTimeout, QueueFull, WorkerDied
from graph.workers.jobs import run_job
from graph.workers.requests import Limits, UpdateRequest, Upload
from graph.workers.rewrite import check_target

# How often the store is asked what it holds. One that takes long for that is asked more seldom,
# so that it takes a fiftieth of its time.
_WATCH_SECONDS = 5.0
_WATCH_SHARE = 50
_LONGEST_PAUSE = 60.0
# So long the start of the service waits for the first answer.
_PATIENCE = 3.0
# Whose turn in the queue these are.
_CHANGES, _WATCH = "changes", "watch"
_BUSY = "Other changes are being made, and this one waits for them; try again later."


class RemoteEndpoint(Endpoint):
    """Passes foreign queries and updates on to a SPARQL endpoint, behind the same guard and queue.

    Texts, jobs and the index of names are in the data directory. Changes that others make there
    are noticed when the number of quads, the catalogue or the curation shows them.
    """

    sees_all_changes = False
    # Stores differ in whether there are empty graphs.
    _presence = "{{ GRAPH <{name}> {{}} }} UNION {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"

    def __init__(self, data: Path, limits: Limits, address: RemoteAddress) -> None:
        """Use `start_at`."""
        super().__init__(data, limits)
        self._address = replace(address, seconds=min(address.seconds, limits.query_seconds))
        self._jobs_environment = address.environment()
        self._changing = asyncio.Lock()
        self._changes_waiting = 0
        self._changes = 0
        self._holds = ""
        self._started = f"{time.time_ns():x}"
        self._name_version()

    @classmethod
    async def start_at(cls, data: Path, address: RemoteAddress, limits: Limits) -> Self:
        """Start the processes; the store need not be there yet."""
        endpoint = cls(data, limits, address)
        await endpoint._begin()
        with suppress(ScipolError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await endpoint._refresh()
        return endpoint

    def status(self) -> dict[str, Any]:
        """Numbers for operators."""
        changes = {"writing": self._changing.locked(), "updates_waiting": self._changes_waiting}
        return {**super().status(), **changes}

    async def update(self, request: UpdateRequest) -> int:
        """Have an update carried out; the next query sees it.

        Whether it is one step is up to the store. Returns and raises as `Endpoint.update`, and
        ReadOnlyStore, RemoteStoreError.
        """
        self.check_writable()
        text = await asyncio.to_thread(self._prepared, request)
        limit = self._limits.update_seconds
        seconds = min(request.timeout or limit, limit)
        given = {"text": text, "base_iri": request.base_iri, "seconds": seconds}
        return await self._change(frames.pack_json(frames.UPDATE, given), seconds)

    async def store_graph(
        self, graph: str | None, uploads: Sequence[Upload], *, replaces: bool
    ) -> int:
        """Put foreign RDF in the place of a graph, or add it to one, by one request."""
        self.check_writable()
        check_target(graph)
        seconds = self._limits.update_seconds
        about = [
            {"media_type": u.media_type, "base_iri": u.base_iri, "graph": u.graph} for u in uploads
        ]
        given = {"graph": graph, "replaces": replaces, "uploads": about, "seconds": seconds}
        bodies = [frames.pack(frames.BODY, upload.body) for upload in uploads]
        frame = b"".join((frames.pack_json(frames.LOAD, given), *bodies))
        return await self._change(frame, seconds)

    def _new_child(self) -> Child:
        limits = self._limits
        arguments = (str(limits.query_memory), str(limits.nice))
        return Child("graph.children.relay", arguments, self._address.environment())

    def check_writable(self) -> None:
        """Raise ReadOnlyStore where there is no address for updates."""
        if not self._address.update:
            raise ReadOnlyStore(
                f"The store at {self._address.host} is for reading only: "
                f"{PREFIX}_UPDATE names no address for updates."
            )

    async def _change(self, frame: bytes, seconds: float) -> int:
        """Have something changed, after what was sent before; it goes on when the client goes."""
        return await asyncio.shield(asyncio.ensure_future(self._change_alone(frame, seconds)))

    async def _change_alone(self, frame: bytes, seconds: float) -> int:
        async with self._alone():
            try:
                await self._pool.ask(frame, _CHANGES, seconds)
            except (QueryTimeout, WorkerDied) as error:
                raise type(error)(
                    f"The store at {self._address.host} did not say within {seconds:g} s that the "
                    "change was made; whether it was is not known, look before trying again."
                ) from error
            finally:
                await self._note_change()
            return self._changes

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Wait for other changes, but only so long, and behind so many. Raises QueueFull."""
        if self._changes_waiting >= self._limits.updates_queued:
            raise QueueFull("Too many updates are waiting; try again a little later.", 2)
        self._changes_waiting += 1
        try:
            async with asyncio.timeout(self._limits.queue_seconds):
                await self._changing.acquire()
        except TimeoutError:
            raise QueueFull(_BUSY, 10) from None
        finally:
            self._changes_waiting -= 1
        try:
            yield
        finally:
            self._changing.release()

    async def _do(
        self, job: dict[str, Any], on_progress: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        self.check_writable()
        async with self._changing:
            try:
                return await run_job(self._places.root, job, on_progress, self._jobs_environment)
            finally:
                await self._note_change()

    async def _note_change(self) -> None:
        self._changes += 1
        self._name_version()
        with suppress(ScipolError):
            await self._refresh()

    async def _refresh(self) -> None:
        """Ask what the store holds. Raises as `query` does."""
        frame = frames.pack_json(frames.VERSION, {})
        _, whole = await self._pool.ask(frame, _WATCH, self._limits.query_seconds)
        if whole is not None:
            self._holds = whole.decode()
            self._name_version()

    def _name_version(self) -> None:
        # After a start nobody knows what was changed meanwhile.
        self.data_version = f"{self._holds}-{self._changes}-{self._started}"

    async def _watch(self) -> None:
        pause = _WATCH_SECONDS
        while True:
            await asyncio.sleep(pause)
            self._pool.keep_up()
            asked = time.monotonic()
            with suppress(ScipolError):
                await self._refresh()
            taken = time.monotonic() - asked
            pause = min(max(_WATCH_SECONDS, taken * _WATCH_SHARE), _LONGEST_PAUSE)
