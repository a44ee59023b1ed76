"""The explorer in a real browser: what people click, type and take away.

The thirty acceptance checks of the explorer, and the tests that hold them. Those without a module
are here; `big` is `test_big_graph.py` (20,000 things), `bad` is `test_bad_input.py`.

 1  every_screen_is_served_by_this_host_alone_and_runs_no_foreign_script
 2  big: three_hundred_things_are_there_in_three_seconds_and_rest
 3  a_link_gives_the_same_places_in_two_fresh_profiles
 4  three_letters_give_suggestions_in_order_and_without_accents
 5  search_works_by_keyboard_alone
 6  a_search_without_a_result_says_so
 7  the_panel_counts_relations_as_the_interface_does_and_lists_them
 8  big: a_hub_grows_by_25_in_order_and_says_so
 9  a_hub_grows_and_moves_nothing
10  undo_and_redo_bring_everything_back
11  adding_a_thing_draws_its_relations_with_what_is_there
12  parallel_and_opposite_lines_are_drawn_apart
13  a_line_opens_its_sentences_and_these_their_document
14  a_line_opens_its_sentences_and_these_their_document
15  ways_are_those_of_the_interface_and_an_island_has_none
16  avoided_types_change_the_ways; big: ways_come_within_a_second
17  type_filters_tell_what_they_hide_and_can_be_cleared
18  years_are_typed_and_undated_relations_have_a_box_of_their_own
19  a_relation_stays_while_one_sentence_is_sure_enough
20  a_document_filter_leaves_what_it_says
21  back_forward_and_reload_restore_every_one_of_ten_steps
22  a_link_brings_the_same_view_to_somebody_else
23  a_comparison_accounts_for_everything_and_opens_both_sides
24  (the SPARQL page has tests of its own)
25  (the SPARQL page has tests of its own)
26  a_picture_is_twice_the_canvas_and_not_blank; the_picture_for_print_names_everything
27  exports_hold_what_is_shown_and_where_it_is_from
28  every_screen_is_served_by_this_host_alone_and_runs_no_foreign_script
29  no_screen_shuts_anybody_out; everything_works_by_keyboard_without_the_picture
30  pages_are_small; big: the_interface_answers_in_its_budget,
    five_hundred_things_never_stop_the_page, too_many_things_are_refused_with_choices;
    tests/graph/test_draw.py has the page for notebooks
"""

import csv
import io
import re
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser

from tests.api.explorer import world
from tests.api.explorer.visitor import READY, Visitor
from tests.api.rest import ask, find
from tests.api.serving import Served
from tests.browser import grave_faults, needs_browser
from tests.graph.small_world import SPEAKER

pytestmark = needs_browser


