"""Reads annotated documents: a text and what careful readers found in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from graph.errors import DataError, DocumentError
from graph.json_places import Path as Place
from graph.json_places import Places, at_path
from graph.records import Document, Extraction, Text

_SUFFIXES = (".txt", ".md")
# So many faults are named.
_NAMED = 50


class _Fault(NamedTuple):
    """What is wrong with the value at a path, and what that value belongs to."""

    path: Place
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with its annotation."""

    text: Text
    gold: Extraction


def load_gold(gold: Path, texts: Path | None = None) -> Iterator[Annotated]:
    """The annotated documents of a folder, sorted by file name.

    `gold` holds NAME.json each (other files are ignored), whose "document" is NAME; `texts` holds
    NAME.txt or NAME.md. Without it the texts lie in the folder of the annotations or in `corpus`
    beside that folder. A .txt file is taken exactly as it is stored, a .md file as its reader gives
    it.

    Raises DataError naming file, line and entry of all that does not fit, before anything is
    yielded; of very many faults the first are named, and the rest are counted.
    """
    if not gold.is_dir():
        raise DataError(f"{gold} is not a folder; give the folder that holds the annotations")
    files = sorted(gold.glob("*.json"), key=lambda f: f.name)
    if not files:
        raise DataError(f"{gold} holds no annotations; they are files named NAME.json")
    folders = (texts,) if texts is not None else (gold, gold.parent / "corpus")
    read: list[Annotated] = []
    faults: list[str] = []
    for file in files:
        try:
            read.append(_read(file, folders))
        except _Faulty as error:
            faults += error.faults
    if faults:
        raise DataError(_listed(faults))
    yield from read


class _Faulty(Exception):
    """An annotated document with faults, a sentence each."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = faults


def _listed(faults: Sequence[str]) -> str:
    if len(faults) == 1:
        return faults[0]
    more = [f"and {len(faults) - _NAMED} more"] if len(faults) > _NAMED else []
    return "\n".join([f"the annotations have {len(faults)} faults:", *faults[:_NAMED], *more])


def _read(file: Path, folders: tuple[Path, ...]) -> Annotated:
    """One annotated document. Raises _Faulty with all that is wrong with it."""
    faults: list[str] = []
    written = _decoded(file)
    try:
        text = _text(file, folders)
    except DataError as error:
        # What can be said without the text is said as well.
        faults.append(str(error))
        text = None
    found = list(_faults(written, file.stem, text.content if text else None))
    if found:
        faults += _with_lines(file, found)
    if faults or text is None:
        raise _Faulty(*faults)
    return Annotated(text, Extraction.model_validate(written))


def _decoded(file: Path) -> object:
    try:
        content = file.read_bytes()
        return json.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Faulty(f"{file}, line {line}: it is not UTF-8: {error}") from error
    except json.JSONDecodeError as error:
        raise _Faulty(
            f"{file}, line {error.lineno}, column {error.colno}: it is not JSON: {error.msg}"
        ) from error
    except RecursionError as error:
        raise _Faulty(f"{file}: it is nested too deeply") from error


def _with_lines(file: Path, found: Sequence[_Fault]) -> list[str]:
    """Faults of a file in the order of its lines."""
    places = Places(file.read_bytes().decode())
    lined = sorted((places.line(f.path), n, f) for n, f in enumerate(found))
    return [f"{file}, line {line}, {fault.where}: {fault.what}" for line, _, fault in lined]


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


def _faults(written: object, name: str, content: str | None) -> Iterator[_Fault]:
    """All that is wrong with an annotation: its form, its ids, and quotes that are not in the text.

    It has to say that it is of the document of this name, which is that of its file. Without the
    text, `content` is None and quotes are not compared.
    """
    misformed = _misformed(written)
    broken = [fault.path for fault in misformed]
    yield from misformed
    stated = at_path(written, ("document",))
    if isinstance(stated, str) and stated != name:
        what = f"it names {stated[:60]!r}, but the file is called {name}.json"
        yield _Fault(("document",), "document", what)
    ids, doubled = _ids(written)
    yield from doubled
    for path, where, id_ in _named_ids(written):
        if isinstance(id_, str) and id_ not in ids:
            yield _Fault(path, where, f"no entity has the id {id_!r}")
    if content is None:
        return
    for path, where in _spans(written):
        span = at_path(written, path)
        if isinstance(span, dict) and not any(b[: len(path)] == path for b in broken):
            found = content[span["start"] : span["end"]]
            if found != span["text"]:
                what = f"the text at {span['start']}-{span['end']} is {found[:60]!r}"
                yield _Fault(path, where, f"{what}, not {str(span['text'])[:60]!r}")


def _misformed(written: object) -> list[_Fault]:
    try:
        Extraction.model_validate(written)
    except ValidationError as error:
        found = [(one["loc"], one["msg"]) for one in error.errors()]
        # A list that lacks what is wrong inside it is no fault of its own.
        around = {path[:length] for path, _ in found for length in range(len(path))}
        return [
            _Fault(path, "/".join(map(str, path)) or "top", message)
            for path, message in found
            if path not in around
        ]
    return []


def _entries(written: object, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    entries = at_path(written, (name,))
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield number, entry


def _ids(written: object) -> tuple[set[object], list[_Fault]]:
    """The ids of the entities, and where one is given again."""
    known: set[object] = set()
    doubled = []
    for number, entity in _entries(written, "entities"):
        id_ = entity.get("id")
        if not isinstance(id_, str):
            continue
        if id_ in known:
            path = ("entities", number, "id")
            doubled.append(_Fault(path, f"entity {id_!r}", f"two entities have the id {id_!r}"))
        known.add(id_)
    return known, doubled


def _named_ids(written: object) -> Iterator[tuple[Place, str, object]]:
    """Each id that a statement or relation names, with its path."""
    for list_, kind, single, several in (
        ("statements", "statement", ("speaker",), ("content", "addressee")),
        ("relations", "relation", ("subject", "object"), ()),
    ):
        for number, entry in _entries(written, list_):
            where = f"{kind} {number}"
            for name in single:
                yield (list_, number, name), where, entry.get(name)
            for name in several:
                ids = entry.get(name)
                for place, id_ in enumerate(ids if isinstance(ids, list) else ()):
                    yield (list_, number, name, place), where, id_


def _spans(written: object) -> Iterator[tuple[Place, str]]:
    """The path of each quote, and what it belongs to."""
    for number, entity in _entries(written, "entities"):
        mentions = entity.get("mentions")
        for place in range(len(mentions) if isinstance(mentions, list) else 0):
            yield ("entities", number, "mentions", place), f"entity {entity.get('id')!r}"
    for list_, kind in (("statements", "statement"), ("relations", "relation")):
        for number, _ in _entries(written, list_):
            yield (list_, number, "evidence"), f"{kind} {number}"
