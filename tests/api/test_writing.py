"""Updates and whole graphs over HTTP, and who may send them."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from tests.api.serving import Served

UPDATE = "application/sparql-update"
TURTLE = {"Content-Type": "text/turtle"}
ONE = "<https://a.example/s> <https://a.example/p> 'one' ."
TWO = "<https://a.example/s> <https://a.example/p> 'two' ."
GRAPH = "/graphs?graph=" + quote("https://a.example/graph", safe="")


@pytest.fixture(autouse=True)
def _empty(writer: httpx.Client) -> None:
    answer = writer.post("/update", content="DROP ALL", headers={"Content-Type": UPDATE})
    assert answer.status_code == 204, answer.text


def count(
    client: httpx.Client, query: str = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
) -> int:
    return len(client.get("/sparql", params={"query": query}).json()["results"]["bindings"])


@pytest.mark.parametrize("way", ["body", "form"])
def test_an_update_is_seen_by_the_next_query(writer: httpx.Client, way: str) -> None:
    text = "INSERT DATA { <a:a> <a:b> 1 , 2 }"
    if way == "body":
        answer = writer.post("/update", content=text, headers={"Content-Type": UPDATE})
    else:
        answer = writer.post("/update", data={"update": text})
    assert answer.status_code == 204
    assert count(writer) == 2


def test_an_update_that_fails_does_nothing_at_all(writer: httpx.Client) -> None:
    text = "INSERT DATA { <a:a> <a:b> 1 } ; CREATE GRAPH <a:g> ; CREATE GRAPH <a:g>"
    answer = writer.post("/update", content=text, headers={"Content-Type": UPDATE})
    assert answer.status_code == 409, answer.text
    assert count(writer) == 0


REFUSED = {
    "syntax": ({"Content-Type": UPDATE}, "INSERT DATA { <a:a> }", "", 400),
    "a query": ({"Content-Type": UPDATE}, "SELECT * {}", "", 400),
    "a query form": ({"Content-Type": "application/x-www-form-urlencoded"}, "query=ASK{}", "", 400),
    "in the address": ({"Content-Type": UPDATE}, "DROP ALL", "?update=DROP%20ALL", 400),
    "two updates": (
        {"Content-Type": "application/x-www-form-urlencoded"},
        "update=a&update=b",
        "",
        400,
    ),
    "type of a query": ({"Content-Type": "application/sparql-query"}, "DROP ALL", "", 415),
    "no type": ({}, "DROP ALL", "", 415),
    "fetching": ({"Content-Type": UPDATE}, "LOAD <https://a.example/x.ttl>", "", 403),
    "USING twice": (
        {"Content-Type": UPDATE},
        "DELETE { ?s ?p ?o } USING <a:g> WHERE { ?s ?p ?o }",
        "?using-graph-uri=a:h",
        400,
    ),
    "too large": ({"Content-Type": UPDATE}, "#" * 2_000_000, "", 413),
    "much too large": ({"Content-Type": UPDATE}, "#" * 5_000_000, "", 413),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_update_is_refused_with_its_status(writer: httpx.Client, name: str) -> None:
    headers, content, address, status = REFUSED[name]
    answer = writer.post(f"/update{address}", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_updates_are_sent_by_post(writer: httpx.Client) -> None:
    answer = writer.get("/update", params={"update": "DROP ALL"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


def test_load_silent_fetches_nothing_and_is_no_error(writer: httpx.Client) -> None:
    text = "LOAD SILENT <http://127.0.0.1:9/x.ttl>"
    answer = writer.post("/update", content=text, headers={"Content-Type": UPDATE})
    assert answer.status_code == 204


def test_a_graph_is_put_read_added_to_and_deleted(writer: httpx.Client) -> None:
    assert writer.get(GRAPH).status_code == 404
    assert writer.head(GRAPH).status_code == 404
    assert writer.put(GRAPH, content=ONE, headers=TURTLE).status_code == 201
    assert writer.put(GRAPH, content=TWO, headers=TURTLE).status_code == 204
    assert "two" in writer.get(GRAPH, headers={"Accept": "application/n-triples"}).text
    assert "one" not in writer.get(GRAPH).text
    assert writer.post(GRAPH, content=ONE, headers=TURTLE).status_code == 204
    assert len(writer.get(GRAPH, headers={"Accept": "text/plain"}).text.splitlines()) == 2
    head = writer.head(GRAPH)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "text/turtle; charset=utf-8"
    assert writer.delete(GRAPH).status_code == 204
    assert writer.delete(GRAPH).status_code == 404
    assert writer.get(GRAPH).status_code == 404


def test_a_graph_has_an_address_of_its_own(writer: httpx.Client) -> None:
    assert writer.put("/graphs/mine/own", content=ONE, headers=TURTLE).status_code == 201
    name = str(writer.base_url.join("/graphs/mine/own"))
    assert "one" in writer.get("/graphs", params={"graph": name}).text


def test_the_default_graph_is_apart_from_the_others(writer: httpx.Client) -> None:
    assert writer.put(GRAPH, content=ONE, headers=TURTLE).status_code == 201
    assert writer.put("/graphs?default", content=TWO, headers=TURTLE).status_code == 204
    assert "one" not in writer.get("/graphs?default").text
    assert writer.delete("/graphs?default").status_code == 204
    assert "two" not in writer.get("/graphs?default").text


def test_a_graph_without_name_gets_one(writer: httpx.Client) -> None:
    answers = [writer.post("/graphs", content=ONE, headers=TURTLE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    first, second = (answer.headers["location"] for answer in answers)
    assert first != second
    assert "one" in writer.get(first).text


def test_files_come_in_a_form_each_in_its_format(writer: httpx.Client) -> None:
    files = {
        "a": ("a.ttl", ONE, "text/turtle"),
        "b": ("b.nt", TWO.replace("'", '"'), "application/octet-stream"),
    }
    assert writer.post(GRAPH, files=files).status_code == 201
    assert len(writer.get(GRAPH, headers={"Accept": "text/plain"}).text.splitlines()) == 2


def test_blank_nodes_of_two_uploads_stay_apart(writer: httpx.Client) -> None:
    for _ in range(2):
        writer.post(GRAPH, content="_:x <a:p> 'blank' .", headers=TURTLE)
    assert count(writer, "SELECT DISTINCT ?s { GRAPH ?g { ?s <a:p> 'blank' } }") == 2


WRONG_GRAPHS = {
    "syntax": ("PUT", GRAPH, TURTLE, "<a:a> <a:b>", 400),
    "no graph": ("PUT", "/graphs", TURTLE, ONE, 400),
    "no graph to read": ("GET", "/graphs", {}, "", 400),
    "two graphs": ("PUT", GRAPH + "&default", TURTLE, ONE, 400),
    "graph named twice": ("GET", GRAPH + "&graph=a:b", {}, "", 400),
    "empty name": ("PUT", "/graphs?graph=", TURTLE, ONE, 400),
    "relative name": ("PUT", "/graphs?graph=x", TURTLE, ONE, 400),
    "escaping name": (
        "PUT",
        "/graphs?graph=" + quote("a:b> { } } ; DROP ALL ; #"),
        TURTLE,
        ONE,
        400,
    ),
    "type": ("PUT", GRAPH, {"Content-Type": "application/pdf"}, ONE, 415),
    "no type": ("PUT", GRAPH, {}, ONE, 415),
    "graphs in a graph": (
        "PUT",
        GRAPH,
        {"Content-Type": "application/n-quads"},
        "<a:a> <a:b> <a:c> <a:g> .",
        400,
    ),
    "entities": (
        "PUT",
        GRAPH,
        {"Content-Type": "application/rdf+xml"},
        '<!DOCTYPE r [<!ENTITY a "b">]><r/>',
        400,
    ),
    "far context": (
        "PUT",
        GRAPH,
        {"Content-Type": "application/ld+json"},
        '{"@context": "http://127.0.0.1:9/c", "a": "b"}',
        400,
    ),
    "not UTF-8": ("PUT", GRAPH, TURTLE, b"<a:a> <a:b> '\xff' .", 400),
    "too large": ("PUT", GRAPH, TURTLE, "#" * 3_000_000, 413),
    "broken form": (
        "POST",
        GRAPH,
        {"Content-Type": "multipart/form-data; boundary=x"},
        "nothing",
        400,
    ),
    "form without type": ("POST", GRAPH, {"Content-Type": "multipart/form-data"}, "nothing", 400),
    "no such format": ("GET", "/graphs?default", {"Accept": "text/csv"}, "", 406),
    "method": ("PATCH", GRAPH, TURTLE, ONE, 405),
}


@pytest.mark.parametrize("name", WRONG_GRAPHS)
def test_what_is_wrong_about_a_graph_is_refused(writer: httpx.Client, name: str) -> None:
    method, address, headers, content, status = WRONG_GRAPHS[name]
    answer = writer.request(method, address, headers=headers, content=content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert count(writer) == 0


def test_writes_of_many_clients_all_happen(writable: Served, writer: httpx.Client) -> None:
    headers = dict(writer.headers) | {"Content-Type": UPDATE}

    def add(number: int) -> int:
        with writable.client(headers=headers) as client:
            return client.post(
                "/update", content=f"INSERT DATA {{ <a:a> <a:b> {number} }}"
            ).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, range(24))) == {204}
    assert count(writer) == 24


WRITES = [
    ("POST", "/update", UPDATE, "DROP ALL"),
    ("PUT", GRAPH, "text/turtle", ONE),
    ("POST", "/graphs", "text/turtle", ONE),
    ("DELETE", GRAPH, "text/turtle", ""),
]


@pytest.mark.parametrize(("method", "address", "kind", "content"), WRITES)
def test_without_any_token_writing_is_off(
    client: httpx.Client, method: str, address: str, kind: str, content: str
) -> None:
    headers = {"Content-Type": kind, "Authorization": "Bearer scipol_x"}
    answer = client.request(method, address, content=content, headers=headers)
    assert answer.status_code == 403
    assert "scipol token new" in answer.json()["detail"]


@pytest.mark.parametrize(("method", "address", "kind", "content"), WRITES)
def test_where_there_are_tokens_one_is_needed(
    writable: Served, method: str, address: str, kind: str, content: str
) -> None:
    with writable.client() as client:
        answer = client.request(method, address, content=content, headers={"Content-Type": kind})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "given",
    [
        "Bearer scipol_000000000000_" + "A" * 43,
        "Basic Zm9vOmJhcg==",
        "Bearer ' OR 1=1",
        "{token}",
        "Bearer {token}x",
        "Bearer {longer}",
    ],
)
def test_a_wrong_token_does_not_count(writable: Served, given: str) -> None:
    token = (writable.data.parent / "token").read_text()
    header = given.format(token=token, longer=token[:-1])
    with writable.client(headers={"Authorization": header}) as client:
        answer = client.post("/update", content="DROP ALL", headers={"Content-Type": UPDATE})
        assert answer.status_code == 401, answer.text
    with writable.client(headers={"Authorization": f"Bearer {token}"}) as client:
        # Being right ends the slowing down.
        answer = client.post("/update", content="DROP ALL", headers={"Content-Type": UPDATE})
        assert answer.status_code == 204


def test_reading_graphs_needs_no_token(writable: Served) -> None:
    with writable.client() as client:
        assert client.get("/graphs?default").status_code == 200
