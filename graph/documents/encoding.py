"""Bytes to characters: strict UTF-8 first, then byte order marks, then detection, else refusal."""

from __future__ import annotations

import codecs
import re

from graph.documents.detection import detect
from graph.errors import DocumentError

# UTF-32 before UTF-16, whose little-endian mark its own begins with.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What is meant by these names on the web: larger encodings that contain them.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS = 0.01

BINARY = "is not text but binary data"


def decode(data: bytes, where: str, declared: str | None = None) -> str:
    """The characters that the bytes stand for, without byte order mark.

    `declared` is an encoding that the medium names; it is tried where UTF-8 does not fit.
    Raises DocumentError for binary data and where no encoding fits well enough.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data[len(mark) :], encoding, where), where)
    for likely in ("utf-8", known_encoding(declared)):
        if likely and (text := _if_fits(data, likely)) is not None:
            return _checked(text, where)
    if b"\0" in data:
        raise DocumentError(where, BINARY)
    return _checked(data.decode(detect(data, where)), where)


def known_encoding(declared: str | None) -> str | None:
    """The encoding that a declared name means, or None where there is none of this name."""
    try:
        name = codecs.lookup(declared).name if declared else None
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name) if name else None


def is_binary(text: str) -> bool:
    """Whether decoded characters are no text: a NUL, or more than a sprinkle of control codes."""
    if "\0" in text:
        return True
    # Most texts have none at all, which the first search settles at the speed of a scan.
    if not _CONTROL.search(text):
        return False
    return sum(1 for _ in _CONTROL.finditer(text)) > _MOST_CONTROLS * len(text)


def _checked(text: str, where: str) -> str:
    if is_binary(text):
        raise DocumentError(where, BINARY)
    return text


def _strictly(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"is marked as {encoding.upper()} but is not valid from byte {error.start:,}"
        raise DocumentError(where, reason) from error


def _if_fits(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
