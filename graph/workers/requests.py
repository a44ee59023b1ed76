"""What the service asks for, what it gets, and within which limits."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from graph.guard import GuardLimits


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """What foreign requests may take. Times are in seconds, sizes in bytes."""

    readers: int = field(default_factory=_cores)
    spares: int = 1
    query_seconds: float = 30.0
    query_memory: int = 1 << 30
    # Up to here an answer is kept back, so that a failure can still be told instead of it.
    buffered: int = 4 << 20
    answer: int = 2 << 30
    # How long a client may leave a streamed answer unread.
    stalled_seconds: float = 20.0
    queued: int = 64
    queued_per_client: int = 16
    running_per_client: int = 2
    queue_seconds: float = 10.0
    update_seconds: float = 60.0
    update_memory: int = 2 << 30
    updates_queued: int = 64
    writer_idle_seconds: float = 30.0
    upload: int = 64 << 20
    nice: int = 2
    query_guard: GuardLimits = field(default_factory=GuardLimits)
    update_guard: GuardLimits = field(
        default_factory=lambda: GuardLimits(bytes=8 << 20, tokens=2_000_000)
    )


@dataclass(frozen=True)
class Formats:
    """The media type for each form of answer, as negotiated; None where none is acceptable."""

    bindings: str | None = "application/sparql-results+json"
    boolean: str | None = "application/sparql-results+json"
    graph: str | None = "text/turtle"


@dataclass(frozen=True)
class QueryRequest:
    """A query from outside.

    `default_graphs` and `named_graphs` are the dataset of the protocol; None means not given.
    `union` makes the union of all graphs the default graph of a query that names no dataset.
    `client` is whose turn in the queue this is. `timeout` can only shorten the limit.
    """

    text: str
    formats: Formats = Formats()
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    union: bool = True
    base_iri: str | None = None
    timeout: float | None = None
    client: str = ""


@dataclass(frozen=True)
class Upload:
    """Foreign RDF. With `graph`, a format that brings named graphs of its own is refused."""

    body: bytes
    media_type: str
    base_iri: str | None = None
    graph: str | None = None
    client: str = ""


@dataclass(frozen=True)
class UpdateRequest:
    """An update from outside; `using_graphs` and `using_named` as the protocol has them."""

    text: str
    using_graphs: tuple[str, ...] | None = None
    using_named: tuple[str, ...] | None = None
    base_iri: str | None = None
    timeout: float | None = None


@dataclass
class Answer:
    """The answer to a query.

    `whole` is all of it when it was small enough to be kept back, else None: then `body` streams
    it, and raises LimitReached or WorkerDied when the rest cannot come, so that the connection
    can be broken. `close` must be awaited in the end, however it ends: it frees the process.
    `seconds` is the time until the answer began, `data_version` what it was given from.
    """

    form: str
    media_type: str
    whole: bytes | None
    body: AsyncIterator[bytes]
    seconds: float
    data_version: str
    close: Callable[[], Awaitable[None]]
