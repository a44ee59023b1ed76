"""Builds into a store elsewhere, beside the same build into a data directory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.build import BuildOptions, build, forget
from graph.errors import StoreError
from graph.remote.address import RemoteAddress
from graph.stores import open_store
from tests import servers

RULES = BuildOptions(extractor="rules")
_FIRST = "The Norland government called on universities to strengthen basic research.\n"
_SECOND = (
    "The Ministry of Science of Norland will set up a research fund to support basic research.\n"
)
_THIRD = "The Ministry of Science of Norland opposes the research fund.\n"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[RemoteAddress]:
    with servers.oxigraph() as (address, _):
        yield address


@pytest.fixture
def remote(elsewhere: RemoteAddress, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("SCIPOL_STORE", elsewhere.query)
    monkeypatch.setenv("SCIPOL_STORE_UPDATE", str(elsewhere.update))
    monkeypatch.setenv("SCIPOL_STORE_GRAPHS", str(elsewhere.graphs))
    return monkeypatch


def dumped(data: Path) -> bytes:
    with open_store(data) as store:
        return store.dump()


def test_a_build_elsewhere_gives_the_same_graph(remote: pytest.MonkeyPatch, tmp_path: Path) -> None:
    corpus, there, here = tmp_path / "texts", tmp_path / "there", tmp_path / "here"
    corpus.mkdir()
    (corpus / "first.txt").write_text(_FIRST)
    (corpus / "second.txt").write_text(_SECOND)
    assert build([corpus], there, RULES).added == 2
    one = dumped(there)
    assert build([corpus], there, RULES).unchanged == 2
    (corpus / "second.txt").write_text(_THIRD)
    assert build([corpus], there, RULES).replaced == 1
    two = dumped(there)
    forget(there, "second")
    three = dumped(there)
    assert not (there / "store").exists(), "the graph was stored here as well"
    remote.delenv("SCIPOL_STORE")
    (corpus / "second.txt").write_text(_SECOND)
    build([corpus], here, RULES)
    assert dumped(here) == one
    (corpus / "second.txt").write_text(_THIRD)
    build([corpus], here, RULES)
    assert dumped(here) == two
    forget(here, "second")
    assert dumped(here) == three


def test_a_store_for_reading_is_not_built_into(remote: pytest.MonkeyPatch, tmp_path: Path) -> None:
    remote.delenv("SCIPOL_STORE_UPDATE")
    (tmp_path / "new.txt").write_text(_FIRST.replace("Norland", "Westland"))
    with pytest.raises(StoreError, match="SCIPOL_STORE_UPDATE"):
        build([tmp_path / "new.txt"], tmp_path / "data", RULES)


def test_a_build_into_a_store_that_is_down_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCIPOL_STORE", f"http://127.0.0.1:{servers.free_port()}/query")
    monkeypatch.setenv("SCIPOL_STORE_TIMEOUT", "1")
    (tmp_path / "new.txt").write_text(_FIRST)
    with pytest.raises(StoreError, match="cannot be reached"):
        build([tmp_path / "new.txt"], tmp_path / "data", RULES)
