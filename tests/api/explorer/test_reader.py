"""What a reader of a document sees, without a browser."""

import re
from pathlib import Path

from graph.build import build
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
    assert ">Means</h2>" in read
    assert "#" not in Page(read).text.partition("Plan for the seas")[2]
    assert "European Commission <em>commits to</em> strengthen basic research" in read
    # The country is called EUU by the document alone.
    assert "EUU" not in about.text
    assert "European Union" in about.text
    names = about.text.partition("Names")[2].partition("Facts")[0]
    assert names.count("European Commission en") == 1
