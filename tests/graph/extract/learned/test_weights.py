"""Weights: whole, missing, damaged, or not those that were hashed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from graph.errors import ExtractorError
from graph.extract import load_extractor, settle_extractor
from graph.extract.learned import weights
from graph.extract.learned.extractor import LearnedExtractor
from graph.records import Document, Text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped weights that a test may spoil."""
    return shutil.copytree(weights.default_folder(), tmp_path / "model")


def test_shipped_weights_are_whole_and_at_most_30_megabytes() -> None:
    opened = weights.open_weights()
    assert sum(f.stat().st_size for f in opened.folder.iterdir()) <= 30_000_000
    assert len(opened.version) == 12


@pytest.mark.parametrize("name", weights.FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ExtractorError, match=f"{name} is missing"):
        weights.open_weights(folder)


def test_a_file_with_one_bit_changed_is_named(folder: Path) -> None:
    file = folder / weights.TAGGER
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(ExtractorError, match=r"tagger\.onnx is damaged.*install the weights again"):
        weights.open_weights(folder)


def test_a_hash_file_that_leaves_a_file_out_is_refused(folder: Path) -> None:
    hashes = folder / weights.HASHES
    hashes.write_text("".join(hashes.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(ExtractorError, match=r"does not name base\.onnx"):
        weights.open_weights(folder)


def test_without_hashes_nothing_is_loaded(folder: Path) -> None:
    (folder / weights.HASHES).unlink()
    with pytest.raises(ExtractorError, match="no readable SHA256SUMS"):
        LearnedExtractor(folder)


def test_damaged_weights_are_told_and_the_rules_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / weights.PAIRS).write_bytes(b"")
    monkeypatch.setattr(weights, "default_folder", lambda: folder)
    with pytest.raises(ExtractorError, match=r"pairs\.onnx is damaged"):
        load_extractor("learned")
    text = Text(document=Document(name="n"), content="Norway will fund basic research.")
    assert load_extractor("rules").extract(text).entities


def test_weights_that_onnxruntime_cannot_open_are_named(folder: Path) -> None:
    (folder / weights.BASE).write_bytes(b"no model")
    weights.write_hashes(folder)
    with pytest.raises(ExtractorError, match=r"onnxruntime .* cannot open .*base\.onnx"):
        LearnedExtractor(folder)


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_a_library_that_cannot_be_imported_is_named(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ExtractorError, match=f"{library} cannot be imported.*pip install"):
        LearnedExtractor()


def test_where_nobody_is_named_the_learned_extractor_reads() -> None:
    name, extractor, remark = settle_extractor()
    assert (name, extractor.name, remark) == ("learned", "learned", None)


def test_where_it_cannot_the_rules_do_and_it_is_said_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / weights.PAIRS).unlink()
    monkeypatch.setattr(weights, "default_folder", lambda: folder)
    name, extractor, remark = settle_extractor()
    assert (name, extractor.name) == ("rules", "rules")
    assert remark
    assert remark == (
        "The rules read alone, for the extractor 'learned' cannot be used: the weights file "
        f"{folder / weights.PAIRS} is missing; install the weights again."
    )
    with pytest.raises(ExtractorError, match=r"pairs\.onnx is missing"):
        settle_extractor("learned")


def test_a_usual_extractor_that_is_not_here_gives_way_to_the_default() -> None:
    name, _, remark = settle_extractor(usual="llm")
    assert name == "learned"
    assert remark
    assert "'llm' cannot be used" in remark


def test_the_reliability_table_counts_every_kind_of_fact() -> None:
    table = weights.reliability()
    assert {"entities", "relations", "statements"} <= set(table)
    for row in table.values():
        assert 0 <= row["error"] <= 1
        assert sum(b["facts"] for b in row["bins"]) == row["facts"]
