"""Finds collectives that act, are called on or benefit ("early-career researchers", "industry")."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from graph.extract.cues import word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Passage, Prose

_MODIFIERS = "ANXG"


@cache
def _heads() -> frozenset[str]:
    return word_set("groups", "people") | word_set("groups", "bodies")


def find(prose: Prose, taken: set[int]) -> Iterator[Mention]:
    """Groups in order; `taken` are the tokens of names already found."""
    heads, modified_only = _heads(), word_set("groups", "modified_only")
    lowers = prose.lowers
    for passage in prose.passages:
        last_end = passage.first
        for token in range(passage.first, passage.last):
            if lowers[token] not in heads or token in taken or token < last_end:
                continue
            if token + 1 < passage.last and _goes_on(prose, token + 1):
                continue
            first = _left_edge(prose, passage, token, max(last_end, passage.first))
            if first == token and lowers[token] in modified_only:
                continue
            if lowers[token] in _SECTORS and not _is_group_sector(prose, first, token):
                continue
            last = token + 1
            if (
                last + 1 < passage.last
                and prose.tags[last] == "C"
                and lowers[last + 1] in heads
                and not (last + 2 < passage.last and _goes_on(prose, last + 2))
            ):
                last += 2
            last_end = last
            yield over_tokens(prose, first, last, "ActorGroup", "group")


_SECTORS = frozenset(("sector", "sectors", "community", "public", "society", "labor", "tanks"))


def _is_group_sector(prose: Prose, first: int, head: int) -> bool:
    if prose.lowers[head] == "tanks":
        return prose.lowers[head - 1] == "think"
    modifiers = word_set("groups", "sector_modifiers")
    return any(lower in modifiers for lower in prose.lowers[first:head])


def _goes_on(prose: Prose, token: int) -> bool:
    """Whether the head is only a modifier of a noun behind it ("industry standards")."""
    tag = prose.tags[token]
    return (tag in "NX" and prose.starts[token] - prose.ends[token - 1] == 1) or (
        tag == "Z" and False
    )


def _left_edge(prose: Prose, passage: Passage, head: int, limit: int) -> int:
    """Go left over modifiers, without those that add nothing at the edge."""
    tags, lowers = prose.tags, prose.lowers
    first = head
    while first > limit and tags[first - 1] in _MODIFIERS:
        first -= 1
        if (
            first - 2 >= limit
            and tags[first - 1] == "C"
            and tags[first - 2] in "AN"
            and tags[first] in "A"
        ):
            first -= 2
    empty = word_set("groups", "empty_modifiers")
    while first < head and (lowers[first] in empty or tags[first] == "G"):
        first += 1
    return first
