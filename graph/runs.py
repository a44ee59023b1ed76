"""Extractions and texts as files: written once, never edited, read again instead of made again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from graph.extract.base import Extractor
from graph.layout import DataDirectory
from graph.records import Extraction, Text
from graph.resources import data_path
from ontology.files import resource, vocabulary_files

_ID_LENGTH = 12


@dataclass(frozen=True)
class Run:
    """One version and configuration of an extractor; `id` is a hash over all of it.

    `prompt_hash` is that of the instruction, where the extractor instructs a language model.
    """

    id: str
    extractor: str
    version: str
    prompt_hash: str | None = None


def run_of(extractor: Extractor) -> Run:
    """The run that an extractor makes here: its name and version, cues, authority, vocabulary.

    There is no clock in it, so the same configuration has the same id on any machine.
    """
    hashed = hashlib.sha256(f"{extractor.name}\n{extractor.version}\n".encode())
    for name, content in _configuration():
        hashed.update(f"{name}\n{len(content)}\n".encode())
        hashed.update(content)
    prompt_hash: str | None = getattr(extractor, "prompt_hash", None)
    return Run(hashed.hexdigest()[:_ID_LENGTH], extractor.name, extractor.version, prompt_hash)


def text_path(places: DataDirectory, sha16: str) -> Path:
    """Where the text with this hash lies."""
    return places.texts / f"{sha16}.txt"


def extraction_path(places: DataDirectory, run: Run, sha16: str) -> Path:
    """Where the extraction of a text by a run lies."""
    return _extraction_path(places, run.id, sha16)


def _extraction_path(places: DataDirectory, run: str, sha16: str) -> Path:
    return places.runs / run / f"{sha16}.json"


def keep_text(places: DataDirectory, text: Text) -> None:
    """Store a text under its hash, unless it is there."""
    _write_new(text_path(places, text.sha16), text.content.encode())


def kept_extraction(places: DataDirectory, run: Run, text: Text) -> bytes | None:
    """The extraction that a run made of this text earlier; None without one.

    What is known of the document may have its part in what is found, so an extraction that was
    made when something else was known does not count.
    """
    return _kept(places, run.id, text)


def is_kept_by(places: DataDirectory, run: str, text: Text) -> bool:
    """Whether there is such an extraction by the run with this id, of whatever extractor."""
    return _kept(places, run, text) is not None


def _kept(places: DataDirectory, run: str, text: Text) -> bytes | None:
    try:
        kept = _extraction_path(places, run, text.sha16).read_bytes()
    except FileNotFoundError:
        return None
    return kept if kept.startswith(_head(text)) else None


def keep_first(places: DataDirectory, run: Run, text: Text, made: bytes) -> None:
    """Store the extraction of a text, unless there is one, be it of another document's."""
    _write_new(extraction_path(places, run, text.sha16), made)


def keep_extraction(places: DataDirectory, run: Run, text: Text, made: bytes) -> None:
    """Store the extraction of a text, in place of any other."""
    path = extraction_path(places, run, text.sha16)
    if not path.exists() or path.read_bytes() != made:
        _write(path, made)


def to_json(extraction: Extraction, run: Run, text: Text) -> bytes:
    """Write an extraction as JSON with sorted keys.

    It says by which extractor it was made, and what was known `about` the document.
    """
    fields = extraction.model_dump(mode="json")
    fields |= {"extractor": f"{run.extractor} {run.version}", "sha256": text.sha256}
    return _head(text) + _compact(fields)[1:]


def from_json(made: bytes, run: Run, text: Text) -> Extraction | None:
    """Read an extraction; None when it is damaged, or not of this run and text."""
    head = _head(text)
    try:
        extraction = Extraction.model_validate_json(b"{" + made.removeprefix(head))
    except ValidationError:
        return None
    same_run = extraction.extractor == f"{run.extractor} {run.version}"
    return extraction if same_run and extraction.sha256 == text.sha256 else None


def _head(text: Text) -> bytes:
    """The beginning of the extraction of a text: what is known about its document."""
    return b'{"about":' + _compact(text.document.model_dump(mode="json")) + b","


def _compact(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def files_of_text(places: DataDirectory, sha16: str) -> Iterator[Path]:
    """The files that exist for a text: itself, and its extractions by all runs."""
    if (path := text_path(places, sha16)).exists():
        yield path
    if places.runs.is_dir():
        for folder in sorted(places.runs.iterdir()):
            if (path := folder / f"{sha16}.json").exists():
                yield path


def _write_new(path: Path, content: bytes) -> None:
    if not path.exists():
        _write(path, content)


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def _configuration() -> Iterator[tuple[str, bytes]]:
    """Name and content of every shipped file that what is extracted may depend on."""
    for folder in ("authority", "cues"):
        root = data_path(folder)
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            yield f"{folder}/{path.relative_to(root).as_posix()}", path.read_bytes()
    for name in vocabulary_files():
        yield name, resource(name).read_bytes()
