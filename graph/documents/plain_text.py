"""Plain text: the decoded file, character for character."""

from __future__ import annotations

from collections.abc import Iterator

from graph.documents.base import Draft, ReadOptions, Source, read_bytes
from graph.documents.encoding import decode


def read(source: Source, options: ReadOptions) -> Iterator[Draft]:
    """The file as one document. Raises DocumentError and OSError."""
    yield Draft(decode(read_bytes(source, options), source.where, source.charset))
