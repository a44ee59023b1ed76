"""What the linker knows before it reads a text, arranged for looking up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from graph.authority import Authority, AuthorityRecord
from graph.identifiers import normalise, normalise_phrase
from graph.link.naming import Naming, load_naming

_K = TypeVar("_K")
_LEFT_OPEN = re.compile(r"(?: (?:of|for|to|at|in|the))+$")


@dataclass(frozen=True)
class Knowledge:
    """The authority list, judgements on names, and the indexes that the list does not have.

    `scoped` leads from (type, name without country, alpha-3 code), `posts` from (name without its
    body, key of the body) and `fields` from the wording without number and spelling to the only
    record that can be meant. `owner_names` are, by key of a body or country, the names that posts
    in it may carry.
    """

    authority: Authority
    naming: Naming
    scoped: Mapping[tuple[str, str, str], AuthorityRecord]
    posts: Mapping[tuple[str, str], AuthorityRecord]
    fields: Mapping[str, AuthorityRecord]
    owner_names: Mapping[str, tuple[str, ...]]


def load_knowledge(authority: Authority) -> Knowledge:
    """Arrange an authority list for linking."""
    naming = load_naming(authority)
    owner_names = _owner_names(authority)
    return Knowledge(
        authority,
        naming,
        _only_ones(_scoped_names(authority, naming)),
        _only_ones(_posts_of_bodies(authority, owner_names)),
        _only_ones(_fields(authority)),
        owner_names,
    )


def without_name(name: str, owners: Iterable[str]) -> str:
    """A normalised post without the body it is in: "director of ostp" gives "director"."""
    for owner in sorted(map(normalise, owners), key=lambda text: (-len(text), text)):
        if owner in name:
            named = rf"(?: (?:of|for|to|at|in))?(?: the)? {re.escape(owner)}(?= )"
            rest = " ".join(re.sub(named, "", f" {name} ").split())
            if rest and rest != name:
                return _LEFT_OPEN.sub("", rest)
    return name


def _scoped_names(
    authority: Authority, naming: Naming
) -> Iterable[tuple[tuple[str, str, str], AuthorityRecord]]:
    for record in authority.records.values():
        if record.country is None or record.type not in ("Organization", "Post"):
            continue
        for name in record.names:
            rest, country = naming.split_country(name)
            if country in (None, record.country):
                yield (record.type, rest, record.country), record


def _owner_names(authority: Authority) -> Mapping[str, tuple[str, ...]]:
    names: dict[str, list[str]] = defaultdict(list)
    for record in authority.records.values():
        if record.type in ("Organization", "Country"):
            names[record.key] += record.names
    for demonym, key in authority.demonyms.items():
        names[key].append(demonym)
    for key, owners in names.items():
        if key.startswith("country/"):
            governments = [f"{name} government" for name in owners]
            owners += [f"government of the {name}" for name in owners]
            owners += [f"government of {name}" for name in owners] + governments
    return MappingProxyType({key: tuple(owners) for key, owners in names.items()})


def _posts_of_bodies(
    authority: Authority, owner_names: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[tuple[str, str], AuthorityRecord]]:
    for record in authority.records.values():
        if record.type == "Post" and record.part_of is not None:
            for name in record.names:
                rest = without_name(normalise(name), owner_names[record.part_of])
                yield (rest, record.part_of), record


def _fields(authority: Authority) -> Iterable[tuple[str, AuthorityRecord]]:
    for record in authority.records.values():
        if record.type == "Field":
            for name in record.names:
                yield normalise_phrase(name), record


def _only_ones(pairs: Iterable[tuple[_K, AuthorityRecord]]) -> Mapping[_K, AuthorityRecord]:
    found: dict[_K, dict[str, AuthorityRecord]] = defaultdict(dict)
    for key, record in pairs:
        found[key][record.key] = record
    only = {
        key: next(iter(records.values())) for key, records in found.items() if len(records) == 1
    }
    return MappingProxyType(only)
