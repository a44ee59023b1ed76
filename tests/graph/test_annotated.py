from pathlib import Path

import pytest

from graph.annotated import annotated
from graph.errors import NotFound
from graph.layout import DataDirectory
from graph.queries import document_named, documents
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import FUND, MINISTRY


def test_a_text_comes_in_sentences_with_names_and_facts(world: Path, world_store: Store) -> None:
    north = document_named(world_store, "north-law")
    found = annotated(world_store, DataDirectory(world), north.iri)
    first, second, third = found.passages
    assert second.text.startswith(f"The {MINISTRY}")
    marked = {m.thing.label: second.text[m.start : m.end] for m in second.marks}
    assert marked[FUND] == FUND
    assert len(second.facts) == 4
    assert (first.start, third.end) == (0, north.characters - 1)


def test_passages_are_the_text_and_hold_every_fact(world: Path, world_store: Store) -> None:
    for document in documents(world_store):
        found = annotated(world_store, DataDirectory(world), document.iri)
        name = f"{document.text.rpartition('/')[2]}.txt"
        content = (world / "texts" / name).read_text("utf-8")
        assert all(content[p.start : p.end] == p.text for p in found.passages)
        facts = {fact for passage in found.passages for fact in passage.facts}
        assert len([f for f in facts if "/statement/" in f]) == document.statements


def test_what_is_no_document_has_no_text(
    world: Path, world_store: Store, world_index: SearchIndex
) -> None:
    with pytest.raises(NotFound, match="no document"):
        annotated(world_store, DataDirectory(world), world_index.named(FUND).iri)


def test_a_text_that_is_not_kept_here_is_said_to_be_missing(
    tmp_path: Path, world_store: Store
) -> None:
    north = document_named(world_store, "north-law").iri
    with pytest.raises(NotFound, match="not in this data directory"):
        annotated(world_store, DataDirectory(tmp_path), north)
