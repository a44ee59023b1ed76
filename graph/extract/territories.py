"""Finds territories that no list of countries has, and capitals that act for their country."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from graph.authority import load_authority
from graph.extract.cues import word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Prose


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word -> the words of each name, and the list it is in; the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for list_ in ("nations", "provinces"):
        for name in sorted(word_set("territories", list_)):
            words = tuple(name.split())
            index.setdefault(words[0], []).append((words, list_))
    for entries in index.values():
        entries.sort(key=lambda e: (-len(e[0]), e))
    return index


def find(prose: Prose, shape: str) -> Iterator[Mention]:
    """Territories in order; provinces and capitals only where they are the subject of a verb."""
    index, capitals = _index(), load_authority().capitals
    for token, word in enumerate(prose.words):
        for words, list_ in index.get(word, ()):
            last = token + len(words)
            if tuple(prose.words[token:last]) == words:
                named = list_ == "nations" and _stands_free(shape, token, last)
                if named or _acts(prose, shape, token, last):
                    yield over_tokens(prose, token, last, "Country", list_)
                break
        if word in capitals and shape[token] == "x" and _acts(prose, shape, token, token + 1):
            key = capitals[word]
            yield over_tokens(prose, token, token + 1, "Country", "acting capital", key)


def _stands_free(shape: str, first: int, last: int) -> bool:
    """Whether the name is no part of a longer one ("Bank of Virginia", "Texas Instruments")."""
    before = shape[first - 1] if first else " "
    return before not in "xGAo" and shape[last : last + 1] not in set("xGAOUSMPLV")


def _acts(prose: Prose, shape: str, first: int, last: int) -> bool:
    """Whether a verb follows, and no preposition before makes it a place."""
    placed = first > 0 and shape[first - 1] in "iytf,"
    return not placed and (
        prose.tags[last : last + 1] in ("M", "B") or shape[last : last + 1] == "v"
    )
