"""The parent's end of a child process: start it, speak with it, kill it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import graph
from graph.children.frames import Unpacker
from graph.workers.errors import WorkerDied

_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


class Child(asyncio.Protocol):
    """A child process, and the frames that come from it.

    `on_frame` gets each frame; `on_gone` is called once, when the process has closed its end.
    """

    def __init__(
        self, module: str, arguments: tuple[str, ...], environment: Mapping[str, str] | None = None
    ) -> None:
        """Describe a child; `start` starts it, with these variables and the usual ones."""
        self.on_frame: Callable[[bytes, bytes], None] = lambda *_: None
        self.on_gone: Callable[[], None] = lambda: None
        self._environment = dict(environment or {})
        self._command = (sys.executable, "-m", module, *arguments)
        self._unpacker = Unpacker()
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.Transport | None = None
        self._reaping: asyncio.Task[int] | None = None
        self.was_killed = self.is_gone = False

    async def start(self) -> None:
        """Start the process; it is not ready until it says so."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        kept = {k: v for k, v in os.environ.items() if k in _KEPT}
        environment = {**kept, **self._environment}
        environment["PYTHONPATH"] = str(Path(graph.__path__[0]).parent)
        with theirs:
            self._process = subprocess.Popen(
                self._command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                # The signals of the terminal are for the service, which ends its children itself.
                start_new_session=True,
            )
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, sock=ours)

    async def start_and_hear(self, seconds: float) -> tuple[bytes, bytes]:
        """Start the process and wait for the first frame. Raises WorkerDied when none comes."""
        heard: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()

        def hear(kind: bytes, payload: bytes) -> None:
            if not heard.done():
                heard.set_result((kind, payload))

        def gone() -> None:
            if not heard.done():
                heard.set_exception(WorkerDied("A process that was started has ended at once."))

        self.on_frame, self.on_gone = hear, gone
        try:
            await self.start()
            return await asyncio.wait_for(heard, seconds)
        except TimeoutError:
            raise WorkerDied("A process that was started did not become ready.") from None
        finally:
            if heard.cancelled() or not heard.done() or heard.exception():
                self.kill()
                await self.ended()

    @property
    def pid(self) -> int:
        """Number of the process."""
        assert self._process is not None
        return self._process.pid

    def send(self, data: bytes) -> None:
        """Send frames; what does not fit now is kept and sent later."""
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def pause(self) -> None:
        """Take nothing more for now: the child waits with writing."""
        if self._transport and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Take again what the child writes."""
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def kill(self) -> None:
        """End the process at once."""
        self.was_killed = True
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        if self._transport:
            self._transport.abort()

    def hang_up(self) -> None:
        """Let the process end by itself: it sees that nobody speaks to it any more."""
        if self._transport:
            self._transport.close()

    async def ended(self) -> int:
        """Wait until the process has ended; its exit status, negative for a signal."""
        if self._reaping is None:
            assert self._process is not None
            self._reaping = asyncio.create_task(asyncio.to_thread(self._process.wait))
        return await asyncio.shield(self._reaping)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Of asyncio: the socket is ours."""
        # Transports of other event loops have the methods, but not the class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Of asyncio: some bytes came."""
        for kind, payload in self._unpacker.feed(data):
            self.on_frame(kind, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        """Of asyncio: the process closed its end, or we did."""
        self.is_gone = True
        self.on_gone()
