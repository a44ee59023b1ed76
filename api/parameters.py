"""Parameters of addresses and forms, read strictly: what is broken is refused, never repaired."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote_to_bytes, urlsplit

from api.errors import BadRequest

FORM = "application/x-www-form-urlencoded"
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# What an IRI may not hold (RFC 3987); the engine looks again.
_NOT_IN_IRI = re.compile('[\x00-\x20<>"{}|^`\\\\\x7f-\x9f\ufffe\uffff]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST_IRI = 4096

Parameters = Mapping[str, Sequence[str]]


def read_parameters(raw: bytes, most: int) -> dict[str, list[str]]:
    """Names and values of a query string or a form, each name with its values in order.

    Raises BadRequest for broken escapes, bytes that are not UTF-8, NUL, and too many parameters.
    """
    found: dict[str, list[str]] = {}
    if not raw:
        return found
    pairs = raw.split(b"&")
    if len(pairs) > most:
        raise BadRequest(f"There are {len(pairs)} parameters, more than {most}.")
    for pair in pairs:
        if pair:
            name, _, value = pair.partition(b"=")
            found.setdefault(_text(name), []).append(_text(value))
    return found


def single(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter that may be given once. Raises BadRequest when given again."""
    values = parameters.get(name, ())
    if len(values) > 1:
        raise BadRequest(f"The parameter {name!r} is given {len(values)} times; once is enough.")
    return values[0] if values else None


def iris(parameters: Parameters, name: str) -> tuple[str, ...] | None:
    """The absolute IRIs that a parameter gives, None when it is not there. Raises BadRequest."""
    values = parameters.get(name)
    return None if values is None else tuple(absolute_iri(value, name) for value in values)


def absolute_iri(value: str, name: str) -> str:
    """The value of a parameter as an absolute IRI. Raises BadRequest."""
    if not _SCHEME.match(value) or _NOT_IN_IRI.search(value) or len(value) > _LONGEST_IRI:
        raise BadRequest(f"The parameter {name!r} is no absolute IRI: {value[:100]!r}.")
    try:
        urlsplit(value)
    except ValueError as error:
        raise BadRequest(f"The parameter {name!r} is no absolute IRI: {error}.") from None
    return value


def seconds(parameters: Parameters, name: str) -> float | None:
    """A positive number of seconds, None when it is not given. Raises BadRequest."""
    value = single(parameters, name)
    if value is None:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value) or float(value) <= 0:
        raise BadRequest(f"The parameter {name!r} is {value[:40]!r}; it is a number of seconds.")
    return float(value)


def utf8(raw: bytes, what: str) -> str:
    """Bytes from outside as text. Raises BadRequest for what is not UTF-8 or holds NUL."""
    try:
        text = raw.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what} is not UTF-8 at byte {error.start}.") from None
    if "\0" in text:
        raise BadRequest(f"{what} holds a NUL character.")
    return text


def _text(raw: bytes) -> str:
    if b"%" in raw and _BROKEN.search(raw):
        raise BadRequest("A parameter holds a % that two hexadecimal digits do not follow.")
    return utf8(unquote_to_bytes(raw.replace(b"+", b" ")), "A parameter")
