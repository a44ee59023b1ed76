"""How a child and its parent speak: frames of a kind, a length and so many bytes.

Both ends are ours, but what one of them holds may have gone wrong in memory; hence the bound on
the length of a frame.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_HEADER = struct.Struct("!cI")
HEADER_BYTES = _HEADER.size
LARGEST = 1 << 30
# Up to 128 KiB, the system does not have to be asked for memory, and given it back, each time.
_PORTION = 64 << 10
# The engine descends once per level of nesting; the main thread's stack is too small for what the
# guard lets through.
_STACK = 256 << 20

# From the parent.
QUERY = b"q"
PARSE = b"p"
REOPEN = b"o"
UPDATE = b"u"
BODY = b"b"
JOB = b"j"
LOAD = b"l"
VERSION = b"w"
# From the child.
READY = b"r"
HEAD = b"h"
DATA = b"d"
END = b"e"
FAILURE = b"f"
DONE = b"n"
PUBLISHED = b"v"
PROGRESS = b"s"
# What an END holds when the process ends after it.
RETIRING = b"r"


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame."""
    return _HEADER.pack(kind, len(payload)) + payload


def pack_json(kind: bytes, values: Mapping[str, Any]) -> bytes:
    """One frame that holds a JSON object."""
    return pack(kind, json.dumps(values, separators=(",", ":")).encode())


def header(buffer: bytes | bytearray | memoryview, offset: int = 0) -> tuple[bytes, int]:
    """Kind and length of the frame that begins at an offset. Raises ValueError if it is absurd."""
    kind, length = _HEADER.unpack_from(buffer, offset)
    if length > LARGEST:
        raise ValueError(f"a frame of {length} bytes")
    return kind, length


class Unpacker:
    """Cuts bytes that arrive in any portions into frames."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._buffer = bytearray()

    def feed(self, portion: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take a portion and give the frames that are whole by now."""
        buffer = self._buffer
        buffer += portion
        offset = 0
        try:
            while len(buffer) - offset >= HEADER_BYTES:
                kind, length = header(buffer, offset)
                end = offset + HEADER_BYTES + length
                if len(buffer) < end:
                    break
                yield kind, bytes(memoryview(buffer)[offset + HEADER_BYTES : end])
                offset = end
        finally:
            del buffer[:offset]


class Channel:
    """The child's end: frames in and out of a blocking socket."""

    def __init__(self, connection: socket.socket) -> None:
        """Speak over a socket."""
        self._socket = connection
        self._unpacker = Unpacker()
        self._frames: deque[tuple[bytes, bytes]] = deque()

    def receive(self) -> tuple[bytes, bytes] | None:
        """Wait for a frame; None when the parent has gone."""
        while not self._frames:
            portion = self._socket.recv(_PORTION)
            if not portion:
                return None
            self._frames.extend(self._unpacker.feed(portion))
        return self._frames.popleft()

    def has_more(self) -> bool:
        """Whether a frame, or its beginning, is there already."""
        return bool(self._frames) or bool(select.select([self._socket], [], [], 0)[0])

    def send(self, *frames: bytes) -> None:
        """Write frames; waits while the parent does not read. Raises OSError when it has gone."""
        self._socket.sendall(b"".join(frames))


def serve(run: Callable[[Path, int, Channel], None], data: Path, memory: int) -> None:
    """Run a child over the socket that is its standard input, on a stack deep enough, to its end.

    `run` is given the data directory, the limit of memory in bytes, and the channel.
    """
    channel = Channel(socket.socket(fileno=os.dup(0)))
    threading.stack_size(_STACK)
    thread = threading.Thread(target=run, args=(data, memory, channel))
    thread.start()
    thread.join()
