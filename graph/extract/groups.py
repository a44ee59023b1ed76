"""Finds collectives that act, are called on or benefit ("early-career researchers", "industry")."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cache

from graph.authority import load_authority
from graph.extract.cues import load, word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Passage, Prose, lexicon

_MODIFIERS = "ANX"
_FOLLOWING = frozenset(("with", "who", "in", "from", "of", "that", "across", "at", "living"))
_OF_BODIES = re.compile(r"od?[xGCNAOSU]+(?:[of]d?[xGCNAOSU]+)*(?:(?:,C+)*,?aC+)?")
_SECTORS = frozenset(
    ("opposition", "sector", "sectors", "community", "public", "society", "labor", "labour")
)


@cache
def _heads() -> frozenset[str]:
    return word_set("groups", "people") | word_set("groups", "bodies")


def find(prose: Prose, shape: str, taken: Container[int]) -> Iterator[Mention]:
    """Groups in order; `taken` are the tokens of names already found."""
    heads, endings = _heads(), tuple(load("groups")["people_endings"])
    lowers = prose.lowers
    for passage in prose.passages:
        groups: list[tuple[int, int]] = []
        for token in range(passage.first, passage.last):
            if token in taken or not (lowers[token] in heads or lowers[token].endswith(endings)):
                continue
            if prose.words[token][0].isupper() and not _may_be_capital(prose, passage, token):
                continue
            limit = groups[-1][1] if groups else passage.first
            first = _left_edge(prose, shape, token, limit, taken)
            if _is_group(prose, shape, passage, first, token):
                groups.append((first, token + 1))
        for first, last in _joined(prose, passage, groups):
            last = _with_bodies(prose, shape, passage, last)
            yield over_tokens(prose, first, last, "ActorGroup", "group")
        for token in range(passage.first, passage.last):
            if (
                prose.words[token][-3:] in _PEOPLES
                and token not in taken
                and _is_people(prose, token)
            ):
                yield over_tokens(prose, token, token + 1, "ActorGroup", "people")


def _may_be_capital(prose: Prose, passage: Passage, token: int) -> bool:
    """Only a heading or the start of a sentence writes a common noun with a capital."""
    if prose.lowers[token] == "states" and prose.lowers[token - 1] == "member":
        return True
    return token == passage.first or passage.kind == "heading" or prose.words[token].isupper()


def _is_group(prose: Prose, shape: str, passage: Passage, first: int, head: int) -> bool:
    """Whether the phrase ends with the head and says enough to name a group."""
    lower = prose.lowers[head]
    if "dear" in prose.lowers[max(first - 1, passage.first) : head]:
        return False  # who is only spoken to
    counted = head > passage.first and prose.tags[head - 1] in "A#"  # "many delegates"
    if (prose.tags[head] in "VBM" and not counted) or _is_complement(prose, passage, first):
        return False
    if _goes_on(prose, passage, head):
        return False
    behind = prose.lowers[head + 1] if head + 1 < passage.last else ""
    if lower in _SECTORS:
        known = word_set("groups", "sector_modifiers")
        if any(word in known for word in prose.lowers[first:head]):
            return True
        return first == head and _stands_alone(prose, head)
    if first == head and lower in word_set("groups", "modified_only"):
        return behind in _FOLLOWING
    if lower in word_set("groups", "branches"):
        return all(kind in "CNA" for kind in shape[first:head])
    if lower == "government":
        return not word_set("groups", "tiers").isdisjoint(prose.lowers[first:head])
    if lower == "tanks":
        return prose.lowers[head - 1] == "think"
    return (lower, behind) not in (("states", "that"), ("foundations", "of"))


def _goes_on(prose: Prose, passage: Passage, head: int) -> bool:
    """Whether the head only modifies a noun behind it ("industry standards")."""
    if head + 1 >= passage.last:
        return False
    if head + 2 < passage.last and _is_possessed(prose, head + 2, head):
        return prose.lowers[head + 2] in _heads()
    if not _touches(prose, head + 1):
        return False
    behind = prose.tags[head + 1 : head + 3]
    return behind[0] in "NX" or behind == "AN"


def _is_possessed(prose: Prose, token: int, limit: int) -> bool:
    """Whether a noun in the plural says whose it is: "farmers' associations"."""
    own = token - 2 >= limit and prose.words[token - 1] in "'’" and prose.tags[token - 1] == "Z"
    return own and prose.lowers[token - 2].endswith("s")


def _is_complement(prose: Prose, passage: Passage, first: int) -> bool:
    """Whether the phrase only says what something is or serves as."""
    before = first - 1
    while before > passage.first and prose.tags[before] in "DAR":
        before -= 1
    lower = prose.lowers[before] if before >= passage.first else ""
    if lower == "as":
        return prose.lowers[before - 1] not in ("such", "well")
    return lower in ("are", "is", "were", "was", "be", "become", "became", "remain", "being")


def _stands_alone(prose: Prose, head: int) -> bool:
    """Whether "the public", "society" or, in a list, "labour" is a noun phrase by itself."""
    lower, before = prose.lowers[head], prose.lowers[head - 1]
    behind = prose.tags[head + 1 : head + 2]
    if lower in ("labor", "labour"):
        return before in (",", "and") and behind in (",", ".", "C", "")
    if lower == "opposition":  # "opposition to it" is a stance
        return before == "the" and behind in tuple("MBVE")
    opened = before in ("the", "and", "to", "for", "with")
    return lower in ("public", "society") and opened and behind in ".,CPMBV"


def _touches(prose: Prose, token: int) -> bool:
    return prose.starts[token] - prose.ends[token - 1] == 1


def _left_edge(prose: Prose, shape: str, head: int, limit: int, taken: Container[int]) -> int:
    """Go left over modifiers and paired ones ("public and private"), then drop empty ones."""
    first = head
    while first > limit and head - first < 8 and _touches(prose, first):
        if _is_possessed(prose, first, limit):
            first -= 2
            continue
        if first - 1 in taken and shape[first - 1] not in "CNAx":
            break
        if _modifies(prose, first - 1, limit):
            first -= 1
        elif width := _pair(prose, first, limit, taken):
            first -= width
        else:
            break
    lowers = prose.lowers
    empty = word_set("groups", "empty_modifiers")
    numbers = word_set("groups", "numbers")
    while first < head and (lowers[first] in empty or lowers[first] in numbers):
        first += 1
    return first


def _modifies(prose: Prose, token: int, limit: int) -> bool:
    """Whether the token may stand before the head of its phrase."""
    tags = prose.tags
    tag = tags[token]
    if tag == "N" and token > limit and tags[token - 1] in "NX" and _may_be_verb(prose, token):
        return False
    if tag in _MODIFIERS or prose.lowers[token] in ("research", "think"):
        return True
    behind_group = limit > 0 and prose.lowers[limit - 1] in _heads()
    before = tags[token - 1] if token > limit or behind_group else "."
    if tag == "E":
        return before in "DP,VTA."
    return tag == "G" and before in "DNA"


def _may_be_verb(prose: Prose, token: int) -> bool:
    """Whether "helps" in "the fund helps young researchers" may be a verb after all."""
    lower = prose.lowers[token]
    return lower.endswith("s") and lower in lexicon().lemmas


def _pair(prose: Prose, first: int, limit: int, taken: Container[int]) -> int:
    """Tokens of "public and" or "higher education and" before a modifier like it, or 0."""
    tags = prose.tags
    left = first - 2
    if left < limit or tags[first - 1] != "C" or left in taken:
        return 0
    if tags[left] in "AX" and tags[first] in "AXNV":
        return 2
    if tags[left] != "N" or prose.lowers[left] in _heads():
        return 0
    width = 3 if left - 1 >= limit and tags[left - 1] in "AN" else 2
    edge = first - width
    return width if edge <= limit or tags[edge - 1] in "PDV" else 0


def _with_bodies(prose: Prose, shape: str, passage: Passage, last: int) -> int:
    """Take in the bodies or countries of "members of the Council", "governments of A and B"."""
    if prose.lowers[last - 1] not in word_set("groups", "of_bodies"):
        return last
    match = _OF_BODIES.match(shape, last, passage.last)
    return match.end() if match else last


def _is_people(prose: Prose, token: int) -> bool:
    """A people by its name: "Americans", "Kenyans"."""
    word = prose.words[token]
    return word[0].isupper() and word[:-1] in load_authority().demonyms


_PEOPLES = frozenset(("ans", "ese", "ers", "nes"))


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
            both = prose.lowers[end - 1] not in mass and last - first == 1
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
    return prose.words[token] in word_set("groups", "collectives")


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
