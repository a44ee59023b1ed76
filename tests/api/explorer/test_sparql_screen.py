"""The SPARQL screen in a real browser, with the editor that `make assets` fetches and without it.

All in one module, so that the browser runs only as long as it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from api.pages import STATIC
from tests.api.explorer import world
from tests.api.rest import ask, find
from tests.api.serving import Served, served
from tests.browser import grave_faults, needs_browser
from tests.graph.small_world import BASIC, HOSTILE

pytestmark = needs_browser
HAS_EDITOR = (STATIC / "vendor" / "yasqe.min.js").is_file()
needs_editor = pytest.mark.skipif(
    not HAS_EDITOR, reason="NO EDITOR: run `make assets`, or only the plain text area is tested"
)
EITHER = [pytest.param("rich", marks=needs_editor), "plain"]
GOALS = "SELECT ?goal ?name { ?goal a scip:Goal ; skos:prefLabel ?name } ORDER BY ?goal ?name"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MANY = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3000"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "data"
    world.store(folder)
    return folder


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[Served]:
    settings = {"workers": 1, "spare_workers": 1, "query_timeout": 20}
    with served(data, data.parent / "log", settings) as running:
        yield running


class Asker:
    """Somebody at the screen; what the browser complains of and asks for is kept."""

    def __init__(self, browser: Browser, service: Served, kind: str, **more: Any) -> None:
        self.service = service
        self.kind = kind
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(
            base_url=service.url, viewport={"width": 1300, "height": 900}, **more
        )
        if kind == "plain":
            self.context.add_init_script("localStorage.setItem('scipol-plain-editor', 'yes')")
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )

    def open(self, address: str = "/sparql") -> None:
        self.page.goto(address)
        self.page.wait_for_selector("body[data-loaded]")
        assert self.page.evaluate("document.body.dataset.kind") == self.kind

    @property
    def input(self) -> str:
        return ".CodeMirror" if self.kind == "rich" else "#query"

    def type(self, query: str) -> None:
        """Put a text in the place of what is there, through the keyboard's own way."""
        self.page.locator(self.input).click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(query)

    def run(self, query: str) -> None:
        self.type(query)
        self.page.keyboard.press("Control+Enter")
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_function(
            "() => !document.body.dataset.busy && document.body.dataset.ready"
        )

    def rows(self) -> list[list[str]]:
        """What the cells of the page of rows say, without the small print."""
        found: list[list[str]] = self.page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=rows] tbody tr')].map(row =>"
            " [...row.cells].map(cell => cell.querySelector('bdi')?.textContent ?? ''))"
        )
        return found

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()


@pytest.fixture(params=EITHER)
def asker(request: pytest.FixtureRequest, browser: Browser, service: Served) -> Iterator[Asker]:
    asker = Asker(browser, service, request.param)
    yield asker
    asker.context.close()
    assert asker.complaints == []
    assert all(r.startswith((service.url, "data:", "blob:")) for r in asker.requests)


@pytest.fixture
def plain(browser: Browser, service: Served) -> Iterator[Asker]:
    """For what does not depend on the editor."""
    asker = Asker(browser, service, "plain")
    yield asker
    asker.context.close()
    assert asker.complaints == []


def _bindings(service: Served, query: str) -> list[dict[str, dict[str, str]]]:
    with service.client(headers={"Accept": "application/sparql-results+json"}) as client:
        answer = client.post("/sparql", data={"query": query})
    found: list[dict[str, dict[str, str]]] = answer.json()["results"]["bindings"]
    return found


def test_the_keyboard_runs_a_query_and_its_rows_are_those_of_the_api(asker: Asker) -> None:
    asker.open()
    asker.run(GOALS)
    expected = _bindings(asker.service, GOALS)
    assert len(expected) > 3
    shown, names = [row[1] for row in asker.rows()], [row["name"]["value"] for row in expected]
    # The end of very long ones is not shown.
    pairs = zip(shown, names, strict=True)
    assert all(name.startswith(cell.removesuffix("…")) for cell, name in pairs)
    links = asker.page.locator("#answer tbody a").evaluate_all("all => all.map(a => a.title)")
    assert links == [row["goal"]["value"] for row in expected]
    assert re.match(rf"{len(expected)} rows\s+\d+\.\d\d s", asker.text("#answer h2"))


