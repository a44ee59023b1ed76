"""Which IRI stands for which entity: written once, looked up ever after, never computed again.

A better label or a new identifier therefore changes no IRI. The file is a table of tab-separated
lines to which lines are only ever added; one process at a time may do so (the store's writer).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from graph.errors import StoreError
from graph.identifiers import entity_iri


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the registry: the IRI, what it identifies, and the document that needed it."""

    iri: str
    key: str
    label: str
    minted_by: str


_HEADER = "\t".join(field.name for field in fields(Entry)) + "\n"
_COLUMNS = len(fields(Entry))


class Registry:
    """The entries of a file, or of memory alone where no file is given.

    New entries are kept until `save`, which adds them to the file in one write. A line that a
    killed process left unfinished is ignored when reading and removed before the next write;
    nothing is lost by that, since minting it again gives the same IRI.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read the file if it exists. Raises StoreError where a finished line is damaged."""
        self._path = path
        self._iris: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._unsaved: list[Entry] = []
        self._good_bytes = 0
        if path is not None and path.exists():
            self._read(path)

    def __len__(self) -> int:
        return len(self._iris)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """(key, IRI) pairs in the order they were minted."""
        return iter(self._iris.items())

    def lookup(self, key: str) -> str | None:
        """The IRI that was given to this key, if one was."""
        return self._iris.get(key)

    def mint(self, type_: str, key: str, label: str, minted_by: str) -> str:
        """The IRI of this key, made from key and label the first time it is asked for.

        Raises StoreError where another key already has the IRI that would be made.
        """
        if (known := self._iris.get(key)) is not None:
            return known
        entry = Entry(entity_iri(type_, label, key), key, label, minted_by)
        self._add(entry, "minting")
        self._unsaved.append(entry)
        return entry.iri

    def save(self) -> None:
        """Add what was minted since the last time to the file."""
        if self._path is None or not self._unsaved:
            self._unsaved.clear()
            return
        lines = "".join("\t".join(map(_cell, astuple(entry))) + "\n" for entry in self._unsaved)
        data = (lines if self._good_bytes else _HEADER + lines).encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.ftruncate(handle, self._good_bytes)
            written = os.pwrite(handle, data, self._good_bytes)
        finally:
            os.close(handle)
        if written != len(data):
            raise StoreError(f"{self._path}: only a part could be written; free some disk space")
        self._good_bytes += written
        self._unsaved.clear()

    def _read(self, path: Path) -> None:
        data = path.read_bytes()
        self._good_bytes = data.rfind(b"\n") + 1
        lines = data[: self._good_bytes].decode().split("\n")[:-1]
        if lines and lines[0] + "\n" != _HEADER:
            raise StoreError(f"{path}: this is not a registry of IRIs; move the file away")
        for number, line in enumerate(lines[1:], start=2):
            cells = line.split("\t")
            if len(cells) != _COLUMNS:
                raise StoreError(f"{path} line {number}: damaged; restore the file from a backup")
            self._add(Entry(*map(_value, cells)), f"{path} line {number}")

    def _add(self, entry: Entry, where: str) -> None:
        holder = self._keys.setdefault(entry.iri, entry.key)
        iri = self._iris.setdefault(entry.key, entry.iri)
        if holder != entry.key or iri != entry.iri:
            raise StoreError(
                f"{where}: {entry.iri} for {entry.key!r} clashes with {iri} for {holder!r}; "
                "report this with both names"
            )


_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPING = str.maketrans(_ESCAPES)
_UNESCAPES = {escaped: char for char, escaped in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\[\\tnr]")


def _cell(value: str) -> str:
    return value.translate(_ESCAPING)


def _value(cell: str) -> str:
    return _ESCAPED.sub(lambda found: _UNESCAPES[found[0]], cell)
