"""A process that answers one query at a time from a checkpoint, and may be killed any time.

    python -m graph.children.reader DATA MEMORY NICE

MEMORY is what a query may take, in bytes.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
import time
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from graph import checkpoints
from graph.children import frames, sandbox
from graph.children.answering import Refused, answer
from graph.children.uploads import parse
from graph.layout import DataDirectory

# A query that leaves the process so much larger is followed by tidying up, or by a new process.
_TIDY, _RETIRE = 64 << 20, 192 << 20
# In so few seconds a query cannot take so much; to look takes a good part of a short query. Several
# of them may add up.
_SHORT, _MOST_UNLOOKED = 0.002, 16


class _Reader:
    """The open checkpoint, and what to do with each frame."""

    def __init__(self, data: Path, channel: frames.Channel) -> None:
        self._places = DataDirectory(data)
        self._channel = channel
        self._lease: IO[str] | None = None
        self._number = 0
        self._engine = ox.Store()
        self.reopen()
        self._usual = self._unlooked = 0

    def reopen(self) -> None:
        """Hold the newest checkpoint, and let go of the one before."""
        if not checkpoints.numbers(self._places):
            return
        path, lease = checkpoints.newest(self._places)
        if int(path.name) == self._number:
            lease.close()
            return
        self._engine = ox.Store.read_only(str(path))
        if self._lease:
            self._lease.close()
        self._lease, self._number = lease, int(path.name)

    def serve(self) -> None:
        """Answer until the parent goes away."""
        self._usual = _resident()
        while frame := self._channel.receive():
            kind, payload = frame
            if kind == frames.REOPEN:
                self.reopen()
                continue
            started = time.monotonic()
            request = json.loads(payload)
            try:
                last = self._handle(kind, request)
            except Refused as refusal:
                self._fail(refusal.report)
            except MemoryError:
                self._fail({"error": "memory"})
                return
            else:
                self._unlooked += 1
                was_short = time.monotonic() - started < _SHORT and self._unlooked < _MOST_UNLOOKED
                retiring = not was_short and self._tidy()
                end = frames.RETIRING if retiring else b""
                self._channel.send(*last, frames.pack(frames.END, end))
                if retiring:
                    return

    def _handle(self, kind: bytes, request: dict[str, Any]) -> list[bytes]:
        """Answer all but the last frames, which are returned."""
        if kind == frames.QUERY:
            if request["number"] > self._number:
                self.reopen()
            return answer(self._engine, request, self._channel)
        body = self._channel.receive()
        assert body is not None, "an upload follows its description at once"
        return parse(request, body[1], self._channel)

    def _fail(self, report: dict[str, Any]) -> None:
        self._channel.send(frames.pack_json(frames.FAILURE, report))

    def _tidy(self) -> bool:
        """Give memory back to the system; True when too much stays taken."""
        self._unlooked = 0
        if _resident() - self._usual < _TIDY:
            return False
        ctypes.CDLL(None).malloc_trim(0)
        return _resident() - self._usual > _RETIRE


def _resident() -> int:
    """Bytes of memory that this process takes, without the files that it maps."""
    with open("/proc/self/statm", "rb") as file:
        _, resident, shared, *_ = file.read().split()
    return (int(resident) - int(shared)) * resource.getpagesize()


def _run(data: Path, memory: int, channel: frames.Channel) -> None:
    reader = _Reader(data, channel)
    sandbox.limit_memory(memory)
    sockets_denied = sandbox.deny_sockets()
    channel.send(frames.pack_json(frames.READY, {"sockets_denied": sockets_denied}))
    reader.serve()


def main() -> None:
    """Serve the socket that is the standard input."""
    data, memory, nice = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    sandbox.die_with_parent()
    sandbox.yield_to_others(nice)
    frames.serve(_run, data, memory)


if __name__ == "__main__":
    main()
