"""Word files (.docx): paragraphs, headings, lists and tables in the order of the document.

Footnotes, comments, headers and text boxes are not read: they would stand inside the sentence they
hang on, or be repeated on each page.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from graph.documents.base import Draft, ReadOptions, Source, parsing, read_bytes, too_large
from graph.documents.metadata import Metadata, lenient
from graph.errors import DocumentError

# An element of lxml, which publishes no types.
Element = Any

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SKIPPED = frozenset(map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:drawing", "w:pict", "w:object")))
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CHARACTERS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_LIST_STYLES = ("list bullet", "list number")
_NUMBERED = f".//{qn('w:numPr')}"
# Names that programs give to documents made without an author.
_TEMPLATE_DAY = date(2013, 12, 23)
_NOBODY = frozenset(("python-docx", "Unknown", "Microsoft Office User", "admin", "user"))


def read(source: Source, options: ReadOptions) -> Iterator[Draft]:
    """The file as one document. Raises DocumentError and OSError."""
    data = read_bytes(source, options)
    if data.startswith(_OLD_OR_LOCKED):
        reason = "is password-protected or in the old Word format; save it as an open .docx"
        raise DocumentError(source.where, reason)
    with parsing(source, "is broken or not a Word file"):
        _refuse_bombs(data, source, options)
        word = docx.Document(io.BytesIO(data))
        content = "\n\n".join(_blocks(word.element.body, _list_styles(word)))
        properties = _properties(word)
    yield Draft(content + "\n", properties=properties)


def _refuse_bombs(data: bytes, source: Source, options: ReadOptions) -> None:
    """Look at what the package unpacks to before anything unpacks it.

    The declared sizes are limits: zipfile never unpacks more than they say.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > options.max_bytes:
            raise DocumentError(source.where, too_large("unpacks to something", options.max_bytes))


def _list_styles(word: WordDocument) -> Mapping[str, bool]:
    """Whether the paragraph styles make items of a list, by id; a numbered heading is none."""
    found = {}
    for style in word.styles:
        name = (style.name or "").lower()
        if name.startswith(("heading", "title")):
            found[style.style_id] = False
        elif name.startswith(_LIST_STYLES) or style.element.find(_NUMBERED) is not None:
            found[style.style_id] = True
    return found


def _blocks(parent: Element, list_styles: Mapping[str, bool]) -> Iterator[str]:
    """Paragraphs, whole lists and whole tables below an element."""
    items: list[str] = []
    for block in _below(parent, "w:p", "w:tbl"):
        is_table = block.tag == qn("w:tbl")
        text = _table(block) if is_table else _text(block).strip()
        if text and not is_table and _is_item(block, list_styles):
            items.append("- " + " ".join(text.split()))
        elif text:
            if items:
                yield "\n".join(items)
                items.clear()
            yield text
    if items:
        yield "\n".join(items)


def _below(parent: Element, *names: str) -> Iterator[Element]:
    """The nearest elements of these names, also inside content controls and insertions."""
    wanted = frozenset(map(qn, names))
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag not in _SKIPPED:
            yield from _below(child, *names)


def _is_item(paragraph: Element, list_styles: Mapping[str, bool]) -> bool:
    """Whether a paragraph carries a bullet or number; number 0 takes away that of its style."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        return False
    style = properties.find(qn("w:pStyle"))
    by_style = None if style is None else list_styles.get(style.get(qn("w:val")))
    number = properties.find(f"{qn('w:numPr')}/{qn('w:numId')}")
    if number is None or by_style is False:
        return bool(by_style)
    return bool(number.get(qn("w:val")) != "0")


def _table(table: Element) -> str:
    """A line per row, cells between bars."""
    rows = (
        " | ".join(filter(None, (" ".join(_text(cell).split()) for cell in _below(row, "w:tc"))))
        for row in _below(table, "w:tr")
    )
    return "\n".join(filter(None, rows))


def _text(element: Element) -> str:
    """The words of an element as they read now: with insertions, without deletions."""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag in _SKIPPED or element.tag == _ALTERNATIVE:
        return ""
    if element.tag in _CHARACTERS:
        return _CHARACTERS[element.tag]
    words = "".join(map(_text, element))
    return words + "\n" if element.tag == qn("w:p") else words


def _created(moment: datetime | None) -> str | None:
    """The day a document was made, unless it is that of the template python-docx starts from."""
    if moment is None or moment.date() == _TEMPLATE_DAY:
        return None
    return moment.date().isoformat()


def _properties(word: WordDocument) -> Metadata:
    core = word.core_properties
    return lenient(
        title=core.title,
        issuer=None if core.author in _NOBODY else core.author,
        date=_created(core.created),
        language=core.language,
        genre=core.category,
    )
