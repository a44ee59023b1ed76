"""Finds collectives that act, are called on or benefit ("early-career researchers", "industry")."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache

from graph.extract.cues import word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Passage, Prose

_MODIFIERS = "ANX"
_SECTORS = frozenset(("sector", "sectors", "community", "public", "society", "labor", "labour"))


@cache
def _heads() -> frozenset[str]:
    return word_set("groups", "people") | word_set("groups", "bodies")


def find(prose: Prose, shape: str, taken: Container[int]) -> Iterator[Mention]:
    """Groups in order; `taken` are the tokens of names already found."""
    heads = _heads()
    lowers = prose.lowers
    for passage in prose.passages:
        groups: list[tuple[int, int]] = []
        for token in range(passage.first, passage.last):
            if lowers[token] not in heads or token in taken:
                continue
            if shape[token] != " " and token > passage.first and passage.kind != "heading":
                continue
            limit = groups[-1][1] if groups else passage.first
            first = _left_edge(prose, shape, token, limit, taken)
            if _is_group(prose, shape, passage, first, token):
                groups.append((first, token + 1))
        for first, last in _joined(prose, passage, groups):
            yield over_tokens(prose, first, last, "ActorGroup", "group")


def _is_group(prose: Prose, shape: str, passage: Passage, first: int, head: int) -> bool:
    """Whether the phrase ends with the head and says enough to name a group."""
    lower = prose.lowers[head]
    behind = head + 1
    if behind < passage.last and _touches(prose, behind):
        if prose.tags[behind] in "NX" or prose.tags[behind : behind + 2] == "AN":
            return False
    if first == head and lower in word_set("groups", "modified_only"):
        return behind < passage.last and lower in word_set("groups", "collectives")
    if lower in _SECTORS:
        known = word_set("groups", "sector_modifiers")
        return any(word in known for word in prose.lowers[first:head])
    if lower in word_set("groups", "branches"):
        return all(kind in "CNA" for kind in shape[first:head])
    return lower != "tanks" or prose.lowers[head - 1] == "think"


def _touches(prose: Prose, token: int) -> bool:
    return prose.starts[token] - prose.ends[token - 1] == 1


def _left_edge(prose: Prose, shape: str, head: int, limit: int, taken: Container[int]) -> int:
    """Go left over modifiers and paired ones ("public and private"), then drop empty ones."""
    tags, lowers = prose.tags, prose.lowers
    first = head
    while first > limit and _touches(prose, first):
        tag = tags[first - 1]
        if first - 1 in taken and (shape[first - 1] not in "CNAx" or tags[first] == "C"):
            break
        if tag in _MODIFIERS or (tag == "E" and first - 1 > limit and tags[first - 2] in "DPC,VT"):
            first -= 1
        elif (
            tag == "C"
            and first - 2 >= limit
            and first - 2 not in taken
            and _is_pair(prose, first, limit)
        ):
            first -= 2
        else:
            break
    empty = word_set("groups", "empty_modifiers")
    numbers = word_set("groups", "numbers")
    while first < head and (lowers[first] in empty or lowers[first] in numbers):
        first += 1
    return first


def _is_pair(prose: Prose, first: int, limit: int) -> bool:
    """Whether "A and" before this token is a modifier like it, not a phrase of its own."""
    tags = prose.tags
    left = first - 2
    if tags[left] == "A" or tags[left] == "X":
        return tags[first] in "AX"
    alone = left == limit or tags[left - 1] in "PDV,"
    return tags[left] == "N" and alone and prose.lowers[left] not in _heads() and tags[first] == "N"


def _joined(
    prose: Prose, passage: Passage, groups: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Make one group of "A and B" and "A, B and other C"; take in what "of" adds."""
    mass = word_set("groups", "mass")
    result: list[tuple[int, int]] = []
    for first, last in groups:
        if result:
            start, end = result[-1]
            between = prose.tags[end:first]
            other = prose.lowers[first] == "other"
            single = len(result) < 2 or prose.tags[result[-2][1] : start] not in (",", ",C", "C")
            both = prose.lowers[end - 1] not in mass and prose.lowers[last - 1] not in mass
            if other and between in ("C", ",C"):
                while len(result) > 1 and prose.tags[result[-2][1] : result[-1][0]] == ",":
                    result.pop()
                result[-1] = (result[-1][0], last)
                continue
            if between == "C" and single and both:
                result[-1] = (start, last)
                continue
            if prose.lowers[end:first] == ["of"] and _collects(prose, end - 1):
                result[-1] = (start, last)
                continue
        result.append((first, last))
    for first, last in result:
        yield _with_collective(prose, passage, first), last


def _collects(prose: Prose, token: int) -> bool:
    return prose.lowers[token] in word_set("groups", "collectives")


def _with_collective(prose: Prose, passage: Passage, first: int) -> int:
    """Take in "next generation of" and the like before the group."""
    if (
        first - 2 < passage.first
        or prose.lowers[first - 1] != "of"
        or not _collects(prose, first - 2)
    ):
        return first
    first -= 2
    while first > passage.first and prose.tags[first - 1] in "AN" and _touches(prose, first):
        first -= 1
    return first
