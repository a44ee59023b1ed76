"""The SPARQL Protocol against a service that runs; the rules as tables."""

import csv
import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from tests.api.serving import Served

SELECT = (
    "SELECT DISTINCT ?goal ?label "
    "WHERE { ?goal a scip:Goal ; skos:prefLabel ?label } ORDER BY ?goal"
)
ASK = "ASK { ?goal a scip:Goal }"
CONSTRUCT = (
    "CONSTRUCT { ?goal skos:prefLabel ?label } WHERE { ?goal a scip:Goal ; skos:prefLabel ?label }"
)
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
PROBLEM = "application/problem+json"


def form(**given: str) -> str:
    return "&".join(f"{name.replace('_', '-')}={quote(value)}" for name, value in given.items())


@pytest.mark.parametrize("way", ["get", "form", "body"])
@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, JSON), (ASK, XML), (CONSTRUCT, "text/turtle")]
)
def test_a_query_may_be_sent_in_each_of_three_ways(
    client: httpx.Client, way: str, query: str, accept: str
) -> None:
    headers = {"Accept": accept}
    if way == "get":
        answer = client.get("/sparql", params={"query": query}, headers=headers)
    elif way == "form":
        answer = client.post("/sparql", data={"query": query}, headers=headers)
    else:
        answer = client.post("/sparql", content=query, headers=headers | {"Content-Type": QUERY})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == accept
    assert len(answer.content) > 50