def test_every_screen_is_served_by_this_host_alone_and_runs_no_foreign_script(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    screens = [
        *("/", "/explore", "/search?q=script", "/search?q=zzzzqqqq", "/paths", "/compare"),
        *("/timeline", f"/timeline?about_id={ids['eve']}", "/documents", "/documents/markup"),
        *("/about", "/quality", "/sparql", f"/id/{ids['eve']}"),
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


def test_no_screen_shuts_anybody_out(visitor: Visitor, ids: dict[str, str]) -> None:
    page = visitor.page
    for screen in [
        *("/", "/search?q=basic+research", "/documents", "/documents/north-law?at=0,9"),
        *("/about", "/quality"),
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
        assert not grave_faults(page), screen


def test_a_link_gives_the_same_places_in_two_fresh_profiles(
    browser: Browser, service: Served, ids: dict[str, str]
) -> None:
    seen = []
    for _ in range(2):
        visitor = Visitor(browser, service)
        visitor.explore(f"top=40&step=e|{ids['hub']}&step=e|{ids['eve']}&statements=nodes")
        seen.append(visitor.places())
        visitor.context.close()
    assert len(seen[0]) > 60
    assert seen[0] == seen[1]


def test_three_letters_give_suggestions_in_order_and_without_accents(visitor: Visitor) -> None:
    visitor.page.goto("/")
    field = visitor.page.get_by_role("combobox", name="Search")
    options = visitor.page.get_by_role("option")
    field.press_sequentially("ode")
    visitor.page.locator("[role=option]").first.wait_for()
    shown = [text.splitlines()[0].strip() for text in options.all_inner_texts()]
    assert shown[:3] == ["Ode", "Ode Centre", "Board of Verse"]
    field.fill("")
    field.press_sequentially("universitat")
    visitor.page.locator("[role=option]", has_text="Universität Nordstadt").wait_for()


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


def test_the_panel_counts_relations_as_the_interface_does_and_lists_them(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    for key in ("hub", "fund"):
        with visitor.service.client() as client:
            groups = ask(client, f"/entities/{ids[key]}")["groups"]
        visitor.explore(f"seed={ids[key]}&select={ids[key]}")
        shown = visitor.page.locator("[data-testid=groups] > li")
        shown.first.wait_for()
        assert shown.count() == len(groups)
        for group in groups:
            one = visitor.page.locator(
                f"[data-testid=groups] > li[data-relation={group['relation']}]"
                f"[data-direction={group['direction']}]"
            )
            assert one.locator("b").inner_text() == str(group["neighbours"])
            one.get_by_role("button").first.click()
            one.locator(".neighbours li").nth(group["neighbours"] - 1).wait_for()
            assert one.locator(".neighbours li").count() == group["neighbours"]


def test_a_hub_grows_and_moves_nothing(visitor: Visitor, ids: dict[str, str]) -> None:
    hub = ids["hub"]
    visitor.explore(f"seed={hub}&select={hub}")
    visitor.page.get_by_test_id("expand").click()
    visitor.says(f"25 of {world.BUREAUS} added")
    before, camera = visitor.places(), visitor.page.evaluate("window.explorer.camera()")
    assert len(before) == 26
    visitor.page.get_by_test_id("expand").click()
    visitor.says(f"{world.BUREAUS - 25} added")
    after = visitor.places()
    assert len(after) == world.BUREAUS + 1
    assert {id_: after[id_] for id_ in before} == before
    assert visitor.page.evaluate("window.explorer.camera()") == camera


def test_statements_become_nodes_and_lines_again(visitor: Visitor, ids: dict[str, str]) -> None:
    visitor.explore(f"seed={ids['jose']}&step=e|{ids['jose']}&select={ids['jose']}")
    lines, things = visitor.view(), visitor.places()
    visitor.page.locator("#statements").check()
    visitor.says("2 statements as nodes")
    nodes = visitor.view()
    assert len(nodes["nodes"]) == len(things) + 2
    assert {id_: visitor.places()[id_] for id_ in things} == things
    assert {"calls for", "opposes"} <= {
        line.strip() for line in visitor.text("#legend").splitlines()
    }
    statement = next(n["id"] for n in nodes["nodes"] if n["id"] not in things)
    point = visitor.page.evaluate("id => window.explorer.at(id)", statement)
    visitor.page.mouse.click(point["x"], point["y"])
    visitor.page.get_by_test_id("sentence").wait_for()
    assert SPEAKER in visitor.text("[data-testid=statement]")
    visitor.page.get_by_role("tab", name="Table").click()
    cells = visitor.page.locator("#rows td").all_inner_texts()
    assert {"speaker", "content", "addressee"} <= {*cells}
    visitor.page.locator("#undo").click()
    visitor.says("Undone.")
    assert visitor.view()["spec"] == lines["spec"]
    assert len(visitor.view()["nodes"]) == len(things)
    visitor.page.locator("#redo").click()
    visitor.says("Done again.")
    assert len(visitor.view()["nodes"]) == len(things) + 2


def test_names_come_in_the_language_that_is_chosen_or_that_the_browser_prefers(
    visitor: Visitor, browser: Browser, ids: dict[str, str]
) -> None:
    seed = "seed=organization/european-commission-rsuf2itmgb"
    visitor.explore(seed)
    assert "European Commission" in visitor.text("#things")
    visitor.page.locator("#language").select_option("de")
    visitor.waits_for("() => document.getElementById('things').textContent.includes('Europäische')")
    assert "lang=de" in visitor.page.url
    visitor.page.locator("#undo").click()
    visitor.says("Undone.")
    assert "European Commission" in visitor.text("#things")
    german = Visitor(browser, visitor.service, locale="de-DE")
    german.explore(seed)
    assert "Europäische Kommission" in german.text("#things")
    with visitor.service.client() as client:
        china = find(client, "China")
    german.explore(f"seed={china}&seed={ids['basic']}&lang=zh")
    assert "中国" in german.text("#things")
    assert "strengthen basic research" in german.text("#things")
    german.context.close()


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
    for way in ways.all():
        way.locator("summary").click()
        for hop in way.get_by_test_id("hop").all():
            assert hop.locator("blockquote").first.is_visible()
            assert "/documents/" in (hop.locator("a").first.get_attribute("href") or "")
    assert visitor.page.locator(".way a").first.get_attribute("href") == f"/id/{ids['jose']}"
    visitor.page.goto(f"/paths?from_id={ids['jose']}&to_id={ids['ursula']}")
    assert "no path within 4 steps" in visitor.text("[data-testid=no-path]")


def test_avoided_types_change_the_ways(visitor: Visitor, ids: dict[str, str]) -> None:
    link = f"/paths?from_id={ids['jose']}&to_id={ids['basic']}"
    visitor.page.goto(link)
    every = visitor.page.get_by_test_id("path").count()
    visitor.page.goto(f"{link}&avoid_type=Instrument")
    assert 0 < visitor.page.get_by_test_id("path").count() < every


_LETTERS = """
window.letters = [];
const fill = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  const { a, b, c, d, e, f } = this.getTransform();
  const place = [a * x + c * y + e, b * x + d * y + f].map((n) => n / devicePixelRatio);
  window.letters.push([text, parseFloat(this.font) * a / devicePixelRatio, ...place]);
  return fill.apply(this, arguments);
};
"""


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 800)])
def test_names_can_be_read_and_the_graph_fills_its_canvas(
    browser: Browser, service: Served, width: int, height: int
) -> None:
    somebody = Visitor(browser, service, viewport={"width": width, "height": height})
    somebody.page.add_init_script(_LETTERS)
    somebody.explore("top=60")
    somebody.page.evaluate("window.letters = []")
    somebody.page.locator("#fit").click()
    somebody.waits_for("() => window.letters.length > 0")
    letters = somebody.page.evaluate("window.letters")
    assert len({text for text, *_ in letters}) > 5
    assert min(size for _, size, *_ in letters) > 10.9
    places = [
        somebody.page.evaluate("id => window.explorer.at(id)", node["id"])
        for node in somebody.view()["nodes"]
    ]
    box = somebody.page.get_by_test_id("graph").bounding_box()
    assert box
    wide, high = (max(p[n] for p in places) - min(p[n] for p in places) for n in "xy")
    # Beside the places there is room for half a name.
    assert wide > box["width"] - 110 or high > box["height"] - 90
    somebody.context.close()


def test_the_first_of_two_documents_is_chosen_by_a_click_and_then_the_second(
    visitor: Visitor,
) -> None:
    page = visitor.page
    page.goto("/compare")
    titles = [link.inner_text() for link in page.locator("main .columns a").all()]
    page.locator("main .columns a").first.click()
    page.wait_for_url("**a_id=**")
    assert page.locator("main .columns a").count() == len(titles) - 1
    page.locator("main .columns a").first.click()
    page.get_by_test_id("both").wait_for()
    assert [page.locator(f"#{end}").input_value() for end in "ab"] == titles[:2]


def test_before_anything_is_shown_there_is_nothing_to_filter_or_to_count(visitor: Visitor) -> None:
    visitor.explore("")
    for hidden in ("#narrow", "#counts", "#things"):
        assert not visitor.page.locator(hidden).is_visible()
    visitor.page.get_by_role("link", name="60 best connected").click()
    visitor.page.wait_for_selector(READY)
    for shown in ("#narrow", "#counts", "#things"):
        assert visitor.page.locator(shown).is_visible()


@pytest.mark.parametrize("path", ["/documents", "/timeline"])
def test_on_a_telephone_no_column_is_cut_off(browser: Browser, service: Served, path: str) -> None:
    somebody = Visitor(browser, service, viewport={"width": 390, "height": 800})
    somebody.page.goto(path)
    table = somebody.page.locator("main table")
    wide, box = table.evaluate("t => [t.scrollWidth, t.parentElement.clientWidth]")
    assert wide <= box <= 390
    somebody.page.locator("#find").press_sequentially("str")
    suggested = somebody.page.locator("#find-list")
    suggested.locator("li").first.wait_for()
    inside = suggested.bounding_box()
    assert inside
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= 390
    somebody.context.close()


def test_type_filters_tell_what_they_hide_and_can_be_cleared(visitor: Visitor) -> None:
    visitor.explore("top=40")
    every = visitor.view()
    visitor.page.locator("#types input[value=Organization]").uncheck()
    visitor.page.wait_for_selector("[data-testid=clear]")
    counts = visitor.view()["counts"]
    assert counts["nodes"] + sum(counts["hidden"].values()) == counts["all_nodes"] == 40
    line = visitor.text("#counts")
    assert line.startswith(f"{counts['nodes']} of 40 things shown, hidden ")
    assert f"{counts['hidden']['type']} by type" in line
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
    with visitor.service.client() as client:
        answer = client.post("/api/v1/view", json=visitor.view()["spec"]).json()
    assert later == answer["counts"]
    assert later["undated"] == 3
    assert 3 < later["edges"] < every["edges"]
    visitor.page.locator("#undated").uncheck()
    visitor.page.wait_for_function("() => window.explorer.view().spec.filters.undated === false")
    assert visitor.view()["counts"]["edges"] == later["edges"] - 3


def test_a_relation_stays_while_one_sentence_is_sure_enough(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    edge = f"{ids['agency']}|carries-out|{ids['tides']}"
    visitor.explore(f"seed={ids['agency']}&seed={ids['tides']}&tab=table")

    def sentences() -> str | None:
        row = visitor.page.locator(f"#rows tr[data-edge='{edge}'] td")
        return row.nth(3).inner_text() if row.count() else None

    field = visitor.page.locator("input[name=confidence]")
    found = [sentences()]
    for least in ("0.8", "0.95"):
        field.fill(least)
        field.press("Enter")
        visitor.waits_for(f"() => window.explorer.view().spec.filters.confidence === {least}")
        found.append(sentences())
    assert found == ["2", "1", None]


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


def test_back_forward_and_reload_restore_every_one_of_ten_steps(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    page = visitor.page
    visitor.explore(f"seed={ids['basic']}&select={ids['basic']}")
    seen = [visitor.view()]
    steps: list[Any] = [
        lambda: page.get_by_test_id("expand").click(),
        lambda: page.evaluate("id => window.explorer.select(id)", ids["fund"]),
        lambda: page.locator("#types input[value=Goal]").uncheck(),
        lambda: page.get_by_role("tab", name="Table").click(),
        lambda: page.get_by_test_id("clear").click(),
        lambda: page.get_by_role("tab", name="Graph").click(),
        lambda: page.locator("#statements").check(),
        lambda: page.get_by_test_id("drop").click(),
        lambda: page.locator("#undated").uncheck(),
        lambda: page.evaluate("id => window.explorer.select(id)", ids["basic"]),
    ]
    for step in steps:
        before = page.url
        step()
        page.wait_for_function("url => location.href !== url", arg=before)
        seen.append(visitor.view())
        page.reload()
        page.wait_for_selector(READY)
        assert visitor.view() == seen[-1]
    same = "v => JSON.stringify(window.explorer.view()) === JSON.stringify(v)"
    for expected in reversed(seen[:-1]):
        page.go_back()
        page.wait_for_selector(READY)
        page.wait_for_function(same, arg=expected)
    for expected in seen[1:]:
        page.go_forward()
        page.wait_for_selector(READY)
        page.wait_for_function(same, arg=expected)


def test_a_link_brings_the_same_view_to_somebody_else(
    visitor: Visitor, browser: Browser, ids: dict[str, str]
) -> None:
    edge = quote(f"{ids['jose']}|opposes|{ids['fund']}")
    visitor.explore(f"seed={ids['fund']}&step=e|{ids['fund']}&confidence=0.7&select={edge}")
    visitor.page.locator("#closer").click()
    visitor.page.get_by_role("tab", name="Table").click()
    visitor.page.get_by_role("tab", name="Graph").click()
    other = Visitor(browser, visitor.service)
    other.page.goto(visitor.page.url)
    other.page.wait_for_selector(READY)
    assert other.view() == visitor.view()
    cameras = [v.page.evaluate("window.explorer.camera()") for v in (visitor, other)]
    assert all(abs(a - b) < 1 for a, b in zip(*cameras, strict=True))
    visitor.page.get_by_role("tab", name="Table").click()
    other.page.goto(visitor.page.url)
    other.page.wait_for_selector(READY)
    assert other.view()["tab"] == "table"
    other.page.goto("/explore?seed=goal/there-is-no-such-goal")
    assert "goal/there-is-no-such-goal" in other.text("#missing")
    other.context.close()


def test_a_comparison_accounts_for_everything_and_opens_both_sides(visitor: Visitor) -> None:
    with visitor.service.client() as client:
        names = {d["name"]: d["id"] for d in ask(client, "/documents")["items"]}
        ends = {"a": names["north-law"], "b": names["south-speech"]}
        found = ask(client, "/compare", **ends)["entities"]
        totals = [
            len(
                {
                    s["id"]
                    for p in ask(client, f"/documents/{ends[side]}/text")["items"]
                    for s in p["spans"]
                }
            )
            for side in ("a", "b")
        ]
    visitor.page.goto("/compare?a=north-law&b=south-speech")
    shown = {
        part: visitor.page.locator(f"[data-testid={part}] li").all_inner_texts()
        for part in ("only-a", "both", "only-b")
    }
    assert [len(part) for part in shown.values()] == [len(found[k]) for k in ("a", "both", "b")]
    assert [len(shown["only-a"] + shown["both"]), len(shown["both"] + shown["only-b"])] == totals
    with visitor.service.client() as client:
        text = client.get("/compare.csv?a=north-law&b=south-speech").text
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["what"] == "thing"]
    labels = {line.rsplit(" ", 4)[0] for part in shown.values() for line in part}
    assert len(rows) == sum(map(len, shown.values()))
    assert all(any(row["target"] in label for label in labels) for row in rows)
    visitor.page.locator("[data-testid=both] a", has_text="basic research").first.click()
    for side, words in (("a", "Norland will strengthen"), ("b", "Sudland must strengthen")):
        assert words in visitor.text(f"[data-testid=sentences-{side}]")
    boxes = [visitor.page.get_by_test_id(f"sentences-{side}").bounding_box() for side in ("a", "b")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]


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


def test_everything_works_by_keyboard_without_the_picture(
    visitor: Visitor, ids: dict[str, str]
) -> None:
    page = visitor.page
    visitor.explore(f"seed={ids['jose']}")
    page.evaluate("() => document.querySelector('#graph canvas').remove()")
    page.locator("#add").focus()
    page.keyboard.type("aurora")
    page.locator("#add-list [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    visitor.says("Aurora Research Fund added.")
    page.locator("#things").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    visitor.says(f"Selected: {SPEAKER}.")
    page.keyboard.press("e")
    visitor.says(f"added to {SPEAKER}")
    page.locator("#tab-graph").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#rows button", has_text="opposes").focus()
    page.keyboard.press("Enter")
    visitor.says("opposes Aurora Research Fund, 1 sentence.")
    assert "drains the laboratories" in visitor.page.get_by_test_id("sentence").inner_text()
    page.locator(".exports summary").focus()
    page.keyboard.press("Enter")
    page.locator("[data-export=csv]").focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    visitor.says("Taken away: CSV.")
    assert not visitor.complaints


def test_a_picture_is_twice_the_canvas_and_not_blank(visitor: Visitor) -> None:
    visitor.explore("top=20")
    visitor.page.locator(".exports summary").click()
    with visitor.page.expect_download() as download:
        visitor.page.locator("#png").click()
    content = Path(download.value.path()).read_bytes()
    canvas = visitor.page.evaluate(
        "(g => [g.clientWidth, g.clientHeight])(document.getElementById('graph'))"
    )
    assert struct.unpack(">II", content[16:24]) == (2 * canvas[0], 2 * canvas[1])
    colours = visitor.page.evaluate(
        """async bytes => {
          const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const { width, height } = picture;
          const context = new OffscreenCanvas(width, height).getContext('2d');
          context.drawImage(picture, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 3).join());
          return seen.size;
        }""",
        list(content),
    )
    assert colours > 20


def test_the_picture_for_print_names_everything(service: Served) -> None:
    with service.client() as client:
        root = ElementTree.fromstring(client.get("/explore/export/svg?top=60").content)
        view = client.post("/api/v1/view", json={"top": 60}).json()
    groups = {e.attrib["data-id"]: e for e in root.iter() if "data-id" in e.attrib}
    assert groups.keys() == {node["id"] for node in view["nodes"]}
    for node in view["nodes"]:
        shown = " ".join("".join(e.itertext()) for e in groups[node["id"]].findall(".//{*}text"))
        assert node["label"].split()[0][:12] in shown.replace("\n", " "), node["label"]


def test_exports_hold_what_is_shown_and_where_it_is_from(service: Served) -> None:
    with service.client() as client:

        def taken(form: str) -> bytes:
            return client.get(f"/explore/export/{form}?top=60").raise_for_status().content

        view = client.post("/api/v1/view", json={"top": 60}).json()
        release = ask(client, "/version")["release"]
        files = {
            form: taken(form) for form in ("svg", "graphml", "gexf", "csv", "turtle", "jsonld")
        }
    today = datetime.now(UTC).date().isoformat()
    for form, content in files.items():
        for words in ("top=60", release, today, "none stated"):
            assert words in content.decode(), (form, words)
    nodes, edges = len(view["nodes"]), len(view["edges"])
    root = ElementTree.fromstring(files["svg"])
    assert sum("data-id" in e.attrib for e in root.iter()) == nodes
    parallel = {(e["s"], e["t"]) for e in view["edges"]}
    assert len(parallel) < edges
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


def test_every_check_of_the_table_above_has_its_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    table = (__doc__ or "").partition("\n 1  ")[2]
    names = set(re.findall(r"\b[a-z0-9]+(?:_[a-z0-9]+){2,}\b", table))
    assert len(names) > 30
    assert not {name for name in names if f"def test_{name}(" not in tests}
