"""What the handlers need: the settings, the endpoint for foreign questions, the library for ours.

Text from outside goes to `endpoint` alone, which asks it in a process that can be killed. Our own
questions (texts of `graph/sparql` with bound values) go to `library`, in a thread of this process:

    answer = await service.library.ask(lambda now: queries.entity(now.store, iri))
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from starlette.requests import Request

from api.computed import Computed
from api.settings import Settings
from api.tokens import Gate, TokenFile
from graph.analyst import Analyst, in_process
from graph.store import Store, data_version
from graph.stores import StorePlace
from graph.workers import Endpoint, QueueFull, RemoteEndpoint

if TYPE_CHECKING:
    import networkx as nx

    from api.jobs import Jobs
    from graph.search import SearchIndex

T = TypeVar("T")
# Threads for our own questions; the engine frees the interpreter while it evaluates.
_THREADS = 4
# Of more quads than these, the index is made in a process: in a thread it would halt all others.
_LARGE = 200_000


class Snapshot:
    """One state of the data: everything asked of it is answered from the same state.

    `version` names the state (it is part of every ETag). What is computed from it once, as the
    network or a measure of it, is kept until the data change.
    """

    def __init__(self, version: str, place: StorePlace) -> None:
        """Open the newest state there; `close` it in the end. Raises StoreError.

        A store elsewhere has one state only, the present one, whatever it is called.
        """
        self.version = version
        self._place = place
        self._open = ExitStack()
        self.store: Store = self._open.enter_context(place.open())
        self._kept: dict[str, object] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def close(self) -> None:
        """Let go of the data."""
        self._open.close()

    @property
    def index(self) -> SearchIndex:
        """The index of names and sentences; made anew when the data have changed."""
        return self.kept("index", self._opened_index)

    def _opened_index(self) -> SearchIndex:
        from graph.search import is_due, open_index, prepare_index

        data = self._place.data
        if len(self.store) > _LARGE and is_due(data, self.store):
            in_process(prepare_index, self._place)
        return self._open.enter_context(open_index(data, self.store))

    @property
    def network(self) -> nx.MultiDiGraph[str]:
        """All relations and stances as a graph; made when first asked for."""
        from graph.network import load_network

        return self.kept("network", lambda: load_network(self.store))

    @property
    def release(self) -> str:
        """Short hash of the content, equal on any machine that holds the same data."""
        return self.kept("release", lambda: data_version(self.store))

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this state; `name` is what it is kept under.

        Others who want the same wait for the first; call it in a thread, from `Library.ask`.
        """
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._kept:
                self._kept[name] = make()
            return cast(T, self._kept[name])


class Library:
    """Answers our own questions from the newest state of the data, in threads."""

    def __init__(self, place: StorePlace, version: Callable[[], str], most_waiting: int) -> None:
        """`version` tells what the newest state is called; nothing is opened yet."""
        self._place = place
        self._version = version
        self._most = _THREADS + most_waiting
        self._asked = 0
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="library")
        self._newest: Snapshot | None = None
        self._users: Counter[Snapshot] = Counter()
        self._lock = threading.Lock()

    async def ask(self, question: Callable[[Snapshot], T]) -> T:
        """Run a question in a thread, on the newest state. It may raise what it likes.

        Raises QueueFull when too many are asked already.
        """
        if self._asked >= self._most:
            raise QueueFull("Too many questions are waiting; try again a little later.", 2)
        self._asked += 1
        running = asyncio.get_running_loop().run_in_executor(
            self._threads, functools.partial(self._ask, question)
        )
        # It takes its thread until it ends, also when nobody waits for it any more.
        running.add_done_callback(self._forget)
        return await running

    def _forget(self, _: object) -> None:
        self._asked -= 1

    def close(self) -> None:
        """Wait for the questions that run, and let go of the data."""
        self._threads.shutdown()
        with self._lock:
            self._retire()

    def _ask(self, question: Callable[[Snapshot], T]) -> T:
        snapshot = self._take()
        try:
            return question(snapshot)
        finally:
            self._give_back(snapshot)

    def _take(self) -> Snapshot:
        with self._lock:
            version = self._version()
            if self._newest is None or self._newest.version != version:
                newer = Snapshot(version, self._place)
                self._retire()
                self._newest = newer
            self._users[self._newest] += 1
            return self._newest

    def _give_back(self, snapshot: Snapshot) -> None:
        with self._lock:
            self._users[snapshot] -= 1
            if not self._users[snapshot]:
                del self._users[snapshot]
                if snapshot is not self._newest:
                    snapshot.close()

    def _retire(self) -> None:
        """The newest state is so no longer; the last who uses it closes it."""
        if self._newest and self._newest not in self._users:
            self._newest.close()
        self._newest = None


class Service:
    """All that is started with the application and stopped with it."""

    jobs: Jobs

    def __init__(self, settings: Settings, endpoint: Endpoint, library: Library) -> None:
        self.settings = settings
        self.endpoint = endpoint
        self.library = library
        self.gate = Gate(TokenFile(settings.tokens_file))
        self.analyst = Analyst(settings.place())
        self.computed = Computed()

    def load(self) -> None:
        """Load what takes long and the first answers do not need; call it once, in a thread."""
        from api.jobs import Jobs

        self.jobs = Jobs(self.settings.data, self.endpoint)


@asynccontextmanager
async def running_service(settings: Settings) -> AsyncIterator[Service]:
    """Start the processes and open the data; end all of it in the end. Raises StoreError."""
    place, limits = settings.place(), settings.limits()
    if place.address:
        endpoint: Endpoint = await RemoteEndpoint.start_at(place.data, place.address, limits)
    else:
        endpoint = await Endpoint.start(place.data, limits)
    library = Library(place, lambda: endpoint.data_version, limits.queued)
    service = Service(settings, endpoint, library)
    try:
        yield service
    finally:
        await asyncio.to_thread(service.analyst.close)
        await asyncio.to_thread(library.close)
        await endpoint.close()


def service_of(request: Request) -> Service:
    """The service behind a request."""
    return cast(Service, request.app.state.service)


def library_of(request: Request) -> Library:
    """Where our own questions go."""
    return service_of(request).library
