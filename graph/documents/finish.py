"""What is the same for all formats: from a draft to a frozen text."""

from __future__ import annotations

import itertools
import unicodedata
from pathlib import Path

from graph.documents.base import Draft, FileSource, ReadOptions, Refusal, Source, read_bytes
from graph.documents.encoding import BINARY, decode, is_binary
from graph.documents.folders import SIDE_CAR, printable
from graph.documents.language import detect_language
from graph.documents.metadata import Metadata, MetadataError, from_yaml
from graph.documents.places import Place
from graph.errors import DocumentError
from graph.records import Document, Text


def side_car(path: Path) -> Metadata:
    """What `NAME.meta.yaml` beside the file says, the suffix of the file in it or not.

    Raises DocumentError and OSError.
    """
    names = (path.name, path.stem)
    beside = next((b for n in names if (b := path.with_name(n + SIDE_CAR)).is_file()), None)
    if beside is None:
        return Metadata()
    where = printable(beside)
    try:
        return from_yaml(decode(read_bytes(FileSource(where, beside), ReadOptions()), where))
    except MetadataError as error:
        raise DocumentError(where, str(error)) from error


def finish(
    draft: Draft, place: Place, source: Source, beside: Metadata, options: ReadOptions
) -> Text | Refusal:
    """Normalise the text, judge it, and settle its metadata.

    What the options say counts most, then the side-car, what the document states, its properties.
    """
    row = f"#{draft.row}" if draft.row else ""
    content, pages = normalise(draft.content, draft.pages)
    if not any(map(str.isalnum, content)):
        return Refusal(where=place.where + row, reason="has no text in it")
    if is_binary(content) or not _is_encodable(content):
        return Refusal(where=place.where + row, reason=BINARY)
    known = options.metadata.over(beside).over(draft.stated).over(draft.properties)
    if known.source is None:
        known = Metadata(source=source.address).over(known)
    if known.language is None:
        known = Metadata(language=detect_language(content)).over(known)
    document = Document(name=place.name + row, **dict(known))
    return Text(document=document, content=content, pages=pages)


def normalise(content: str, pages: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """NFC, lines ended by `\\n`, and the offsets of the pages in what comes out."""
    parts = []
    starts = []
    length = 0
    for start, end in itertools.pairwise((*(pages or (0,)), len(content))):
        part = content[start:end].replace("\r\n", "\n").replace("\r", "\n")
        parts.append(unicodedata.normalize("NFC", part))
        starts.append(length)
        length += len(parts[-1])
    return "".join(parts), tuple(starts) if pages else ()


def _is_encodable(content: str) -> bool:
    """False for half surrogates, which JSON can spell and UTF-8 cannot."""
    try:
        content.encode()
    except UnicodeEncodeError:
        return False
    return True
