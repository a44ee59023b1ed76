"""One writer at a time: a lock that names its holder and dies with it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import StoreBusy, StoreError
from graph.layout import DataDirectory


@contextmanager
def writer_lock(places: DataDirectory) -> Iterator[None]:
    """Hold the right to write in a data directory, which is created when missing.

    The lock belongs to the open file, so the system frees it however the process ends, and what a
    dead holder wrote into it does no harm. Raises StoreBusy naming the holder, StoreError
    where there can be no such directory.
    """
    try:
        places.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        is_file = places.root.exists() and not places.root.is_dir()
        reason = "it is a file" if is_file else error.strerror
        raise StoreError(
            f"{places.root} cannot be made the data directory: {reason}; choose another folder "
            "with --data or SCIPOL_DATA"
        ) from error
    with places.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(_busy(places)) from error
        file.truncate(0)
        file.write(json.dumps(_holder()) + "\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _holder() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:]])[:200],
        "since": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    }


def _busy(places: DataDirectory) -> str:
    try:
        holder = json.loads(places.lock.read_text())
        who = "`{command}` (process {pid} on {host}, since {since})".format(**holder)
    except (OSError, ValueError, KeyError, TypeError):
        # It has just got the lock and not yet said who it is.
        who = "another process"
    return (
        f"{who} is writing to {places.root}; wait until it has finished or stop it, "
        "or choose another directory with --data"
    )
