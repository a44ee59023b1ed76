"""The explorer in a real browser: what people click, type and take away.

All in one module, so that the browser runs only as long as it is needed.
"""

import csv
import io
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.api.explorer import world
from tests.api.rest import ask, find
from tests.api.serving import Served, served
from tests.browser import CHROMIUM, needs_browser
from tests.graph.small_world import BASIC, FUND, SPEAKER

pytestmark = needs_browser
READY = "body[data-ready]"
_FLAGS = (
    "--disable-gpu",
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("explored")
    world.store(folder / "data")
    with served(folder / "data", folder / "log", {"workers": 1, "spare_workers": 0}) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        assert CHROMIUM
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield running
        running.close()


class Visitor:
    """Somebody with a fresh profile; what the browser complains of and asks for is kept."""

    def __init__(self, browser: Browser, service: Served) -> None:
        self.service = service
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=service.url, viewport={"width": 1300, "height": 850}
        )
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )

    def explore(self, query: str) -> None:
        self.page.goto(f"/explore?{query}")
        self.page.wait_for_selector(READY)

    def view(self) -> dict[str, Any]:
        self.settle()
        found: dict[str, Any] = self.page.evaluate("window.explorer.view()")
        return found

    def settle(self) -> None:
        self.page.wait_for_function("() => !document.body.dataset.busy")

    def places(self) -> dict[str, tuple[float, float]]:
        return {node["id"]: (node["x"], node["y"]) for node in self.view()["nodes"]}

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def says(self, words: str) -> None:
        self.page.wait_for_function(
            "words => document.getElementById('live').textContent.includes(words)", arg=words
        )

    def click_line(self, edge: str) -> None:
        point = self.page.evaluate("edge => window.explorer.at(edge)", edge)
        self.page.mouse.click(point["x"], point["y"])


@pytest.fixture
def visitor(browser: Browser, service: Served) -> Iterator[Visitor]:
    visitor = Visitor(browser, service)
    yield visitor
    visitor.context.close()


@pytest.fixture(scope="module")
def ids(service: Served) -> dict[str, str]:
    with service.client() as client:
        names = {
            "hub": world.TELESCOPES,
            "agency": world.AGENCY,
            "tides": world.TIDES,
            "basic": BASIC,
            "fund": FUND,
            "jose": SPEAKER,
            "ursula": "Ursula Lone",
            "eve": "Eve Hacker",
        }
        return {key: find(client, name) for key, name in names.items()}


