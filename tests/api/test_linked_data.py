"""Our IRIs as addresses: pages for people, RDF for programs."""

import re
from html.parser import HTMLParser

import httpx
import pyoxigraph as ox
import pytest

from graph.layout import GRAPHS
from graph.store import Store
from tests.graph.small_world import HOSTILE

BASE = "https://w3id.org/scipol"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


class Page(HTMLParser):
    """The text, the links, the languages and the elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.languages: set[str] = set()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.inline_scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        self.attributes |= given.keys()
        self.inline_scripts += tag == "script" and not given.get("src", "").startswith("/static/")
        if tag == "a":
            self.links.append(given["href"])
        if "lang" in given:
            self.languages.add(given["lang"])

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def goal(world_store: Store) -> str:
    """The path of a goal that several statements are about."""
    rows = world_store.select(
        "SELECT ?g { ?g a scip:Goal ; skos:prefLabel 'strengthen basic research'@en } LIMIT 1"
    ).rows
    return str(rows[0][0])[1:-1].removeprefix(BASE)


def paths(store: Store) -> list[str]:
    """Paths of one thing of each class, of texts, spans and runs as well."""
    rows = store.select("SELECT ?type (MIN(STR(?x)) AS ?one) { ?x a ?type } GROUP BY ?type").rows
    ours = [one.value for _, one in rows if one.value.startswith(f"{BASE}/id/")]  # type: ignore[union-attr]
    return [iri.removeprefix(BASE).partition("#")[0] for iri in ours]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_end_of_an_address_chooses_the_format(
    client: httpx.Client, goal: str, suffix: str
) -> None:
    media_type, format = FORMATS[suffix]
    answer = client.get(f"{goal}.{suffix}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    about = ox.NamedNode(BASE + goal)
    assert any(
        about in (quad.subject, quad.object) for quad in ox.parse(answer.content, format=format)
    )


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples, text/html;q=0.1", "application/n-triples"),
        ("application/json", "application/json"),
    ],
)
def test_accept_chooses_the_format(
    client: httpx.Client, goal: str, accept: str, expected: str
) -> None:
    answer = client.get(goal, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in answer.headers["vary"]


def test_all_formats_say_the_same(client: httpx.Client, goal: str) -> None:
    found = {
        frozenset(ox.parse(client.get(f"{goal}.{suffix}").content, format=format))
        for suffix, (_, format) in FORMATS.items()
    }
    assert len(found) == 1
    assert len(next(iter(found))) > 5


def test_the_page_of_a_goal_shows_names_statements_and_sentences(
    client: httpx.Client, goal: str
) -> None:
    page = Page(client.get(f"{goal}.html").text)
    assert "strengthen basic research" in page.text
    assert "blockquote" in page.elements
    assert any(re.match(r"/documents/.*\?at=\d+,\d+#here", link) for link in page.links)
    assert f"{goal}.ttl" in page.links


def test_a_page_shows_the_names_in_all_languages(client: httpx.Client) -> None:
    page = Page(client.get("/voc/modality/calls-for.html").text)
    assert {"de", "en", "es", "fr", "zh"} <= page.languages
    assert "呼吁" in page.text


def test_everything_that_is_named_has_a_page_and_rdf(
    client: httpx.Client, world_store: Store
) -> None:
    found = paths(world_store)
    assert len(found) > 8
    for path in found:
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path
        assert len(client.get(path, headers={"Accept": "application/n-triples"}).text) > 50, path


def test_links_inside_a_page_lead_somewhere(client: httpx.Client, goal: str) -> None:
    page = Page(client.get(f"{goal}.html").text)
    inside = sorted({link for link in page.links if link.startswith("/") and link[1:4] != "api"})
    assert len(inside) > 8
    broken = {link for link in inside if client.get(link).status_code != 200}
    assert not broken


def test_what_a_text_says_can_do_nothing_on_a_page(
    client: httpx.Client, world_store: Store
) -> None:
    rows = world_store.select(
        "SELECT DISTINCT ?x { ?x skos:prefLabel|rdfs:label ?label FILTER(CONTAINS(?label, '<')) }"
    ).rows
    assert rows, "the small world has a hostile label"
    for (thing,) in rows:
        path = thing.value.removeprefix(BASE)  # type: ignore[union-attr]
        answer = client.get(path, headers={"Accept": "text/html"})
        page = Page(answer.text)
        assert not page.inline_scripts
        assert "img" not in page.elements
        assert not {name for name in page.attributes if name.startswith("on")}
        assert not any(link.lower().startswith("javascript") for link in page.links)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert HOSTILE


def test_what_a_query_says_can_do_nothing_in_the_editor(client: httpx.Client) -> None:
    query = "SELECT ('</textarea><script>alert(1)</script>' AS ?x) (<javascript:alert(1)> AS ?y) {}"
    for text in (query, query[:-2]):
        answer = client.get("/sparql", params={"query": text}, headers={"Accept": "text/html"})
        page = Page(answer.text)
        assert not page.inline_scripts
        assert not any("javascript:" in link[:20] for link in page.links)
        assert "alert(1)" in page.text


def test_the_editor_works_without_script(client: httpx.Client) -> None:
    html = {"Accept": "text/html,*/*;q=0.8"}
    empty = client.get("/sparql", headers=html).text
    example = re.search(r"<textarea[^>]*>(.*?)</textarea>", empty, re.DOTALL)
    assert example
    assert 'action="/sparql" method="post"' in empty
    query = Page(example[1]).text
    answer = client.get("/sparql", params={"query": query, "format": "html"})
    page = Page(answer.text)
    assert {"table", "th", "td"} <= page.elements
    assert "strengthen basic research" in page.text
    assert any(link.startswith("/sparql?query=") and link.endswith("csv") for link in page.links)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?x a scip:Goal }", "true"),
        ("CONSTRUCT { ?x a scip:Goal } WHERE { ?x a scip:Goal }", "scip:Goal"),
        ("SELECT * { ?x a scip:Nothing }", "0 rows"),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c }", "shown of more"),
    ],
)
def test_the_editor_shows_every_form_of_answer(
    client: httpx.Client, query: str, shown: str
) -> None:
    answer = client.get("/sparql", params={"query": query, "format": "html"})
    assert answer.status_code == 200
    assert shown in Page(answer.text).text


def test_the_editor_says_what_is_wrong(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT", "format": "html"})
    assert answer.status_code == 400
    assert "not valid SPARQL" in Page(answer.text).text


def test_a_form_is_led_to_the_address_of_its_query_where_that_is_short(
    client: httpx.Client,
) -> None:
    html = {"Accept": "text/html"}
    short = client.post("/sparql", data={"query": "ASK {}"}, headers=html)
    assert (short.status_code, short.headers["location"]) == (303, "/sparql?query=ASK+%7B%7D")
    long = client.post("/sparql", data={"query": f"ASK {{}} # {'x' * 9000}"}, headers=html)
    assert long.status_code == 200
    assert "Yes" in Page(long.text).text


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        ("query=", 400, "no query yet"),
        ("query=" + "x" * 500_000, 413, "400000"),
        ("query=%FF", 400, "UTF-8"),
        ("quer=ASK", 400, "no parameter 'query'"),
        ("query=DROP+ALL", 400, "only reads"),
    ],
)
def test_the_editor_says_what_is_wrong_with_a_form(
    client: httpx.Client, content: str, status: int, told: str
) -> None:
    headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/sparql", content=content, headers=headers, follow_redirects=True)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert told in Page(answer.text).text.replace(",", "")


@pytest.mark.parametrize("path", ["/ns", "/voc", "/voc/modality", "/voc/modality/calls-for"])
@pytest.mark.parametrize("suffix", ["", ".ttl", ".html", ".jsonld", ".nt"])
def test_the_vocabulary_is_at_its_addresses(client: httpx.Client, path: str, suffix: str) -> None:
    answer = client.get(path + suffix)
    assert answer.status_code == 200
    assert len(answer.content) > 500


def test_the_terms_of_the_vocabulary_can_be_linked_to(client: httpx.Client) -> None:
    page = client.get("/ns.html").text
    assert 'id="Goal"' in page
    assert 'id="servesGoal"' in page


def test_a_named_graph_is_at_its_address(client: httpx.Client, world_store: Store) -> None:
    for name in world_store.graphs():
        path = name.removeprefix(BASE)
        triples = client.get(path, headers={"Accept": "application/n-triples"}).text.splitlines()
        assert len(triples) == len(world_store.dump_graph(name).splitlines())
    assert any(name.startswith(f"{GRAPHS}") for name in world_store.graphs())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id/goal/nothing-here", 404),
        ("/id/", 404),
        ("/id/goal/a%20b", 400),
        ("/id/goal/%3E%20.%20%3C", 400),
        ("/id/goal/%ff", 400),
        ("/id/goal/x%00", 400),
        ("/voc/nothing", 404),
        ("/voc/modality/nothing", 404),
        ("/voc/..%2f..%2fetc", 404),
        ("/graph/nothing", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/nowhere", 404),
    ],
)
def test_what_is_not_there_is_said_so(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(httpx.URL(str(client.base_url.join("/")), raw_path=path.encode()))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_addresses_of_data_are_for_reading(client: httpx.Client, goal: str) -> None:
    answer = client.delete(goal)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert client.get(goal, headers={"Accept": "image/png"}).status_code == 406
    assert client.head(goal).status_code == 200


def test_a_thing_that_is_known_is_not_sent_again(client: httpx.Client, goal: str) -> None:
    etag = client.get(goal).headers["etag"]
    assert client.get(goal, headers={"If-None-Match": etag}).status_code == 304


def test_a_page_that_is_known_keeps_what_it_may_load(client: httpx.Client, goal: str) -> None:
    page = client.get(goal, headers={"Accept": "text/html"})
    known = {"Accept": "text/html", "If-None-Match": page.headers["etag"]}
    again = client.get(goal, headers=known)
    assert again.status_code == 304
    policies = [a.headers["content-security-policy"] for a in (page, again)]
    assert policies[0] == policies[1]
    assert "style-src 'self'" in policies[0]


def test_the_dataset_says_what_is_in_it(client: httpx.Client, world_store: Store) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    triples = list(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))
    void = "http://rdfs.org/ns/void#"
    by_part = {
        (t.subject.value, t.predicate.value.removeprefix(void)): t.object.value for t in triples
    }
    counts = {
        by_part[part, "class"]: int(by_part[part, "entities"])
        for part, name in by_part
        if name == "class"
    }
    rows = world_store.select("SELECT ?c (COUNT(DISTINCT ?x) AS ?n) { ?x a ?c } GROUP BY ?c").rows
    assert counts == {c.value: int(n.value) for c, n in rows}  # type: ignore[union-attr]
    total = world_store.select("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }").rows
    assert any(by_part.get((s, "triples")) == total[0][0].value for s, _ in by_part)  # type: ignore[union-attr]


def test_the_start_page_leads_to_the_rest(client: httpx.Client) -> None:
    start, about = (Page(client.get(path).text) for path in ("/", "/about"))
    assert {"/sparql", "/explore", "/documents", "/about"} <= set(start.links)
    assert {"/ns", "/voc", "/.well-known/void"} <= set(about.links)
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")
