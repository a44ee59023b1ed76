"""Web pages: the article without navigation and advertisements, found by trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import trafilatura
from trafilatura.settings import Document as Article

from graph.documents.base import Draft, ReadOptions, Source, parsing, read_bytes
from graph.documents.encoding import decode
from graph.documents.language import count_letters
from graph.documents.metadata import Metadata, lenient
from graph.errors import DocumentError

_CHARSET = re.compile(
    rb"""(?i)(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{1,40})"""
)
# It speaks of bytes, and the parser takes offence when it is given characters.
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_HEAD = 4_096
_LANGUAGE = re.compile(r"""<html\b[^>]{0,500}?\slang\s*=\s*["']?([\w-]{1,35})""", re.IGNORECASE)
# Menus and notices are short lines without a full stop, and together they say little.
_FEWEST_LETTERS = 80
_LONG_LINE = 40
_SENTENCE_END = re.compile(r"[.!?…。！？।؟][\s\"'”’»）)\]]*$")
# How the library marks items of a list and rows of a table, and the line below a table's head.
_MARKS = ("- ", "|")
_RULE = re.compile(r"\|[-|]*\|")
# Dates stated in the page only: a search through the prose finds the dates of what it tells of.
# The latest date is fixed because trafilatura would otherwise ask the clock.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2200-01-01"}


def read(source: Source, options: ReadOptions) -> Iterator[Draft]:
    """The article of the page as one document. Raises DocumentError and OSError."""
    _hush()
    data = read_bytes(source, options)
    page = decode(data, source.where, source.charset or _declared_charset(data))
    with parsing(source, "is not a readable web page"):
        found = trafilatura.bare_extraction(
            _XML_DECLARATION.sub("", page, count=1),
            url=source.address,
            with_metadata=True,
            include_comments=False,
            date_extraction_params=_DATES,
        )
    if isinstance(found, Article) and _is_prose(content := _paragraphs(found.text or "")):
        yield Draft(content, properties=_properties(page, found))
    else:
        raise DocumentError(source.where, "has no article in it")


def _properties(page: str, found: Article) -> Metadata:
    tag = _LANGUAGE.search(page[:_HEAD])
    return lenient(
        title=found.title,
        issuer=found.sitename or found.author,
        date=found.date,
        language=tag[1] if tag else None,
    )


def _declared_charset(data: bytes) -> str | None:
    match = _CHARSET.search(data[:_HEAD])
    return match[1].decode("ascii", "replace") if match else None


def _paragraphs(text: str) -> str:
    """Blank lines between paragraphs, none between the items of a list or the rows of a table."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not _RULE.fullmatch(line)]
    gaps = [
        "\n" if any(a.startswith(mark) and b.startswith(mark) for mark in _MARKS) else "\n\n"
        for a, b in pairwise(lines)
    ]
    return "".join(line.strip("| ") + gap for line, gap in zip(lines, [*gaps, "\n"], strict=True))


def _is_prose(content: str) -> bool:
    letters = 0
    for line in content.splitlines():
        count = count_letters(line)
        if count >= _LONG_LINE or _SENTENCE_END.search(line):
            letters += count
    return letters >= _FEWEST_LETTERS


@cache
def _hush() -> None:
    """Keep the library's log off the terminal, where it would repeat what the refusal says."""
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(logging.NullHandler())
