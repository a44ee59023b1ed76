"""What readers are given, what they give back, and how they refuse.

A reader is a module with one function, `read(source, options)`, that yields a `Draft` for each
document in the source: one for a file, one per row for a table. It raises DocumentError where the
whole source is of no use, and yields a `Refusal` where one row is and the others are not. The rest
(normalisation, precedence of metadata, language, names, duplicates) is done once for all readers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from pydantic import Field

from graph.documents.metadata import Metadata, MetadataKey
from graph.errors import DocumentError
from graph.records import Record

_PIECE = 1 << 20


class ReadOptions(Record):
    """How documents are read.

    `max_bytes` limits a document, packed and unpacked, and a row of a table; `timeout` the seconds
    an address may take from name resolution to the last byte. `columns` maps names of metadata
    (title, issuer, date, language, country, genre, source) to the columns of a table that hold
    them, where they are called otherwise. `metadata` overrides what documents say of themselves.
    """

    max_bytes: int = Field(default=50_000_000, gt=0)
    timeout: float = Field(default=30.0, gt=0)
    allow_private_hosts: bool = False
    text_column: str = "text"
    id_column: str = "id"
    columns: Mapping[MetadataKey, str] = Field(default_factory=dict)
    metadata: Metadata = Metadata()


class Refusal(Record):
    """A document that was not read: where it is, as the user gave it, and why, in one clause."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as a reader found it.

    `stated` is metadata that somebody wrote down for us (front matter, columns), `properties` what
    the medium carries (HTML, PDF and Word fields). `pages` are offsets into `content`, from 0 on; a
    page never begins with a combining character. `row` names the document within its table.
    """

    content: str
    stated: Metadata = field(default_factory=Metadata)
    properties: Metadata = field(default_factory=Metadata)
    pages: tuple[int, ...] = ()
    row: str | None = None


class Source(Protocol):
    """The bytes of a file or of a fetched address, and what is known about them."""

    @property
    def where(self) -> str:
        """The path or address as the user gave it."""

    @property
    def charset(self) -> str | None:
        """The encoding that the server declared."""

    @property
    def address(self) -> str | None:
        """The address the bytes came from after all redirects; None for a file."""

    def open(self) -> BinaryIO:
        """A fresh stream from the first byte. Raises OSError."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file; only its location is kept."""

    where: str
    path: Path
    charset: None = None
    address: None = None

    def open(self) -> BinaryIO:
        """A fresh stream from the first byte. Raises OSError."""
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """The body of an answer from the web."""

    where: str
    address: str
    data: bytes
    charset: str | None = None

    def open(self) -> BinaryIO:
        """A fresh stream from the first byte."""
        return io.BytesIO(self.data)


class Reader(Protocol):
    """The one function of a reader module."""

    def __call__(self, source: Source, options: ReadOptions) -> Iterator[Draft | Refusal]:
        """Yield the documents of the source. Raises DocumentError and OSError."""


def read_bytes(source: Source, options: ReadOptions) -> bytes:
    """All bytes of the source. Raises DocumentError where they are more than the limit."""
    data = bytearray()
    with source.open() as stream:
        # Piece by piece: asking for the limit at once would set that much memory aside.
        while piece := stream.read(_PIECE):
            data += piece
            if len(data) > options.max_bytes:
                raise DocumentError(source.where, too_large("is", options.max_bytes))
    return bytes(data)


def too_large(verb: str, limit: int) -> str:
    """The reason given for anything over the limit of size."""
    return f"{verb} larger than the limit of {limit:,} bytes; raise the limit to read it"


@contextmanager
def parsing(source: Source, reason: str) -> Iterator[None]:
    """Turn whatever a parser library raises on rubbish into a DocumentError with this reason.

    The libraries name no closed set of exceptions (python-docx alone lets KeyError, ValueError,
    AttributeError and lxml's and zipfile's errors through), hence the wide net; keep nothing but
    calls into the library inside.
    """
    try:
        yield
    except DocumentError:
        raise
    except Exception as error:
        raise DocumentError(source.where, reason) from error
