"""The service over a store elsewhere: Oxigraph's server and Virtuoso, and stores that misbehave."""

import shutil
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.remote.address import RemoteAddress
from graph.remote.store import open_remote
from graph.remote.writer import open_remote_writer
from tests import servers
from tests.api.rest import V1, find, serving, token_for
from tests.graph import small_world
from tests.graph.remote.test_misbehaving import Handler, Respond, drip, server
from tests.graph.test_store_behaviour import VIRTUOSO_MISSING

UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
PLAN = b"The European Commission will fund basic research with EUR 5 million in 2027."
BIG = "https://a.example/big"


@dataclass(frozen=True)
class Elsewhere:
    """A service over a store that holds the small world; `writer` may write."""

    name: str
    address: RemoteAddress
    data: Path
    client: httpx.Client
    writer: httpx.Client


def settings_of(address: RemoteAddress) -> dict[str, Any]:
    given = {
        "store": address.query,
        "store_update": address.update,
        "store_graphs": address.graphs,
        "store_user": address.user,
        "store_password": address.password,
        "store_auth": address.scheme,
    }
    return {name: value for name, value in given.items() if value}


@contextmanager
def over(data: Path, address: RemoteAddress, **settings: Any) -> Iterator[httpx.Client]:
    data.mkdir(exist_ok=True)
    with serving(data, **settings_of(address), **settings) as client:
        yield client


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def elsewhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Elsewhere]:
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        if request.param == "oxigraph":
            address, _ = stack.enter_context(servers.oxigraph())
        elif shutil.which(servers.VIRTUOSO):
            address = stack.enter_context(servers.virtuoso(tmp_path_factory.mktemp("files")))
        else:
            warnings.warn(pytest.PytestWarning(VIRTUOSO_MISSING), stacklevel=1)
            pytest.skip(VIRTUOSO_MISSING)
        # Built on another machine: its texts are not in the data directory of the service.
        with open_remote_writer(folder / "there", address) as writer:
            for graph in small_world.woven(folder / "there"):
                writer.stage([graph])
        data = folder / "here"
        client = stack.enter_context(over(data, address, answer_buffer=1))
        headers = token_for(data)
        writing = httpx.Client(base_url=client.base_url, headers=headers, timeout=60)
        yield Elsewhere(request.param, address, data, client, stack.enter_context(writing))


