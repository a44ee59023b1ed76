"""Finds the places where the words of an entity stand again.

The finders go by the words around a name; a name that was found once is known, so that it is also
found where nothing around it tells.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from graph.extract.draft import Draft
from graph.extract.passages import Prose

_REPEATED = frozenset(("Goal", "Instrument", "Event", "Document"))
_SHORTEST = 8


def add_mentions(prose: Prose, drafts: Sequence[Draft]) -> None:
    """Add mentions to goals, instruments, events and documents, in place.

    Only names of two words or more count, in any case of letters, as whole words, and not within
    or across what is a mention of such an entity already.
    """
    names: dict[str, Draft] = {}
    for draft in drafts:
        if draft.type in _REPEATED:
            for start, end in draft.mentions:
                name = prose.text[start:end].lower()
                if " " in name and len(name) >= _SHORTEST and len(name) == end - start:
                    names.setdefault(name, draft)
    if not names:
        return
    text = prose.text.lower()
    if len(text) != len(prose.text):  # some letters have no lower case of one character
        return
    taken = _Spans(m for d in drafts if d.type in _REPEATED for m in d.mentions)
    found = AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest)
    owners = list(names.values())
    for index, start, end in found.find_matches_as_indexes(text, overlapping=False):
        if _is_word(text, start, end) and taken.free(start, end):
            owners[index].mentions.append((start, end))
    for draft in {id(d): d for d in owners}.values():
        draft.mentions.sort()


class _Spans:
    """Spans that may nest, asked whether one is free of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self.starts = [s for s, _ in self.spans]
        self.reach: list[int] = []
        furthest = 0
        for _, end in self.spans:
            furthest = max(furthest, end)
            self.reach.append(furthest)

    def free(self, start: int, end: int) -> bool:
        """Whether no span overlaps [start, end)."""
        last = bisect_right(self.starts, end - 1) - 1
        return last < 0 or self.reach[last] <= start


def _is_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or after.isalnum())