def test_things_are_called_by_their_names(plain: Asker) -> None:
    plain.open()
    plain.run("SELECT DISTINCT ?goal { ?goal a scip:Goal ; skos:prefLabel ?n } ORDER BY ?goal")
    plain.page.wait_for_function(
        "name => document.querySelector('#answer tbody').textContent.includes(name)", arg=BASIC
    )


NAMED = """SELECT ?goal_label ?n ?goal {
  { SELECT ?goal (COUNT(*) AS ?n) { ?s scip:content ?goal } GROUP BY ?goal }
  ?goal a scip:Goal ; skos:prefLabel ?goal_label . FILTER(LANG(?goal_label) = "en")
} ORDER BY ?goal_label"""


def test_a_thing_and_its_name_are_one_column(plain: Asker, browser: Browser) -> None:
    plain.open()
    plain.run(NAMED)
    expected = [row["goal_label"]["value"] for row in _bindings(plain.service, NAMED)]
    assert len(expected) > 3
    heads = "[data-testid=rows] th"
    assert [h.split()[0] for h in plain.page.locator(heads).all_inner_texts()] == ["goal", "n"]
    assert [row[0] for row in plain.rows()] == expected
    link = "[data-testid=rows] tbody tr:first-child a"
    assert "/id/goal/" in (plain.page.locator(link).get_attribute("href") or "")
    # The page that the server writes is the same, and so is what becomes of it.
    context = browser.new_context(base_url=plain.service.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/sparql?{urlencode({'query': NAMED})}")
    assert page.locator("#answer th").all_inner_texts() == ["goal", "n"]
    assert page.locator("#answer tbody tr td:first-child").all_inner_texts() == expected
    context.close()


def test_an_empty_answer_names_help_that_is_there(asker: Asker) -> None:
    asker.open()
    asker.run("SELECT ?x { ?x a scip:Nothing }")
    told = asker.text("#answer .nothing")
    assert ("what the editor completes" in told) == (asker.kind == "rich")
    assert ("the vocabulary" in told) == (asker.kind == "plain")


def test_a_syntax_error_marks_its_line_and_says_what_is_wrong(asker: Asker) -> None:
    asker.open()
    asker.run("SELECT * {\n  ?s a scip:Goal .\n  ?s ?p\n}")
    assert "not valid SPARQL at line 4" in asker.text("#fault")
    if asker.kind == "rich":
        marked = asker.page.locator(".CodeMirror-code > div:has(.wrong-line)")
        assert marked.locator(".CodeMirror-linenumber").inner_text() == "4"
        assert "line 4" in asker.text(".wrong-note")
    else:
        assert asker.text(".gutter .wrong-line") == "4"
    asker.run("ASK {}")
    assert asker.page.locator(".wrong-line").count() == 0
    assert asker.page.locator("#fault").is_hidden()


def test_the_button_at_an_error_leads_to_its_place(plain: Asker) -> None:
    plain.open()
    plain.run("SELECT * {\n  ?s a scip:Goal .\n  ?s ?p\n}")
    plain.page.locator("#fault button", has_text="Line 4").click()
    plain.page.keyboard.insert_text("?o ")
    assert plain.page.evaluate("window.asking.query").endswith("?s ?p\n?o }")


def test_what_the_service_refuses_is_told_in_its_words(asker: Asker) -> None:
    asker.open()
    asker.run("SELECT * { SERVICE <https://elsewhere.example/> { ?s ?p ?o } }")
    with asker.service.client() as client:
        query = "SELECT * { SERVICE <https://elsewhere.example/> { ?s ?p ?o } }"
        detail = client.post("/sparql", data={"query": query}).json()["detail"]
    assert detail in asker.text("#fault")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <https://a.example> a scip:Goal }",
        "PREFIX a: <https://a.example/>\n# take all away\ndelete where { ?s ?p ?o }",
        "CLEAR ALL",
        "LOAD <https://a.example/data.ttl>",
    ],
)
def test_an_update_is_refused_with_a_sentence(plain: Asker, update: str) -> None:
    plain.open()
    plain.run(update)
    word = re.search("insert|delete|clear|load", update, re.IGNORECASE)
    assert word
    assert f"only reads, and {word[0].upper()} would change the graph" in plain.text("#fault")
    assert "Nothing was changed" in plain.text("#fault")


