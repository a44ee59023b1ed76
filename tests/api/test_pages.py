"""Pages that are read, without a browser."""

import html
import re
from pathlib import Path

import httpx
import pytest

from graph.build import BuildOptions, build
from tests.api.serving import served
from tests.api.test_linked_data import Page

TEXT = """---
title: Plan for the seas
issuer: European Commission
country: EUU
---
# Plan for the seas

The European Commission will strengthen basic research.

## Means

It will fund a programme for ocean research.
"""


def test_headings_are_headings_and_things_have_their_best_names(tmp_path: Path) -> None:
    (tmp_path / "seas.md").write_text(TEXT, encoding="utf-8")
    build([tmp_path / "seas.md"], tmp_path / "data")
    with (
        served(tmp_path / "data", tmp_path / "log", {"workers": 1}) as running,
        running.client(headers={"Accept": "text/html"}) as client,
    ):
        read = client.get("/documents/seas").text
        named = re.search(r'href="(/id/organization/european-commission-[^"]+)"', read)
        assert named
        about = Page(client.get(named[1]).text)
    assert ">Means</h3>" in read
    assert "#" not in Page(read).text.partition("Plan for the seas")[2]
    assert "European Commission <em>commits to</em> strengthen basic research" in read
    # The country is called EUU by the document alone.
    assert "EUU" not in about.text
    assert "European Union" in about.text
    names = about.text.partition("Names")[2].partition("Facts")[0]
    assert names.count("European Commission en") == 1


def test_a_document_says_where_it_is_from_and_is_found_by_search_and_by_its_own_page(
    tmp_path: Path,
) -> None:
    head = "---\ntitle: {}\ndate: {}\n---\n\nThe ministry will fund {} research.\n"
    (tmp_path / "a.md").write_text(head.format("Zebra plan", "2021-03-04", "basic"))
    (tmp_path / "b.md").write_text(head.format("Atlas plan", "2019-03-04", "marine"))
    (tmp_path / "c.md").write_text(TEXT.replace("country", "genre: speech\ncountry"))
    build([tmp_path / f"{name}.md" for name in "abc"], tmp_path / "data")
    with (
        served(tmp_path / "data", tmp_path / "log", {"workers": 1}) as running,
        running.client(headers={"Accept": "text/html"}) as client,
    ):
        origin = client.get("/documents/c").text.partition('data-testid="origin"')[2]
        for part in ("European Commission</a>", "European Union</a>", "speech"):
            assert part in origin.partition("</p>")[0]
        found = re.findall(r'href="(/documents/[^"]+)"', client.get("/search?q=zebra plan").text)
        assert found[0].startswith("/documents/a-")
        own = client.get(found[0].replace("/documents/", "/id/document/")).text
        assert f'href="{found[0]}" data-testid="read"' in own

        def order(query: str) -> list[str]:
            text = client.get(f"/documents{query}").text
            return re.findall(r'href="/documents/([abc])-', text)

        assert order("") == ["a", "b", "c"]
        assert order("?sort=-date") == ["b", "a", "c"]
        assert order("?sort=title") == ["b", "c", "a"]
        assert order("?sort=-title") == ["a", "c", "b"]
        assert order("?sort=kind")[0] == "c"
        assert 'aria-sort="descending"><a href="/documents?sort=-date"' in (
            client.get("/documents").text
        )


def test_search_shows_sentences_as_they_are_meant_keeps_the_words_and_counts_all(
    tmp_path: Path,
) -> None:
    groups = "\n\n".join(
        f"The {name} Research Council will fund the {name} programme."
        for name in (f"{a}{b}land" for a in ("Nor", "Sud", "Ost", "Wes") for b in "abcdefghijklmn")
    )
    (tmp_path / "a.md").write_text(f"# A plan\n\nThe **zebra** is *striped*.\n\n{groups}\n")
    build([tmp_path / "a.md"], tmp_path / "data", BuildOptions(extractor="rules"))
    with (
        served(tmp_path / "data", tmp_path / "log", {"workers": 1}) as running,
        running.client(headers={"Accept": "text/html"}) as client,
    ):
        shown = client.get("/search?q=zebra striped").text
        assert "<p>The <strong>zebra</strong> is <em>striped</em>.</p>" in shown
        assert 'value="zebra striped"' in shown
        many = Page(client.get("/search?q=council").text).text
    told = re.search(r"First 50 of (\d+) things", many)
    assert told
    assert int(told[1]) >= 56


@pytest.mark.parametrize("path", ["/nowhere", "/documents/<b>nothing", "/id/organization/nobody"])
def test_whoever_reads_pages_is_told_in_a_page_what_is_not_there(
    client: httpx.Client, path: str
) -> None:
    told = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert told.status_code == 404
    assert told.headers["content-type"].startswith("text/html")
    assert "<h1>Not found</h1>" in told.text
    assert "<b>" not in told.text
    for accept in ("*/*", "application/json"):
        asked = client.get(path, headers={"Accept": accept})
        assert asked.status_code == 404
        assert asked.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("query", ["compare?a=foo", "paths?from=foo", "timeline?about=foo"])
def test_a_name_that_nothing_has_is_answered_with_a_sentence_and_ways_on(
    client: httpx.Client, query: str
) -> None:
    shown = client.get(f"/{query}").text
    assert "<p>Nothing is called &#39;foo&#39;.</p>" in shown
    assert 'href="/search?q=' in shown


def test_about_offers_the_whole_graph_and_counts_in_words_the_most_first(
    client: httpx.Client,
) -> None:
    shown = client.get("/about").text
    (turtle, *_) = re.findall(r'<a href="(/sparql[^"]*)"[^>]*data-testid="whole"', shown)
    taken = client.get(html.unescape(turtle))
    assert taken.headers["content-type"].startswith("text/turtle")
    assert "scip:Statement" in taken.text
    things = shown.partition("<h3>Things</h3>")[2].partition("</ul>")[0]
    numbers = [int(n.replace(",", "")) for n in re.findall("<li>([0-9,]+) ", things)]
    assert numbers == sorted(numbers, reverse=True)
    assert not {"Claim", "EvidenceSpan", "ActorGroup"} & set(re.findall(r"\w+", things))


def test_the_description_of_the_interface_is_a_page_of_our_own(client: httpx.Client) -> None:
    read = client.get("/docs", follow_redirects=True)
    assert read.url.path == "/api/v1/docs"
    shown = set(re.findall(r"<code>(GET|POST|DELETE) (/api/v1/[^<]*)</code>", read.text))
    described = client.get("/api/v1/openapi.json").json()["paths"]
    assert shown == {(m.upper(), path) for path, methods in described.items() for m in methods}
    assert "https://" not in read.text
