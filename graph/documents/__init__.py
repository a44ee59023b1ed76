"""Documents: from files, folders, tables and addresses to frozen texts.

`locate` finds and names what is to be read, `read` reads one of these (in any process), and
`read_sources` is the whole batch. To add a format write a module like `plain_text` and one line in
`FORMATS`. Whatever cannot be read becomes a `Refusal`, and the batch goes on.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from graph.documents.base import FileSource, Reader, ReadOptions, Refusal, Source, too_large
from graph.documents.finish import finish, side_car
from graph.documents.folders import os_reason
from graph.documents.metadata import Metadata, MetadataError, from_mapping
from graph.documents.places import Place, places
from graph.errors import DocumentError
from graph.records import Text

__all__ = [
    "FORMATS",
    "Format",
    "Metadata",
    "MetadataError",
    "Place",
    "ReadOptions",
    "Refusal",
    "from_mapping",
    "locate",
    "read",
    "read_one",
    "read_sources",
    "refuse_repeated",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A reader module of this package, what it reads, and the library it needs, if any.

    `streams` marks tables, which are read row by row: the limit of size is then one of rows.
    """

    module: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    library: str | None = None
    streams: bool = False

    def reader(self, where: str) -> Reader:
        """The reader, loaded when first wanted. Raises DocumentError without its library."""
        try:
            reader: Reader = importlib.import_module(f"{__name__}.{self.module}").read
        except ImportError as error:
            if self.library is None:
                raise
            reason = f"to read {self.suffixes[0]} install {self.library}"
            raise DocumentError(where, f"{reason} (pip install {self.library})") from error
        return reader


FORMATS: tuple[Format, ...] = (
    Format("plain_text", (".txt", ".text"), ("text/plain",)),
    Format("markdown_file", (".md", ".markdown"), ("text/markdown", "text/x-markdown")),
    Format(
        "web_page",
        (".html", ".htm", ".xhtml"),
        ("text/html", "application/xhtml+xml"),
        library="trafilatura",
    ),
    Format("pdf_file", (".pdf",), ("application/pdf",), library="pypdfium2"),
    Format(
        "word_file",
        (".docx",),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        library="python-docx",
    ),
    Format("table_file", (".csv", ".tsv"), ("text/csv", "text/tab-separated-values"), streams=True),
    Format(
        "json_lines",
        (".jsonl", ".ndjson"),
        ("application/jsonl", "application/x-ndjson", "application/x-jsonlines"),
        streams=True,
    ),
)
_BY_SUFFIX: Mapping[str, Format] = {
    suffix: format_ for format_ in FORMATS for suffix in format_.suffixes
}
_BY_MEDIA_TYPE: Mapping[str, Format] = {
    media_type: format_ for format_ in FORMATS for media_type in format_.media_types
}


def read_sources(
    sources: Sequence[str | Path], options: ReadOptions | None = None
) -> Iterator[Text | Refusal]:
    """Read files, folders and addresses, one document at a time and in a fixed order.

    Sources keep their order, files of a folder are sorted. Nothing is raised for bad input: each
    refused document gives one Refusal. A text that was read before in the batch is refused too.
    """
    return refuse_repeated(_read_all(sources, options or ReadOptions()))


def read_one(source: str | Path, options: ReadOptions | None = None) -> tuple[Text, ...]:
    """The texts of one file, table, folder or address.

    Raises DocumentError for the first thing that is refused.
    """
    texts = []
    for outcome in read_sources((source,), options):
        if isinstance(outcome, Refusal):
            raise DocumentError(outcome.where, outcome.reason)
        texts.append(outcome)
    return tuple(texts)


def locate(
    sources: Iterable[str | Path], passed_over: Iterable[Path] = ()
) -> Iterator[Place | Refusal]:
    """Find and name what the sources stand for, but for the folders passed over; see `places`."""
    return places(sources, _BY_SUFFIX, frozenset(p.resolve() for p in passed_over))


def read(place: Place, options: ReadOptions) -> Iterator[Text | Refusal]:
    """Read what lies at a place: one text, or as many as the table has rows."""
    try:
        source, format_ = _open(place, options)
        beside = side_car(place.path) if place.path else Metadata()
        for draft in format_.reader(place.where)(source, options):
            if isinstance(draft, Refusal):
                yield draft
            else:
                yield finish(draft, place, source, beside, options)
    except DocumentError as error:
        yield Refusal(where=error.where, reason=error.reason)
    except OSError as error:
        yield Refusal(where=place.where, reason=os_reason(error))


def refuse_repeated(outcomes: Iterable[Text | Refusal]) -> Iterator[Text | Refusal]:
    """Hand on what was read, but refuse a text that another document had before.

    Keeps a hash and a name per document, never a text.
    """
    first: dict[bytes, str] = {}
    for outcome in outcomes:
        if isinstance(outcome, Text):
            name = outcome.document.name
            earlier = first.setdefault(bytes.fromhex(outcome.sha256), name)
            if earlier != name:
                yield Refusal(where=name, reason=f"has the same text as {earlier}, read before")
                continue
        yield outcome


def _read_all(sources: Sequence[str | Path], options: ReadOptions) -> Iterator[Text | Refusal]:
    for found in locate(sources):
        if isinstance(found, Refusal):
            yield found
        else:
            yield from read(found, options)


def _open(place: Place, options: ReadOptions) -> tuple[Source, Format]:
    """The bytes at a place and the format they are in. Raises DocumentError and OSError."""
    if place.path is None:
        return _fetched(place.where, options)
    format_ = _BY_SUFFIX[place.path.suffix.lower()]
    if not format_.streams and place.path.stat().st_size > options.max_bytes:
        raise DocumentError(place.where, too_large("is", options.max_bytes))
    return FileSource(place.where, place.path), format_


def _fetched(address: str, options: ReadOptions) -> tuple[Source, Format]:
    """What the web has at an address; the media type decides how it is read."""
    from graph.documents.fetch import fetch

    found = fetch(address, options)
    suffix = PurePosixPath(urlsplit(found.source.address).path).suffix.lower()
    # These two say little, and servers say them of Markdown and tables.
    if found.media_type in ("", "text/plain", "application/octet-stream"):
        format_ = _BY_SUFFIX.get(suffix) or _BY_MEDIA_TYPE.get(found.media_type)
    else:
        format_ = _BY_MEDIA_TYPE.get(found.media_type)
    if format_ is None:
        kind = found.media_type or "of an unnamed type"
        raise DocumentError(address, f"is {kind}; known are {' '.join(_BY_MEDIA_TYPE)}")
    return found.source, format_
