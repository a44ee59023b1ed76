"""Rows of tables as documents, whatever the table is written in."""

from __future__ import annotations

import codecs
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from graph.documents.base import Draft, ReadOptions, Refusal, Source, too_large
from graph.documents.detection import detect
from graph.documents.encoding import BINARY, MARKS, known_encoding
from graph.documents.metadata import MetadataError, from_mapping
from graph.errors import DocumentError

Row = Mapping[str, object]

_PIECE = 1 << 20
# How many columns a message shows, and how much of each: rubbish has long ones.
_SHOWN = 40


def lines(source: Source, options: ReadOptions) -> Iterator[str]:
    """The decoded lines with their ends, of which none may be larger than a document.

    Raises DocumentError and OSError.
    """
    mark, encoding = _encoding(source)
    with source.open() as stream:
        stream.read(len(mark))
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        try:
            while line := text.readline(options.max_bytes):
                if len(line) == options.max_bytes:
                    raise DocumentError(source.where, too_large("has a row", options.max_bytes))
                yield line
        except UnicodeError as error:
            reason = f"is not valid {encoding.upper()} throughout"
            raise DocumentError(source.where, reason) from error


def check_columns(columns: Collection[str], source: Source, options: ReadOptions) -> None:
    """Raises DocumentError where a column that the options name is not in the table."""
    wanted = [options.text_column, *options.columns.values()]
    if "id_column" in options.model_fields_set:
        wanted.append(options.id_column)
    for column in wanted:
        if column not in columns:
            known = ", ".join(repr(name[:_SHOWN]) for name in islice(columns, _SHOWN)) or "none"
            raise DocumentError(source.where, f"has no column {column!r}; it has {known}")


def documents(
    rows: Iterable[Row | Refusal], source: Source, options: ReadOptions
) -> Iterator[Draft | Refusal]:
    """A draft for each row that can be used, a refusal for each other.

    Raises DocumentError for a table without rows.
    """
    names: set[str] = set()
    number = 0
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Refusal):
            yield row
            continue
        try:
            draft = _draft(row, number, names, options)
        except ValueError as error:
            yield row_refusal(source, number, str(error))
        else:
            yield draft
    if not number:
        raise DocumentError(source.where, "has no rows")


def row_refusal(source: Source, number: int, reason: str) -> Refusal:
    """The refusal of a row, which is called by its number."""
    return Refusal(where=f"{source.where}#{number}", reason=reason)


def _draft(row: Row, number: int, names: set[str], options: ReadOptions) -> Draft:
    """The document of a row, its name entered. Raises ValueError with the reason against it."""
    content = row.get(options.text_column)
    if not isinstance(content, str):
        raise ValueError(f"has no text under {options.text_column!r}")
    if len(content) > options.max_bytes:
        raise ValueError(too_large("is", options.max_bytes))
    mapped: Row = {str(key): row.get(column) for key, column in options.columns.items()}
    stated = from_mapping({**row, **mapped})
    name = _name(row.get(options.id_column), number)
    if name in names:
        raise ValueError(f"an earlier row is named {name!r} too")
    names.add(name)
    return Draft(content, stated, row=name)


def _name(value: object, number: int) -> str:
    if isinstance(value, (str, int, float)) and (name := " ".join(str(value).split())):
        if not name.isprintable():
            raise MetadataError("its name contains characters that cannot be printed")
        return name
    return str(number)


def _encoding(source: Source) -> tuple[bytes, str]:
    """Byte order mark and encoding of a table of any length, in memory for one piece of it."""
    with source.open() as stream:
        first = stream.read(_PIECE)
        for mark, encoding in MARKS:
            if first.startswith(mark):
                return mark, encoding
        if b"\0" in first:
            raise DocumentError(source.where, BINARY)
        decoder = codecs.getincrementaldecoder("utf-8")()
        piece = rest = first
        try:
            while rest:
                piece = rest
                decoder.decode(piece)
                rest = stream.read(_PIECE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return b"", known_encoding(source.charset) or detect(piece, source.where)
    return b"", "utf-8"
