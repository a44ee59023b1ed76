"""A store elsewhere that is down, slow, cut off, or answers nonsense: a real server on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from graph.errors import QueryError, RemoteStoreError, RemoteStoreTimeout, StoreError
from graph.remote.address import RemoteAddress, address_from
from graph.remote.store import RemoteStore, open_remote
from tests.servers import free_port

JSON = "application/sparql-results+json"
ROWS = json.dumps(
    {
        "head": {"vars": ["s"]},
        "results": {"bindings": [{"s": {"type": "uri", "value": "a:s"}}]},
    }
).encode()
NO_ROWS = b'{"head": {"vars": ["s", "p", "o", "g"]}, "results": {"bindings": []}}'
SELECT = "SELECT ?s { ?s ?p ?o } LIMIT 7"

Respond = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers what the test says; the look for the dialect finds an empty store."""

    protocol_version = "HTTP/1.1"
    server: "Misbehaving"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.form = parse_qs(self.rfile.read(length).decode())
        text = self.form.get("query", [""])[0]
        if "LIMIT 1" in text:
            self.say(200, NO_ROWS)
            return
        self.server.seen.append(self)
        self.server.respond(self)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(self)
        self.server.respond(self)

    def say(self, status: int, body: bytes, kind: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Misbehaving(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, respond: Respond) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.respond = respond
        self.seen: list[Handler] = []

    def handle_error(self, *_: object) -> None:
        """The client goes away in the middle, as it should."""


@contextmanager
def server(respond: Respond) -> Iterator[Misbehaving]:
    with Misbehaving(respond) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def store_at(running: Misbehaving, **settings: object) -> RemoteStore:
    base = f"http://127.0.0.1:{running.server_port}"
    given = {"query": f"{base}/q", "update": f"{base}/u", "graphs": f"{base}/g", "seconds": 2.0}
    return RemoteStore(RemoteAddress(**{**given, **settings}))  # type: ignore[arg-type]


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(ROWS[:20])
    handler.wfile.flush()
    handler.close_connection = True


def never(handler: Handler) -> None:
    time.sleep(4)


def drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("respond", "message"),
    [
        (lambda h: h.say(500, b"Traceback ...", "text/plain"), r"failed \(500\): Traceback"),
        (lambda h: h.say(503, b"busy", "text/plain"), r"failed \(503\): busy"),
        (lambda h: h.say(500, b"<html>oh</html>", "text/html"), "a page of HTML"),
        (lambda h: h.say(200, b"<html>Welcome</html>", "text/html"), "text/html came back"),
        (lambda h: h.say(200, b"s\na:s\n", "text/csv"), "text/csv came back"),
        (lambda h: h.say(200, ROWS, "application/json+nonsense"), "came back"),
        (lambda h: h.say(200, ROWS[:-3]), "damaged"),
        (lambda h: h.say(200, b'{"head": 3}'), "damaged"),
        (lambda h: h.say(200, b"[" * 100_000), "damaged"),
        (lambda h: h.say(200, b"\xff\xfe\x00"), "damaged"),
        (lambda h: h.say(200, b""), "damaged"),
        (lambda h: h.say(200, b'{"head": {}, "boolean": true}'), "yes or no"),
        (lambda h: h.say(302, b"", Location="http://127.0.0.1:1/secret"), "moved to http"),
        (lambda h: h.say(206, ROWS), "a part of the answer"),
        (lambda h: h.say(200, ROWS, X_SQL_State="S1TAT"), "ended the query early"),
        (lambda h: h.say(200, ROWS, X_SPARQL_MaxRows="1"), "cuts every table at 1 rows"),
        (lambda h: h.say(200, b"not gzip", Content_Encoding="gzip"), "broke off"),
        (lambda h: h.say(401, b"who?", "text/plain"), "SCIPOL_STORE_USER"),
        (lambda h: h.say(403, b"no", "text/plain"), "does not let us"),
        (lambda h: h.say(404, b"what?", "text/plain"), "no endpoint"),
        (cut_off, "broke off"),
    ],
)
def test_nonsense_is_told_in_a_sentence(respond: Respond, message: str) -> None:
    with server(respond) as running, store_at(running) as store:
        with pytest.raises(RemoteStoreError, match=message) as caught:
            store.select(SELECT)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "respond", [never, drip, lambda h: h.say(504, b"", "text/plain")], ids=["never", "drip", "504"]
)
def test_a_slow_store_is_given_up_in_time(respond: Respond) -> None:
    begin = time.monotonic()
    with server(respond) as running, store_at(running, seconds=0.8) as store:
        with pytest.raises(RemoteStoreTimeout):
            store.select(SELECT)
        assert time.monotonic() - begin < 3.9  # the server would go on for four seconds


def test_a_store_that_is_not_there_is_named() -> None:
    address = f"http://127.0.0.1:{free_port()}/q"
    with (
        pytest.raises(RemoteStoreError, match="cannot be reached"),
        open_remote(RemoteAddress(address, seconds=1.0)),
    ):
        pass