def test_an_update_is_refused_in_the_editor_as_well(asker: Asker) -> None:
    asker.open()
    asker.run("DROP ALL")
    assert "only reads" in asker.text("#fault")


def test_tab_leaves_the_editor_and_comes_back(asker: Asker) -> None:
    asker.open()
    asker.type("ASK {}")
    asker.page.keyboard.press("Tab")
    assert asker.page.evaluate("document.activeElement.id") == "run"
    assert asker.page.evaluate("window.asking.query") == "ASK {}"
    asker.page.keyboard.press("Shift+Tab")
    asker.page.keyboard.insert_text("# again")
    assert "# again" in asker.page.evaluate("window.asking.query")


@needs_editor
def test_tab_leaves_the_editor_while_it_offers_words(browser: Browser, service: Served) -> None:
    asker = Asker(browser, service, "rich")
    asker.open()
    asker.type("SELECT * { ?s ")
    asker.page.keyboard.type("a scip:Go", delay=20)
    asker.page.locator(".CodeMirror-hint").first.wait_for()
    asker.page.keyboard.press("Tab")
    assert asker.page.evaluate("document.activeElement.id") == "run"
    assert asker.page.locator(".CodeMirror-hint").count() == 0
    asker.context.close()


@needs_editor
def test_what_the_graph_holds_is_offered(browser: Browser, service: Served) -> None:
    asker = Asker(browser, service, "rich")
    asker.open()
    with service.client() as client:
        words = ask(client, "/vocab")
    offered = {}
    for begun, after in (
        ("?s a ", "scip:"),
        ("?s a ", "inst"),
        ("?s ", "skos:pref"),
        ("?s ", "servesg"),
        ("?s scip:modality ", "opposes"),
        ("", "sko"),
        ("", "sel"),
    ):
        asker.type(f"SELECT * {{ {begun}")
        asker.page.keyboard.type(after, delay=20)
        asker.page.locator(".CodeMirror-hint").first.wait_for()
        offered[begun + after] = asker.page.locator(".CodeMirror-hint").all_inner_texts()
        asker.page.keyboard.press("Escape")
    used = {iri.rpartition("#")[2] for iri in words["used_classes"] if "/scipol/ns#" in iri}
    classes = {t.split()[0] for t in offered["?s a scip:"] if "class" in t}
    assert classes == {f"scip:{name}" for name in used}
    assert offered["?s a inst"][0].startswith("scip:Instrument\n")
    assert offered["?s skos:pref"][0].startswith("skos:prefLabel\n")
    assert any(t.startswith("scip:servesGoal\n") for t in offered["?s servesg"])
    assert any("modality" in text for text in offered["?s scip:modality opposes"])
    assert any(text.startswith("skos:\n") for text in offered["sko"])
    assert "SELECT" in offered["sel"]
    asker.type("SELECT * { ?s a ")
    asker.page.keyboard.type("goa", delay=20)
    asker.page.locator(".CodeMirror-hint").first.wait_for()
    asker.page.keyboard.press("Enter")
    assert asker.page.evaluate("window.asking.query") == "SELECT * { ?s a scip:Goal"
    assert asker.complaints == []
    assert all(r.startswith(service.url) for r in asker.requests)
    asker.context.close()


@needs_editor
def test_the_usual_prefixes_raise_no_doubt_and_a_wrong_word_does(
    browser: Browser, service: Served
) -> None:
    asker = Asker(browser, service, "rich")
    asker.open()
    asker.type("SELECT * {\n ?s a scip:Goal\n}")
    asker.page.wait_for_timeout(600)
    assert asker.page.locator(".doubt").count() == 0
    asker.type("SELECT * {\n ?s a nosuch:Goal\n}")
    asker.page.locator(".doubt").wait_for()
    assert "nosuch" in str(asker.page.locator(".doubt").get_attribute("title"))
    asker.context.close()


