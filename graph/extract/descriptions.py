"""Finds the places where a measure is described rather than named: "the plan", "these cuts".

A description means the last measure with the same head noun, or one of the same kind (a bill is a
law, a pact an agreement), or, where the noun is as general as "measure" or "move", the measure of
the sentence before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from graph.extract.cues import by_word, load
from graph.extract.draft import Draft
from graph.extract.passages import Prose

_ARTICLES = frozenset(("the", "this", "these"))
# How many passages back a measure is still in mind: by the same noun, a noun of its kind, any noun.
_SAME, _KIND, _ANY = 40, 8, 2
_ADJECTIVES = frozenset(("new", "proposed", "planned", "whole", "entire", "same"))


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return by_word(load("modality")["means"], "modality")


def add_mentions(prose: Prose, drafts: Sequence[Draft]) -> None:
    """Give instruments the descriptions that mean them, in place."""
    kinds = _kinds()
    taken = _Taken(drafts)
    measures = sorted(
        ((start, end, d) for d in drafts if d.type == "Instrument" for start, end in d.mentions),
        key=lambda m: (m[0], -m[1]),
    )
    if not measures:
        return
    last_by: dict[str, tuple[int, Draft]] = {}
    added: dict[Draft, list[tuple[int, int]]] = {}
    at = 0
    for index, passage in enumerate(prose.passages):
        for token in range(passage.first + 1, passage.last):
            word = prose.lowers[token]
            if word not in kinds:
                continue
            start = prose.starts[token]
            while at < len(measures) and measures[at][1] <= start:
                _note(prose, measures[at], last_by, prose.passage_at(measures[at][0]))
                at += 1
            if not _describes(prose, token, passage.last) or taken.at(start):
                continue
            meant = _meant(kinds, word, last_by, index)
            if meant is not None:
                added.setdefault(meant, []).append((start, prose.ends[token]))
                last_by[_singular(word)] = last_by[""] = (index, meant)
    for draft, spans in added.items():
        draft.mentions = sorted({*draft.mentions, *spans})


def _describes(prose: Prose, token: int, end: int) -> bool:
    """Whether the word is a whole noun phrase: an article before it, nothing that belongs to it."""
    before = token - 1 - (prose.lowers[token - 1] in _ADJECTIVES)
    if before < 0 or prose.lowers[before] not in _ARTICLES:
        return False
    if token + 1 >= end:
        return True
    following = prose.lowers[token + 1]
    return prose.tags[token + 1] not in "NXATGZ#" and following not in ("of", "for", "on", "to")


def _note(
    prose: Prose,
    measure: tuple[int, int, Draft],
    last_by: dict[str, tuple[int, Draft]],
    passage: int,
) -> None:
    """Remember a measure under its head noun, the kind of that noun and as the last one."""
    start, end, draft = measure
    first, last = prose.token_at(start), prose.token_at(end - 1) + 1
    tail = prose.tags.find("P", first + 1, last)
    head = _singular(prose.lowers[(tail if tail > 0 else last) - 1])
    kind = _kinds().get(head)
    for key in ("", head, *((f"={kind}",) if kind else ())):
        last_by[key] = (passage, draft)


def _meant(
    kinds: dict[str, str], word: str, last_by: dict[str, tuple[int, Draft]], passage: int
) -> Draft | None:
    for key, reach in (
        (_singular(word), _SAME),
        (f"={kinds[word]}", _KIND),
        ("" if kinds[word] == "any" else "-", _ANY),
    ):
        found = last_by.get(key)
        if found is not None and passage - found[0] <= reach:
            return found[1]
    return None


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


class _Taken:
    """Characters that belong to an entity other than a field or a quantity."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        spans = sorted(m for d in drafts if d.type not in ("Field", "Quantity") for m in d.mentions)
        self._starts = [s for s, _ in spans]
        self._reach: list[int] = []
        furthest = 0
        for _, end in spans:
            furthest = max(furthest, end)
            self._reach.append(furthest)

    def at(self, character: int) -> bool:
        """Whether the character is taken."""
        index = bisect_right(self._starts, character) - 1
        return index >= 0 and self._reach[index] > character
