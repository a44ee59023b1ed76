"""PDF files: their text layer, page by page, put together into paragraphs by `paragraphs`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
import pypdfium2.raw as pdfium

from graph.documents.base import Draft, ReadOptions, Source, parsing, read_bytes, too_large
from graph.documents.metadata import Metadata, lenient
from graph.documents.paragraphs import Line, assemble
from graph.errors import DocumentError

# PDFium ends a line by CR and LF, and one that a hyphen breaks inside a word by the other two, but
# leaves the hyphen of the last line of a page.
_FRAGMENT = re.compile(r"([^\r\n\x02\ufffe]+)([\x02\ufffe]?)")
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010]$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ufffe\uffff\ud800-\udfff]")
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
# Titles that programs put in because nobody gave one.
_NO_TITLE = re.compile(
    r"(?i)microsoft \w+ - .*|untitled.*|(?:document|slide) ?\d+|.*\.(?:docx?|pptx?|pdf|indd|tex)"
)


def read(source: Source, options: ReadOptions) -> Iterator[Draft]:
    """The file as one document with the offsets of its pages. Raises DocumentError and OSError."""
    data = read_bytes(source, options)
    with parsing(source, "is broken or not a PDF"), closing(_opened(data, source)) as pdf:
        pages = list(_pages(pdf, source, options))
        properties = _properties(pdf)
    content, starts = assemble(pages)
    if not any(map(str.isalnum, content)):
        reason = "has no text layer, as if scanned; run text recognition (OCR) over it first"
        raise DocumentError(source.where, reason)
    yield Draft(content, properties=properties, pages=starts)


def _opened(data: bytes, source: Source) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            reason = "is protected by a password; save it without one"
            raise DocumentError(source.where, reason) from error
        raise


def _pages(
    pdf: pypdfium2.PdfDocument, source: Source, options: ReadOptions
) -> Iterator[list[Line]]:
    """The lines of each page. Raises DocumentError for a file that unpacks to too much text."""
    size = 0
    for number in range(len(pdf)):
        with closing(pdf[number]) as page, closing(page.get_textpage()) as text:
            lines = list(_lines(text))
        size += sum(len(line.text) for line in lines)
        if size > options.max_bytes:
            raise DocumentError(source.where, too_large("unpacks to text", options.max_bytes))
        yield lines


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    for fragment in _FRAGMENT.finditer(page.get_text_range()):
        text = " ".join(_CONTROL.sub("", fragment[1]).split())
        if not text:
            continue
        bare = fragment[1].strip()
        start = fragment.start() + fragment[1].index(bare)
        left, bottom, _, top = _box(page, start)
        _, _, right, _ = _box(page, start + len(bare) - 1)
        words, broken = _HYPHEN.subn("", unicodedata.normalize("NFC", text))
        yield Line(words, left, right, bottom, top, hyphen=bool(broken or fragment[2]))


def _box(page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the font's box around a character of the page's text."""
    box: tuple[float, float, float, float] = page.get_charbox(
        max(0, pdfium.FPDFText_GetCharIndexFromTextIndex(page, index)), loose=True
    )
    return box


def _properties(pdf: pypdfium2.PdfDocument) -> Metadata:
    found = pdf.get_metadata_dict(skip_empty=True)
    title = found.get("Title", "")
    made = _DATE.match(found.get("CreationDate", ""))
    return lenient(
        title=None if _NO_TITLE.fullmatch(title) else title,
        issuer=found.get("Author"),
        date="-".join(made.groups()) if made else None,
    )
