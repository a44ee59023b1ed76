"""Reads annotated documents: a text and what careful readers found in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from graph.errors import DataError, DocumentError
from graph.records import Document, Extraction, Span, Text

_SUFFIXES = (".txt", ".md")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with its annotation."""

    text: Text
    gold: Extraction


def load_gold(gold: Path, texts: Path | None = None) -> Iterator[Annotated]:
    """The annotated documents of a folder, sorted by file name.

    `gold` holds NAME.json each (other files are ignored), `texts` NAME.txt or NAME.md; without it
    the texts lie in the folder of the annotations or in `corpus` beside that folder. A .txt file is
    taken exactly as it is stored, a .md file as its reader gives it.

    Raises DataError naming the file and the entry for whatever does not fit.
    """
    if not gold.is_dir():
        raise DataError(f"{gold} is not a folder; give the folder that holds the annotations")
    files = sorted(gold.glob("*.json"), key=lambda f: f.name)
    if not files:
        raise DataError(f"{gold} holds no annotations; they are files named NAME.json")
    folders = (texts,) if texts is not None else (gold, gold.parent / "corpus")
    for file in files:
        annotation = _annotation(file)
        text = _text(file, folders)
        _check(file, annotation, text.content)
        yield Annotated(text, annotation)


def _annotation(file: Path) -> Extraction:
    try:
        return Extraction.model_validate(json.loads(file.read_bytes().decode()))
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8: {error}") from error
    except json.JSONDecodeError as error:
        raise DataError(f"{file} is not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        entry = "/".join(str(part) for part in first["loc"])
        raise DataError(f"{file}, {entry or 'top'}: {first['msg']}") from error


def _text(file: Path, folders: tuple[Path, ...]) -> Text:
    for folder in folders:
        for suffix in _SUFFIXES:
            path = folder / f"{file.stem}{suffix}"
            if path.is_file():
                return _read_text(path)
    places = " or ".join(str(f) for f in folders)
    raise DataError(f"{file} has no text; expected {file.stem}.txt or {file.stem}.md in {places}")


def _read_text(path: Path) -> Text:
    from graph.documents import read_one
    from graph.documents.finish import side_car

    try:
        if path.suffix == ".md":
            return read_one(path)[0]
        known = side_car(path)
        content = path.read_bytes().decode()
    except DocumentError as error:
        raise DataError(str(error)) from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8: {error}") from error
    document = Document(name=path.stem, **dict(known))
    return Text(document=document, content=content)


def _check(file: Path, gold: Extraction, content: str) -> None:
    """Offsets fit the text, ids are unique and can be resolved."""
    known: set[str] = set()
    for entity in gold.entities:
        if entity.id in known:
            raise DataError(f"{file}: two entities have the id {entity.id!r}")
        known.add(entity.id)
        for mention in entity.mentions:
            _check_span(file, f"entity {entity.id!r}", mention, content)
    for number, statement in enumerate(gold.statements):
        where = f"statement {number}"
        speaker = () if statement.speaker is None else (statement.speaker,)
        for id_ in (*speaker, *statement.content, *statement.addressee):
            if id_ not in known:
                raise DataError(f"{file}, {where}: no entity has the id {id_!r}")
        _check_span(file, where, statement.evidence, content)
    for number, relation in enumerate(gold.relations):
        where = f"relation {number}"
        for id_ in (relation.subject, relation.object):
            if id_ not in known:
                raise DataError(f"{file}, {where}: no entity has the id {id_!r}")
        _check_span(file, where, relation.evidence, content)


def _check_span(file: Path, where: str, span: Span, content: str) -> None:
    found = content[span.start : span.end]
    if found != span.text:
        raise DataError(
            f"{file}, {where}: the text at {span.start}-{span.end} is {found[:60]!r}, "
            f"not {span.text[:60]!r}"
        )
