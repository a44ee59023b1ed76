"""Whose turn it is: a bounded queue, fair among clients."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from graph.workers.child import Child
from graph.workers.errors import QueueFull

# What a client has used counts half as much after so many seconds.
_HALF_LIFE = 30.0
# Clients that have used as much, to so many seconds, take turns.
_GRAIN = 0.05
# What more clients than these have used is looked through for what counts no more.
_MOST_KNOWN = 1000


@dataclass(eq=False)
class Turn:
    """Leave to use a process. One that takes long gives its place to others but stays a turn."""

    client: str
    child: Child
    since: float
    is_long: bool = False


class Turns:
    """Gives turns: so many at once, each client only so many, and first to who has used least.

    What counts is the time for which a client had processes lately; clients that have used about
    the same take turns. Nobody waits while a process is free.

    A turn that has become long does not take a place, up to a number of long ones, so that short
    questions are not kept waiting by long ones.
    """

    def __init__(
        self,
        places: int,
        long_places: int,
        per_client: int,
        queued: int,
        queued_per_client: int,
        idle: list[Child],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`idle` are the processes to take from, a list that its owner fills."""
        self._clock = clock
        self._given: set[Turn] = set()
        # Seconds that each client had used at some time.
        self._used: dict[str, tuple[float, float]] = {}
        self._places = places
        self._long_places = long_places
        self._per_client = per_client
        self._queued = queued
        self._queued_per_client = queued_per_client
        self._idle = idle
        self._short = self._long = 0
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[Turn]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return sum(map(len, self._waiting.values()))

    @property
    def running(self) -> int:
        """How many turns are given at the moment."""
        return self._short + self._long

    def take_now(self, client: str) -> Turn | None:
        """A turn if there is one at once."""
        if not self._waiting and self._may_run(client):
            return self._give(client)
        return None

    async def take(self, client: str, seconds: float) -> Turn:
        """Wait for a turn. Raises QueueFull when too many wait, or when it takes too long."""
        if turn := self.take_now(client):
            return turn
        mine = self._waiting.get(client, ())
        if len(mine) >= self._queued_per_client:
            raise QueueFull("You have too many requests waiting; let some of them finish.", 2)
        if self.waiting >= self._queued:
            raise QueueFull("Too many requests are waiting; try again a little later.", 2)
        place: asyncio.Future[Turn] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        self.go_on()
        try:
            # Unlike wait_for, this never swallows that the client has gone.
            await asyncio.wait((place,), timeout=seconds)
        except asyncio.CancelledError:
            self._leave(client, place)
            raise
        if not place.done():
            self._leave(client, place)
            retry = math.ceil(seconds / 2)
            raise QueueFull("The queue did not move in time; try again later.", retry)
        return place.result()

    def give_back(self, turn: Turn) -> None:
        """The turn is over."""
        self._given.discard(turn)
        self._note(turn)
        if turn.is_long:
            self._long -= 1
        else:
            self._short -= 1
        self._running[turn.client] -= 1
        if not self._running[turn.client]:
            del self._running[turn.client]
        self.go_on()

    def has_become_long(self, turn: Turn) -> bool:
        """Let others have the place of a long turn; False when too many are long already."""
        if turn.is_long or self._long >= self._long_places:
            return False
        turn.is_long = True
        self._short -= 1
        self._long += 1
        self.go_on()
        return True

    def go_on(self) -> None:
        """Give turns to those who wait, as far as possible."""
        while (client := self._next()) is not None:
            places = self._waiting[client]
            place = places.popleft()
            # To the end of the rotation.
            self._waiting.move_to_end(client)
            if not places:
                del self._waiting[client]
            if not place.done():
                place.set_result(self._give(client))

    def _next(self) -> str | None:
        """Who is to have the next turn: of those that have used least, who waits longest."""
        able = list(filter(self._may_run, self._waiting))
        if len(able) < 2:
            return able[0] if able else None
        now = self._clock()

        def steps(client: str) -> int:
            running = sum(now - turn.since for turn in self._given if turn.client == client)
            return int((self._used_by(client, now) + running) / _GRAIN)

        return min(able, key=steps)

    def _used_by(self, client: str, now: float) -> float:
        """The seconds that the turns of a client took which are over, the older ones less."""
        seconds, at = self._used.get(client, (0.0, now))
        return float(seconds * 0.5 ** ((now - at) / _HALF_LIFE))

    def _note(self, turn: Turn) -> None:
        now = self._clock()
        self._used[turn.client] = (self._used_by(turn.client, now) + now - turn.since, now)
        if len(self._used) > _MOST_KNOWN:
            known = {c: used for c in self._used if (used := self._used_by(c, now)) > _GRAIN}
            self._used = {client: (used, now) for client, used in known.items()}

    def _may_run(self, client: str) -> bool:
        return (
            self._short < self._places
            and self._running[client] < self._per_client
            and bool(self._idle)
        )

    def _give(self, client: str) -> Turn:
        self._short += 1
        self._running[client] += 1
        turn = Turn(client, self._idle.pop(), self._clock())
        self._given.add(turn)
        return turn

    def _leave(self, client: str, place: asyncio.Future[Turn]) -> None:
        """Give up waiting; a turn that came at the same moment goes back."""
        if place.done():
            turn = place.result()
            self._idle.append(turn.child)
            self.give_back(turn)
            return
        place.cancel()
        places = self._waiting.get(client)
        if places and place in places:
            places.remove(place)
            if not places:
                del self._waiting[client]
