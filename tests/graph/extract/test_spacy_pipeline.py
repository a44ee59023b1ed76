"""The extractor `spacy:MODEL`, over a small pipeline that is made and saved here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graph.errors import ExtractorError
from graph.extract import load_extractor
from graph.records import Document, Text
from tests.graph.extract.pipelines import blank_pipeline, small_pipeline

TEXT = (
    "The Ministry of Science and Technology met the Academy of Sciences in Porto, and China too. "
    "“We strengthen basic research,” said Ana Duarte of the Ministry of Science and Technology, "
    "with €40 million until 2030."
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pipeline(tmp_path_factory.mktemp("pipeline"))


def found(model: Path, content: str = TEXT) -> list[tuple[str, str, int]]:
    text = Text(document=Document(name="t"), content=content)
    extraction = load_extractor(f"spacy:{model}").extract(text)
    return [(e.type, e.name, len(e.mentions)) for e in extraction.entities]


def test_labels_become_types_and_articles_are_left_out(model: Path) -> None:
    assert ("Organization", "Ministry of Science and Technology", 1) in found(model)
    assert ("Person", "Ana Duarte", 1) in found(model)
    assert ("Quantity", "€40 million", 1) in found(model)


def test_labels_that_are_our_own_types_are_kept_and_spans_may_nest(model: Path) -> None:
    assert ("Goal", "strengthen basic research", 1) in found(model)
    assert ("Field", "basic research", 1) in found(model)


def test_a_place_counts_where_it_is_a_country(model: Path) -> None:
    assert [name for kind, name, _ in found(model) if kind == "Country"] == ["China"]


def test_other_labels_are_passed_over(model: Path) -> None:
    assert "2030" not in [name for _, name, _ in found(model)]


def test_names_are_one_thing_in_all_parts_of_a_long_text(model: Path) -> None:
    content = f"{TEXT}\n\n{'Nothing happens here. ' * 5000}\n\n{TEXT}"
    assert ("Person", "Ana Duarte", 2) in found(model, content)
    assert len(content) > 100_000


def test_the_version_names_the_pipeline_and_changes_with_its_files(
    model: Path, tmp_path: Path
) -> None:
    loaded = load_extractor(f"spacy:{model}")
    assert loaded.name == "spacy"
    assert "en_small-0.1.0" in loaded.version
    other = blank_pipeline()
    other.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Academy"}])
    other.meta["name"], other.meta["version"] = "small", "0.1.0"
    other.to_disk(tmp_path / "other")
    assert load_extractor(f"spacy:{tmp_path / 'other'}").version != loaded.version


def test_a_pipeline_that_is_not_there_is_named() -> None:
    blank_pipeline()
    with pytest.raises(ExtractorError, match=r"no spaCy pipeline 'en_no_such'.*download") as caught:
        load_extractor("spacy:en_no_such")
    assert isinstance(caught.value.__cause__, OSError)


def test_a_damaged_pipeline_is_named(model: Path, tmp_path: Path) -> None:
    blank_pipeline()
    (tmp_path / "meta.json").write_text("{")
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 7\n")
    with pytest.raises(ExtractorError, match="cannot be loaded"):
        load_extractor(f"spacy:{tmp_path}")


def test_without_spacy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ExtractorError, match=r"install scipol\[spacy\]") as caught:
        load_extractor("spacy:en_core_web_sm")
    assert isinstance(caught.value.__cause__, ImportError)


def test_without_a_model_the_name_is_unknown() -> None:
    with pytest.raises(ExtractorError, match="spacy:MODEL"):
        load_extractor("spacy:")
