"""A client that measures: one connection that stays open, and many of them at once."""

from __future__ import annotations

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "application/sparql-results+json",
}
# Servers close connections that are silent for some seconds.
_IDLE = 2.0


class Client:
    """Asks one endpoint over one connection. `source` is the address it comes from."""

    def __init__(self, address: str, source: str = "127.0.0.1", seconds: float = 120) -> None:
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1", "measurements stay on this machine"
        self._path = parts.path
        self._used = time.monotonic()
        self._connection = http.client.HTTPConnection(
            parts.hostname, parts.port, timeout=seconds, source_address=(source, 0)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, sparql: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        if time.monotonic() - self._used > _IDLE:
            self._connection.close()
        try:
            return self._ask(sparql)
        finally:
            self._used = time.monotonic()

    def _ask(self, sparql: str) -> tuple[int, bytes]:
        self._connection.request("POST", self._path, urlencode({"query": sparql}), _HEADERS)
        response = self._connection.getresponse()
        return response.status, response.read()


@dataclass
class Tally:
    """What came of many requests: how long each took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Half of the requests took no longer."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """19 of 20 requests took no longer."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def ask_in_turn(client: Client, queries: Sequence[str], tally: Tally) -> None:
    """Ask the queries one after another."""
    for query in queries:
        ask_once(client, query, tally)


def ask_once(client: Client, query: str, tally: Tally) -> None:
    """Ask a query that has an answer, and note how it went."""
    begin = time.perf_counter()
    try:
        status, body = client.ask(query)
    except (OSError, http.client.HTTPException) as error:
        tally.errors.append(repr(error))
        return
    tally.seconds.append(time.perf_counter() - begin)
    if status != 200 or b'"value"' not in body:
        tally.errors.append(f"{status} {body[:100]!r}")


def at_once(
    address: str, clients: int, seconds: float, query_of: Callable[[int], str]
) -> tuple[Tally, float]:
    """Ask over many connections for a while; returns the tally and the requests per second."""
    tallies = [Tally() for _ in range(clients)]
    end = time.monotonic() + seconds

    def work(which: int) -> None:
        number = which * 1000
        with Client(address) as client:
            while time.monotonic() < end:
                ask_once(client, query_of(number), tallies[which])
                number += 1

    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=(which,)) for which in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begin
    every = Tally([s for t in tallies for s in t.seconds], [e for t in tallies for e in t.errors])
    return every, len(every.seconds) / taken


def processor_seconds(pid: int) -> float:
    """Processor time that a process and all that it started have taken."""
    total = 0
    for task in _tasks(pid):
        with suppress(OSError):
            total += int((task / "schedstat").read_text().split()[0])
    # Behind the name, which may hold anything: the time of children that have ended.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return total / 1e9 + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def keep_to(pid: int, cores: Iterable[int]) -> None:
    """Let a process, and all that it started, run on these cores alone."""
    for task in _tasks(pid):
        with suppress(OSError):
            os.sched_setaffinity(int(task.name), cores)


def megabytes(pid: int) -> float:
    """Memory of a process and all processes that it started, shared pages counted once."""
    total = 0.0
    for member in _family(pid):
        try:
            rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
        except OSError:
            # It ended between the look and the reading.
            continue
        total += sum(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return total / 1024


def _tasks(pid: int) -> list[Path]:
    """The threads of a process and of all that it started, as folders of /proc."""
    found: list[Path] = []
    for member in _family(pid):
        with suppress(OSError):
            found += Path(f"/proc/{member}/task").iterdir()
    return found


def _family(pid: int) -> list[int]:
    found = [pid]
    for member in found:
        try:
            children = Path(f"/proc/{member}/task").glob("*/children")
            found += [int(child) for tasks in children for child in tasks.read_text().split()]
        except OSError:
            continue
    return found
