"""Copies of a whole data directory, made while it is in use, and put back.

A backup is itself a data directory: it can be opened, served, or restored somewhere else.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graph import checkpoints
from graph.errors import StoreBusy, StoreError
from graph.layout import DataDirectory
from graph.lock import writer_lock

# A copy during which documents were removed is made again, so often.
_TRIES = 5
_WAIT_SECONDS = 60.0
_PLACES = DataDirectory(Path())
_CONTENT = tuple(
    path.name
    for path in (_PLACES.texts, _PLACES.runs, _PLACES.registry, _PLACES.revision, _PLACES.store)
)


def backup(data_dir: Path, target: Path) -> int:
    """Copy a data directory to a new folder; readers and the writer go on meanwhile.

    Returns the number of quads. Raises StoreError where there is nothing to copy, or something at
    the target already.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(f"{target} exists already; choose another name for the backup")
    draft = target.with_name(f"{target.name}.unfinished")
    draft.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(_TRIES):
        shutil.rmtree(draft, ignore_errors=True)
        before = checkpoints.numbers(DataDirectory(data_dir))
        quads = _copy(DataDirectory(data_dir), DataDirectory(draft))
        if checkpoints.numbers(DataDirectory(data_dir)) == before:
            break
    if target.exists():
        target.rmdir()
    draft.rename(target)
    return quads


class Restored(NamedTuple):
    """How many quads there are now, and how many there were before."""

    quads: int
    before: int


def restore(source: Path, data_dir: Path) -> Restored:
    """Put a backup in the place of what a data directory holds; readers see it at once.

    Waits up to a minute for a writer to finish. Raises StoreError where the source is no backup,
    StoreBusy while another process writes.
    """
    saved, places = DataDirectory(source), DataDirectory(data_dir)
    if not saved.store.is_dir():
        raise StoreError(f"{source} is not a backup: it holds no folder {saved.store.name!r}")
    with _waiting_for_writer(places):
        before = _size(places)
        # The new files come in beside the old ones, so that they change places in a moment.
        for name in _CONTENT:
            _replace(source / name, data_dir / name)
        if saved.views.exists():
            _replace(saved.views, places.views)
        engine = ox.Store(str(places.store))
        checkpoints.publish(engine, places)
        return Restored(len(engine), before)


def _size(places: DataDirectory) -> int:
    """How many quads readers see; none where there is no graph."""
    if not checkpoints.numbers(places):
        return 0
    path, lease = checkpoints.newest(places)
    with lease:
        return len(ox.Store.read_only(str(path)))


def _copy(places: DataDirectory, copy: DataDirectory) -> int:
    """Copy the newest published state and the files it was made from."""
    path, lease = checkpoints.newest(places)
    with lease:
        copy.root.mkdir(parents=True)
        shutil.copytree(path, copy.store)
    # Files are only ever added to these while the state stays the same.
    for original in (places.texts, places.runs):
        if original.is_dir():
            shutil.copytree(original, copy.root / original.name, ignore_dangling_symlinks=True)
    for single in (places.registry, places.revision):
        if single.exists():
            shutil.copy2(single, copy.root / single.name)
    if places.views.exists():
        with (
            closing(sqlite3.connect(places.views)) as views,
            closing(sqlite3.connect(copy.views)) as kept,
        ):
            views.backup(kept)
    engine = ox.Store(str(copy.store))
    checkpoints.publish(engine, copy)
    return len(engine)


def _replace(source: Path, target: Path) -> None:
    fresh, old = (target.with_name(f"{target.name}.{end}") for end in ("new", "old"))
    for leftover in (fresh, old):
        _remove(leftover)
    if source.is_dir():
        shutil.copytree(source, fresh)
    elif source.exists():
        shutil.copy2(source, fresh)
    if target.exists():
        target.rename(old)
    if fresh.exists():
        fresh.rename(target)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        os.unlink(path)


@contextmanager
def _waiting_for_writer(places: DataDirectory) -> Iterator[None]:
    """The right to write, when the one who has it is done, as a service soon is."""
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        lock = writer_lock(places)
        try:
            lock.__enter__()
        except StoreBusy:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
            continue
        try:
            yield
        finally:
            lock.__exit__(None, None, None)
        return
