"""The quick way answers as the ordinary one does, and leaves to it what is not plain or not quick.

The service runs in this process, under the real server, so that a test can see which way was taken.
A header `If-None-Match` that matches nothing sends a request the ordinary way.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.express import Express
from api.server import configuration
from api.settings import Settings
from tests.api.rest import running

ASK = "ASK { ?goal a scip:Goal }"
LABELS = "SELECT ?goal ?label { ?goal a scip:Goal ; skos:prefLabel ?label } ORDER BY ?goal"
TRIPLES = "CONSTRUCT { ?g skos:prefLabel ?label } WHERE { ?g a scip:Goal ; skos:prefLabel ?label }"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUERY_TYPE = "application/sparql-query"
ORDINARY = {"If-None-Match": '"other"'}


@contextmanager
def listening(data: Path, **settings: Any) -> Iterator[httpx.Client]:
    """A client of a service that listens as `scipol serve` does, the quick way with it."""
    given = Settings(data=data, port=0, workers=1, log_level="error", **settings)
    with running(configuration(given)) as client:
        yield client


@pytest.fixture(scope="module")
def client(world: Path) -> Iterator[httpx.Client]:
    with listening(world, query_timeout=2) as client:
        yield client


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the quick way took each request that it was offered."""
    found: list[bool] = []
    take = Express.take

    def watched(self: Express, *given: Any) -> bool:
        found.append(take(self, *given))
        return found[-1]

    monkeypatch.setattr(Express, "take", watched)
    return found


def sent(client: httpx.Client, way: str, query: str, headers: dict[str, str]) -> httpx.Response:
    if way == "get":
        return client.get("/sparql", params={"query": query}, headers=headers)
    if way == "form":
        return client.post("/sparql", data={"query": query}, headers=headers)
    return client.post("/sparql", content=query, headers=headers | {"Content-Type": QUERY_TYPE})


def essence(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer but what differs from one to the next."""
    headers = [(k, v) for k, v in answer.headers.multi_items() if k not in ("date", "x-request-id")]
    assert len(answer.headers["x-request-id"]) == 32
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("way", ["get", "form", "body"])
@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (ASK, "*/*"),
        (ASK, "application/sparql-results+xml"),
        (LABELS, "application/json"),
        (LABELS, "text/csv"),
        (TRIPLES, "text/turtle"),
        ("SELECT (NOW() > 0 AS ?x) {}", "text/csv"),
    ],
)
def test_both_ways_give_the_same_answer(
    client: httpx.Client, taken: list[bool], way: str, query: str, accept: str
) -> None:
    headers = {"Accept": accept, "Accept-Encoding": "identity"}
    quick = sent(client, way, query, headers)
    assert taken == [True]
    ordinary = sent(client, way, query, headers | ORDINARY)
    assert taken == [True, False]
    assert quick.status_code == 200
    assert essence(quick) == essence(ordinary)


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("SELEKT", {}, 400),
        ("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }", {}, 403),
        (ASK, {"Accept": "image/png"}, 406),
        (LABELS, {"Accept": "text/turtle"}, 406),
        (ASK, {"Content-Type": "text/plain"}, 415),
        (ASK, {"Host": "a b"}, 400),
        (LABELS, {"Accept": "text/html"}, 303),
        (LABELS, {"Accept-Encoding": "gzip"}, 200),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 4000", {}, 200),
    ],
)
def test_what_is_wrong_or_large_is_told_as_the_ordinary_way_does(
    client: httpx.Client, query: str, headers: dict[str, str], status: int
) -> None:
    given = {"Content-Type": QUERY_TYPE, "Accept-Encoding": "identity"} | headers
    quick, ordinary = (
        client.post("/sparql", content=query, headers=given | more) for more in ({}, ORDINARY)
    )
    assert quick.status_code == status
    one, other = (
        a.json() | {"request_id": ""} if status >= 400 else a.content for a in (quick, ordinary)
    )
    assert one == other
    same = ("content-type", "content-encoding", "vary", "etag")
    assert [quick.headers.get(n) for n in same] == [ordinary.headers.get(n) for n in same]


def test_a_query_that_takes_long_is_ended_at_its_limit_and_the_next_is_answered(
    client: httpx.Client, taken: list[bool]
) -> None:
    answer = client.get("/sparql", params={"query": LONG, "timeout": "0.5"})
    assert taken == [True]
    assert (answer.status_code, answer.json()["type"][-13:]) == (503, "query-timeout")
    assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def test_a_client_that_leaves_frees_the_process_at_once(world: Path) -> None:
    with listening(world, query_timeout=60, spare_workers=0) as client:
        port = client.base_url.port
        assert port is not None
        for seconds in (0.0, 0.1, 0.5):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                target = httpx.QueryParams(query=LONG)
                connection.sendall(f"GET /sparql?{target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                time.sleep(seconds)
        deadline = time.monotonic() + 20
        while "scipol_processes_running 0.0" not in client.get("/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_requests_on_one_connection_are_answered_in_their_order(
    client: httpx.Client, taken: list[bool]
) -> None:
    queries = [f"SELECT ({number} AS ?x) {{}}" for number in range(5)]
    requests = b"".join(
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\nContent-Type: %s\r\n"
        b"Content-Length: %d\r\n%s\r\n%s"
        % (
            QUERY_TYPE.encode(),
            len(query),
            b"Connection: close\r\n" if query is queries[-1] else b"",
            query.encode(),
        )
        for query in queries
    )
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0), 20) as connection:
        connection.sendall(requests)
        found = b""
        while part := connection.recv(65536):
            found += part
    assert taken[0]
    assert [part[3:4] for part in found.split(b"\r\n\r\n")[1:]] == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.3])
def test_a_body_may_come_in_pieces(client: httpx.Client, pause: float) -> None:
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\nConnection: close\r\n"
        f"Content-Type: {QUERY_TYPE}\r\nContent-Length: {len(LABELS)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0), 20) as connection:
        for piece in (head, LABELS[:20].encode(), LABELS[20:].encode()):
            connection.sendall(piece)
            time.sleep(pause)
        found = b""
        while part := connection.recv(65536):
            found += part
    assert found.startswith(b"HTTP/1.1 200 OK")
    assert b"goal,label" in found


def test_each_request_is_counted_once_against_the_rate_of_its_client(
    world: Path, taken: list[bool]
) -> None:
    # One of the seven was spent when the service started.
    rate = {"client_rate": 0.001, "client_burst": 7, "unlimited_clients": ()}
    with listening(world, **rate) as client:
        queries = [ASK, "SELEKT", ASK, LONG, ASK, ASK, ASK]
        given = [{"query": query, "timeout": "0.4"} for query in queries]
        statuses = [client.get("/sparql", params=one).status_code for one in given]
    assert statuses == [200, 400, 200, 503, 200, 200, 429]
    assert taken.count(True) == 6


def test_quick_answers_are_counted_for_operators(client: httpx.Client, taken: list[bool]) -> None:
    def counted() -> dict[str, float]:
        lines = client.get("/metrics").text.splitlines()
        return {
            k: float(v) for k, _, v in (line.rpartition(" ") for line in lines if line[0] != "#")
        }

    before = counted()
    client.get("/sparql", params={"query": ASK})
    after = counted()
    assert taken == [True]
    for name in (
        'scipol_requests_total{method="GET",route="sparql",status="200"}',
        'scipol_request_seconds_count{route="sparql"}',
        'scipol_request_seconds_bucket{le="+Inf",route="sparql"}',
    ):
        # What was never counted has no line yet.
        assert after[name] == before.get(name, 0) + 1
    assert after["scipol_processes_running"] == 0
