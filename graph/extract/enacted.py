"""Tells whether a verb or a noun of the text brings a means about."""

from __future__ import annotations

from graph.extract.passages import Passage, Prose, lexicon
from graph.extract.policy_cues import instrument_cues


def is_making(noun: str) -> bool:
    """Whether a noun says that something is made, enlarged or ended, as "establishment"."""
    return noun in instrument_cues().making


def is_enacted(
    prose: Prose, passage: Passage, first: int, last: int, verbs: frozenset[str]
) -> bool:
    """Whether a verb such as "launch" governs the phrase: before it, or after it in the passive."""
    c = instrument_cues()
    tags, lowers = prose.tags, prose.lowers
    lemmas = lexicon().lemmas
    before = first - 1
    while before >= passage.first and (
        tags[before] in 'DAR#"$' or lowers[before] in ("up", "out", "in")
    ):
        before -= 1
    if before >= passage.first:
        if tags[before] in "VGE" and lemmas.get(lowers[before], "") in verbs:
            return True
        if lowers[before] == "of" and before > passage.first and lowers[before - 1] in c.making:
            return True
    after = last
    while after < passage.last and tags[after] in "BRM":
        after += 1
    return (
        last < after < passage.last
        and tags[after] == "E"
        and lemmas.get(lowers[after], "") in verbs
    )
