"""What goes wrong: links of other data, empty and tiny graphs, no script, a failing service."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Route

from tests.api.explorer.visitor import READY, Visitor
from tests.api.rest import ask
from tests.api.serving import Served, served
from tests.browser import needs_browser
from tests.graph.small_world import HOSTILE

pytestmark = needs_browser


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("empty")
    with served(folder / "data", folder / "log", {"workers": 1, "spare_workers": 0}) as running:
        yield running


def failing(route: Route) -> None:
    route.fulfill(status=503, content_type="application/problem+json", body='{"detail": "Busy."}')


def test_unknown_things_in_a_link_are_named_and_the_others_shown(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    visitor.explore(f"seed=goal/no-such-goal&seed={ids['basic']}&step=e|person/nobody&drop=goal/x")
    assert visitor.text("#missing") == "Not in this graph: goal/no-such-goal, person/nobody"
    assert [n["id"] for n in visitor.view()["nodes"]] == [ids["basic"]]
    assert not visitor.complaints


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("step=x|y", "'x|y' is no step of a view"),
        ("seed=%22%3E%3Cscript%3E", "is no absolute IRI"),
        ("from=soon", "not understood at 'filters.from'"),
        ("moved=a|1|nan", "is no place"),
        ("confidence=7", "not understood at 'filters.confidence'"),
        ("statements=circles", "not understood at 'statements'"),
        ("v=0123456789abcdef", "No view is kept as '0123456789abcdef'"),
    ],
)
def test_a_link_without_a_meaning_is_told_and_the_page_goes_on(
    visitor: Visitor, query: str, words: str
) -> None:
    visitor.page.goto(f"/explore?{query}")
    visitor.page.wait_for_selector(READY)
    assert words in visitor.text("#problem")
    assert visitor.page.locator("#add").is_editable()
    assert visitor.page.evaluate("window.PWN") is None


def test_a_link_from_other_data_says_so_and_one_from_these_does_not(visitor: Visitor) -> None:
    visitor.explore("top=5&data=0123456789abcdef")
    with visitor.service.client() as client:
        release = ask(client, "/version")["release"]
    assert "data version 0123456789abcdef" in visitor.text("[data-testid=older]")
    assert release in visitor.text("[data-testid=older]")
    assert f"data={release}" in visitor.page.url
    visitor.explore(f"top=5&data={release}")
    assert visitor.page.get_by_test_id("older").count() == 0


def test_a_view_too_long_for_an_address_is_kept_under_its_hash(
    visitor: Visitor, browser: Browser, explored: Path
) -> None:
    with visitor.service.client() as client:
        seeds = [n["id"] for n in client.post("/api/v1/view", json={"top": 60}).json()["nodes"]]
        moved = {seed: [i * 10.0, -i] for i, seed in enumerate(seeds[:30])}
        view = {"seeds": seeds, "moved": moved}
        links = [client.post("/api/v1/view", json=view).json()["link"] for _ in range(2)]
    assert links[0] == links[1]
    assert (explored / "views.db").exists()
    assert re.fullmatch(r"/v/[0-9a-f]{16}\?data=\w+", links[0])
    visitor.page.goto(links[0])
    visitor.page.wait_for_selector(READY)
    assert visitor.places()[seeds[3]] == (30, -3)
    visitor.page.evaluate("id => window.explorer.select(id)", seeds[1])
    visitor.page.locator("#types input[value=Goal]").uncheck()
    visitor.page.wait_for_selector("[data-testid=clear]")
    assert "/v/" in visitor.page.url
    assert len(visitor.page.url) < 1800
    other = Visitor(browser, visitor.service)
    other.page.goto(visitor.page.url)
    other.page.wait_for_selector(READY)
    assert other.view() == visitor.view()
    for form in ("svg", "csv"):
        link = other.page.locator(f"[data-export={form}]").get_attribute("href")
        assert "v=" in (link or "")
        assert other.page.request.get(link or "").status == 200
    pack = other.page.locator("#pack").get_attribute("href")
    assert other.page.request.get(pack or "").body()[:2] == b"PK"
    other.context.close()


def test_a_kept_link_that_is_not_there_is_a_page_to_go_on_from(visitor: Visitor) -> None:
    response = visitor.page.goto("/v/ffffffffffffffff")
    assert response
    assert response.status == 404
    visitor.page.wait_for_selector(READY)
    assert "the link is not whole" in visitor.text("#problem")


def test_an_empty_graph_has_every_page(browser: Browser, empty: Served) -> None:
    visitor = Visitor(browser, empty)
    for screen in (
        *("/", "/explore", "/explore?top=60", "/paths", "/compare", "/timeline", "/documents"),
        *("/about", "/search?q=anything", "/explore?top=9&statements=nodes"),
    ):
        response = visitor.page.goto(screen)
        assert response
        assert response.status == 200, screen
        assert visitor.page.locator("h1").count() == 1
    visitor.page.wait_for_selector(READY)
    assert "Nothing shown yet" in visitor.text("#empty")
    for form in ("svg", "graphml", "gexf", "csv", "json", "turtle", "jsonld"):
        assert visitor.page.request.get(f"/explore/export/{form}").status == 200, form
    assert visitor.page.request.get("/api/v1/pack?of=/explore").body()[:2] == b"PK"
    assert not visitor.complaints
    visitor.context.close()


def test_a_single_thing_is_a_view(visitor: Visitor, ids: dict[str, str]) -> None:
    visitor.explore(f"seed={ids['ursula']}")
    (place,) = visitor.places().values()
    point = visitor.page.evaluate("id => window.explorer.at(id)", ids["ursula"])
    visitor.page.mouse.click(point["x"], point["y"])
    visitor.page.locator("[data-testid=groups] li").first.wait_for()
    visitor.page.get_by_test_id("drop").click()
    visitor.page.wait_for_selector("#empty:not([hidden])")
    visitor.page.locator("#undo").click()
    visitor.says("Undone.")
    assert [*visitor.places().values()] == [place]
    assert not visitor.complaints


def test_hostile_names_stay_text_wherever_they_are_shown(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    with visitor.service.client() as client:
        hostile = [
            i["id"] for i in ask(client, "/search", q="script window PWN", limit=50)["items"]
        ]
        long = ask(client, "/search", q="reach further further", limit=1)["items"][0]["id"]
    assert len(hostile) >= 3
    things = [*hostile, long, ids["eve"]]
    seeds = "&".join(f"seed={quote(id_)}" for id_ in things)
    visitor.explore(f"{seeds}&statements=nodes")
    for node in visitor.view()["nodes"]:
        visitor.page.evaluate("id => window.explorer.select(id)", node["id"])
        point = visitor.page.evaluate("id => window.explorer.at(id)", node["id"])
        visitor.page.mouse.move(point["x"], point["y"])
        visitor.page.wait_for_timeout(250)
    screens = [f"/id/{id_}" for id_ in things] + [
        f"/explore?{seeds}&tab=table",
        f"/timeline?about_id={quote(ids['eve'])}",
        f"/paths?from_id={quote(things[0])}&to_id={quote(long)}",
        *("/documents/hostile", "/documents", "/search?q=script", "/compare?a=hostile&b=markup"),
        f"/search?q={quote(HOSTILE)}",
        f"/explore?seed={quote(HOSTILE)}",
        f"/paths?from={quote(HOSTILE)}&to={quote(HOSTILE)}",
    ]
    for screen in screens:
        response = visitor.page.goto(screen)
        assert response
        assert response.status in (200, 404), screen
        assert visitor.page.evaluate("window.PWN") is None, screen
        wide = visitor.page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1")
        assert not wide, f"{screen} is wider than the window"
    assert all(r.startswith((visitor.service.url, "data:")) for r in visitor.requests)


def test_a_failing_view_is_told_and_can_be_asked_again(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    visitor.explore(f"seed={ids['basic']}&select={ids['basic']}")
    visitor.page.route("**/api/v1/view", lambda route: route.abort())
    visitor.page.get_by_test_id("expand").click()
    visitor.page.locator("#problem button").wait_for()
    assert "does not answer" in visitor.text("#problem")
    assert len(visitor.view()["nodes"]) == 1
    visitor.page.unroute("**/api/v1/view")
    visitor.page.locator("#problem button").click()
    visitor.waits_for("() => window.explorer.view().spec.steps.length === 1")
    assert visitor.page.locator("#problem").is_hidden()


def test_failing_facts_and_sentences_are_told_and_can_be_asked_again(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    page = visitor.page
    edge = f"{ids['jose']}|opposes|{ids['fund']}"
    visitor.explore(f"seed={ids['jose']}&seed={ids['fund']}")
    for selected, address, then in (
        (ids["jose"], "**/api/v1/entities/**", "[data-testid=groups] li"),
        (edge, "**/api/v1/evidence**", "[data-testid=sentence]"),
    ):
        page.route(address, failing)
        page.evaluate("id => window.explorer.select(id)", selected)
        page.locator("#panel .error").wait_for()
        assert "Busy." in visitor.text("#panel .error")
        page.unroute(address)
        page.locator("#panel .error button").click()
        page.locator(then).first.wait_for()


def test_failing_lists_suggestions_and_pictures_are_told(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    page = visitor.page
    visitor.explore(f"seed={ids['hub']}&select={ids['hub']}")
    page.route("**/neighbours?**", failing)
    page.locator("[data-testid=groups] button").first.click()
    page.locator(".neighbours .error").wait_for()
    page.unroute("**/neighbours?**")
    page.locator(".neighbours .error button").click()
    page.locator(".neighbours li .link").first.wait_for()
    page.route("**/api/v1/search?**", failing)
    page.locator("#add").press_sequentially("basic")
    page.locator("#add-list .none", has_text="Busy.").wait_for()
    page.route("**/export/svg**", failing)
    page.locator(".exports summary").click()
    page.locator("#png").click()
    page.locator("#problem button").wait_for()
    assert "The picture could not be made." in visitor.text("#problem")
    page.unroute("**/export/svg**")
    with page.expect_download():
        page.locator("#problem button").click()


def test_a_slow_service_is_seen_and_an_answer_that_breaks_off_is_told(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    page = visitor.page
    visitor.explore(f"seed={ids['basic']}&select={ids['basic']}")
    waiting: list[Route] = []
    page.route("**/api/v1/view", lambda route: waiting.append(route))
    page.get_by_test_id("expand").click()
    page.wait_for_selector("body[data-busy]")
    assert page.locator("#graph").evaluate("e => getComputedStyle(e).opacity") < "1"
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].fulfill(status=200, content_type="application/json", body='{"v": 1, "nodes": [')
    page.locator("#problem button").wait_for()
    assert "cut off" in visitor.text("#problem")


def test_without_a_script_everything_can_be_read_and_asked(
    browser: Browser, service: Served, ids: dict[str, str]
) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"/explore?seed={ids['jose']}&step=e|{ids['jose']}")
    picture = page.locator("img.still")
    assert picture.evaluate("e => e.naturalWidth") > 100
    rows = page.locator("#rows tr").count()
    assert rows > 2
    page.locator("#types input[value=Instrument]").uncheck()
    page.locator("#statements").check()
    page.locator("#undated").uncheck()
    page.get_by_role("button", name="Apply").click()
    assert "undated" in page.content()
    assert not page.locator("#types input[value=Instrument]").is_checked()
    assert not page.locator("#undated").is_checked()
    assert page.locator("#rows td", has_text="speaker").count() > 0
    page.goto("/paths")
    page.locator("#from").fill("José Núñez")
    page.locator("#to").fill("Norland")
    page.get_by_role("button", name="Show the ways").click()
    assert page.get_by_test_id("path").count() > 0
    page.locator("#find").fill("basic research")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".hits li").count() > 0
    context.close()


def test_what_is_printed_is_the_picture_and_the_whole_table_on_white(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    page = visitor.page
    page.emulate_media(color_scheme="dark")
    visitor.explore(f"seed={ids['basic']}&step=e|{ids['basic']}")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#rows tr").first.is_visible()
    assert page.locator("#graph canvas").is_visible()
    for hidden in ("header", "#filters", ".toolbar", "#things"):
        assert page.locator(hidden).first.is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("getComputedStyle(document.querySelector('#rows td')).color")
    assert ink == "rgb(0, 0, 0)"
    assert len(page.pdf()) > 10_000
    page.evaluate("dispatchEvent(new Event('afterprint'))")
