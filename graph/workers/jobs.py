"""A job on documents in a process of its own: build or forget."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from graph.children import frames
from graph.errors import (
    ExtractorError,
    NotFound,
    ReadOnlyStore,
    RemoteStoreError,
    RemoteStoreTimeout,
    ScipolError,
    StoreBusy,
    StoreError,
)
from graph.workers.child import Child
from graph.workers.errors import WorkerDied

_ERRORS: dict[str, type[ScipolError]] = {
    error.__name__: error
    for error in (
        *(ExtractorError, StoreBusy, StoreError, ScipolError),
        *(ReadOnlyStore, RemoteStoreError, RemoteStoreTimeout),
    )
}


async def run_job(
    data: Path,
    job: dict[str, Any],
    on_progress: Callable[[dict[str, Any]], None],
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Do a job and return its report. When the caller is cancelled, the process ends.

    A store elsewhere is named in the environment of the process.

    Raises what the job raises (StoreBusy, NotFound, ExtractorError ...) and WorkerDied; what was
    told to `on_progress` before is stored then.
    """
    child = Child("graph.children.job", (str(data),), environment)
    ended: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()

    def take(kind: bytes, payload: bytes) -> None:
        if kind == frames.PROGRESS:
            on_progress(json.loads(payload))
        elif not ended.done():
            ended.set_result((kind, payload))

    def gone() -> None:
        if not ended.done():
            what = "The process that did the job has ended; what it had finished is stored."
            ended.set_exception(WorkerDied(what))

    child.on_frame, child.on_gone = take, gone
    try:
        await child.start()
        child.send(frames.pack_json(frames.JOB, job))
        kind, payload = await ended
    finally:
        child.kill()
        await child.ended()
    report: dict[str, Any] = json.loads(payload)
    if kind == frames.FAILURE:
        raise _error_of(report)
    return report


def _error_of(report: dict[str, Any]) -> ScipolError:
    message = report["message"]
    if report["error"] == "NotFound":
        return NotFound(message.partition(". Did you mean")[0].rstrip("."), report["near"])
    return _ERRORS.get(report["error"], ScipolError)(message)
