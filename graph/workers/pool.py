"""Reader processes: started ahead, used one request at a time, replaced when they end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from graph.errors import StoreError
from graph.workers.child import Child
from graph.workers.errors import WorkerDied
from graph.workers.exchange import Exchange
from graph.workers.requests import Limits
from graph.workers.turns import Turn, Turns

# A query that runs so long makes room for others to start.
_LONG_SECONDS = 0.25
_START_SECONDS = 30.0


class Pool:
    """The processes that answer; `make` describes a new one."""

    def __init__(self, limits: Limits, make: Callable[[], Child]) -> None:
        self._limits = limits
        self._make = make
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._opening = 0
        self._is_closed = False
        self._turns = Turns(
            limits.readers,
            2 * limits.readers,
            limits.running_per_client,
            limits.queued,
            limits.queued_per_client,
            self._idle,
        )
        self.sockets_denied = False
        self.ended = 0

    async def start(self) -> None:
        """Start the processes. Raises StoreError when they cannot be."""
        self._fill()
        await asyncio.gather(*self._starting)
        if not self._idle:
            raise StoreError("no process could be started to answer queries")

    async def close(self) -> None:
        """End all processes and wait until they are gone."""
        self._is_closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        children = [*self._idle, *self._busy]
        for child in children:
            child.kill()
        await asyncio.gather(*(child.ended() for child in children))

    def status(self) -> dict[str, int | bool]:
        """Numbers for operators."""
        return {
            "readers": len(self._idle) + len(self._busy),
            "running": self._turns.running,
            "waiting": self._turns.waiting,
            "ended": self.ended,
            "sockets_denied": self.sockets_denied,
        }

    def keep_up(self) -> None:
        """Start what is missing, as after a process that could not be started."""
        self._fill()

    def tell(self, frame: bytes) -> None:
        """Send a frame to all that do nothing at the moment."""
        for child in self._idle:
            child.send(frame)

    async def ask(
        self, request: bytes, client: str, seconds: float
    ) -> tuple[Exchange, bytes | None]:
        """Send a request to a process, in turn, and wait for the answer or its beginning."""
        turn = await self._turns.take(client, self._limits.queue_seconds)
        exchange = self._begin(turn, seconds)
        return exchange, await exchange.begin(request)

    def ask_now(self, request: bytes, seconds: float, client: str) -> Exchange | None:
        """Send a request if there is a turn at once; how it went is learnt from the exchange."""
        if (turn := self._turns.take_now(client)) is None:
            return None
        exchange = self._begin(turn, seconds)
        exchange.send(request)
        return exchange

    def _begin(self, turn: Turn, seconds: float) -> Exchange:
        child = turn.child
        self._busy.add(child)
        loop = asyncio.get_running_loop()
        long = loop.call_later(_LONG_SECONDS, self._make_room, turn)

        def on_end(reusable: bool) -> None:
            long.cancel()
            self._take_back(child, reusable)
            self._turns.give_back(turn)

        return Exchange(child, self._limits, seconds, on_end)

    def _make_room(self, turn: Turn) -> None:
        if self._turns.has_become_long(turn):
            self._fill()

    def _take_back(self, child: Child, reusable: bool) -> None:
        self._busy.discard(child)
        if reusable and len(self._idle) < self._wanted():
            self._rest(child)
            return
        self._dismiss(child)
        self._fill()

    def _rest(self, child: Child) -> None:
        child.on_frame = lambda *_: None
        child.on_gone = lambda: self._lost(child)
        self._idle.append(child)
        if child.is_gone:
            self._lost(child)

    def _lost(self, child: Child) -> None:
        """A process ended while it had nothing to do."""
        if child in self._idle:
            self._idle.remove(child)
            self._dismiss(child)
            self._fill()

    def _dismiss(self, child: Child) -> None:
        child.kill()
        self.ended += 1
        task = asyncio.create_task(self._bury(child))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _bury(self, child: Child) -> None:
        await child.ended()

    def _wanted(self) -> int:
        return self._limits.readers + self._limits.spares

    def _fill(self) -> None:
        """Start as many processes as are missing."""
        if self._is_closed:
            return
        present = len(self._idle) + self._opening
        for _ in range(self._wanted() - min(len(self._busy), self._limits.readers) - present):
            self._opening += 1
            task = asyncio.create_task(self._start_one())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start_one(self) -> None:
        child = self._make()
        try:
            _, payload = await child.start_and_hear(_START_SECONDS)
            self.sockets_denied = json.loads(payload)["sockets_denied"]
            self._rest(child)
        except WorkerDied:
            # The next process that ends, or the next look, has another one started.
            return
        finally:
            self._opening -= 1
        self._turns.go_on()