@needs_editor
def test_the_grammar_of_the_editor_knows_an_earlier_line(browser: Browser, service: Served) -> None:
    asker = Asker(browser, service, "rich")
    asker.open()
    asker.run("SELECT * {\n ?a a ?b\n FILTER (?x 7)\n # more\n ?c a ?d }")
    marked = asker.page.locator(".CodeMirror-code > div:has(.wrong-line)")
    assert marked.locator(".CodeMirror-linenumber").inner_text() == "3"
    assert "It is wrong from line 3 on" in asker.text("#fault")
    asker.context.close()


def test_every_example_runs_and_is_about_this_graph(plain: Asker) -> None:
    plain.open()
    examples = plain.page.locator("a[data-example]")
    count = examples.count()
    assert count >= 39
    answered = 0
    for number in range(count):
        plain.page.evaluate("delete document.body.dataset.ready")
        examples.nth(number).click()
        plain.settle()
        title = examples.nth(number).inner_text()
        assert plain.page.locator("#fault").is_hidden(), title
        assert "{" not in title
        answered += bool(plain.rows())
    assert answered > 12


def test_an_iri_opens_its_thing(plain: Asker) -> None:
    plain.open()
    plain.run(GOALS)
    with plain.service.client() as client:
        goal = find(client, BASIC)
    plain.page.locator(f"#answer a[href='/id/{goal}']").first.click()
    plain.page.wait_for_url(f"**/id/{goal}")
    assert BASIC in plain.text("h1")


def test_what_a_construct_makes_opens_as_a_graph(plain: Asker) -> None:
    query = "CONSTRUCT { ?i scip:servesGoal ?g } WHERE { ?i scip:servesGoal ?g }"
    plain.open()
    plain.run(query)
    assert plain.text("#answer h2").startswith("1 triple ")
    plain.page.locator("#as-graph").click()
    plain.page.wait_for_selector("body[data-ready]")
    nodes = plain.page.evaluate("window.explorer.view().nodes.map(n => n.id)")
    with plain.service.client(headers={"Accept": "application/n-triples"}) as client:
        triple = client.post("/sparql", data={"query": query}).text
    with plain.service.client() as client:
        assert find(client, BASIC) in nodes
    assert len(nodes) == 2
    assert all(f"/id/{node}>" in triple for node in nodes)
    assert "serves goal" in plain.page.locator("#rows").text_content()


def test_a_description_is_a_table_of_triples_in_every_format(plain: Asker) -> None:
    with plain.service.client() as client:
        goal = find(client, BASIC)
    plain.open()
    plain.run(f"DESCRIBE <https://w3id.org/scipol/id/{goal}>")
    formats = plain.page.locator("#answer .formats a")
    assert formats.all_inner_texts() == [
        *("Turtle", "N-Triples", "JSON-LD", "RDF/XML", "TriG", "N-Quads")
    ]
    for number in range(formats.count()):
        with plain.page.expect_download() as download:
            formats.nth(number).click()
        assert goal in Path(download.value.path()).read_text("utf-8")
    heads = plain.page.locator("#answer thead button").all_inner_texts()
    assert [head.split()[0] for head in heads] == ["subject", "predicate", "object"]


def test_rows_are_taken_away_in_every_format(plain: Asker) -> None:
    plain.open()
    plain.run(GOALS)
    formats = plain.page.locator("#answer .formats a")
    assert formats.all_inner_texts() == ["CSV", "TSV", "JSON", "XML"]
    for number, ending in enumerate(("csv", "tsv", "json", "xml")):
        with plain.page.expect_download() as download:
            formats.nth(number).click()
        assert download.value.suggested_filename == f"scipol-answer.{ending}"
        assert BASIC in Path(download.value.path()).read_text("utf-8")


