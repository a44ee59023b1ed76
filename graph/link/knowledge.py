"""What the linker knows before it reads a text, arranged for looking up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from graph.authority import Authority, AuthorityRecord
from graph.identifiers import normalise
from graph.link.naming import Naming, load_naming

_K = TypeVar("_K")
_LEFT_OPEN = re.compile(r"(?: (?:of|for|to|at|in|the))+$")


@dataclass(frozen=True)
class Knowledge:
    """The authority list, judgements on names, and two indexes that the list does not have.

    `scoped` leads from (type, name without country, alpha-3 code) and `posts` from (name without
    its body, key of the body) to the only record that can be meant.
    """

    authority: Authority
    naming: Naming
    scoped: Mapping[tuple[str, str, str], AuthorityRecord]
    posts: Mapping[tuple[str, str], AuthorityRecord]


def load_knowledge(authority: Authority) -> Knowledge:
    """Arrange an authority list for linking."""
    naming = load_naming(authority)
    return Knowledge(
        authority,
        naming,
        _only_ones(_scoped_names(authority, naming)),
        _only_ones(_posts_of_bodies(authority)),
    )


def without_name(name: str, owners: Iterable[str]) -> str:
    """A normalised post without the body it is in: "director of ostp" gives "director"."""
    for owner in sorted(map(normalise, owners), key=lambda text: (-len(text), text)):
        rest = f" {name} ".replace(f" the {owner} ", " ").replace(f" {owner} ", " ").strip()
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


def _posts_of_bodies(
    authority: Authority,
) -> Iterable[tuple[tuple[str, str], AuthorityRecord]]:
    demonyms: dict[str, list[str]] = defaultdict(list)
    for demonym, key in authority.demonyms.items():
        demonyms[key].append(demonym)
    for record in authority.records.values():
        if record.type == "Post" and record.part_of is not None:
            body = authority.records[record.part_of]
            owners = (*body.names, *demonyms.get(body.key, ()))
            for name in record.names:
                yield (without_name(normalise(name), owners), body.key), record


def _only_ones(pairs: Iterable[tuple[_K, AuthorityRecord]]) -> Mapping[_K, AuthorityRecord]:
    found: dict[_K, dict[str, AuthorityRecord]] = defaultdict(dict)
    for key, record in pairs:
        found[key][record.key] = record
    only = {
        key: next(iter(records.values())) for key, records in found.items() if len(records) == 1
    }
    return MappingProxyType(only)
