"""The shipped authority list: known actors, countries and fields, their names and identifiers."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graph.errors import DataError
from graph.identifiers import normalise
from graph.resources import data_path

# Below this confidence a mapping is a candidate for people to check and nothing is built on it.
STRONG: Final = 0.9
NO_TERM: Final = "sssom:NoTermFound"

_TYPES: Final = {
    "country": "Country",
    "field": "Field",
    "organization": "Organization",
    "person": "Person",
    "post": "Post",
}


@dataclass(frozen=True, slots=True)
class AuthorityRecord:
    """One known thing.

    `key` is stable and never shown, `labels` are names by language other than the English `label`,
    `country` an ISO 3166-1 alpha-3 code, `part_of` the key of the body it belongs to (for a post:
    the body or country it is a post in), `ids` the IRIs in other lists that are certain.
    """

    key: str
    type: str
    label: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...]
    acronyms: tuple[str, ...]
    kinds: tuple[str, ...]
    country: str | None
    part_of: str | None
    ids: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every English or native name, the label first."""
        return tuple(dict.fromkeys((self.label, *self.aliases, *self.acronyms)))


@dataclass(frozen=True, slots=True)
class Surface:
    """A name as it may stand in a text.

    `exact`: to be matched with its capitals (acronyms, and names that are common words in lower
    case). `needs_cue`: too ambiguous to believe alone; a second cue is needed, such as the full
    name elsewhere in the text, a definition, or a document of the record's country.
    """

    text: str
    key: str
    type: str
    exact: bool
    needs_cue: bool = False


@dataclass(frozen=True)
class Authority:
    """All records, and ways to find them by name."""

    records: Mapping[str, AuthorityRecord]
    alpha2: Mapping[str, str]
    demonyms: Mapping[str, str]
    capitals: Mapping[str, str]
    exact_names: frozenset[tuple[str, str]]
    cue_names: frozenset[tuple[str, str]]

    def lookup(
        self, name: str, type: str | None = None, country: str | None = None
    ) -> tuple[AuthorityRecord, ...]:
        """Records that bear this name, in order of key; `country` is an alpha-3 code.

        A record without a country fits any country. Empty where nothing fits.
        """
        found = (self.records[key] for key in self._index.get(normalise(name), ()))
        return tuple(
            record
            for record in found
            if (type is None or record.type == type)
            and (country is None or record.country in (None, country))
        )

    def country(self, name: str) -> AuthorityRecord | None:
        """The country with this ISO 3166-1 code, alpha-3 or alpha-2, or with only this name."""
        record = self.records.get(self.alpha2.get(name, f"country/{name}"))
        if record is None:
            found = self.lookup(name, "Country")
            record = found[0] if len(found) == 1 else None
        return record

    def surfaces(self) -> tuple[Surface, ...]:
        """Every name to look for in texts, sorted by text and key."""
        return self._surfaces

    def needs_cue(self, name: str, record: AuthorityRecord) -> bool:
        """Whether this name alone is too ambiguous to stand for this record."""
        folded = normalise(name)
        return (folded, record.key) in self._cues or len(self._index.get(folded, ())) > 1

    @cached_property
    def _cues(self) -> frozenset[tuple[str, str]]:
        return frozenset((normalise(name), key) for name, key in self.cue_names)

    @cached_property
    def _index(self) -> Mapping[str, tuple[str, ...]]:
        index: dict[str, set[str]] = defaultdict(set)
        for record in self.records.values():
            for name in (*record.names, *record.labels.values()):
                index[normalise(name)].add(record.key)
        return {name: tuple(sorted(keys)) for name, keys in index.items()}

    @cached_property
    def _surfaces(self) -> tuple[Surface, ...]:
        found = (
            Surface(
                text=name,
                key=record.key,
                type=record.type,
                exact=self._is_exact(name, record),
                needs_cue=self.needs_cue(name, record),
            )
            for record in self.records.values()
            for name in record.names
        )
        return tuple(sorted(found, key=lambda surface: (surface.text, surface.key)))

    def _is_exact(self, name: str, record: AuthorityRecord) -> bool:
        if name in record.acronyms or (name, record.key) in self.exact_names:
            return True
        # "Congress", "Nature": a lone word in lower case is the common noun.
        return record.type not in ("Country", "Field") and " " not in name


@lru_cache(maxsize=1)
def load_authority() -> Authority:
    """The shipped list. Raises DataError naming file and line where it is damaged."""
    return read_authority(data_path("authority"))


