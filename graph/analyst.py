"""Answers from the shape of the whole network, computed in processes of their own.

The network of a large graph takes seconds to make and a measure of it up to a minute, all of it in
Python: in a thread it would stop everything else. One process looks for ways, which are wanted at
once; another one computes measures. Both make the network once for each state of the data.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeVar

from graph.stores import StorePlace
from graph.workers import WorkerDied

if TYPE_CHECKING:
    import networkx as nx

T = TypeVar("T")
# What a process holds: the state that the network was made of, and the network.
_held: tuple[str, nx.MultiDiGraph[str] | None] = ("", None)


class Analyst:
    """Runs functions on the network of a graph, in two processes of low priority."""

    def __init__(self, place: StorePlace) -> None:
        """Nothing is started before the first question."""
        self._place = place
        self._processes: dict[str, ProcessPoolExecutor] = {}

    async def find(self, version: str, question: Callable[..., T], *given: Any) -> T:
        """Answer a quick question: `question(network, *given)`, a function of a module."""
        return await self._run("find", version, question, given)

    async def measure(self, version: str, question: Callable[..., T], *given: Any) -> T:
        """Answer a slow question, behind the others that wait for the network to be measured."""
        return await self._run("measure", version, question, given)

    def close(self) -> None:
        """End the processes, whatever they do."""
        for name in list(self._processes):
            self._end(name)

    async def _run(
        self, name: str, version: str, question: Callable[..., T], given: tuple[Any, ...]
    ) -> T:
        pool = self._processes.get(name)
        if pool is None:
            pool = self._processes[name] = ProcessPoolExecutor(
                1, mp_context=get_context("spawn"), initializer=_begin
            )
        try:
            # In a thread, since it may have to start the process.
            asked = await asyncio.to_thread(
                pool.submit, _answer, self._place, version, question, given
            )
            return await asyncio.wrap_future(asked)
        except BrokenProcessPool as error:
            if self._processes.get(name) is pool:
                self._end(name)
            raise WorkerDied("The process that measures the network has ended.") from error

    def _end(self, name: str) -> None:
        pool = self._processes.pop(name)
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=True, cancel_futures=True)


def in_process(work: Callable[..., T], *given: Any) -> T:
    """Run a function of a module in a process of its own, which ends with it.

    For what holds the interpreter so long that other threads would stand still. Raises what the
    function raises, and WorkerDied.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin) as pool:
        try:
            return pool.submit(work, *given).result()
        except BrokenProcessPool as error:
            raise WorkerDied("A process that prepares answers has ended.") from error


def _begin() -> None:
    """Give way to whoever waits for an answer, and end with the service, however it ends."""
    os.nice(5)
    if parent := parent_process():
        watch = threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True)
        watch.start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(0)


def _answer(
    place: StorePlace, version: str, question: Callable[..., T], given: tuple[Any, ...]
) -> T:
    # The service itself needs none of this.
    from graph.network import load_network
    from graph.store import memory_store

    global _held
    if _held[0] != version:
        # The old one goes first, so that there are never two of them.
        _held = ("", None)
        with place.open() if version != "0" else memory_store() as store:
            _held = (version, load_network(store))
    return question(_held[1], *given)
