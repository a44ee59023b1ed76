"""Markdown with optional YAML front matter; the body stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.documents.base import Draft, ReadOptions, Source, read_bytes
from graph.documents.encoding import decode
from graph.documents.metadata import Metadata, MetadataError, from_yaml
from graph.errors import DocumentError

_LINE_END = r"(?:\r\n|\r|\n)"
_FRONT_MATTER = re.compile(
    rf"---[ \t]*{_LINE_END}(?P<yaml>(?:.*{_LINE_END})*?)(?:---|\.\.\.)[ \t]*(?:{_LINE_END}|\Z)"
)
_BLANK_LINES = re.compile(rf"(?:[ \t]*{_LINE_END})*")


def read(source: Source, options: ReadOptions) -> Iterator[Draft]:
    """The body as one document, the front matter as its metadata.

    Raises DocumentError and OSError.
    """
    text = decode(read_bytes(source, options), source.where, source.charset)
    try:
        stated, body = split_front_matter(text)
    except MetadataError as error:
        raise DocumentError(source.where, f"front matter: {error}") from error
    yield Draft(body, stated)


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Metadata and body; all is body where the text does not open with front matter.

    Raises MetadataError where there is front matter that cannot be used.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Metadata(), text
    body = _BLANK_LINES.match(text, match.end())
    return from_yaml(match["yaml"]), text[body.end() if body else match.end() :]
