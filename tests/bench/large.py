"""Uploads near the limit of size, and whether others wait while a large network is measured.

`SCIPOL_BENCH_MEGABYTES` and `SCIPOL_BENCH_NODES` make it smaller than the 60 MB and the 100,000
nodes that the promises are about.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph as ox

from api.tokens import TokenFile
from graph.writer import open_writer
from tests.bench import quads
from tests.bench.figure import Figure
from tests.bench.service import scipol

MEGABYTES = float(os.environ.get("SCIPOL_BENCH_MEGABYTES", "60"))
NODES = int(os.environ.get("SCIPOL_BENCH_NODES", "100000"))
_GRAPH = "https://a.example/graph"


def figures() -> Iterator[Figure]:
    """Uploads as N-Triples and Turtle, then the longest silence beside analyses."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _uploads(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from _silences(Path(folder))


def _uploads(root: Path) -> Iterator[Figure]:
    quads.write(root / "made.nq", int(MEGABYTES * 7700))
    lines = [
        line.rpartition(b" <")[0] + b" ."
        for line in (root / "made.nq").read_bytes().split(b"\n")
        if line
    ]
    body = b"\n".join(lines) + b"\n"
    quads.write(root / "few.nq", quads.THINGS * 2 + 900)
    with open_writer(root / "data") as store:
        store.load((root / "few.nq").read_bytes())
        store.publish()
    token = TokenFile(root / "data" / "tokens.json").new("curator")
    with (
        scipol(root, 2, update_timeout=3000) as server,
        httpx.Client(timeout=3000, headers={"Authorization": f"Bearer {token}"}) as client,
    ):
        address = server.address.replace("/sparql", "/graphs")

        def put(kind: str, name: str) -> float:
            begin = time.perf_counter()
            headers = {"Content-Type": kind}
            answer = client.put(f"{address}?graph={name}", content=body, headers=headers)
            assert answer.status_code in (201, 204), answer.text
            return time.perf_counter() - begin

        # The writer process starts with the first.
        client.put(f"{address}?graph=a:b", content=b"", headers={"Content-Type": "text/turtle"})
        for number, kind in enumerate(("application/n-triples", "text/turtle")):
            engine = _bulk(root / f"engine{number}", body, kind)
            ours = put(kind, f"{_GRAPH}/{number}")
            yield _upload(f"uploading {len(body) / 1e6:.0f} MB as {kind}", engine, ours, ">= 0.8")
        again = put("text/turtle", f"{_GRAPH}/1")
        yield _upload("uploading it once more, in the place of itself", engine, again, "")


def _bulk(folder: Path, body: bytes, kind: str) -> float:
    store = ox.Store(str(folder))
    begin = time.perf_counter()
    format = ox.RdfFormat.from_media_type(kind)
    store.bulk_load(body, format=format, to_graph=ox.NamedNode(_GRAPH))
    return time.perf_counter() - begin


def _upload(what: str, engine: float, ours: float, hold: str) -> Figure:
    return Figure(
        what, f"{ours:.1f} s", f"engine's bulk loader: {engine:.1f} s", engine / ours, hold
    )


def _silences(root: Path) -> Iterator[Figure]:
    quads.THINGS = NODES
    quads.write(root / "made.nq", NODES * 11)
    with open_writer(root / "data") as store:
        store.load((root / "made.nq").read_bytes())
        store.publish()
    with scipol(root, 2) as server, httpx.Client(timeout=3000) as client:
        base = server.address.removesuffix("/sparql")
        ends = [quads.thing(n).partition("/id/")[2] for n in (0, 1)]

        def wait_for(path: str) -> None:
            # A measure that takes long is answered 202 until it is there.
            while (answer := client.get(f"{base}/api/v1{path}")).status_code in (202, 503):
                time.sleep(0.5)
            assert answer.status_code < 500, answer.text

        yield _silence("nothing", base, lambda: time.sleep(5))
        for what, path in (
            ("the first search", "/search?q=research"),
            ("the first way", f"/paths?from={ends[0]}&to={ends[1]}"),
            ("degrees", "/network/degree"),
            ("communities", "/network/communities"),
        ):
            yield _silence(what, base, lambda path=path: wait_for(path))


def _silence(what: str, base: str, work: Callable[[], None]) -> Figure:
    """How long `/health/live` takes while some work is done."""
    with _listening(f"{base}/health/live") as times:
        begin = time.perf_counter()
        work()
        taken = time.perf_counter() - begin
    times.sort()
    median, worst = times[len(times) // 2] * 1000, times[-1] * 1000
    return Figure(
        f"a sign of life beside {what} ({taken:.1f} s), {NODES:,} nodes",
        f"longest {worst:.0f} ms",
        f"median {median:.1f} ms of {len(times)}",
        None,
        "< 250 ms",
    )


@contextmanager
def _listening(address: str) -> Iterator[list[float]]:
    times: list[float] = []
    done = threading.Event()

    def listen() -> None:
        with httpx.Client(timeout=600) as client:
            while not done.wait(0.02):
                begin = time.perf_counter()
                client.get(address)
                times.append(time.perf_counter() - begin)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield times
    finally:
        done.set()
        thread.join()
