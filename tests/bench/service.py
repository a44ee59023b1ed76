"""The service beside Oxigraph's own server and rdflib-endpoint, on the same data.

`SCIPOL_BENCH_QUADS` and `SCIPOL_BENCH_SECONDS` make it shorter than the million quads and the 60
seconds under load that the promises are about.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graph.store import open_reader
from graph.writer import open_writer
from ontology.vocabulary import PREFIXES
from tests import servers
from tests.bench import quads
from tests.bench.figure import Figure
from tests.bench.hostile import hostile_queries
from tests.bench.load import Client, Tally, ask_in_turn, ask_once, at_once, megabytes

QUADS = int(os.environ.get("SCIPOL_BENCH_QUADS", "1000000"))
SECONDS = float(os.environ.get("SCIPOL_BENCH_SECONDS", "60"))
# Hostile queries get this long.
_LIMIT = 3.0
_POINTS = 400
_SCIP = f"PREFIX scip: <{PREFIXES['scip']}> PREFIX skos: <{PREFIXES['skos']}> "
_HEAVY = {
    "count by speaker": (
        "SELECT ?who (COUNT(?s) AS ?n) { ?s scip:speaker ?who } "
        "GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 20"
    ),
    "words in sentences": (
        'SELECT (COUNT(*) AS ?n) { ?span scip:quote ?q FILTER(CONTAINS(?q, "climate research")) }'
    ),
    "who speaks of what": (
        "SELECT ?l (COUNT(*) AS ?n) (AVG(?c) AS ?sure) { ?s scip:content ?t ; scip:confidence ?c . "
        "?t skos:prefLabel ?l } GROUP BY ?l ORDER BY DESC(?n) ?l LIMIT 10"
    ),
}


class Server(NamedTuple):
    """A server that runs: the address of its queries, its process, the seconds it took to start."""

    address: str
    pid: int
    seconds: float


def figures() -> Iterator[Figure]:
    """Loading, starting, point queries, heavy queries, throughput, load and hostile queries."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = root / "made.nq"
        quads.write(file, QUADS)
        yield _loading(file, root)
        yield from _points_and_starts(file, root)
        yield from _heavy(root)
        yield _throughput(root)
        yield _load(root)
        yield from _hostile(root)


def point_query(number: int) -> str:
    """All that is said of one statement."""
    which = number * 7907 % quads.statements_in(QUADS)
    return f"SELECT ?p ?o {{ <{quads.statement(which)}> ?p ?o }}"


def page_query(number: int) -> str:
    """What a page on one thing shows: what was said of it, by whom, in which words."""
    which = number * 7907 % quads.statements_in(QUADS)
    return _SCIP + (
        f"SELECT ?s ?who ?label ?quote {{ ?s scip:content <{quads.content_of(which)}> ; "
        "scip:speaker ?who ; scip:evidence/scip:quote ?quote . ?who skos:prefLabel ?label } "
        "LIMIT 50"
    )


_SMALL: Mapping[str, Callable[[int], str]] = {
    "point query": point_query,
    "page of a thing": page_query,
}


@contextmanager
def scipol(root: Path, workers: int, **settings: object) -> Iterator[Server]:
    """Our service on the data, with settings by name."""
    port = servers.free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SCIPOL_")},
        **{f"SCIPOL_{name.upper()}": str(value) for name, value in settings.items()},
    }
    command = [
        *(sys.executable, "-m", "api.cli", "serve", "--port", str(port)),
        *("--data", str(root / "data"), "--workers", str(workers), "--log-level", "error"),
    ]
    with _started(command, f"http://127.0.0.1:{port}/sparql", environment) as server:
        yield server


@contextmanager
def _oxigraph(root: Path) -> Iterator[Server]:
    port = servers.free_port()
    command = [
        *(str(servers.OXIGRAPH), "serve", "--location", str(root / "oxigraph")),
        *("--bind", f"127.0.0.1:{port}", "--union-default-graph"),
    ]
    with _started(command, f"http://127.0.0.1:{port}/query") as server:
        yield server


