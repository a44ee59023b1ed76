"""Whom "she", "it", "they", "we", "the agency" and "both sides" mean: those last spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from graph.extract.clauses import Clause
from graph.extract.cues import load
from graph.extract.draft import Draft
from graph.extract.scene import Row, Scene
from graph.extract.speakers import Voices


class Antecedents:
    """Remembers, passage by passage, who may be meant in the next one."""

    def __init__(self, scene: Scene, voices: Voices) -> None:
        self._scene = scene
        self._owners = voices.owners
        self._last: dict[str, tuple[Draft, ...]] = {}

    def of_pronoun(self, pronoun: str) -> tuple[Draft, ...] | None:
        """Those whom the pronoun means; empty when a thing is meant, None when it is not known."""
        return self._last.get(pronoun)

    def of_noun(self, row: Row, clause: Clause) -> tuple[Draft, ...]:
        """Those whom the subject of a clause means, if it is as general as "the group"."""
        units = [u for u in range(clause.begin, clause.start) if row.shape[u] not in 'R,"']
        if not 2 <= len(units) <= 3 or row.shape[units[0]] != "D":
            return ()
        head = self._scene.prose.lowers[row.firsts[units[-1]]]
        if head in _nouns("single"):
            return self._last.get("it", ())
        if head in _nouns("joint"):
            return self._last.get("we", ())
        return ()

    def remember(self, row: Row, readings: Sequence[Clause]) -> None:
        """Take note of a passage; its subjects are more likely meant than others."""
        main = next((c for c in readings if not c.relative and c.kind != "none"), None)
        if main is not None and main.kind == "thing" and main.thing is not None:
            owner = self._owners.get(main.thing.draft) if main.thing.symbol == "d" else None
            self._last["it"] = (owner,) if owner is not None else ()
        subjects = [m for c in readings if not c.relative for m in c.subjects]
        outer = [m for m in row.named if m is not None]
        for mention in [*reversed(outer), *reversed(subjects)]:
            if mention.symbol == "p":
                self._last["he"] = self._last["she"] = (mention.draft,)
            elif mention.symbol in "rc" and (mention in subjects or "it" not in self._last):
                self._last["it"] = (mention.draft,)
            elif mention.symbol == "u":
                self._last["they"] = (mention.draft,)
        joint = next((c.subjects for c in readings if len(c.subjects) > 1), None)
        if joint:
            self._last["they"] = tuple(m.draft for m in joint)
            if all(m.symbol in "rc" for m in joint):
                self._last["we"] = self._last["they"]


@lru_cache(maxsize=2)
def _nouns(number: str) -> frozenset[str]:
    return frozenset(load("modality")["anaphors"][number])
