"""Finds names that the authority files know, in one pass over the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from graph.authority import Surface, load_authority
from graph.extract.passages import Prose, lower_case


@dataclass(frozen=True, slots=True)
class Hit:
    """Characters [start, end) are a name of these authority records, all of one type.

    `sure` is false where the name alone is too ambiguous and a second cue is wanted.
    """

    start: int
    end: int
    type: str
    keys: tuple[str, ...]
    sure: bool


class _Matcher:
    """The names of some types as two automata: one minds capitals, one does not."""

    def __init__(self, surfaces: Iterable[Surface]) -> None:
        exact: dict[str, list[Surface]] = defaultdict(list)
        loose: dict[str, list[Surface]] = defaultdict(list)
        for surface in surfaces:
            name = surface.text.replace("’", "'")
            if surface.exact:
                exact[name].append(surface)
            else:
                loose[lower_case(name)].append(surface)
        self._tables = [list(table.items()) for table in (exact, loose)]
        self._automata = [
            ahocorasick_rs.AhoCorasick(
                [name for name, _ in table], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
            )
            for table in self._tables
        ]

    def find(self, text: str) -> Iterator[Hit]:
        flat = text.replace("\n", " ").replace("’", "'")
        for table, automaton, hay in zip(
            self._tables, self._automata, (flat, lower_case(flat)), strict=True
        ):
            for index, start, end in automaton.find_matches_as_indexes(hay):
                if _is_bounded(hay, start, end):
                    surfaces = table[index][1]
                    yield Hit(
                        start,
                        end,
                        surfaces[0].type,
                        tuple(s.key for s in surfaces),
                        not any(s.needs_cue for s in surfaces),
                    )


def find(prose: Prose, *types: str) -> list[Hit]:
    """Names of records of the given types, in order; of overlapping ones the longest."""
    return _longest(_matcher(types).find(prose.text))


def find_labels(prose: Prose, *types: str) -> list[Hit]:
    """The same with the names that records have in other languages than English."""
    return _longest(_label_matcher(types).find(prose.text))


def _longest(found: Iterable[Hit]) -> list[Hit]:
    hits = sorted(found, key=lambda h: (h.start, -h.end))
    kept: list[Hit] = []
    for hit in hits:
        if kept and hit.start < kept[-1].end:
            if hit.end - hit.start > kept[-1].end - kept[-1].start:
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


@cache
def _matcher(types: tuple[str, ...]) -> _Matcher:
    return _Matcher(s for s in load_authority().surfaces() if s.type in types)


@cache
def _label_matcher(types: tuple[str, ...]) -> _Matcher:
    authority = load_authority()
    return _Matcher(
        Surface(label, key, record.type, exact=True, needs_cue=authority.needs_cue(label, record))
        for key, record in sorted(authority.records.items())
        if record.type in types
        for label in sorted(set(record.labels.values()))
    )


def _is_bounded(text: str, start: int, end: int) -> bool:
    if _is_unspaced(text[start]):
        return True
    return not (
        (start > 0 and text[start - 1].isalnum())
        or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    )


def _is_unspaced(character: str) -> bool:
    """Whether a character is of a script that sets no blanks between words."""
    return character >= "\u2e80" and character.isalpha()