def test_a_bad_query_is_the_fault_of_the_query() -> None:
    said = b"parse error\n at line 1\n\nSPARQL query:\nSELECT secret"
    with (
        server(lambda h: h.say(400, said, "text/plain")) as running,
        store_at(running) as store,
        pytest.raises(QueryError, match=r"refuses this: parse error at line 1$"),
    ):
        store.select(SELECT)


def test_an_answer_that_is_too_long_is_not_taken_in() -> None:
    with (
        server(lambda h: h.say(200, ROWS + b" " * 5_000_000)) as running,
        store_at(running, bytes=1 << 20) as store,
        pytest.raises(RemoteStoreError, match="longer than 1 MB"),
    ):
        store.select(SELECT)


def test_a_read_is_tried_again() -> None:
    def respond(handler: Handler) -> None:
        if len(handler.server.seen) < 3:
            handler.say(503, b"later", "text/plain", Retry_After="0")
        else:
            handler.say(200, ROWS)

    with server(respond) as running, store_at(running) as store:
        assert len(store.select(SELECT).rows) == 1
        assert len(running.seen) == 3


@pytest.mark.parametrize("respond", [cut_off, lambda h: h.say(503, b"later", "text/plain")])
def test_an_update_is_never_sent_twice(respond: Respond) -> None:
    with server(respond) as running, store_at(running) as store:
        with pytest.raises(RemoteStoreError):
            store.update("INSERT DATA { <a:a> <a:b> <a:c> }")
        assert len(running.seen) == 1
        assert running.seen[0].path == "/u"


def test_replacing_a_graph_is_tried_again() -> None:
    def respond(handler: Handler) -> None:
        handler.say(503 if len(handler.server.seen) < 2 else 204, b"", "text/plain")

    with server(respond) as running, store_at(running) as store:
        store.put_graph("a:g", b"<a:s> <a:p> <a:o> <a:g> .\n")
        assert [seen.command for seen in running.seen] == ["PUT", "PUT"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"head": {}, "boolean": true}', True),
        (b'{"head": {}, "boolean": false}', False),
        (
            b'{"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": '
            b'{"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", '
            b'"value": "1"}}]}}',
            True,
        ),
        (b'{"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": []}}', False),
    ],
)
def test_yes_and_no_come_in_two_shapes(body: bytes, expected: bool) -> None:
    with server(lambda h: h.say(200, body)) as running, store_at(running) as store:
        assert store.ask("ASK { ?s ?p ?o }") is expected


def test_queries_go_as_forms_with_a_limit_below_ours() -> None:
    with server(lambda h: h.say(200, ROWS)) as running, store_at(running, seconds=20.0) as store:
        store.select(SELECT)
        assert running.seen[0].path == "/q"
        assert running.seen[0].form["timeout"] == ["18"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"token": "t0ken"}, "Bearer t0ken"),
        ({"user": "ada", "password": "pw"}, "Basic YWRhOnB3"),
        ({}, None),
    ],
)
def test_credentials_are_sent_as_asked(settings: dict[str, str], expected: str | None) -> None:
    with server(lambda h: h.say(200, ROWS)) as running, store_at(running, **settings) as store:
        store.select(SELECT)
        assert running.seen[0].headers.get("Authorization") == expected
        assert "pw" not in repr(store._address)
        assert "t0ken" not in repr(store._address)


def test_rows_are_handed_on_while_they_arrive() -> None:
    read = threading.Event()

    def respond(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Content-Length", str(len(ROWS) + 100_000))
        handler.end_headers()
        handler.wfile.write(ROWS[:-2] + b" " * 100_000)
        handler.wfile.flush()
        assert read.wait(10)
        handler.wfile.write(ROWS[-2:])

    with (
        server(respond) as running,
        store_at(running, seconds=10.0) as store,
        store.solutions(SELECT) as rows,
    ):
        assert str(next(rows)["s"]) == "<a:s>"
        read.set()
        assert next(rows, None) is None


def test_a_store_without_an_address_for_updates_is_for_reading() -> None:
    with (
        RemoteStore(RemoteAddress("http://127.0.0.1:9/q")) as store,
        pytest.raises(StoreError, match="SCIPOL_STORE_UPDATE"),
    ):
        store.update("CLEAR ALL")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("SCIPOL_STORE", "ftp://example.org", "needs http"),
        ("SCIPOL_STORE", "example.org/sparql", "needs http"),
        ("SCIPOL_STORE", "https://ada:pw@example.org/sparql", "SCIPOL_STORE_USER"),
        ("SCIPOL_STORE_AUTH", "magic", "basic or digest"),
        ("SCIPOL_STORE_TIMEOUT", "soon", "seconds"),
        ("SCIPOL_STORE_TIMEOUT", "-1", "seconds"),
        ("SCIPOL_STORE_TIMEOUT", "nan", "seconds"),
    ],
)
def test_settings_without_a_meaning_are_refused(variable: str, value: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        address_from({"SCIPOL_STORE": "https://example.org/q", variable: value})
    assert "pw@" not in str(caught.value)


def test_no_setting_means_the_data_directory() -> None:
    assert address_from({}) is None
    assert address_from({"SCIPOL_STORE": ""}) is None
