"""How sure the explorer is, and what it shows at first, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from graph.build import build
from tests.api.explorer.visitor import READY, Visitor
from tests.api.rest import find
from tests.api.serving import Served, served
from tests.api.test_reliability import PLAN
from tests.browser import needs_browser

pytestmark = needs_browser


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over a graph by the learned extractor."""
    folder = tmp_path_factory.mktemp("learned")
    (folder / "plan.txt").write_text(PLAN)
    build([folder / "plan.txt"], folder / "data")
    settings = {"workers": 1, "spare_workers": 0}
    with served(folder / "data", folder / "log", settings) as running:
        yield running


def test_what_is_hidden_is_counted_shown_and_stays_shown(browser: Browser, learned: Served) -> None:
    somebody = Visitor(browser, learned)
    somebody.explore("top=60")
    line = somebody.page.get_by_test_id("public")
    counts = somebody.view()["counts"]
    hidden = counts["hidden_edges"]["confidence"]
    assert hidden > 0
    assert f"{hidden} are less sure." in line.inner_text()
    assert "60 of 100 or more were right when measured" in line.inner_text()
    somebody.page.get_by_test_id("show-all").click()
    line.wait_for(state="hidden")
    assert somebody.view()["counts"]["edges"] == counts["all_edges"]
    # The link that this gives is of the whole view.
    somebody.page.reload()
    somebody.page.wait_for_selector(READY)
    assert somebody.view()["counts"]["edges"] == counts["all_edges"]
    assert not line.is_visible()
    assert somebody.complaints == []
    somebody.context.close()


def test_where_all_is_less_sure_that_is_said_large_and_one_click_shows_it(
    browser: Browser, learned: Served
) -> None:
    somebody = Visitor(browser, learned)
    with learned.client() as client:
        ministry = find(client, "Ministry of Land")
    around = f"seed={ministry}&step=e|{ministry}&select={ministry}"
    somebody.explore(f"{around}&confidence=0.99")
    counts = somebody.view()["counts"]
    assert counts["edges"] == 0 < counts["all_edges"]
    line = somebody.page.get_by_test_id("public")
    assert line.inner_text().startswith(f"All {counts['all_edges']} relations are less sure.")
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert line.evaluate(size) > somebody.page.locator("#panel").evaluate(size)
    panel = somebody.page.get_by_test_id("less-sure")
    (node,) = [n for n in somebody.page.evaluate(_NODES) if n["id"] == ministry]
    assert node["unsure"] > 1
    assert panel.inner_text() == f"All {node['unsure']} in this view are less sure: show them"
    panel.get_by_role("button").click()
    line.wait_for(state="hidden")
    panel.wait_for(state="detached")
    assert somebody.view()["counts"]["edges"] == counts["all_edges"]
    # Where nothing is hidden, nothing is said, whatever confidence is asked for.
    somebody.explore(f"{around}&confidence=0.01")
    assert not line.is_visible()
    assert somebody.complaints == []
    somebody.context.close()


_NODES = "JSON.parse(document.getElementById('view').textContent).nodes"


def test_another_confidence_may_be_asked_for(browser: Browser, learned: Served) -> None:
    somebody = Visitor(browser, learned)
    somebody.explore("top=60")
    somebody.page.locator("#filters input[name=confidence]").fill("0.7")
    somebody.page.locator("#filters button[type=submit]").click()
    line = somebody.page.get_by_test_id("public")
    somebody.page.get_by_text("a confidence of 0.70").wait_for()
    # What the table says of one confidence, it does not say of another.
    assert "of 100" not in line.inner_text()
    somebody.context.close()


def test_beside_a_sentence_stands_what_its_confidence_is_worth(
    browser: Browser, learned: Served
) -> None:
    somebody = Visitor(browser, learned)
    somebody.explore("top=60")
    somebody.page.locator("#tab-table").click()
    somebody.page.locator("#rows button").first.click()
    worth = somebody.page.get_by_test_id("worth").first
    worth.wait_for()
    # It is told of relations or statements of this kind, and with how many that was measured.
    assert re.match(
        r"Of (relations|statements) “[a-z ]+” said to be this sure .*(\d+ facts\)|measured wer)",
        worth.inner_text(),
    )
    worth.get_by_role("link").click()
    somebody.page.wait_for_url("**/quality#stated")
    assert somebody.page.locator("#stated").is_visible()
    assert "How good is what is found?" in somebody.page.inner_text("main")
    assert all(r.startswith(learned.url) for r in somebody.requests)
    assert somebody.complaints == []
    somebody.context.close()


def test_the_page_of_a_thing_hides_shows_and_hides_again(browser: Browser, learned: Served) -> None:
    somebody = Visitor(browser, learned)
    page = somebody.page
    somebody.explore("top=60")
    thing = next(n["id"] for n in page.evaluate(_NODES) if n["unsure"])
    page.goto(f"/id/{thing}")
    line = page.get_by_test_id("public")
    shown = page.locator("article").count()
    said = r"(?:All|\d+ of) (\d+) facts? (?:is|are|shown; (\d+) (?:is|are)) less sure"
    told = re.match(said, line.inner_text())
    assert told
    hidden = int(told[2] or told[1])
    assert int(told[1]) == shown + hidden
    assert "60 of 100 or more were right when measured" in line.inner_text()
    page.get_by_test_id("show-all").click()
    page.get_by_text("All facts are shown").wait_for()
    assert page.locator("article").count() == shown + hidden
    page.get_by_test_id("show-sure").click()
    page.get_by_text("less sure").wait_for()
    assert page.locator("article").count() == shown
    assert somebody.complaints == []
    somebody.context.close()


def test_without_a_script_the_line_is_there_too(browser: Browser, learned: Served) -> None:
    somebody = Visitor(browser, learned, java_script_enabled=False)
    somebody.page.goto("/explore?top=60")
    line = somebody.page.get_by_test_id("public")
    assert "No sentence behind them" in line.inner_text()
    somebody.page.get_by_test_id("show-all").click()
    assert "confidence=0" in somebody.page.url
    assert not line.is_visible()
    somebody.context.close()


@pytest.mark.parametrize("width", [360, 420])
def test_the_card_can_be_read_on_a_telephone(browser: Browser, learned: Served, width: int) -> None:
    somebody = Visitor(browser, learned, viewport={"width": width, "height": 700})
    page = somebody.page
    page.goto("/quality")
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tables = page.locator("main table")
    assert tables.count() > 4
    for table in tables.all():
        # Words stay whole; what is too wide moves in a box of its own.
        wide, box = table.evaluate("t => [t.offsetWidth, t.parentElement.clientWidth]")
        assert table.evaluate("t => getComputedStyle(t.parentElement).overflowX") == "auto"
        assert box <= width
        if wide > box:
            moved = "t => { t.parentElement.scrollLeft = 9999; return t.parentElement.scrollLeft }"
            assert table.evaluate(moved) > 0
    lines = "t => [...t.querySelectorAll('tbody tr')].map(r => r.offsetHeight)"
    assert max(page.get_by_test_id("kinds").evaluate(lines)) < 60
    somebody.context.close()