@pytest.fixture(scope="module")
def embedded(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(shutil.copytree(world, tmp_path_factory.mktemp("world") / "data")) as client:
        yield client


def rows(client: httpx.Client, query: str, **more: Any) -> list[dict[str, Any]]:
    answer = client.get("/sparql", params={"query": query, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"]["bindings"])


def questions(client: httpx.Client) -> list[str]:
    minister, goal = (
        find(client, "Ministry of Science of Norland"),
        find(client, "strengthen basic research"),
    )
    return [
        "/search?q=research",
        f"/entities/{minister}",
        f"/entities/{minister}/neighbours?limit=200",
        f"/paths?from={minister}&to={goal}",
        "/statements?limit=200",
        f"/timeline?about={minister}",
        "/gaps?gap=goals-without-instrument&limit=200",
        "/coverage",
        "/documents",
        "/network/degree?limit=200",
        "/questions/1/answer",
    ]


def test_questions_get_the_answers_that_the_data_directory_gives(
    elsewhere: Elsewhere, embedded: httpx.Client
) -> None:
    for question in questions(embedded):
        expected, found = (
            client.get(f"{V1}{question}", headers={"Accept": "application/json"})
            for client in (embedded, elsewhere.client)
        )
        assert expected.status_code == found.status_code == 200, found.text
        assert found.json() == expected.json(), question


FORMATS = {
    "application/sparql-results+json": "SELECT ?s { ?s a scip:Goal }",
    "application/sparql-results+xml": "SELECT ?s { ?s a scip:Goal }",
    "text/csv": "SELECT ?s { ?s a scip:Goal }",
    "text/tab-separated-values": "SELECT ?s { ?s a scip:Goal }",
    "text/turtle": "CONSTRUCT { ?s a scip:Goal } WHERE { ?s a scip:Goal }",
    "application/n-triples": "CONSTRUCT { ?s a scip:Goal } WHERE { ?s a scip:Goal }",
    "application/ld+json": "CONSTRUCT { ?s a scip:Goal } WHERE { ?s a scip:Goal }",
}


@pytest.mark.parametrize("media_type", FORMATS)
def test_answers_come_in_every_format(
    elsewhere: Elsewhere, embedded: httpx.Client, media_type: str
) -> None:
    asked = {"params": {"query": FORMATS[media_type]}, "headers": {"Accept": media_type}}
    found, expected = (c.get("/sparql", **asked) for c in (elsewhere.client, embedded))  # type: ignore[arg-type]
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == expected.headers["content-type"]
    assert len(found.content) == len(expected.content)


def test_yes_and_no_are_said_as_the_standard_has_it(elsewhere: Elsewhere) -> None:
    for text, expected in (("ASK { ?s a scip:Goal }", True), ("ASK { ?s a scip:Nonsense }", False)):
        answer = elsewhere.client.get("/sparql", params={"query": text})
        assert answer.json() == {"head": {}, "boolean": expected}


REFUSED = {
    "syntax": ("SELECT * { ?s ?p", 400),
    "an update": ("INSERT DATA { <a:a> <a:b> <a:c> }", 400),
    "an update around a query": (
        "INSERT { <a:a> <a:b> <a:c> } WHERE { SELECT * { ?s ?p ?o } LIMIT 1 }",
        400,
    ),
    "a query and an update": ("SELECT * { ?s ?p ?o } ; INSERT DATA { <a:a> <a:b> <a:c> }", 400),
    "another server": ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
    "a pragma": ("DEFINE input:default-graph-uri <a:b> SELECT * { ?s ?p ?o }", 400),
    "depth": ("SELECT * " + "{" * 100 + "}" * 100, 400),
    "size": ("SELECT * { ?s ?p ?o }" + " " * 400_000, 413),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_guard_or_the_grammar_refuses_never_leaves(
    elsewhere: Elsewhere, name: str
) -> None:
    text, status = REFUSED[name]
    answer = elsewhere.client.post("/sparql", data={"query": text})
    assert answer.status_code == status, answer.text
    assert elsewhere.address.host not in answer.text
    assert rows(elsewhere.client, "SELECT * { GRAPH ?g { <a:a> <a:b> <a:c> } }") == []


def test_the_dataset_of_the_protocol_is_passed_on(elsewhere: Elsewhere) -> None:
    put = elsewhere.writer.put("/graphs?graph=a:one", content="<a:s> <a:p> 1 .", headers=TURTLE)
    assert put.status_code in (201, 204)
    everything = "SELECT ?s { ?s ?p ?o }"
    assert len(rows(elsewhere.client, everything, **{"default-graph-uri": "a:one"})) == 1
    named = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
    assert len(rows(elsewhere.client, named, **{"named-graph-uri": "a:one"})) == 1


def test_an_update_is_seen_by_the_next_query(elsewhere: Elsewhere) -> None:
    before = elsewhere.client.get(f"{V1}/version").json()
    text = "INSERT DATA { GRAPH <a:new> { <a:s> <a:p> 1 , 2 } }"
    assert elsewhere.client.post("/update", content=text, headers=UPDATE).status_code == 401
    assert elsewhere.writer.post("/update", content=text, headers=UPDATE).status_code == 204
    assert len(rows(elsewhere.client, "SELECT ?o { GRAPH <a:new> { ?s ?p ?o } }")) == 2
    assert elsewhere.client.get(f"{V1}/version").json()["data"] != before["data"]
    wrong = elsewhere.writer.post("/update", content="INSERT DATA { <a:s> }", headers=UPDATE)
    assert (wrong.status_code, wrong.json()["line"]) == (400, 1)


def test_a_graph_is_put_read_added_to_and_deleted(elsewhere: Elsewhere) -> None:
    one, two = "<a:s> <a:p> 'one' .", "<a:s> <a:p> 'two' ."
    writer, graph = elsewhere.writer, "/graphs?graph=a:mine"
    assert writer.get(graph).status_code == 404
    assert writer.put(graph, content=one, headers=TURTLE).status_code == 201
    assert writer.put(graph, content=two, headers=TURTLE).status_code == 204
    assert "one" not in writer.get(graph).text
    assert writer.post(graph, content=one, headers=TURTLE).status_code == 204
    lines = writer.get(graph, headers={"Accept": "application/n-triples"}).text.splitlines()
    assert len(lines) == 2
    assert writer.put(graph, content="<a:s> <a:p", headers=TURTLE).status_code == 400
    assert writer.delete(graph).status_code == 204
    assert writer.get(graph).status_code == 404


def test_graphs_that_builds_own_are_not_written_to(elsewhere: Elsewhere) -> None:
    graph = "/graphs?graph=https://w3id.org/scipol/graph/entities"
    assert elsewhere.writer.put(graph, content="", headers=TURTLE).status_code == 400


def test_a_long_answer_streams_and_is_whole(elsewhere: Elsewhere) -> None:
    lines = "".join(f"<a:s{n}> <a:p> 'some words {n} {'long ' * 40}' .\n" for n in range(8_000))
    put = elsewhere.writer.put(f"/graphs?graph={BIG}", content=lines, headers=TURTLE)
    assert put.status_code in (201, 204), put.text
    for media_type in ("application/sparql-results+json", "text/csv"):
        query = f"SELECT * {{ GRAPH <{BIG}> {{ ?s ?p ?o }} }}"
        asked = {"params": {"query": query}, "headers": {"Accept": media_type}}
        answer = elsewhere.client.get("/sparql", **asked)  # type: ignore[arg-type]
        assert "content-length" not in answer.headers
        assert answer.text.count("some words") == 8_000


def test_linked_data_and_pages_are_there(elsewhere: Elsewhere, embedded: httpx.Client) -> None:
    name = find(embedded, "Ministry of Science of Norland")
    for address in (f"/id/{name}.nt", "/.well-known/void"):
        found, expected = (c.get(address) for c in (elsewhere.client, embedded))
        assert found.status_code == expected.status_code == 200, found.text
    assert sorted(elsewhere.client.get(f"/id/{name}.nt").text.splitlines()) == sorted(
        embedded.get(f"/id/{name}.nt").text.splitlines()
    )
    for page in ("/", "/explore", "/documents", f"/id/{name}.html", "/timeline", "/about"):
        answer = elsewhere.client.get(page, headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text
        assert "<h1" in answer.text


def test_a_document_that_is_added_is_read_here_and_found_there(elsewhere: Elsewhere) -> None:
    answer = elsewhere.writer.post(f"{V1}/documents", files={"file": ("plan.txt", PLAN)})
    job = f"{V1}/jobs/{answer.json()['id']}"
    for _ in range(600):
        if (state := elsewhere.client.get(job).json())["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    assert state["state"] == "done", state
    found = elsewhere.client.get(f"{V1}/documents").json()["items"]
    texts = {
        d["title"] or d["id"]: elsewhere.client.get(f"{V1}/documents/{d['id']}/text") for d in found
    }
    added = next(text for name, text in texts.items() if "plan" in name)
    assert "fund basic research" in added.text
    # The others were read on another machine.
    assert any(
        text.status_code == 404 and "not in this data directory" in text.text
        for text in texts.values()
    )
    for words in ("fund+basic+research", "Aurora+Research+Fund"):
        hits = elsewhere.client.get(f"{V1}/search/sentences?q={words}").json()
        assert hits["items"], words


def test_what_others_change_there_is_noticed(elsewhere: Elsewhere) -> None:
    before = elsewhere.client.get(f"{V1}/version")
    with open_remote(elsewhere.address) as store:
        store.update("INSERT DATA { GRAPH <a:theirs> { <a:s> <a:p> 1 } }")
    known = {"If-None-Match": before.headers["ETag"]}
    for _ in range(1200):
        if elsewhere.client.get(f"{V1}/version", headers=known).status_code == 200:
            return
        time.sleep(0.1)
    pytest.fail("the version never changed")


# From here on, stores that misbehave.

ROWS = (
    '{"head": {"vars": ["s"]}, "results": {"bindings": ['
    + ", ".join(
        f'{{"s": {{"type": "uri", "value": "https://a.example/a/name/of/some/length/{n}"}}}}'
        for n in range(60_000)
    )
    + "]}}"
).encode()
LINES = b"".join(b"<a:s%d> <a:p> <a:o> .\n" % n for n in range(100_000))
SELECT = "SELECT ?s { ?s ?p ?o } LIMIT 7"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 7"


class Odd:
    """A service over a store that answers what the test says to queries with a LIMIT of 7."""

    def __init__(self, client: httpx.Client, data: Path) -> None:
        self.client = client
        self.data = data
        self.respond: Respond = lambda h: h.say(200, ROWS)

    def answer(self, handler: Handler) -> None:
        if "LIMIT 7" in handler.form.get("query", [""])[0]:
            self.respond(handler)
        else:
            handler.say(200, b'{"head": {"vars": ["g", "n"]}, "results": {"bindings": []}}')


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    data = tmp_path_factory.mktemp("odd") / "data"
    settings = {"answer_buffer": 1, "answer_size": 8, "query_queue": 1, "query_timeout": 5}
    with server(lambda handler: found.answer(handler)) as running:
        address = RemoteAddress(f"http://127.0.0.1:{running.server_port}/q")
        with over(data, address, **settings) as client:
            found = Odd(client, data)
            yield found


def ask_for(client: httpx.Client, accept: str, query: str = SELECT, **more: Any) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def cut_in_the_middle(body: bytes, kind: str) -> Respond:
    def respond(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) * 9 // 10])
        handler.wfile.flush()
        handler.close_connection = True

    return respond


def without_length(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/n-triples")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(LINES[:2200])
    handler.close_connection = True


JSON = "application/sparql-results+json"
NONSENSE: dict[str, tuple[Respond, str, int, str]] = {
    "500": (lambda h: h.say(500, b"oh", "text/plain"), SELECT, 502, "failed (500): oh"),
    "503": (lambda h: h.say(503, b"busy", "text/plain"), SELECT, 502, "failed (503): busy"),
    "504": (lambda h: h.say(504, b"", "text/plain"), SELECT, 504, "took too long"),
    "login": (lambda h: h.say(401, b"", "text/plain"), SELECT, 502, "SCIPOL_STORE_USER"),
    "redirect": (lambda h: h.say(302, b"", Location="http://127.0.0.1:1/"), SELECT, 502, "moved"),
    "page": (lambda h: h.say(200, b"<p>Hi", "text/html"), SELECT, 502, "text/html came back"),
    "part": (lambda h: h.say(206, ROWS), SELECT, 502, "a part of the answer"),
    "early": (lambda h: h.say(200, ROWS, X_SQL_State="S1TAT"), SELECT, 502, "ended the query"),
    "cut table": (lambda h: h.say(200, ROWS, X_SPARQL_MaxRows="60000"), SELECT, 502, "cuts every"),
    "damaged": (lambda h: h.say(200, ROWS[:500]), SELECT, 502, "damaged"),
    "boolean": (lambda h: h.say(200, b'{"boolean": true}'), SELECT, 502, "yes or no"),
    "table": (lambda h: h.say(200, ROWS), CONSTRUCT, 502, "came back for a graph"),
    "no end": (without_length, CONSTRUCT, 502, "how long"),
    "bad query": (lambda h: h.say(400, b"no such thing", "text/plain"), SELECT, 400, "no such"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_gets_the_right_status_and_a_sentence(name: str, odd: Odd) -> None:
    odd.respond, query, status, message = NONSENSE[name]
    answer = ask_for(odd.client, "*/*", query)
    assert answer.status_code == status, answer.text
    assert message in answer.json()["detail"]
    # Others are answered all the same.
    assert rows(odd.client, "SELECT ?g ?n { ?g ?p ?n } LIMIT 1") == []


@pytest.mark.parametrize("accept", [JSON, "text/csv", "text/tab-separated-values"])
def test_an_answer_that_breaks_off_never_looks_whole(accept: str, odd: Odd) -> None:
    odd.respond = cut_in_the_middle(ROWS, JSON)
    with pytest.raises(httpx.RemoteProtocolError):
        ask_for(odd.client, accept)


def test_a_graph_that_breaks_off_never_looks_whole(odd: Odd) -> None:
    odd.respond = cut_in_the_middle(LINES, "application/n-triples")
    with pytest.raises(httpx.RemoteProtocolError):
        ask_for(odd.client, "application/n-triples", CONSTRUCT)


def test_rows_that_end_too_early_within_a_whole_body_never_look_whole(odd: Odd) -> None:
    odd.respond = lambda h: h.say(200, ROWS[: len(ROWS) * 9 // 10])
    with pytest.raises(httpx.RemoteProtocolError):
        ask_for(odd.client, "text/csv")


def test_an_answer_that_is_too_long_is_broken_off(odd: Odd) -> None:
    odd.respond = lambda h: h.say(200, ROWS[:-3] + b"," + ROWS[ROWS.index(b"[{") + 1 :])
    with pytest.raises(httpx.RemoteProtocolError):
        ask_for(odd.client, JSON)


def test_a_store_that_is_silent_is_a_matter_of_time(odd: Odd) -> None:
    odd.respond = lambda h: time.sleep(4)
    answer = ask_for(odd.client, JSON, timeout="1")
    assert answer.status_code == 504, answer.text
    assert "no answer within" in answer.json()["detail"]


def test_a_store_that_drips_is_ended_at_the_limit(odd: Odd) -> None:
    odd.respond = drip
    answer = ask_for(odd.client, JSON, timeout="1")
    assert answer.status_code == 503, answer.text
    assert "time limit" in answer.json()["detail"]


def test_a_silent_store_fills_the_queue_and_no_more(odd: Odd) -> None:
    odd.respond = lambda h: time.sleep(8)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ask_for(odd.client, JSON), range(8)))
    full = [answer for answer in answers if answer.status_code == 503]
    # Two run for a client, one waits.
    assert len(full) >= 5
    assert all("Retry-After" in answer.headers for answer in full)
    assert any("waiting" in answer.json()["detail"] for answer in full)


def test_a_store_for_reading_takes_no_changes(odd: Odd) -> None:
    headers, post = token_for(odd.data), odd.client.post
    update = post("/update", content="DROP ALL", headers={**UPDATE, **headers})
    put = odd.client.put("/graphs?graph=a:g", content="", headers={**TURTLE, **headers})
    added = post(f"{V1}/documents", files={"file": ("a.txt", PLAN)}, headers=headers)
    for answer in (update, put, added):
        assert answer.status_code == 403, answer.text
        assert "SCIPOL_STORE_UPDATE" in answer.json()["detail"]


def test_the_service_starts_before_its_store_and_tells_when_it_is_there(tmp_path: Path) -> None:
    port = servers.free_port()
    base = f"http://127.0.0.1:{port}"
    address = RemoteAddress(f"{base}/query", f"{base}/update", f"{base}/store")
    command = [str(servers.OXIGRAPH), "serve", "--bind", f"127.0.0.1:{port}"]
    with over(tmp_path / "data", address) as client:
        assert client.get("/health/live").status_code == 200
        ready = client.get("/health/ready")
        assert ready.status_code == 503
        assert f"127.0.0.1:{port} cannot be reached" in ready.json()["detail"]
        down = ask_for(client, JSON)
        assert (down.status_code, down.json()["type"].rpartition("/")[2]) == (
            502,
            "remote-store-error",
        )
        assert client.get(f"{V1}/documents").status_code == 502
        with servers.running(command, base):
            assert client.get("/health/ready").status_code == 200
            assert ask_for(client, JSON).json()["results"]["bindings"] == []
            assert client.get(f"{V1}/documents").json()["total"] == 0
