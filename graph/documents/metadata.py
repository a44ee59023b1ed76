"""Metadata of documents: one vocabulary of keys for front matter, side-cars, columns and options.

Keys: title, issuer, date (or issued), language, country, genre, source (or url). Other keys are
left alone, since people keep their own beside ours; a value that cannot be used is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import yaml

from graph.authority import load_authority
from graph.records import Record

MetadataKey = Literal["title", "issuer", "date", "language", "country", "genre", "source"]

# Where a key is known under two names, the first one present counts.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "issuer": ("issuer",),
    "issued": ("date", "issued"),
    "language": ("language",),
    "country": ("country",),
    "genre": ("genre",),
    "source": ("source", "url"),
}
_CITATION_KEYS = ("issuer", "title", "date", "url")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_EMPTY = frozenset(("", "~", "null", "Null", "NULL"))

# YAML grows slowly for what it says; no honest front matter comes near.
_YAML_LIMIT = 20_000


class MetadataError(ValueError):
    """Metadata cannot be used; the message is a clause that names the key."""


class Metadata(Record):
    """What is known about a document apart from its words and its name; see `Document`."""

    title: str | None = None
    issuer: str | None = None
    issued: date | None = None
    language: str | None = None
    country: str | None = None
    genre: str | None = None
    source: str | None = None

    def over(self, other: Metadata) -> Metadata:
        """This metadata, and the other's where this one says nothing."""
        known = {key: value for key, value in self if value is not None}
        return other.model_copy(update=known) if known else other


def from_yaml(text: str) -> Metadata:
    """Metadata from YAML such as front matter or a side-car. Raises MetadataError."""
    if len(text) > _YAML_LIMIT:
        raise MetadataError(f"is longer than {_YAML_LIMIT:,} characters")
    try:
        # All scalars stay strings: to YAML `country: NO` is false and `title: 2030` a number.
        values = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" in line {mark.line + 1}" if mark else ""
        raise MetadataError(f"is not valid YAML ({error.problem}{line})") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise MetadataError("is not valid YAML") from error
    if values in ("", None):
        return Metadata()
    if not isinstance(values, Mapping):
        raise MetadataError("is not a list of `key: value` lines")
    return from_mapping(values)


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Metadata from values under the keys of the module. Raises MetadataError."""
    found: dict[str, object] = {}
    for name, keys in _KEYS.items():
        key = next((key for key in keys if values.get(key) not in (None, "")), None)
        if key is None:
            continue
        text = _citation(key, values[key]) if name == "source" else _scalar(key, values[key])
        if text is not None:
            found[name] = _PARSERS.get(name, _as_is)(key, text)
    return Metadata.model_validate(found)


def lenient(**values: str | None) -> Metadata:
    """Metadata from document properties; nobody vouches for them, so unusable ones are dropped."""
    known = Metadata()
    for key, value in values.items():
        try:
            known = from_mapping({key: value}).over(known)
        except MetadataError:
            continue
    return known


def _scalar(key: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        raise MetadataError(f"{key}: one value is expected, not a list or mapping")
    text = " ".join(str(value).split())
    if _UNPRINTABLE.search(text):
        raise MetadataError(f"{key}: contains characters that cannot be printed")
    return None if text in _EMPTY else text


def _citation(key: str, value: object) -> str | None:
    """One line for a source, or for several in a list."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(filter(None, (_one_source(key, part) for part in value))) or None
    return _one_source(key, value)


def _one_source(key: str, value: object) -> str | None:
    """One line for a source given as text or as `title, issuer, date, url`."""
    if not isinstance(value, Mapping):
        return _scalar(key, value)
    parts = [_scalar(f"{key}.{part}", value.get(part)) for part in _CITATION_KEYS]
    if not any(parts):
        raise MetadataError(f"{key}: has none of {', '.join(_CITATION_KEYS)}")
    return ", ".join(part for part in parts if part)


def _as_is(key: str, text: str) -> str:
    return text


def _date(key: str, text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else text)
    except ValueError:
        raise MetadataError(f"{key}: {text!r} is not a date like 2024-05-31") from None


def _language(key: str, text: str) -> str:
    if not _LANGUAGE_TAG.fullmatch(text):
        raise MetadataError(f"{key}: {text!r} is not a language tag like en or zh-Hans")
    first, *rest = text.replace("_", "-").split("-")
    return "-".join((first.lower(), *map(_subtag, rest)))


def _subtag(tag: str) -> str:
    """Letter case as BCP 47 recommends it: Latn, GB."""
    if len(tag) == 4 and tag.isalpha():
        return tag.title()
    return tag.upper() if len(tag) == 2 else tag.lower()


def _country(key: str, text: str) -> str:
    """The alpha-3 code of a known country, by which all stages know it; else the name as given."""
    record = load_authority().country(text)
    return text if record is None or record.country is None else record.country


_PARSERS = {"issued": _date, "language": _language, "country": _country}
