"""Tables of texts with a header line (.csv, .tsv): one document per row."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from graph.documents.base import Draft, ReadOptions, Refusal, Source
from graph.documents.rows import Row, check_columns, documents, lines, row_refusal
from graph.errors import DocumentError

_DELIMITERS = (",", ";", "\t", "|")


def read(source: Source, options: ReadOptions) -> Iterator[Draft | Refusal]:
    """The rows as documents. Raises DocumentError and OSError."""
    # The csv module has one limit for the whole process; a text may be longer than its 128 KiB.
    csv.field_size_limit(max(csv.field_size_limit(), options.max_bytes))
    yield from documents(_rows(source, options), source, options)


def _rows(source: Source, options: ReadOptions) -> Iterator[Row | Refusal]:
    """Rows by column. A table that breaks off its own rules is refused from there on."""
    table = lines(source, options)
    first = next(table, "")
    number = 0
    try:
        delimiter = _delimiter(first, options)
        header = next(csv.reader([first], delimiter=delimiter), [])
        _check_header(header, source, options)
        for values in csv.reader(table, delimiter=delimiter, strict=True):
            if not values:
                continue
            number += 1
            if len(values) == len(header):
                yield dict(zip(header, values, strict=True))
            else:
                counts = f"has {len(values)} values under {len(header)} columns"
                yield row_refusal(source, number, counts)
    except csv.Error as error:
        reason = f"is not valid CSV after row {number} ({error}); nothing after it was read"
        raise DocumentError(source.where, reason) from error


def _check_header(header: list[str], source: Source, options: ReadOptions) -> None:
    check_columns(header, source, options)
    if len(set(header)) < len(header):
        raise DocumentError(source.where, "has two columns of the same name")


def _delimiter(first: str, options: ReadOptions) -> str:
    """The sign under which the header holds the column of texts, else the most columns."""
    headers = {sign: next(csv.reader([first], delimiter=sign), []) for sign in _DELIMITERS}
    return max(
        _DELIMITERS, key=lambda sign: (options.text_column in headers[sign], len(headers[sign]))
    )
