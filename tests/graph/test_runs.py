import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from graph import runs
from graph.layout import DataDirectory
from graph.records import Extraction
from graph.runs import (
    extraction_path,
    files_of_text,
    from_json,
    keep_extraction,
    keep_first,
    keep_text,
    kept_extraction,
    run_of,
    text_path,
    to_json,
)
from tests.graph.sample import RUN, extraction_of, text_of


@dataclass
class Fixed:
    name: str = "fixed"
    version: str = "1"

    def extract(self, text):
        return Extraction(document=text.document.name)


def test_a_run_is_named_after_extractor_version_and_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = run_of(Fixed())
    assert run == run_of(Fixed())
    assert len(run.id) == 12
    others = {run_of(Fixed(name="other")).id, run_of(Fixed(version="2")).id}
    with monkeypatch.context() as patch:
        patch.setattr(runs, "_configuration", lambda: [("cues/verbs.toml", b"urge")])
        one = run_of(Fixed()).id
        patch.setattr(runs, "_configuration", lambda: [("cues/verbs.toml", b"urge, plead")])
        others |= {one, run_of(Fixed()).id}
    assert len(others | {run.id}) == 5


def test_cues_authority_and_vocabulary_are_the_configuration() -> None:
    names = [name for name, _ in runs._configuration()]
    assert "authority/actors.csv" in names
    assert "schemes/instrument-type.ttl" in names
    assert any(name.startswith("cues/") for name in names)


def test_an_extraction_survives_the_way_through_its_file(tmp_path: Path) -> None:
    text, places = text_of(), DataDirectory(tmp_path)
    made = to_json(extraction_of(text), RUN, text)
    keep_extraction(places, RUN, text, made)
    assert kept_extraction(places, RUN, text) == made
    read = from_json(made, RUN, text)
    assert read is not None
    assert read.entities == extraction_of(text).entities
    assert read.statements == extraction_of(text).statements
    assert (read.sha256, read.extractor) == (text.sha256, "sample 7")


def test_the_json_has_sorted_keys_and_says_what_was_known() -> None:
    text = text_of(issuer="Royal Society 学会")
    fields = json.loads(to_json(extraction_of(text), RUN, text))
    assert list(fields) == sorted(fields)
    assert fields["about"]["issuer"] == "Royal Society 学会"
    assert fields["entities"][0]["confidence"] == 0.9


def test_what_was_made_of_another_text_or_by_another_run_is_not_taken() -> None:
    text, other = text_of(), text_of("Other words.")
    made = to_json(Extraction(document="plan"), RUN, text)
    assert from_json(made, RUN, text) is not None
    assert from_json(made, RUN, other) is None
    assert from_json(made, runs.Run(RUN.id, "sample", "8"), text) is None
    assert from_json(made[:-1], RUN, text) is None
    assert from_json(b"", RUN, text) is None


def test_an_extraction_does_not_count_when_other_metadata_were_known(tmp_path: Path) -> None:
    places = DataDirectory(tmp_path)
    keep_first(places, RUN, text_of(), to_json(Extraction(document="plan"), RUN, text_of()))
    assert kept_extraction(places, RUN, text_of(issued=date(2020, 1, 1))) is None
    assert kept_extraction(places, RUN, text_of(name="other")) is None
    assert kept_extraction(places, RUN, text_of()) is not None


def test_only_who_is_accepted_takes_the_place_of_another(tmp_path: Path) -> None:
    places, text = DataDirectory(tmp_path), text_of()
    first, second = b"first", b"second"
    keep_first(places, RUN, text, first)
    keep_first(places, RUN, text, second)
    assert extraction_path(places, RUN, text.sha16).read_bytes() == first
    keep_extraction(places, RUN, text, second)
    assert extraction_path(places, RUN, text.sha16).read_bytes() == second


def test_files_are_found_by_the_hash_of_the_text(tmp_path: Path) -> None:
    text, places = text_of("Ünïcode 科学\n"), DataDirectory(tmp_path)
    assert list(files_of_text(places, text.sha16)) == []
    keep_text(places, text)
    keep_extraction(places, RUN, text, to_json(Extraction(document="plan"), RUN, text))
    expected = [text_path(places, text.sha16), extraction_path(places, RUN, text.sha16)]
    assert list(files_of_text(places, text.sha16)) == expected
    assert expected[0].read_bytes().decode() == text.content
    # Nothing half-written is left beside them.
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(expected)
