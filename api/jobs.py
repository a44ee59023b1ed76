"""Jobs on documents that were sent to the service: kept in files, so that they survive a restart.

`jobs/<id>.json` in the data directory is the state of a job, `jobs/<id>/` holds the file that was
sent. Jobs are done one after another; one that was running when the service stopped is begun again,
which costs nothing for what was finished.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from api.schemas import JobAnswer, JobProgress
from graph.errors import NotFound, ScipolError
from graph.workers import Endpoint, QueueFull

_LOGGER = logging.getLogger("scipol")
_ID = re.compile("[0-9a-f]{16}")
# A job that ends its process so often is given up.
_MOST_BEGINNINGS = 3
_MOST_WAITING = 1000
# Finished jobs beyond these are forgotten, the oldest first.
_MOST_KEPT = 1000
# A file name is only shown, and says by its suffix what the file is.
_UNSAFE = re.compile(r"[^\w.()-]+")
_LONGEST_NAME = 120


class _Task(BaseModel):
    """What there is to do, as kept in the file of the job."""

    source: str = ""
    options: dict[str, Any] = {}
    beginnings: int = 0


class _Kept(BaseModel):
    job: JobAnswer
    task: _Task


class Jobs:
    """All jobs of a data directory, and the one task that does them."""

    def __init__(self, data: Path, endpoint: Endpoint) -> None:
        """Read what is kept; `start` goes on with what is not finished."""
        self._folder = data / "jobs"
        self._endpoint = endpoint
        self._kept: dict[str, _Kept] = {}
        self._changed = asyncio.Condition()
        self._doing: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                kept = _Kept.model_validate_json(path.read_bytes())
            except ValidationError:
                _LOGGER.error("the job in %s is damaged and passed over", path.name)
                continue
            self._kept[kept.job.id] = kept

    def start(self) -> None:
        """Go on with what is not finished, and take new jobs."""
        for kept in self._in_order():
            if kept.job.state == "running":
                _set(kept, state="waiting")
        self._doing = asyncio.create_task(self._do_all())

    async def close(self) -> None:
        """Stop; what is not finished goes on with the next start."""
        if self._doing:
            self._doing.cancel()
            with suppress(asyncio.CancelledError):
                await self._doing

    async def add_file(self, name: str, content: bytes, options: Mapping[str, Any]) -> JobAnswer:
        """A job that reads a file which was sent. Raises QueueFull."""
        self._check_room()
        number = secrets.token_hex(8)
        shown = _UNSAFE.sub("-", Path(name).name).lstrip(".-")[-_LONGEST_NAME:] or "document.txt"
        path = self._folder / number / shown
        await asyncio.to_thread(_write, path, content)
        return await self._add(number, "add", shown, _Task(source=str(path), options=dict(options)))

    async def add_address(self, address: str, options: Mapping[str, Any]) -> JobAnswer:
        """A job that reads a document from the web. Raises QueueFull."""
        task = _Task(source=address, options=dict(options))
        return await self._add(secrets.token_hex(8), "add", address, task)

    async def remove(self, name: str) -> JobAnswer:
        """A job that removes a document by its name. Raises QueueFull."""
        return await self._add(secrets.token_hex(8), "remove", name, _Task(source=name))

    def get(self, number: str) -> JobAnswer:
        """The job with this id. Raises NotFound."""
        if not _ID.fullmatch(number) or number not in self._kept:
            raise NotFound(f"there is no job {number[:40]!r}")
        return self._kept[number].job

    def newest(self, most: int) -> list[JobAnswer]:
        """The newest jobs."""
        return [kept.job for kept in reversed(self._in_order())][:most]

    async def changes(
        self, number: str, after: int, pause: float
    ) -> AsyncIterator[JobAnswer | None]:
        """The job whenever it has changed, until it is finished; None after each quiet pause."""
        seen = after
        while True:
            job = self.get(number)
            if job.number > seen:
                seen = job.number
                yield job
            if job.state in ("done", "failed"):
                return
            if not await self._has_changed(number, seen, pause):
                yield None

    async def _has_changed(self, number: str, seen: int, pause: float) -> bool:
        try:
            async with asyncio.timeout(pause), self._changed:
                await self._changed.wait_for(lambda: self.get(number).number > seen)
        except TimeoutError:
            return False
        return True

    async def _add(
        self, number: str, kind: Literal["add", "remove"], what: str, task: _Task
    ) -> JobAnswer:
        self._check_room()
        now = _now()
        job = JobAnswer(
            id=number, kind=kind, what=what, state="waiting", created=now, changed=now, number=1
        )
        self._kept[number] = _Kept(job=job, task=task)
        await self._save(self._kept[number])
        self._forget_old()
        return job

    def _check_room(self) -> None:
        waiting = sum(kept.job.state == "waiting" for kept in self._kept.values())
        if waiting >= _MOST_WAITING:
            raise QueueFull(f"{waiting} jobs wait already; come back later.", 30)

    async def _do_all(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._next() is not None)
            if kept := self._next():
                await self._do(kept)

    def _next(self) -> _Kept | None:
        return next((kept for kept in self._in_order() if kept.job.state == "waiting"), None)

    async def _do(self, kept: _Kept) -> None:
        kept.task.beginnings += 1
        _set(kept, state="running")
        await self._save(kept)
        try:
            report = await self._carry_out(kept)
        except ScipolError as error:
            _set(kept, state="failed", error=str(error))
        except OSError as error:
            _set(kept, state="failed", error=f"it could not be stored: {error.strerror}")
        else:
            _finish(kept, report)
        await self._save(kept)
        shutil.rmtree(self._folder / kept.job.id, ignore_errors=True)

    async def _carry_out(self, kept: _Kept) -> dict[str, Any]:
        if kept.task.beginnings > _MOST_BEGINNINGS:
            raise ScipolError("it was begun several times and never came to an end")
        if kept.job.kind == "remove":
            await self._endpoint.forget(kept.task.source)
            return {"removed": kept.job.what}

        def tell(news: dict[str, Any]) -> None:
            _set(kept, progress=JobProgress.model_validate(news))
            telling = asyncio.ensure_future(self._tell())
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

        report = await self._endpoint.build([kept.task.source], kept.task.options, tell)
        return _presentable(report, kept)

    async def _save(self, kept: _Kept) -> None:
        """Keep the state of a job, and tell those who follow it."""
        path, content = self._folder / f"{kept.job.id}.json", kept.model_dump_json().encode()
        await asyncio.to_thread(_write, path, content)
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _in_order(self) -> list[_Kept]:
        return sorted(self._kept.values(), key=lambda kept: (kept.job.created, kept.job.id))

    def _forget_old(self) -> None:
        ended = [k for k in self._in_order() if k.job.state in ("done", "failed")]
        for kept in ended[: max(0, len(ended) - _MOST_KEPT)]:
            del self._kept[kept.job.id]
            (self._folder / f"{kept.job.id}.json").unlink(missing_ok=True)


def _set(kept: _Kept, **fields: Any) -> None:
    number = kept.job.number + 1
    kept.job = kept.job.model_copy(update={**fields, "changed": _now(), "number": number})


def _finish(kept: _Kept, report: dict[str, Any]) -> None:
    """A job of which every document was refused has failed."""
    refused = report.get("refused") or []
    if refused and not any(report.get(key) for key in ("added", "replaced", "unchanged")):
        reasons = "; ".join(str(one["reason"]) for one in refused)
        _set(kept, state="failed", error=f"it was refused: {reasons}", report=report)
    else:
        _set(kept, state="done", report=report)


def _presentable(report: dict[str, Any], kept: _Kept) -> dict[str, Any]:
    """The report without the places on our disk."""
    folder = str(Path(kept.task.source).parent)
    refused = [
        {
            "where": str(one["where"]).replace(f"{folder}{os.sep}", ""),
            "reason": str(one["reason"]).replace(f"{folder}{os.sep}", ""),
        }
        for one in report.get("refused", ())
    ]
    return {**report, "refused": refused}


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
