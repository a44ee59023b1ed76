"""What operators rely on: limits before work, tokens, health, numbers, logs, stopping, backups."""

import asyncio
import json
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.errors import Unauthorized
from api.explorer.kept import KeptViews
from api.explorer.state import ViewGiven
from api.limits import Buckets, client_key
from api.tokens import Gate, TokenFile
from graph.backup import backup, restore
from graph.errors import ScipolError, StoreError
from graph.store import graph_hash, open_reader
from graph.writer import open_writer
from tests.api.serving import Served, served, token

UPDATE = {"Content-Type": "application/sparql-update"}
ASK = "/sparql?query=ASK%7B%7D"


@pytest.fixture(scope="module")
def strict(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with little patience."""
    folder = tmp_path_factory.mktemp("strict")
    settings = {
        "workers": 1,
        "header_timeout": 1,
        "body_timeout": 1,
        "stop_timeout": 5,
        # So slow that a bucket gains nothing while a busy machine makes the test wait.
        "client_rate": 0.05,
        "client_burst": 20,
        "unlimited_clients": "10.0.0.0/8",
        "trusted_proxies": "127.0.0.1",
    }
    with served(shutil.copytree(world, folder / "data"), folder / "log", settings) as running:
        yield running


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


def head(*lines: str) -> bytes:
    return "\r\n".join((*lines, "", "")).encode("latin-1")


BROKEN = {
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "no method": (b"/sparql\r\n\r\n", 400),
    "a line of nothing": (b"\0" * 100 + b"\r\n\r\n", 400),
    "two lengths": (
        head("POST /sparql HTTP/1.1", "Host: a", "Content-Length: 3", "Content-Length: 4") + b"abc",
        400,
    ),
    "length and chunks": (
        head("POST /sparql HTTP/1.1", "Host: a", "Content-Length: 3", "Transfer-Encoding: chunked")
        + b"0\r\n\r\n",
        400,
    ),
    "length that is none": (head("POST /sparql HTTP/1.1", "Host: a", "Content-Length: x"), 400),
    "negative length": (head("POST /sparql HTTP/1.1", "Host: a", "Content-Length: -1"), 400),
    "chunk of 2^68 bytes": (
        head(
            "POST /sparql HTTP/1.1",
            "Host: a",
            "Transfer-Encoding: chunked",
            "Content-Type: application/sparql-query",
        )
        + b"100000000000000000\r\n",
        400,
    ),
    "endless header": (head("GET / HTTP/1.1", "Host: a", "X: " + "y" * 1_000_000), 431),
    "endless address": (head("GET /" + "y" * 1_000_000 + " HTTP/1.1", "Host: a"), 431),
    "ten thousand headers": (
        head("GET / HTTP/1.1", "Host: a", *(f"X{i}: y" for i in range(10_000))),
        431,
    ),
    "space in a header name": (head("GET / HTTP/1.1", "Host: a", "X y: z"), 400),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_request_is_refused_and_harms_nobody(service: Served, name: str) -> None:
    request, expected = BROKEN[name]
    assert status(service.send(request, 5)) == expected
    with service.client() as client:
        assert client.get(ASK).status_code == 200


def test_headers_that_do_not_come_are_not_waited_for(strict: Served) -> None:
    start = time.monotonic()
    assert strict.send(b"GET / HTTP/1.1\r\nHost: a\r\n", 6) == b""
    assert strict.send(b"", 6) == b""
    assert time.monotonic() - start < 5


def test_a_body_that_does_not_come_is_not_waited_for(strict: Served) -> None:
    lines = ("POST /sparql HTTP/1.1", "Host: a", "Content-Type: application/sparql-query")
    start = time.monotonic()
    answer = strict.send(head(*lines, "Content-Length: 10", "X-Forwarded-For: 9.9.9.9") + b"ASK", 6)
    assert status(answer) == 408
    assert time.monotonic() - start < 5


def test_who_comes_too_often_has_to_wait_and_others_do_not(strict: Served) -> None:
    def ask(client: httpx.Client, address: str) -> httpx.Response:
        return client.get(ASK, headers={"X-Forwarded-For": address})

    with strict.client() as client:
        answers = [ask(client, "1.2.3.4") for _ in range(60)]
        refused = [a for a in answers if a.status_code == 429]
        assert refused
        assert 1 <= int(refused[0].headers["retry-after"]) <= 20
        assert ask(client, "4.3.2.1").status_code == 200
        # Of the same provider's network, of which a client may take any address.
        for _ in range(60):
            ask(client, "2001:db8::1")
        assert ask(client, "2001:db8::2").status_code == 429
        assert {ask(client, "10.1.1.1").status_code for _ in range(60)} == {200}


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("api.limits.time.monotonic", lambda: now)
    buckets = Buckets(rate=2, burst=3)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 1]
    now = 100.5
    assert [buckets.take("a"), buckets.take("a")] == [0, 1]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, key: str) -> None:
    assert client_key(address) == key


def test_health_is_told(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


def test_metrics_count_requests(client: httpx.Client) -> None:
    def counted() -> float:
        lines = client.get("/metrics").text.splitlines()
        start = 'scipol_requests_total{method="GET",route="sparql",status="200"}'
        return next((float(x.split()[-1]) for x in lines if x.startswith(start)), 0.0)

    before = counted()
    client.get(ASK)
    assert counted() == before + 1
    text = client.get("/metrics").text
    assert "scipol_request_seconds_bucket" in text
    assert "scipol_processes_readers" in text


def test_each_request_is_logged_under_the_id_that_its_client_gets(
    service: Served, client: httpx.Client
) -> None:
    mine = client.get(ASK, headers={"X-Request-Id": "mine-1"})
    other = client.get("/nowhere", headers={"X-Request-Id": 'x" y{'})
    assert mine.headers["x-request-id"] == "mine-1"
    assert other.headers["x-request-id"] == other.json()["request_id"] != 'x" y{'
    time.sleep(0.2)
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    by_id = {line.get("request_id"): line for line in lines}
    assert by_id["mine-1"]["status"] == 200
    assert by_id["mine-1"]["path"] == "/sparql"
    assert by_id[other.headers["x-request-id"]]["status"] == 404


def test_every_answer_has_headers_that_keep_browsers_safe(client: httpx.Client) -> None:
    for path in ("/", ASK, "/sparql?query=x", "/nowhere", "/metrics", "/health/live"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers
        assert "server" not in headers


def test_a_token_is_shown_once_and_kept_as_a_hash(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path / "tokens.json")
    first, second = tokens.new("curator"), tokens.new("administrator")
    kept = (tmp_path / "tokens.json").read_text()
    assert first.rpartition("_")[2] not in kept
    assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600
    assert (tokens.role_of(first), tokens.role_of(second)) == ("curator", "administrator")
    name = first.split("_")[1]
    tokens.revoke(name)
    assert tokens.role_of(first) is None
    assert tokens.role_of(second) == "administrator"
    with pytest.raises(ScipolError, match=name):
        tokens.revoke(name)


def test_a_damaged_token_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("[{}]")
    with pytest.raises(ScipolError, match="not a file of tokens"):
        TokenFile(tmp_path / "tokens.json").role_of("x")


def test_tokens_count_and_stop_counting_while_the_service_runs(tmp_path: Path) -> None:
    with served(tmp_path / "data", tmp_path / "log", {"workers": 1}) as running:
        with running.client() as client:
            assert client.post("/update", content="DROP ALL", headers=UPDATE).status_code == 403
            given = token(tmp_path / "data", "administrator")
            headers = UPDATE | {"Authorization": f"Bearer {given}"}
            assert client.post("/update", content="DROP ALL", headers=headers).status_code == 204
            TokenFile(tmp_path / "data" / "tokens.json").revoke(given.split("_")[1])
            assert client.post("/update", content="DROP ALL", headers=headers).status_code == 403
        assert running.stop() == 0


def test_guessing_a_token_gets_slower(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "tokens.json")
    file.new("curator")
    gate = Gate(file)
    headers = [(b"authorization", b"Bearer x")]
    scope = {"type": "http", "client": ("a", 1), "headers": headers}

    def seconds() -> float:
        start = time.monotonic()
        with pytest.raises(Unauthorized):
            asyncio.run(gate.admit(scope))
        return time.monotonic() - start

    first, second, third = seconds(), seconds(), seconds()
    assert first < second < third
    assert third > 0.9


def test_requests_that_run_are_finished_before_the_service_stops(
    world: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(world, tmp_path / "data")
    body = b"SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 30000"
    lines = ("POST /sparql HTTP/1.1", "Host: a", "Content-Type: application/sparql-query")
    with served(data, tmp_path / "log", {"workers": 1}) as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
            connection.sendall(head(*lines, f"Content-Length: {len(body)}") + body)
            time.sleep(0.1)
            running.process.send_signal(signal.SIGTERM)
            found = b""
            while part := connection.recv(1 << 20):
                found += part
        assert status(found) == 200
        assert b'"bindings"' in found
        assert running.process.wait(20) == 0


def test_a_backup_made_while_serving_is_the_whole_graph(
    writable: Served, writer: httpx.Client, tmp_path: Path
) -> None:
    writer.post("/update", content="INSERT DATA { <a:a> <a:b> 'kept' }", headers=UPDATE)
    command = [sys.executable, "-m", "api.cli", "backup", str(tmp_path / "copy")]
    subprocess.run([*command, "--data", str(writable.data)], check=True, capture_output=True)
    with open_reader(writable.data) as now, open_reader(tmp_path / "copy") as saved:
        assert graph_hash(saved) == graph_hash(now)
    writer.post("/update", content="DROP ALL", headers=UPDATE)
    with open_reader(tmp_path / "copy") as saved:
        assert saved.ask("ASK { <a:a> <a:b> 'kept' }")


def test_a_backup_is_put_back_while_the_service_reads(world: Path, tmp_path: Path) -> None:
    data, copy = shutil.copytree(world, tmp_path / "data"), tmp_path / "copy"
    with open_reader(data) as store:
        before = graph_hash(store)
    backup(data, copy)
    with open_writer(data) as store:
        store.update("DROP ALL")
        store.publish()
    with served(data, tmp_path / "log", {"workers": 1}) as running, running.client() as client:
        goals = {"query": "ASK { ?x a scip:Goal }"}
        assert client.get("/sparql", params=goals).json()["boolean"] is False
        assert restore(copy, data).quads > 100
        end = time.monotonic() + 10
        while not client.get("/sparql", params=goals).json()["boolean"]:
            assert time.monotonic() < end
            time.sleep(0.1)
    with open_reader(data) as store:
        assert graph_hash(store) == before
    assert not list(data.glob("*.old")) + list(data.glob("*.new"))


def test_links_to_long_views_survive_a_backup(world: Path, tmp_path: Path) -> None:
    data = shutil.copytree(world, tmp_path / "data")
    name = KeptViews(data).keep(ViewGiven())
    backup(data, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "other")
    assert KeptViews(tmp_path / "other").find(name) == ViewGiven()


def test_a_backup_never_overwrites_and_a_restore_wants_one(world: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        backup(world, tmp_path)
    with pytest.raises(StoreError, match="is not a backup"):
        restore(tmp_path, tmp_path / "data")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_restored_graph_says_what_it_took_the_place_of(world: Path, tmp_path: Path) -> None:
    data = shutil.copytree(world, tmp_path / "data")
    backup(data, tmp_path / "copy")
    with open_writer(data) as store:
        store.update("INSERT DATA { <a:a> <a:b> <a:c> , <a:d> }")
        store.publish()
    restored = restore(tmp_path / "copy", data)
    assert restored.before == restored.quads + 2


def test_a_port_in_use_is_told_in_one_line(service: Served, tmp_path: Path) -> None:
    port = service.url.rpartition(":")[2]
    command = [sys.executable, "-m", "api.cli", "serve", "--port", port]
    done = subprocess.run(
        [*command, "--data", str(tmp_path / "data")], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "choose another --port" in done.stderr
    assert "Traceback" not in done.stderr
