"""Tables of texts in JSON Lines (.jsonl, .ndjson): one object and one document per line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graph.documents.base import Draft, ReadOptions, Refusal, Source
from graph.documents.rows import Row, check_columns, documents, lines, row_refusal
from graph.errors import DocumentError

_NO_OBJECT = "is not a JSON object"


def read(source: Source, options: ReadOptions) -> Iterator[Draft | Refusal]:
    """The lines as documents. Raises DocumentError and OSError."""
    yield from documents(_rows(source, options), source, options)


def _rows(source: Source, options: ReadOptions) -> Iterator[Row | Refusal]:
    """The objects; where the first is none, or lacks the named columns, the table is refused."""
    number = 0
    for line in lines(source, options):
        if not line.strip():
            continue
        number += 1
        row = _parsed(line)
        if row is not None and number == 1:
            check_columns(row, source, options)
        if row is not None:
            yield row
        elif number == 1:
            raise DocumentError(source.where, f"is not JSON Lines: its first line {_NO_OBJECT}")
        else:
            yield row_refusal(source, number, _NO_OBJECT)


def _parsed(line: str) -> dict[str, object] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