def test_every_screen_is_served_by_this_host_alone_and_runs_no_foreign_script(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    screens = [
        *("/", "/explore", "/search?q=script", "/search?q=zzzzqqqq", "/paths", "/compare"),
        *("/timeline", f"/timeline?about_id={ids['eve']}", "/documents", "/documents/markup"),
        *("/about", "/sparql", f"/id/{ids['eve']}"),
        f"/paths?from_id={ids['jose']}&to_id={ids['fund']}",
        "/compare?a=north-law&b=markup",
        f"/explore?seed={ids['eve']}&step=e|{ids['eve']}&select={ids['eve']}",
    ]
    for screen in screens:
        response = visitor.page.goto(screen)
        assert response is not None
        assert response.status == 200, screen
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert visitor.page.locator("h1").count() == 1, screen
    visitor.page.wait_for_selector(READY)
    for node in visitor.view()["nodes"]:
        point = visitor.page.evaluate("id => window.explorer.at(id)", node["id"])
        visitor.page.mouse.move(point["x"], point["y"])
        visitor.page.wait_for_timeout(250)
    assert visitor.complaints == []
    assert all(r.startswith((visitor.service.url, "data:")) for r in visitor.requests)
    assert visitor.page.evaluate("window.PWN") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_shuts_anybody_out(
    visitor: Visitor, ids: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page = visitor.page
    page.emulate_media(color_scheme=scheme)
    for screen in [
        *("/", "/search?q=basic+research", "/documents", "/documents/north-law?at=0,9", "/about"),
        f"/paths?from_id={ids['jose']}&to_id={ids['basic']}",
        "/compare?a=north-law&b=south-speech",
        f"/timeline?about_id={ids['jose']}",
        f"/explore?seed={ids['basic']}&step=e|{ids['basic']}&confidence=0.7&select={ids['basic']}",
        f"/explore?seed={ids['jose']}&seed={ids['fund']}"
        f"&tab=table&select={quote(ids['jose'] + '|opposes|' + ids['fund'])}",
    ]:
        page.goto(screen)
        if "/explore" in screen:
            page.locator("[data-testid=groups] li, [data-testid=sentence]").first.wait_for()
        page.evaluate(axe)
        result = page.evaluate("() => axe.run()")
        assert len(result["passes"]) > 15
        grave = {
            (one["id"], node["html"][:120])
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        }
        assert not grave, screen


def test_three_hundred_things_are_there_in_three_seconds_and_rest(visitor: Visitor) -> None:
    # The first request of a service makes the network; people wait for it once.
    visitor.page.request.get("/explore?top=299")
    begun = time.monotonic()
    visitor.explore("top=300")
    assert time.monotonic() - begun < 3
    places = visitor.places()
    assert len(places) == 300
    visitor.page.wait_for_timeout(2000)
    assert visitor.places() == places


def test_typed_letters_give_suggestions_by_any_name(visitor: Visitor) -> None:
    visitor.page.goto("/")
    field = visitor.page.get_by_role("combobox", name="Search")
    field.press_sequentially("nunez")
    options = visitor.page.get_by_role("option")
    options.first.wait_for(timeout=2000)
    assert SPEAKER in options.first.inner_text()


def test_search_works_by_keyboard_alone(visitor: Visitor, ids: dict[str, str]) -> None:
    visitor.page.goto("/")
    field = visitor.page.get_by_role("combobox", name="Search")
    assert field.get_attribute("aria-expanded") == "false"
    field.press_sequentially("basic research")
    visitor.page.get_by_role("option").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert visitor.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    field.press("Enter")
    visitor.page.wait_for_url("**/id/**")


def test_a_search_without_a_result_says_so(visitor: Visitor) -> None:
    visitor.page.goto("/search?q=drains+laboratories")
    assert "No thing is called that" in visitor.text("[data-testid=nothing]")
    assert visitor.page.locator("blockquote").count() == 1


def test_the_panel_counts_relations_as_the_interface_does(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    with visitor.service.client() as client:
        groups = ask(client, f"/entities/{ids['hub']}")["groups"]
    visitor.explore(f"seed={ids['hub']}&select={ids['hub']}")
    group = visitor.page.locator("[data-testid=groups] > li")
    group.first.wait_for()
    assert group.count() == len(groups) == 1
    button = group.first.get_by_role("button").first
    assert button.locator("b").inner_text() == str(groups[0]["neighbours"])
    button.click()
    visitor.page.wait_for_function(
        "() => document.querySelectorAll('.neighbours li').length === 300"
    )


def test_a_hub_grows_by_25_says_so_and_moves_nothing(visitor: Visitor, ids: dict[str, str]) -> None:
    hub = ids["hub"]
    visitor.explore(f"seed={hub}&select={hub}")
    visitor.page.get_by_test_id("expand").click()
    visitor.says("25 of 300 added")
    before, camera = visitor.places(), visitor.page.evaluate("window.explorer.camera()")
    assert len(before) == 26
    visitor.page.get_by_test_id("expand").click()
    visitor.says("25 of 275 added")
    after = visitor.places()
    assert len(after) == 51
    assert {id_: after[id_] for id_ in before} == before
    assert visitor.page.evaluate("window.explorer.camera()") == camera


def test_undo_and_redo_bring_everything_back(visitor: Visitor, ids: dict[str, str]) -> None:
    visitor.explore(f"seed={ids['basic']}&select={ids['basic']}")
    first = visitor.view()
    visitor.page.get_by_test_id("expand").click()
    visitor.says("added")
    second = visitor.view()
    visitor.page.locator("#undo").click()
    visitor.says("Undone.")
    assert visitor.view() == first
    visitor.page.locator("#redo").click()
    visitor.says("Done again.")
    assert visitor.view() == second


def test_adding_a_thing_draws_its_relations_with_what_is_there(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    visitor.explore(f"seed={ids['agency']}")
    assert visitor.view()["edges"] == []
    field = visitor.page.locator("#add")
    field.press_sequentially("tide programme")
    visitor.page.locator("#add-list [role=option]").first.wait_for()
    field.press("Enter")
    visitor.says("added")
    assert len(visitor.view()["edges"]) == 3
    visitor.page.get_by_role("tab", name="Table").click()
    assert visitor.page.locator("#rows tr").count() == 3


def test_a_line_opens_its_sentences_and_these_their_document(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    edge = f"{ids['jose']}|opposes|{ids['fund']}"
    with visitor.service.client() as client:
        stored = ask(client, "/evidence", edge=edge)["items"][0]
    visitor.explore(f"seed={ids['jose']}&seed={ids['fund']}")
    visitor.click_line(edge)
    sentence = visitor.page.get_by_test_id("sentence")
    sentence.wait_for()
    assert sentence.text_content() == stored["sentence"]
    marked = sentence.locator("mark").all_text_contents()
    assert marked == [stored["sentence"][s["start"] : s["end"]] for s in stored["spans"]]
    shown = visitor.text("[data-testid=evidence]")
    assert "A speech in Sudland, 2024-09-09" in shown
    assert f"confidence {stored['confidence']:.2f} · candidate" in shown
    visitor.page.get_by_test_id("open").click()
    visitor.page.wait_for_url("**/documents/**")
    here = visitor.page.locator("#here mark.sentence")
    assert here.text_content() == stored["sentence"]
    assert here.evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_parallel_and_opposite_lines_are_drawn_apart(visitor: Visitor, ids: dict[str, str]) -> None:
    visitor.explore(f"seed={ids['agency']}&seed={ids['tides']}")
    edges = visitor.view()["edges"]
    points = [visitor.page.evaluate("e => window.explorer.at(e)", edge) for edge in edges]
    assert len({(round(p["x"] / 4), round(p["y"] / 4)) for p in points}) == 3


def test_ways_are_those_of_the_interface_and_an_island_has_none(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    ends = {"from": ids["jose"], "to": ids["basic"]}
    with visitor.service.client() as client:
        found = client.get("/api/v1/paths", params=ends).json()["paths"]
    visitor.page.goto(f"/paths?from_id={ids['jose']}&to_id={ids['basic']}")
    ways = visitor.page.get_by_test_id("path")
    shown = [
        [hop.get_attribute("data-edge") for hop in way.get_by_test_id("hop").all()]
        for way in ways.all()
    ]
    assert shown == [[step["edge"] for step in way["steps"]] for way in found]
    ways.first.locator("summary").click()
    assert ways.first.locator("blockquote").first.is_visible()
    visitor.page.goto(f"/paths?from_id={ids['jose']}&to_id={ids['ursula']}")
    assert "no path within 4 steps" in visitor.text("[data-testid=no-path]")


def test_avoided_types_change_the_ways(visitor: Visitor, ids: dict[str, str]) -> None:
    link = f"/paths?from_id={ids['jose']}&to_id={ids['basic']}"
    visitor.page.goto(link)
    every = visitor.page.get_by_test_id("path").count()
    visitor.page.goto(f"{link}&avoid_type=Instrument")
    assert 0 < visitor.page.get_by_test_id("path").count() < every


def test_type_filters_tell_what_they_hide_and_can_be_cleared(visitor: Visitor) -> None:
    visitor.explore("top=40")
    every = visitor.view()
    visitor.page.locator("#types input[value=Organization]").uncheck()
    visitor.page.wait_for_selector("[data-testid=clear]")
    counts = visitor.view()["counts"]
    assert counts["nodes"] + sum(counts["hidden"].values()) == counts["all_nodes"] == 40
    line = visitor.text("#counts")
    assert line.startswith(f"{counts['nodes']} of 40 things shown, {40 - counts['nodes']} hidden:")
    assert f"{counts['hidden']['type']} type" in line
    assert visitor.page.locator("#rows tr").count() == counts["edges"]
    visitor.page.get_by_test_id("clear").click()
    visitor.says("cleared")
    assert visitor.view() == every


def test_years_are_typed_and_undated_relations_have_a_box_of_their_own(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    visitor.explore(
        f"seed={ids['basic']}&step=e|{ids['basic']}&step=a|{ids['agency']}|{ids['tides']}"
    )
    every = visitor.view()["counts"]
    years = visitor.page.locator("input[name=from]")
    years.fill("2024")
    years.press("Enter")
    visitor.page.wait_for_function("() => window.explorer.view().spec.filters.from === 2024")
    later = visitor.view()["counts"]
    assert later["undated"] == 3
    assert 3 < later["edges"] < every["edges"]
    visitor.page.locator("#undated").uncheck()
    visitor.page.wait_for_function("() => window.explorer.view().spec.filters.undated === false")
    assert visitor.view()["counts"]["edges"] == later["edges"] - 3


def test_filters_of_sentences_take_relations_away(visitor: Visitor, ids: dict[str, str]) -> None:
    pair = f"seed={ids['agency']}&seed={ids['tides']}"
    for query, left in (("confidence=0.8", 1), ("support=2", 0), ("", 3)):
        visitor.explore(f"{pair}&{query}")
        assert visitor.view()["counts"]["edges"] == left


def test_a_document_filter_leaves_what_it_says(visitor: Visitor) -> None:
    visitor.explore("top=60")
    visitor.page.locator("summary", has_text="Documents").click()
    visitor.page.locator("#documents label", has_text="A speech in Sudland").click()
    visitor.page.wait_for_selector("[data-testid=clear]")
    with visitor.service.client() as client:
        documents = ask(client, "/documents")["items"]
        answer = client.post("/api/v1/view", json=visitor.view()["spec"]).json()
    speech = next(d["id"] for d in documents if d["title"] == "A speech in Sudland")
    assert answer["edges"]
    assert all(edge["docs"] == [speech] for edge in answer["edges"])
    assert visitor.page.locator("#rows tr").count() == len(answer["edges"])


def test_back_forward_and_reload_restore_every_step(visitor: Visitor, ids: dict[str, str]) -> None:
    page = visitor.page
    visitor.explore(f"seed={ids['basic']}&select={ids['basic']}")
    seen = [visitor.view()]
    steps: list[Any] = [
        lambda: page.get_by_test_id("expand").click(),
        lambda: page.evaluate("id => window.explorer.select(id)", ids["fund"]),
        lambda: page.locator("#types input[value=Goal]").uncheck(),
        lambda: page.get_by_role("tab", name="Table").click(),
        lambda: page.get_by_test_id("clear").click(),
    ]
    for step in steps:
        before = page.url
        step()
        page.wait_for_function("url => location.href !== url", arg=before)
        seen.append(visitor.view())
        page.reload()
        page.wait_for_selector(READY)
        assert visitor.view() == seen[-1]
    for expected in reversed(seen[:-1]):
        page.go_back()
        page.wait_for_selector(READY)
        page.wait_for_function(
            "v => JSON.stringify(window.explorer.view()) === JSON.stringify(v)", arg=expected
        )
    for expected in seen[1:]:
        page.go_forward()
        page.wait_for_selector(READY)
        page.wait_for_function(
            "v => JSON.stringify(window.explorer.view()) === JSON.stringify(v)", arg=expected
        )


def test_a_link_brings_the_same_view_to_somebody_else(
    visitor: Visitor, browser: Browser, ids: dict[str, str]
) -> None:
    edge = quote(f"{ids['jose']}|opposes|{ids['fund']}")
    visitor.explore(f"seed={ids['fund']}&step=e|{ids['fund']}&confidence=0.7&select={edge}")
    visitor.page.locator("#closer").click()
    other = Visitor(browser, visitor.service)
    other.page.goto(visitor.page.url)
    other.page.wait_for_selector(READY)
    assert other.view() == visitor.view()
    cameras = [v.page.evaluate("window.explorer.camera()") for v in (visitor, other)]
    assert all(abs(a - b) < 1 for a, b in zip(*cameras, strict=True))
    other.page.goto("/explore?seed=goal/there-is-no-such-goal")
    assert "goal/there-is-no-such-goal" in other.text("#missing")
    other.context.close()


def test_a_comparison_accounts_for_everything(visitor: Visitor) -> None:
    with visitor.service.client() as client:
        names = {d["name"]: d["id"] for d in ask(client, "/documents")["items"]}
        ends = {"a": names["north-law"], "b": names["south-speech"]}
        found = ask(client, "/compare", **ends)["entities"]
    visitor.page.goto("/compare?a=north-law&b=south-speech")
    for part, key in (("only-a", "a"), ("both", "both"), ("only-b", "b")):
        shown = visitor.page.locator(f"[data-testid={part}] li").all_inner_texts()
        assert len(shown) == len(found[key]) > 0
    with visitor.service.client() as client:
        text = client.get("/compare.csv?a=north-law&b=south-speech").text
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["what"] == "thing"]
    assert len(rows) == sum(len(part) for part in found.values())


def test_more_than_two_thousand_things_are_refused_with_choices(visitor: Visitor) -> None:
    visitor.page.goto("/explore?top=2001")
    visitor.page.wait_for_selector(READY)
    assert "Show the 500 best connected ones" in visitor.text("#problem")
    assert visitor.page.locator("#add").is_editable()


def test_a_failing_interface_is_told_and_can_be_asked_again(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    visitor.explore(f"seed={ids['basic']}&select={ids['basic']}")
    visitor.page.route("**/api/v1/view", lambda route: route.abort())
    visitor.page.get_by_test_id("expand").click()
    visitor.page.locator("#problem button").wait_for()
    assert "does not answer" in visitor.text("#problem")
    visitor.page.unroute("**/api/v1/view")
    visitor.page.locator("#problem button").click()
    visitor.page.wait_for_function("() => window.explorer.view().spec.steps.length === 1")
    assert visitor.page.locator("#problem").is_hidden()


def test_things_are_reached_by_keyboard(visitor: Visitor, ids: dict[str, str]) -> None:
    visitor.explore(f"seed={ids['basic']}")
    things = visitor.page.locator("#things")
    things.focus()
    things.press("e")
    visitor.says("added to strengthen basic research")
    things.press("ArrowDown")
    things.press("Enter")
    view = visitor.view()
    assert view["selected"] == view["nodes"][1]["id"]
    things.press("Delete")
    visitor.says("taken out")
    assert len(visitor.view()["nodes"]) == len(view["nodes"]) - 1


def test_a_picture_is_taken_away_as_png(visitor: Visitor) -> None:
    visitor.explore("top=20")
    visitor.page.locator(".exports summary").click()
    with visitor.page.expect_download() as download:
        visitor.page.locator("#png").click()
    content = Path(download.value.path()).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(content) > 10_000


def test_exports_hold_what_is_shown_and_where_it_is_from(service: Served) -> None:
    with service.client() as client:

        def taken(form: str) -> bytes:
            return client.get(f"/explore/export/{form}?top=60").raise_for_status().content

        view = client.post("/api/v1/view", json={"top": 60}).json()
        release = ask(client, "/version")["release"]
        files = {
            form: taken(form) for form in ("svg", "graphml", "gexf", "csv", "turtle", "jsonld")
        }
    for form, content in files.items():
        for words in ("top=60", release):
            assert words in content.decode(), form
    nodes, edges = len(view["nodes"]), len(view["edges"])
    root = ElementTree.fromstring(files["svg"])
    assert sum("data-id" in e.attrib for e in root.iter()) == nodes
    for network in (
        nx.read_graphml(io.BytesIO(files["graphml"]), force_multigraph=True),
        nx.read_gexf(io.BytesIO(files["gexf"])),
    ):
        assert (len(network), network.number_of_edges()) == (nodes, edges)
    assert len(list(csv.DictReader(io.StringIO(files["csv"].decode())))) == edges
    graphs = [
        {str(quad.triple) for quad in ox.parse(files[form], format=format)}
        for form, format in (
            ("turtle", ox.RdfFormat.TURTLE),
            ("jsonld", ox.RdfFormat.JSON_LD),
        )
    ]
    assert graphs[0] == graphs[1]
    assert len(graphs[0]) > edges


def test_pages_are_small(service: Served) -> None:
    with service.client(headers={"Accept-Encoding": "gzip"}) as client:

        def weight(method: str, address: str, **more: Any) -> int:
            with client.stream(method, address, **more) as response:
                response.read()
                return response.num_bytes_downloaded

        scripts = ("dom", "explore", "panel", "picture", "search")
        addresses = ["/vendor/vis-network.js", *(f"/static/{name}.js" for name in scripts)]
        assert sum(weight("GET", address) for address in addresses) < 220_000
        assert weight("POST", "/api/v1/view", json={"top": 500}) < 40_000


def test_without_a_script_everything_is_there_to_read(browser: Browser, service: Served) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/explore?top=12")
    assert page.locator("noscript img, img.still").count() == 1
    assert page.locator("#rows tr").count() > 5
    page.goto("/search?q=basic+research")
    assert page.locator(".hits li").count() > 0
    context.close()
