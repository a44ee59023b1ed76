from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ontology import files


def test_a_missing_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"no file 'schemes/fields\.ttl'"):
        files.resource("schemes/fields.ttl")


def test_the_vocabulary_is_the_ontology_and_all_schemes() -> None:
    names = files.vocabulary_files()
    assert names[0] == "scip.ttl"
    assert {"schemes/field.ttl", "schemes/modality.ttl"} <= set(names)
    assert len(files.vocabulary_graph()) == len(files.load(*names))


def test_the_files_are_found_inside_an_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installed package need not lie on disk as files; a zip is the hardest case."""
    source = Path(str(files.resource("scip.ttl"))).parent
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(source.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                target.write(path, Path("ontology") / path.relative_to(source))
    inside = zipfile.Path(archive, "ontology/")
    monkeypatch.setattr(files, "files", lambda package: inside)
    assert "schemes/theme.ttl" in files.scheme_files()
    assert len(files.load("schemes/theme.ttl")) > 100
