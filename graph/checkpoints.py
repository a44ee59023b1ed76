"""Snapshots of the store for readers: published whole, kept while anyone reads them.

A checkpoint is a folder with a number, and beside it a lock file of the same number, which holds
the revision: what updates leave behind that no graph shows. A reader shares that lock while it
reads; the writer deletes a checkpoint only when it gets the lock alone.
"""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from graph.errors import StoreError
from graph.layout import DataDirectory

# A writer would have to publish this often while one reader opens a file.
_TRIES = 100


def publish(engine: ox.Store, places: DataDirectory) -> None:
    """Make the present state the one that new readers see, and delete what nobody reads."""
    places.checkpoints.mkdir(exist_ok=True)
    before = numbers(places)
    number = before[-1] + 1 if before else 1
    unfinished = places.checkpoints / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    engine.backup(str(unfinished))
    # Whoever finds the checkpoint finds its lock as well.
    _lock_file(places, number).write_text(revision(places))
    unfinished.rename(places.checkpoints / str(number))
    for old in before:
        _delete_unless_read(places, old)


def clean(places: DataDirectory) -> None:
    """Delete the checkpoints, but for the newest, that nobody reads any more."""
    for number in numbers(places)[:-1]:
        _delete_unless_read(places, number)


def newest(places: DataDirectory) -> tuple[Path, IO[str]]:
    """Path of the newest checkpoint and the open lock that keeps it; close that when done.

    Raises StoreError when there is none.
    """
    for _ in range(_TRIES):
        found = numbers(places)
        if not found:
            break
        path = places.checkpoints / str(found[-1])
        try:
            lease = _lock_file(places, found[-1]).open()
        except FileNotFoundError:
            continue
        fcntl.flock(lease, fcntl.LOCK_SH)
        if path.is_dir():
            return path, lease
        # The writer put a newer one in its place between the listing and the lock.
        lease.close()
    raise StoreError(f"there is no graph in {places.root} yet; run `scipol build` to make one")


def revision(places: DataDirectory) -> str:
    """What the updates made so far leave behind; empty where there was none."""
    return places.revision.read_text() if places.revision.exists() else ""


def note_revision(places: DataDirectory, name: str) -> None:
    """Give the state that is being made another revision."""
    draft = places.revision.with_name(f"{places.revision.name}.new")
    draft.write_text(name)
    draft.replace(places.revision)


def numbers(places: DataDirectory) -> list[int]:
    """Numbers of the checkpoints there are, oldest first."""
    if not places.checkpoints.is_dir():
        return []
    return sorted(int(p.name) for p in places.checkpoints.iterdir() if p.name.isdigit())


def _lock_file(places: DataDirectory, number: int) -> Path:
    return places.checkpoints / f"{number}.lock"


def _delete_unless_read(places: DataDirectory, number: int) -> None:
    with _lock_file(places, number).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(places.checkpoints / str(number))
        _lock_file(places, number).unlink()
