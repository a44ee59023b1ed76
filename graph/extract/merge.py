"""Brings the mentions of one goal or instrument together."""

from __future__ import annotations

from collections.abc import Iterable

from graph.extract.draft import Draft
from graph.extract.goals import Find
from graph.extract.passages import Prose, lexicon
from graph.records import EntityType

_SKIPPED = frozenset('DPCTS"RM,Q')


def drafts(prose: Prose, kind: EntityType, finds: Iterable[Find]) -> list[Draft]:
    """One draft for the finds that name the same thing; its rule is that of the first of them."""
    merged: dict[tuple[str, ...], Draft] = {}
    for find in finds:
        span = (prose.starts[find.first], prose.ends[find.last - 1])
        key = _key(prose, find)
        if key in merged:
            merged[key].mentions.append(span)
        else:
            merged[key] = Draft(kind, [span], find.rule)
    return list(merged.values())


def _key(prose: Prose, find: Find) -> tuple[str, ...]:
    """The content words of a find in their base forms."""
    lemmas = lexicon().lemmas
    return tuple(
        sorted(
            {
                lemmas.get(prose.lowers[i]) or _singular(prose.lowers[i])
                for i in range(find.first, find.last)
                if prose.tags[i] not in _SKIPPED
            }
        )
    )


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
