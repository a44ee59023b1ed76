"""Names near a name: for "did you mean" lists and for curators, never for merging by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph.identifiers import normalise
from graph.link.compare import compare, trigrams

# How many names that share the most letters are compared in full.
_COMPARED = 50
# A run of letters that stands in more names than this share does not tell names apart.
_COMMON_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant, under which of its names, how likely, and why."""

    id: str
    name: str
    score: float
    reason: str


class NameIndex:
    """Finds names that share runs of letters with a given one."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are (id, name) pairs; an id may have many names."""
        self._names = sorted(set(names))
        self._postings: dict[str, list[int]] = defaultdict(list)
        for position, (_, name) in enumerate(self._names):
            for gram in trigrams(normalise(name)):
                self._postings[gram].append(position)

    def near(self, name: str, limit: int = 5, floor: float = 0.4) -> tuple[Candidate, ...]:
        """The things whose names are nearest, best first, each once under its nearest name."""
        shared: Counter[int] = Counter()
        too_common = max(_COMPARED, int(_COMMON_SHARE * len(self._names)))
        for gram in trigrams(normalise(name)):
            positions = self._postings.get(gram, ())
            if len(positions) <= too_common:
                shared.update(positions)
        best: dict[str, Candidate] = {}
        for position, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_COMPARED]:
            id_, other = self._names[position]
            likeness = compare(name, other)
            known = best.get(id_)
            if likeness.score >= floor and (known is None or likeness.score > known.score):
                best[id_] = Candidate(id_, other, likeness.score, likeness.reason)
        ranked = sorted(best.values(), key=lambda found: (-found.score, found.name, found.id))
        return tuple(ranked[:limit])