def read_authority(folder: Path) -> Authority:
    """The list in a folder with actors.csv, countries.csv, fields.csv and mappings/*.sssom.tsv.

    Raises DataError naming file and line for a repeated key, an unknown type or a dangling
    reference.
    """
    ids = _strong_ids(folder / "mappings")
    records: dict[str, AuthorityRecord] = {}
    exact: set[tuple[str, str]] = set()
    cues: set[tuple[str, str]] = set()
    alpha2: dict[str, str] = {}
    demonyms: dict[str, str] = {}
    capitals: dict[str, str] = {}
    for where, key, row in _rows(folder):
        if key in records:
            raise DataError(f"{where}: the key {key!r} is used twice; give each record its own")
        records[key] = _record(where, key, row, ids)
        exact.update((name, key) for name in _many(row.get("exact")))
        cues.update((name, key) for name in _many(row.get("needs_cue")))
        alpha2.update((code, key) for code in _many(row.get("alpha2")))
        demonyms.update((name, key) for name in _many(row.get("demonyms")))
        capitals.update((name, key) for name in _many(row.get("capitals")))
    _check_references(folder, records, ids)
    return Authority(
        MappingProxyType(records),
        MappingProxyType(alpha2),
        MappingProxyType(demonyms),
        MappingProxyType(capitals),
        frozenset(exact),
        frozenset(cues),
    )


def _rows(folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(place for messages, key, row) of the three tables."""
    for name, column, prefix in (
        ("actors.csv", "key", ""),
        ("countries.csv", "alpha3", "country/"),
        ("fields.csv", "code", "field/"),
    ):
        path = folder / name
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                where = f"{path.name} line {reader.line_num}"
                if None in row or None in row.values() or not row.get(column) or not row["label"]:
                    raise DataError(f"{where}: a cell is missing or too many; mend the row")
                yield where, prefix + row[column], row


def _record(
    where: str, key: str, row: Mapping[str, str], ids: Mapping[str, tuple[str, ...]]
) -> AuthorityRecord:
    type_ = _TYPES.get(key.partition("/")[0])
    if type_ is None:
        raise DataError(f"{where}: {key!r} must begin with one of {', '.join(_TYPES)}")
    official = _many(row.get("official"))
    is_country = type_ == "Country"
    return AuthorityRecord(
        key=key,
        type=type_,
        label=row["label"],
        labels=MappingProxyType(dict(_labels(row))),
        aliases=official + _many(row["aliases"]),
        acronyms=_many(row["acronyms"]),
        kinds=_many(row.get("kinds")),
        country=row["alpha3"] if is_country else row.get("country") or None,
        part_of=row.get("part_of") or None,
        ids=ids.get(key, ()),
    )


def _labels(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, value in row.items():
        if column.startswith("label_") and value:
            yield column.removeprefix("label_"), value
    for label in _many(row.get("labels")):
        language, _, text = label.partition(":")
        yield language, text


def _many(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _strong_ids(folder: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.sssom.tsv")):
        for key, iri in _strong_rows(path):
            found[key].append(iri)
    return {key: tuple(sorted(iris)) for key, iris in found.items()}


def _strong_rows(path: Path) -> Iterator[tuple[str, str]]:
    """(authority key, IRI) of the mappings of one file that are certain."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = file.readlines()
    head = [line[1:] for line in lines if line.startswith("#")]
    prefixes = _prefixes(head)
    table = (line for line in lines if not line.startswith("#"))
    for number, row in enumerate(csv.DictReader(table, delimiter="\t"), start=len(head) + 2):
        try:
            is_strong = row["object_id"] != NO_TERM and float(row["confidence"]) >= STRONG
            prefix, _, local = row["object_id"].partition(":")
            if is_strong:
                yield row["subject_id"].partition(":")[2], prefixes[prefix] + local
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{path.name} line {number}: not a complete SSSOM row ({error}); mend the row"
            ) from None


def _prefixes(head: Iterable[str]) -> dict[str, str]:
    """The `curie_map` of an SSSOM header, whose entries are indented `prefix: namespace` lines."""
    entries = (line.partition(": ") for line in head if line.startswith("   "))
    return {prefix.strip(): namespace.strip() for prefix, _, namespace in entries}


def _check_references(
    folder: Path, records: Mapping[str, AuthorityRecord], ids: Iterable[str]
) -> None:
    for record in records.values():
        if record.part_of is not None and record.part_of not in records:
            raise DataError(f"{folder.name}: {record.key} is part of unknown {record.part_of!r}")
        if record.country is not None and f"country/{record.country}" not in records:
            raise DataError(f"{folder.name}: {record.key} has unknown country {record.country!r}")
    for key in ids:
        if key not in records:
            raise DataError(f"{folder.name}/mappings: a mapping has unknown subject {key!r}")
