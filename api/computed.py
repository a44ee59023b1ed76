"""Slow answers that are computed once for each state of the data."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")


class Computed:
    """Slow answers, each computed once for a state of the data, whoever asks meanwhile."""

    def __init__(self) -> None:
        self._version = ""
        self._running: dict[Hashable, asyncio.Future[object]] = {}

    async def get(
        self, version: str, key: Hashable, make: Callable[[], Awaitable[T]], patience: float
    ) -> T | None:
        """The answer, or None when it is not there in so many seconds; it goes on meanwhile.

        Raises what `make` raises; the next one tries again.
        """
        if version != self._version:
            # What still runs for older data ends by itself, and nobody asks for it any more.
            self._version, self._running = version, {}
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.ensure_future(make())
            running.add_done_callback(lambda done: self._forget_failure(key, done))
        done, _ = await asyncio.wait((running,), timeout=patience)
        return cast(T, running.result()) if done else None

    def _forget_failure(self, key: Hashable, done: asyncio.Future[object]) -> None:
        if (done.cancelled() or done.exception()) and self._running.get(key) is done:
            del self._running[key]
