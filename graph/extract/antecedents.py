"""Whom or what "she", "it", "they", "the agency" and "both sides" mean: those last spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from graph.extract.clauses import Clause, is_minded
from graph.extract.cues import load
from graph.extract.draft import Draft
from graph.extract.scene import Row, Scene
from graph.extract.speakers import Voices

# Pronouns for things, and how many passages back the thing may stand.
_THINGS = frozenset(("it", "them", "this"))
_REACH = 2
# Tags of what may stand behind such a pronoun, so that it is the whole object.
_ENDS = frozenset(("", *".,;:PDARCST"))


class Antecedents:
    """Remembers, passage by passage, who may be meant in the next one."""

    def __init__(self, scene: Scene, voices: Voices) -> None:
        self._scene = scene
        self._owners = voices.owners
        self._last: dict[str, tuple[Draft, ...]] = {}
        self._heads: dict[str, Draft] = {}
        self._measure: tuple[int, Draft] | None = None

    def of_pronoun(self, pronoun: str) -> tuple[Draft, ...] | None:
        """Those whom the pronoun means; empty when a thing is meant, None when it is not known."""
        return self._last.get(pronoun)

    def of_noun(self, row: Row, clause: Clause) -> tuple[Draft, ...]:
        """Those whom the subject of a clause means, if it is as general as "the group"."""
        units = [u for u in range(clause.begin, clause.start) if row.shape[u] not in 'R,"']
        if not 2 <= len(units) <= 3 or row.shape[units[0]] != "D":
            return ()
        head = self._scene.prose.lowers[row.firsts[units[-1]]]
        if head in self._heads:
            return (self._heads[head],)
        if head in _nouns("single"):
            return self._last.get("it", ())
        if head in _nouns("joint"):
            return self._last.get("we", ())
        return ()

    def _is_plural(self, row: Row, clause: Clause) -> bool:
        """Whether the first noun of a subject without a name is in the plural."""
        nouns = [u for u in range(clause.begin, clause.start) if row.shape[u] == "N"]
        head = next((u for u in nouns if u + 1 not in nouns), None)
        return head is not None and self._scene.prose.lowers[row.firsts[head]].endswith("s")

    def object_of(self, row: Row, readings: Sequence[Clause]) -> Draft | None:
        """The goal or instrument meant by "it" behind a verb; None where there is none."""
        if self._measure is None or row.index - self._measure[0] > _REACH:
            return None
        for clause in readings:
            behind = row.shape[clause.end : clause.end + 2].lstrip("R").lstrip("P")
            at = row.shape.find("Q", clause.end, clause.end + 3)
            if behind[:1] == "Q" and at >= 0 and not clause.relative:
                word = self._scene.prose.lowers[row.firsts[at]]
                if word in _THINGS and row.shape[at + 1 : at + 2] in _ENDS:
                    self._measure = (row.index, self._measure[1])
                    return self._measure[1]
        return None

    def remember(self, row: Row, readings: Sequence[Clause]) -> None:
        """Take note of a passage; its subjects are more likely meant than others."""
        for mention in row.mentions:
            if mention.symbol in "ru" and mention.last - mention.first > 1:
                self._heads[self._scene.prose.lowers[mention.last - 1]] = mention.draft
        main = next((c for c in readings if not c.relative and c.kind != "none"), None)
        if main is not None and main.kind == "thing" and main.thing is not None:
            owner = self._owners.get(main.thing.draft) if main.thing.symbol == "d" else None
            self._last["it"] = (owner,) if owner is not None else ()
            if self._scene.prose.lowers[main.thing.last - 1].endswith("s"):
                self._last["they"] = ()
        elif main is not None and main.kind == "noun":
            # Something or somebody without a name: "it" or "they" next is nobody named in passing.
            meant = self.of_noun(row, main)
            plural = self._is_plural(row, main)
            if is_minded(main) or not plural:
                self._last["it"] = () if plural else meant
            if is_minded(main) or plural:
                self._last["they"] = meant if plural else ()
        measure = next(
            (m for s in "ig" for m in row.named if m is not None and m.symbol == s), None
        )
        if measure is not None:
            self._measure = (row.index, measure.draft)
        subjects = [m for c in readings if not c.relative for m in c.subjects]
        outer = [m for m in row.named if m is not None]
        for mention in [*reversed(outer), *reversed(subjects)]:
            if mention.symbol == "p":
                self._last["he"] = self._last["she"] = (mention.draft,)
            elif mention.symbol in "rc" and mention in subjects:
                self._last["it"] = (mention.draft,)
            elif mention.symbol == "u" and mention in subjects:
                self._last["they"] = (mention.draft,)
        joint = next((c.subjects for c in readings if len(c.subjects) > 1), None)
        if joint:
            self._last["they"] = tuple(m.draft for m in joint)
            if all(m.symbol in "rc" for m in joint):
                self._last["we"] = self._last["they"]


@lru_cache(maxsize=2)
def _nouns(number: str) -> frozenset[str]:
    return frozenset(load("modality")["anaphors"][number])