@contextmanager
def _rdflib(file: Path) -> Iterator[Server]:
    port = servers.free_port()
    command = [
        *(str(servers.RDFLIB_ENDPOINT), "serve", "--host", "127.0.0.1", "--port", str(port)),
        str(file),
    ]
    with _started(command, f"http://127.0.0.1:{port}/") as server:
        yield server


@contextmanager
def _started(
    command: list[str], address: str, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server as soon as it answers a query."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(address):
            if process.poll() is not None or time.perf_counter() - begin > 300:
                raise RuntimeError(f"{command[:4]} did not start")
            time.sleep(0.02)
        yield Server(address, process.pid, time.perf_counter() - begin)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    tally = Tally()
    with Client(address) as client:
        ask_once(client, point_query(0), tally)
    return not tally.errors


def _loading(file: Path, root: Path) -> Figure:
    begin = time.perf_counter()
    command = [str(servers.OXIGRAPH), "load", "--location", str(root / "oxigraph")]
    subprocess.run([*command, "--file", str(file)], check=True, capture_output=True)
    server = time.perf_counter() - begin
    begin = time.perf_counter()
    ox.Store(str(root / "engine")).bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    engine = time.perf_counter() - begin
    with open_writer(root / "data") as store:
        begin = time.perf_counter()
        store.load(file.read_bytes())
        store.publish()
        ours = time.perf_counter() - begin
    return Figure(
        f"loading {QUADS:,} quads of N-Quads, published",
        f"{QUADS / ours:,.0f} quads/s",
        f"engine's bulk loader: {QUADS / engine:,.0f} (oxigraph load: {QUADS / server:,.0f})",
        engine / ours,
        ">= 0.8",
    )


def _points_and_starts(file: Path, root: Path) -> Iterator[Figure]:
    with _oxigraph(root) as theirs, scipol(root, 2) as ours:
        yield Figure(
            "start to first answer",
            f"{ours.seconds:.2f} s",
            f"oxigraph serve: {theirs.seconds:.2f} s",
            ours.seconds / theirs.seconds,
            "< 2 s",
        )
        fast = {name: _compared(ours, theirs, ask) for name, ask in _SMALL.items()}
    slow = {name: Tally() for name in _SMALL}
    with _rdflib(file) as server, Client(server.address) as client:
        for name, ask in _SMALL.items():
            ask_in_turn(client, [ask(n) for n in range(50)], slow[name])
    for name, (here, there) in fast.items():
        yield Figure(
            f"{name}, p50 / p95",
            f"{here.median * 1000:.2f} / {here.p95 * 1000:.2f} ms",
            f"oxigraph serve: {there.median * 1000:.2f} / {there.p95 * 1000:.2f} ms",
            here.median / there.median,
            "<= 2",
        )
        yield Figure(
            f"{name}, p50",
            f"{here.median * 1000:.2f} ms",
            f"rdflib-endpoint: {slow[name].median * 1000:.2f} / {slow[name].p95 * 1000:.2f} ms",
            here.median / slow[name].median,
            "<= 0.1",
        )


def _compared(ours: Server, theirs: Server, ask: Callable[[int], str]) -> tuple[Tally, Tally]:
    """Small queries to both, in turns, so that noise of the machine meets both."""
    here, there = Tally(), Tally()
    with Client(ours.address) as client, Client(theirs.address) as other:
        for number in range(_POINTS // 10):
            client.ask(ask(number))
            other.ask(ask(number))
        for number in range(_POINTS):
            ask_once(client, ask(number), here)
            ask_once(other, ask(number), there)
    assert not here.errors, here.errors[:3]
    assert not there.errors, there.errors[:3]
    return here, there


def _heavy(root: Path) -> Iterator[Figure]:
    with (
        scipol(root, 2) as server,
        Client(server.address) as client,
        open_reader(root / "data") as store,
    ):

        def inside(sparql: str) -> Callable[[], object]:
            return lambda: store.query(sparql).serialize(format=ox.QueryResultsFormat.JSON)

        for name, text in _HEAVY.items():
            sparql = _SCIP + text
            engine, ours = _in_turns(inside(sparql), lambda sparql=sparql: client.ask(sparql))
            yield Figure(
                f"heavy: {name}",
                f"{ours * 1000:.0f} ms",
                f"engine in process: {engine * 1000:.0f} ms",
                ours / engine,
                "<= 1.1",
            )


def _in_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median wall time of two calls that are made in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(6):
        for work, taken in zip((one, other), times, strict=True):
            begin = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begin)
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def _throughput(root: Path) -> Figure:
    heavy = _SCIP + _HEAVY["count by speaker"]
    rates = []
    for workers in (1, 2):
        with scipol(root, workers, queries_per_client=4) as server:
            tally, rate = at_once(server.address, 4, 6, lambda _: heavy)
        assert not tally.errors, tally.errors[:3]
        rates.append(rate)
    return Figure(
        "heavy queries, two workers",
        f"{rates[1]:.1f} /s",
        f"one worker: {rates[0]:.1f} /s",
        rates[1] / rates[0],
        ">= 1.7",
    )


def _load(root: Path) -> Figure:
    with scipol(root, 2, queries_per_client=64) as server:
        at_once(server.address, 64, SECONDS / 6, point_query)
        before = megabytes(server.pid)
        tally, rate = at_once(server.address, 64, SECONDS, point_query)
        after = megabytes(server.pid)
    return Figure(
        f"64 connections for {SECONDS:.0f} s: {rate:,.0f} queries/s, "
        f"p95 {tally.p95 * 1000:.0f} ms, {len(tally.errors)} errors {tally.errors[:1] or ''}",
        f"{after:.0f} MB",
        f"after a sixth of the time: {before:.0f} MB",
        after / before,
        "no error, bounded",
    )


def _hostile(root: Path) -> Iterator[Figure]:
    with scipol(root, 2, query_timeout=_LIMIT) as server:
        points, stop = Tally(), threading.Event()
        with Client(server.address) as client:
            ask_in_turn(client, [point_query(n) for n in range(100)], Tally())
        before = megabytes(server.pid)
        other = threading.Thread(target=_ask_until, args=(server.address, points, stop))
        other.start()
        try:
            ended = _ended(server.address)
        finally:
            stop.set()
            other.join()
        after = min(_settled(server.pid))
    late = {name: taken for name, (taken, _) in ended.items() if taken > _LIMIT + 1}
    longest = max(ended, key=lambda name: ended[name][0])
    yield Figure(
        f"{len(ended)} hostile queries, limit {_LIMIT:.0f} s: late {', '.join(late) or 'none'}; "
        + "statuses "
        + " ".join(status for _, status in ended.values()),
        f"{ended[longest][0]:.2f} s",
        f"the longest is the {longest}",
        None,
        f"<= {_LIMIT + 1:.0f} s each",
    )
    yield Figure(
        f"another client's point queries meanwhile ({len(points.seconds)}, "
        f"{len(points.errors)} errors)",
        f"p95 {points.p95 * 1000:.1f} ms",
        f"p50 {points.median * 1000:.1f} ms, longest {max(points.seconds) * 1000:.0f} ms",
        None,
        "p95 < 50 ms",
    )
    yield Figure(
        "memory after them", f"{after:.0f} MB", f"before: {before:.0f} MB", after / before, "back"
    )


def _ask_until(address: str, tally: Tally, stop: threading.Event) -> None:
    """Point queries from another address, one every few milliseconds."""
    number = 0
    with Client(address, source="127.0.0.2") as client:
        while not stop.is_set():
            ask_once(client, point_query(number), tally)
            number += 1
            time.sleep(0.005)


def _ended(address: str) -> dict[str, tuple[float, str]]:
    """How long each hostile query took, and the status of its answer."""
    ended = {}
    for name, sparql in hostile_queries().items():
        begin = time.perf_counter()
        with Client(address, seconds=60) as client:
            try:
                status = str(client.ask(sparql)[0])
            except http.client.HTTPException:
                # An answer that had begun is broken off, so that nobody takes it for whole.
                status = "cut"
        ended[name] = (time.perf_counter() - begin, status)
    return ended


def _settled(pid: int) -> Iterator[float]:
    """Memory in the seconds after the last query."""
    for _ in range(5):
        yield megabytes(pid)
        time.sleep(0.5)