def test_a_yes_or_no_question_is_answered_so(plain: Asker) -> None:
    plain.open()
    plain.run("ASK { ?x a scip:Goal }")
    assert plain.text(".truth b") == "Yes"
    plain.run("ASK { ?x a scip:Nothing }")
    assert plain.text(".truth b") == "No"


def test_datatypes_and_languages_are_shown(plain: Asker) -> None:
    plain.open()
    plain.run(
        'SELECT * { VALUES ?a { "x"@zh "2024-01-02"^^xsd:date 7 1.5 "plain" true } }'
        " ORDER BY STR(?a)"
    )
    shown = [" ".join(t.split()) for t in plain.page.locator("#answer td").all_inner_texts()]
    assert set(shown) == {
        *("x zh", "2024-01-02 xsd:date", "7 xsd:integer", "1.5 xsd:decimal", "plain"),
        "true xsd:boolean",
    }


def test_a_click_on_a_head_sorts_by_size_then_the_other_way(plain: Asker) -> None:
    plain.open()
    plain.run("SELECT * { VALUES (?n ?x) { (9 'a') (100 'b') (UNDEF 'c') (20 'd') } }")
    head = plain.page.locator("#answer th").first
    orders = []
    for _ in range(3):
        head.locator("button").click()
        orders.append((head.get_attribute("aria-sort"), [row[0] for row in plain.rows()]))
    assert orders == [
        ("ascending", ["9", "20", "100", ""]),
        ("descending", ["100", "20", "9", ""]),
        ("none", ["9", "100", "", "20"]),
    ]


def test_thousands_of_rows_come_in_pages(plain: Asker) -> None:
    plain.open()
    plain.run(MANY)
    expected = _bindings(plain.service, MANY)
    assert len(expected) == 3000
    assert plain.text("#answer h2").startswith("3,000 rows")
    seen = [row[2] for row in plain.rows()]
    while plain.page.locator(".pages button", has_text="Next").is_enabled():
        plain.page.locator(".pages button", has_text="Next").click()
        page = plain.rows()
        assert len(page) <= 100
        seen += [row[2] for row in page]
    assert len(seen) == 3000
    literals = [
        (s, r["o"]) for s, r in zip(seen, expected, strict=True) if r["o"]["type"] == "literal"
    ]
    assert len(literals) > 300
    assert all(
        shown == one["value"] or shown == f"{one['value'][:400]}…" for shown, one in literals
    )


def test_what_the_data_say_can_do_nothing(asker: Asker) -> None:
    asker.open()
    asker.run(
        "SELECT DISTINCT ?s ?name { ?s skos:prefLabel ?name } ORDER BY DESC(CONTAINS(?name, '<'))"
    )
    assert HOSTILE in {row[1] for row in asker.rows()}
    asker.run(
        "SELECT * { VALUES (?a ?b) {"
        " ('<img src=x onerror=\"window.PWN=1\">' <javascript:window.PWN=2>) ('\u202eesrever' 'x')"
        " ('</textarea><script>window.PWN=3</script>' <data:text/html,x>) } }"
    )
    assert len(asker.rows()) == 3
    assert asker.page.locator("#answer tbody a").count() == 0
    asker.page.reload()
    asker.settle()
    assert len(asker.rows()) == 3
    asker.page.wait_for_timeout(300)
    assert asker.page.evaluate("window.PWN") is None


def test_a_very_long_text_shows_its_beginning_first(plain: Asker) -> None:
    plain.open()
    plain.run(f"SELECT ('{'long ' * 2000}' AS ?text) {{}}")
    assert len(plain.rows()[0][0]) < 500
    plain.page.locator("#answer td button").click()
    assert len(plain.rows()[0][0]) == 10_000


def test_the_query_is_in_the_link(asker: Asker, browser: Browser) -> None:
    asker.open()
    asker.run(GOALS)
    link = asker.page.url
    asker.run("ASK {}")
    asker.page.go_back()
    asker.page.wait_for_selector("[data-testid=rows]")
    assert asker.page.evaluate("window.asking.query") == GOALS
    other = Asker(browser, asker.service, asker.kind)
    other.open(link)
    assert other.page.evaluate("window.asking.query") == GOALS
    assert other.rows() == asker.rows()
    # What the server had written was enough.
    assert not any(r.endswith("/sparql") for r in other.requests)
    other.context.close()