@pytest.mark.parametrize(
    ("accept", "announced"),
    [
        ("*/*", JSON),
        (JSON, JSON),
        (XML, XML),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/xml;q=0.9, image/*", "application/xml"),
    ],
)
def test_rows_come_in_the_format_that_was_asked_for(
    client: httpx.Client, accept: str, announced: str
) -> None:
    answer = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, announced)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("text/n3", ox.RdfFormat.N3),
        ("text/plain", ox.RdfFormat.N_TRIPLES),
    ],
)
def test_graphs_come_in_each_format_and_are_the_same(
    client: httpx.Client, accept: str, format: ox.RdfFormat
) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == accept
    found = set(ox.parse(answer.content, format=format))
    rows = client.get("/sparql", params={"query": SELECT}).json()["results"]["bindings"]
    assert len(found) == len(rows) > 3


def test_rows_are_the_same_in_json_and_csv(client: httpx.Client) -> None:
    as_json = client.get("/sparql", params={"query": SELECT}).json()["results"]["bindings"]
    text = client.get("/sparql", params={"query": SELECT, "format": "csv"}).text
    as_csv = list(csv.DictReader(io.StringIO(text)))
    assert as_csv == [{k: cell["value"] for k, cell in row.items()} for row in as_json]


REFUSED = {
    "no such format": ("GET", "?" + form(query=SELECT), {"Accept": "image/png"}, "", 406),
    "rows as Turtle": ("GET", "?" + form(query=SELECT), {"Accept": "text/turtle"}, "", 406),
    "triples as CSV": ("GET", "?" + form(query=CONSTRUCT), {"Accept": "text/csv"}, "", 406),
    "description as CSV": ("GET", "", {"Accept": "text/csv"}, "", 406),
    "unknown format name": ("GET", "?" + form(query=SELECT, format="pdf"), {}, "", 400),
    "syntax": ("GET", "?" + form(query="SELECT * WHERE { ?s ?p }"), {}, "", 400),
    "empty query": ("GET", "?query=", {}, "", 400),
    "two queries": ("GET", "?" + form(query=ASK) + "&" + form(query=ASK), {}, "", 400),
    "update in a query": ("GET", "?" + form(query="DROP ALL"), {}, "", 400),
    "update parameter": ("GET", "?" + form(update="DROP ALL"), {}, "", 400),
    "update form": ("POST", "", {"Content-Type": FORM}, form(update="DROP ALL"), 400),
    "relative graph": ("GET", "?" + form(query=ASK, default_graph_uri="x"), {}, "", 400),
    "graph with a space": ("GET", "?" + form(query=ASK, named_graph_uri="a:b c"), {}, "", 400),
    "time that is none": ("GET", "?" + form(query=ASK, timeout="soon"), {}, "", 400),
    "no time": ("GET", "?" + form(query=ASK, timeout="0"), {}, "", 400),
    "broken escape": ("GET", "?query=%zz", {}, "", 400),
    "bytes that are not UTF-8": ("GET", "?query=%FF%FE", {}, "", 400),
    "NUL": ("GET", "?query=ASK%7B%7D%00", {}, "", 400),
    "too many parameters": ("GET", "?" + "&a=b" * 500, {}, "", 400),
    "no type": ("POST", "", {}, ASK, 415),
    "wrong type": ("POST", "", {"Content-Type": "text/plain"}, ASK, 415),
    "an update's type": (
        "POST",
        "",
        {"Content-Type": "application/sparql-update"},
        "DROP ALL",
        415,
    ),
    "wrong charset": ("POST", "", {"Content-Type": f"{QUERY}; charset=utf-16"}, ASK, 415),
    "compressed": ("POST", "", {"Content-Type": QUERY, "Content-Encoding": "gzip"}, ASK, 415),
    "form without query": ("POST", "", {"Content-Type": FORM}, "a=b", 400),
    "query in address and body": ("POST", "?" + form(query=ASK), {"Content-Type": QUERY}, ASK, 400),
    "body that is not UTF-8": ("POST", "", {"Content-Type": QUERY}, b"ASK {} # \xff", 400),
    "PUT": ("PUT", "?" + form(query=ASK), {}, "", 405),
    "DELETE": ("DELETE", "?" + form(query=ASK), {}, "", 405),
    "PATCH": ("PATCH", "", {"Content-Type": QUERY}, ASK, 405),
    "other servers": (
        "GET",
        "?" + form(query="ASK { SERVICE <http://a.example/> { ?s ?p ?o } }"),
        {},
        "",
        403,
    ),
    "deep nesting": ("POST", "", {"Content-Type": QUERY}, "ASK " + "{" * 5000 + "}" * 5000, 400),
    "long query": ("POST", "", {"Content-Type": QUERY}, ASK + "#" + "x" * 500_000, 413),
    "longer body": ("POST", "", {"Content-Type": QUERY}, "#" * 5_000_000, 413),
    "long address": ("GET", "?" + form(query=ASK + "#" + "x" * 40_000), {}, "", 414),
    "many headers": ("GET", "?" + form(query=ASK), {f"X-{i}": "y" for i in range(150)}, "", 431),
    "long header": ("GET", "?" + form(query=ASK), {"X-Long": "y" * 70_000}, "", 431),
    "another's host": ("GET", "?" + form(query=ASK), {"Host": "a<b>"}, "", 400),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_with_its_status_and_a_sentence(
    client: httpx.Client, name: str
) -> None:
    method, address, headers, content, status = REFUSED[name]
    answer = client.request(method, f"/sparql{address}", headers=headers, content=content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"][0].isupper()
    assert len(problem["detail"]) > 15
    assert "/work" not in answer.text


@pytest.mark.parametrize("name", ["PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_told_the_right_ones(client: httpx.Client, name: str) -> None:
    answer = client.request(name, "/sparql")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_an_error_says_line_and_column(client: httpx.Client) -> None:
    problem = client.get("/sparql", params={"query": "ASK {\n  ?s ?p\n}"}).json()
    assert (problem["line"], problem["column"]) == (3, 1)


def test_after_everything_that_was_wrong_the_next_query_is_answered(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def test_unknown_parameters_are_ignored(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": ASK, "debug": "on", "should-sponge": "soft"})
    assert answer.json()["boolean"] is True


def test_parameters_of_a_form_may_stand_in_the_address(client: httpx.Client) -> None:
    answer = client.post(
        "/sparql?" + form(default_graph_uri="https://a.example/none"), data={"query": ASK}
    )
    assert answer.json()["boolean"] is False


def test_the_dataset_of_the_protocol_overrides_that_of_the_query(client: httpx.Client) -> None:
    graph = "https://w3id.org/scipol/graph/entities"
    query = "SELECT (COUNT(*) AS ?n) FROM <https://a.example/none> { ?s ?p ?o }"

    def count(**dataset: str) -> int:
        answer = client.get("/sparql", params={"query": query, **dataset})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    assert count() == 0
    assert count(**{"default-graph-uri": graph}) > 0
    assert count(**{"named-graph-uri": graph}) == 0


def test_head_has_the_headers_of_get_and_no_body(service: Served) -> None:
    request = f"HEAD /sparql?{form(query=ASK)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    head, _, body = service.send(request.encode()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert JSON.encode() in head
    assert b"content-length: " in head.lower()
    assert body == b""


def test_options_tell_the_methods(client: httpx.Client) -> None:
    answer = client.options("/sparql")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_every_site_may_read_without_credentials(client: httpx.Client) -> None:
    origin = {"Origin": "https://a.example"}
    for answer in (
        client.get("/sparql", params={"query": ASK}, headers=origin),
        client.get("/sparql", params={"query": "nonsense"}, headers=origin),
        client.options("/sparql", headers=origin | {"Access-Control-Request-Method": "POST"}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize("address", ["/update", "/graphs?default", "/metrics"])
def test_no_other_site_is_let_in_where_something_is_private(
    client: httpx.Client, address: str
) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    for method in ("OPTIONS", "POST"):
        answer = client.request(method, address, headers=headers)
        assert "access-control-allow-origin" not in answer.headers


def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    params = {"query": SELECT}
    etag = client.get("/sparql", params=params).headers["etag"]
    again = client.get("/sparql", params=params, headers={"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    other = {"If-None-Match": etag, "Accept": "text/csv"}
    assert client.get("/sparql", params=params, headers=other).status_code == 200
    params = {"query": ASK}
    assert client.get("/sparql", params=params, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_each_time_has_no_etag(client: httpx.Client, function: str) -> None:
    answer = client.get("/sparql", params={"query": f"SELECT ({function} AS ?x) {{}}"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers


def test_a_word_in_a_string_is_no_function(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": 'SELECT ("now" AS ?x) {}'})
    assert "etag" in answer.headers


def test_large_answers_are_compressed_for_those_that_want_it(client: httpx.Client) -> None:
    query = "SELECT * { ?s ?p ?o }"
    plain = client.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity"})
    with client.stream(
        "GET", "/sparql", params={"query": query}, headers={"Accept-Encoding": "gzip"}
    ) as answer:
        packed = b"".join(answer.iter_raw())
    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) < len(plain.content) / 3
    found = json.loads(gzip.decompress(packed))["results"]["bindings"]
    assert len(found) == len(plain.json()["results"]["bindings"])


def test_the_default_graph_is_the_union_unless_set_otherwise(
    client: httpx.Client, writer: httpx.Client
) -> None:
    union = "http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph"
    assert union in client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    assert union not in writer.get("/sparql", headers={"Accept": "application/n-triples"}).text


def test_without_a_query_the_service_describes_itself(client: httpx.Client) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    for kind, parser in (("text/turtle", "turtle"), ("application/rdf+xml", "xml")):
        answer = client.get("/sparql", headers={"Accept": kind})
        about = rdflib.Graph().parse(data=answer.text, format=parser)
        (endpoint,) = about.objects(None, sd.endpoint)
        assert str(endpoint) == str(client.base_url.join("/sparql"))


def test_a_short_time_limit_ends_a_long_query(client: httpx.Client) -> None:
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answer = client.get("/sparql", params={"query": bomb, "timeout": "0.5"})
    assert answer.status_code == 503
    assert "0.5" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0


def test_what_xml_cannot_hold_is_not_acceptable_as_xml(client: httpx.Client) -> None:
    query = 'SELECT ("\\u0001" AS ?x) {}'
    assert client.get("/sparql", params={"query": query}).status_code == 200
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": XML})
    assert answer.status_code == 406


def test_many_clients_are_answered_at_once(service: Served) -> None:
    def ask(number: int) -> int:
        with service.client() as client:
            query = f"SELECT ({number} AS ?n) {{}}"
            answer = client.get("/sparql", params={"query": query}).json()
            return int(answer["results"]["bindings"][0]["n"]["value"])

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(48))) == list(range(48))
