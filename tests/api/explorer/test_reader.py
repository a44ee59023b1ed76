"""The reader in a real browser: Markdown as it is meant, places as they were, and how sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from graph.build import build
from tests.api.explorer.visitor import Visitor
from tests.api.rest import ask
from tests.api.serving import Served, served
from tests.browser import needs_browser

pytestmark = needs_browser

BODY = """\
# The *Reef* Plan #

The **Ministry of Science and Technology** will establish a Reef Programme to **strengthen basic
research** and to protect [coral *reefs*](https://example.org/reefs). It will spend $25 million.

- The Australian **Research Council** calls on universities to train young scientists.

> The Academy of Sciences *welcomed* the programme and opposes cuts to basic research.

1. Canada will fund a quantum research centre to strengthen basic research.

Next steps
----------

Norway will fund a `marine` observatory.
"""
HEAD = "---\ntitle: Reef research plan\ndate: 2024-05-02\n---\n"


@pytest.fixture(scope="module")
def reef(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over a Markdown document that the learned extractor read."""
    folder: Path = tmp_path_factory.mktemp("reef")
    (folder / "reef.md").write_text(HEAD + BODY)
    build([folder / "reef.md"], folder / "data")
    with served(folder / "data", folder / "log", {"workers": 1, "spare_workers": 0}) as running:
        yield running


@pytest.fixture
def reading(browser: Browser, reef: Served) -> Iterator[Visitor]:
    somebody = Visitor(browser, reef)
    somebody.page.goto("/documents/reef")
    yield somebody
    somebody.context.close()


def test_marks_of_markdown_are_looks_and_not_text(reading: Visitor) -> None:
    reader = reading.page.get_by_test_id("reader")
    text = reader.locator(".passage > :not(ul)").all_inner_texts()
    assert not any(mark in " ".join(text) for mark in ("*", "#", "](", "`", "--", ">"))
    assert reader.locator("h2").all_inner_texts() == ["The Reef Plan"]
    assert reader.locator("h3").all_inner_texts() == ["Next steps"]
    assert "Ministry of Science and Technology" in reader.locator("strong").all_inner_texts()
    assert {"Reef", "reefs", "welcomed"} <= set(reader.locator("em").all_inner_texts())
    assert reader.locator("code").inner_text() == "marine"
    assert reader.locator(".quote").count() == 1
    assert "1. Canada will fund" in " ".join(text)
    mark = reader.locator(".item p").evaluate("p => getComputedStyle(p, '::before').content")
    assert mark == '"•"'
    assert reading.complaints == []


def test_a_mark_that_is_not_shown_moves_nothing(reading: Visitor, reef: Served) -> None:
    seen = reading.page.eval_on_selector_all(
        ".name", "all => all.map(a => [+a.dataset.start, +a.dataset.end, a.textContent])"
    )
    with reef.client() as client:
        (document,) = ask(client, "/documents")["items"]
        items = ask(client, f"/documents/{document['id']}/text")["items"]
    told = {
        (item["start"] + span["start"], item["start"] + span["end"])
        for item in items
        for span in item["spans"]
    }
    assert len(seen) > 6
    for start, end, text in seen:
        assert (start, end) in told
        written = BODY[start:end]
        assert text == "".join(c for c in written if c not in "*[`")
    passages = reading.page.eval_on_selector_all(
        ".passage", "all => all.map(p => [+p.dataset.start, +p.dataset.end])"
    )
    assert passages == [[i["start"], i["end"]] for i in items if set(i["text"]) != {"-"}]


def test_a_fact_says_how_sure_it_is_and_what_that_is_worth(reading: Visitor) -> None:
    sure = reading.page.get_by_test_id("sure")
    assert sure.count() > 0
    for n in range(sure.count()):
        number, right = sure.nth(n).inner_text().split(" · ")
        assert float(number.removeprefix("confidence ")) >= 0.5
        assert right.endswith(" such were right")
        title = sure.nth(n).get_attribute("title") or ""
        assert title.startswith(("Of relations", "Of statements"))


def test_what_is_less_sure_is_counted_and_can_be_seen(reading: Visitor) -> None:
    page = reading.page
    line = page.get_by_test_id("public")
    told = re.match(r"(\d+) of (\d+) facts shown; (\d+) are less sure", line.inner_text())
    assert told
    shown, total, hidden = map(int, told.groups())
    assert shown == page.get_by_test_id("sure").count()
    assert shown + hidden == total
    statements = re.search(r"(\d+) of (\d+) statements shown", _origin(page))
    assert statements
    assert int(statements[1]) < int(statements[2])
    assert "60 of 100 or more were right when measured" in line.inner_text()
    counted = page.locator(".margin .more").all_inner_texts()
    assert sum(int(text.split()[0]) for text in counted) == hidden
    page.get_by_test_id("show-all").click()
    page.get_by_text("All facts are shown").wait_for()
    assert page.get_by_test_id("sure").count() == total
    assert f"{statements[2]} statements" in _origin(page)
    assert "shown" not in _origin(page)
    page.get_by_test_id("show-sure").click()
    line.get_by_text("less sure").wait_for()
    assert page.get_by_test_id("sure").count() == shown


def _origin(page: Page) -> str:
    return page.get_by_test_id("origin").inner_text()


def test_beside_the_sentence_that_was_asked_for_all_facts_are_shown(reading: Visitor) -> None:
    page = reading.page
    passage = page.locator(".passage:has(.more)").first
    start, end = (passage.get_attribute(f"data-{name}") for name in ("start", "end"))
    more = int(passage.locator(".more").inner_text().split()[0])
    shown = passage.get_by_test_id("sure").count()
    page.goto(f"/documents/reef?at={start},{end}#here")
    assert page.locator("#here .more").count() == 0
    assert page.locator("#here").get_by_test_id("sure").count() == shown + more
    assert page.locator(".more").count() > 0


def test_a_link_of_the_source_leads_there_and_a_name_within_it_to_its_page(
    reading: Visitor,
) -> None:
    links = reading.page.locator(".reader a").evaluate_all("all => all.map(a => a.href)")
    assert all("example.org" in link or reading.service.url in link for link in links)
    assert reading.page.locator("a a").count() == 0


def test_on_a_telephone_the_reader_is_as_wide_as_it(browser: Browser, reef: Served) -> None:
    somebody = Visitor(browser, reef, viewport={"width": 420, "height": 800})
    somebody.page.goto("/documents/reef?confidence=0")
    assert somebody.page.evaluate("document.documentElement.scrollWidth") <= 420
    somebody.context.close()


def test_the_panel_shows_a_sentence_as_the_reader_does(browser: Browser, reef: Served) -> None:
    somebody = Visitor(browser, reef)
    somebody.explore("top=60&confidence=0&tab=table")
    sentences = somebody.page.get_by_test_id("sentence")
    for button in somebody.page.locator("#rows button").all():
        button.click()
        sentences.first.wait_for()
        assert not {"*", "`", ">"} & set(" ".join(sentences.all_inner_texts()))
    somebody.context.close()