def test_a_link_to_many_rows_brings_the_first_and_then_all(plain: Asker) -> None:
    plain.open(f"/sparql?query={MANY.replace(' ', '+').replace('?', '%3F')}")
    assert plain.text("#answer h2").startswith("1,000 rows shown of more")
    plain.page.evaluate("delete document.body.dataset.ready")
    plain.page.locator("#all").click()
    plain.settle()
    assert plain.text("#answer h2").startswith("3,000 rows")


def test_an_empty_query_is_told_to_be_one(asker: Asker) -> None:
    asker.open()
    asker.run("  \n ")
    assert "There is no query yet" in asker.text("#fault")


def test_a_query_of_four_hundred_kilobytes_is_refused_with_its_limit(asker: Asker) -> None:
    asker.open()
    asker.page.evaluate("text => { window.asking.query = text; }", f"ASK {{}} # {'x' * 400_000}")
    asker.page.locator("#run").click()
    asker.settle()
    assert "400000" in asker.text("#fault").replace(",", "").replace(" ", "")
    assert len(asker.page.evaluate("window.asking.query")) > 400_000


def test_a_query_too_long_for_a_link_is_answered_and_taken_away(plain: Asker) -> None:
    plain.open()
    plain.run(f"{GOALS} # {'x' * 9000}")
    assert plain.rows()
    assert plain.page.url.endswith("/sparql")
    with plain.page.expect_download() as download:
        plain.page.locator("[data-format=csv]").click()
    assert BASIC in Path(download.value.path()).read_text("utf-8")
    plain.page.locator("#share").click()
    assert "too long for a link" in plain.text("#live")


def test_a_running_query_is_stopped_and_its_worker_answers_the_next(asker: Asker) -> None:
    asker.open()
    asker.type(ENDLESS)
    asker.page.keyboard.press("Control+Enter")
    asker.page.locator("#stop").click()
    asker.page.wait_for_function(
        "() => document.getElementById('live').textContent.startsWith('Stopped after')"
    )
    assert asker.page.locator("#stop").is_hidden()
    asker.page.evaluate("delete document.body.dataset.ready")
    asker.run("ASK {}")
    assert asker.text(".truth b") == "Yes"


def test_a_page_that_is_left_ends_its_query(service: Served) -> None:
    query = ENDLESS.replace(" ", "+").replace("?", "%3F")
    request = f"GET /sparql?query={query} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n"
    assert service.send(request.encode(), seconds=1.5) == b""
    # There is one worker: it would be busy for longer than anybody may wait for it.
    with service.client() as client:
        assert client.post("/sparql", data={"query": "ASK {}"}).json()["boolean"] is True


def test_a_query_that_meets_the_limit_says_so(browser: Browser, data: Path) -> None:
    settings = {"workers": 1, "spare_workers": 0, "query_timeout": 1}
    with served(data, data.parent / "short-log", settings) as service:
        asker = Asker(browser, service, "plain")
        asker.open()
        asker.run(ENDLESS)
        assert "1" in asker.text("#fault")
        assert re.search("limit|longer|time", asker.text("#fault"))
        assert asker.page.evaluate("window.asking.query") == ENDLESS
        assert asker.page.locator("#retry").is_visible()
        asker.context.close()


def test_a_service_that_is_gone_is_told_and_asked_again(browser: Browser, data: Path) -> None:
    with served(data, data.parent / "gone-log", {"workers": 1, "spare_workers": 0}) as service:
        asker = Asker(browser, service, "plain")
        asker.open()
        service.stop()
        asker.run(GOALS)
        assert "The service does not answer" in asker.text("#fault")
        assert asker.page.evaluate("window.asking.query") == GOALS
        asker.context.close()


def test_what_could_not_be_asked_is_asked_again(plain: Asker) -> None:
    plain.open()
    plain.context.set_offline(True)
    plain.run(GOALS)
    assert "The service does not answer" in plain.text("#fault")
    plain.context.set_offline(False)
    plain.page.locator("#retry").click()
    plain.page.wait_for_selector("[data-testid=rows]")
    assert BASIC in {row[1] for row in plain.rows()}


def test_an_unfinished_query_outlives_a_reload(asker: Asker) -> None:
    asker.open()
    asker.type("SELECT * { ?half")
    asker.page.reload()
    asker.page.wait_for_selector("body[data-loaded]")
    assert asker.page.evaluate("window.asking.query") == "SELECT * { ?half"


def test_prefixes_are_written_in_for_other_endpoints(plain: Asker) -> None:
    plain.open()
    plain.type(
        "PREFIX dct: <http://purl.org/dc/terms/>\nSELECT * { ?s a scip:Goal ; dct:x 'skos:no' }"
    )
    plain.page.locator("#declare").click()
    query = plain.page.evaluate("window.asking.query")
    assert query.startswith("PREFIX scip: <https://w3id.org/scipol/ns#>\nPREFIX dct:")
    assert "PREFIX skos" not in query


@needs_editor
def test_a_plain_text_area_is_one_click_away(browser: Browser, service: Served) -> None:
    asker = Asker(browser, service, "rich")
    asker.open()
    asker.type("ASK { ?x a scip:Goal }")
    asker.page.locator("#plain").click()
    assert asker.page.locator("#query").input_value() == "ASK { ?x a scip:Goal }"
    asker.page.reload()
    asker.page.wait_for_selector("body[data-kind=plain]")
    asker.page.locator("#plain").click()
    asker.page.wait_for_selector(".CodeMirror")
    asker.context.close()


@needs_editor
def test_an_editor_that_does_not_arrive_leaves_the_text_area(
    browser: Browser, service: Served
) -> None:
    asker = Asker(browser, service, "plain")
    asker.context.route("**/vendor/*", lambda route: route.fulfill(status=404))
    asker.open()
    asker.run("ASK { ?x a scip:Goal }")
    assert asker.text(".truth b") == "Yes"
    asker.context.close()


@pytest.mark.parametrize("width", [1300, 390])
def test_the_screen_shuts_nobody_out(asker: Asker, width: int) -> None:
    asker.page.set_viewport_size({"width": width, "height": 900})
    asker.open()
    for query in (
        f"# A comment\nPREFIX x: <https://x.example/>\n{GOALS} LIMIT 5",
        "SELECT (1.5 AS ?n) {\n ?s ?p 'text', 7 ",
        "ASK {}",
    ):
        asker.run(query)
        assert not grave_faults(asker.page), query
    assert asker.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_a_form_leads_to_the_rows(browser: Browser, service: Served) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql")
    page.locator("#query").fill(GOALS)
    page.locator("#run").click()
    page.wait_for_url("**/sparql?query=*")
    assert page.locator("#answer tbody tr").count() == len(_bindings(service, GOALS))
    assert BASIC in page.locator("#answer tbody").inner_text()
    assert page.locator("#answer tbody a").first.get_attribute("href", timeout=1000)
    page.locator("#query").fill("SELECT * {\n ?s ?p\n}")
    page.locator("#run").click()
    assert "line 3" in page.locator("#fault").inner_text()
    page.locator("#query").fill(f"{GOALS} # {'x' * 20_000}")
    page.locator("#run").click()
    assert BASIC in page.locator("#answer tbody").inner_text()
    page.locator("#query").fill("INSERT DATA { <a:a> <a:b> <a:c> }")
    page.locator("#run").click()
    assert "only reads" in page.locator("#fault").inner_text()
    page.locator("a[data-example]").nth(17).click()
    assert page.locator("#fault").is_hidden()
    page.locator("#format").select_option("csv")
    page.locator("#query").fill(GOALS)
    with page.expect_download() as download:
        page.locator("#run").click()
    assert BASIC in Path(download.value.path()).read_text("utf-8")
    context.close()
