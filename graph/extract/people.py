"""Finds posts and named people: titles, names after titles, given names, names that speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graph.extract.cues import word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Passage, Prose

_TOPIC = r"[xGCNAOSU]+"
_ITEM = r"[xGNOSU]++(?!P)"
_LIST = rf"(?:(?:,{_ITEM})*,?ad?{_ITEM})?"
_COMPLEMENT = rf"(?:[oftny]d?(?:{_TOPIC}{_LIST}|P+(?![xGJ])))"
POST = re.compile(rf"[xGCNA]*P(?:aP|P)*(?:,(?=[xA]+[oft]))?{_COMPLEMENT}*")
LOWER = re.compile(rf"p+{_COMPLEMENT}+")
_NAME = r"(?:[GxJ]\.?)(?:e{0,2}[GxJ]\.?){0,3}"
_TITLED = re.compile(rf"[Pp]\.?({_NAME})|T\.?({_NAME})")
_GIVEN = re.compile(r"G(?:J\.?)*(?:e{0,2}[xG]){1,3}|(?:J\.?){1,3}[xG]{1,2}|GJ\.?[xG]{1,2}")
_SPEAKS = re.compile(r"(?<![xGCNAOSUPMJ])([xG]{2,3})(?=v|,d?p|,P)|v([xG]{2,3})(?![xGCNAOSUPMJ])")


def people(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names of people, in order of the evidence: title, given name, speaking."""
    for passage in prose.passages:
        for pattern, rule in ((_TITLED, "title"), (_GIVEN, "given-name"), (_SPEAKS, "speaking")):
            for match in pattern.finditer(shape, passage.first, passage.last):
                first, last = next(s for s in _spans(match) if s[0] >= 0)
                last = _without_full_stop(prose, first, last)
                if last > first and _ends_there(shape, first, last, passage):
                    yield over_tokens(prose, first, last, "Person", rule)


def _spans(match: re.Match[str]) -> list[tuple[int, int]]:
    groups = [match.span(g) for g in range(1, match.re.groups + 1)]
    return groups or [match.span()]


def _without_full_stop(prose: Prose, first: int, last: int) -> int:
    """A dot belongs to the name only after an initial that the name goes on behind."""
    while last > first and (prose.words[last - 1] == "." or prose.words[last - 1] in "JAC"):
        last -= 1
    return last


def _ends_there(shape: str, first: int, last: int, passage: Passage) -> bool:
    """Not a person: a name that a head of a body or means follows ("Biden Administration")."""
    following = shape[last : last + 1] if last < passage.last else ""
    return following not in set("OSUM") and set(shape[first:last]) != {"C"}


def posts(prose: Prose, shape: str, bodies: Mapping[int, Mention]) -> Iterator[Mention]:
    """Offices with a capital; `bodies` are the organisations by each token they cover."""
    weak = word_set("people", "weak_posts")
    for passage in prose.passages:
        for match in POST.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            body = bodies.get(first)
            if body and body.last > first and shape[first:last].rfind("P") + first < body.last:
                continue
            if (before := bodies.get(first - 1)) and before.last == first:
                first = before.first
            if (inside := bodies.get(last - 1)) and inside.last > last:
                last = inside.last
            if last - first == 1 and prose.lowers[first] in weak:
                continue
            yield over_tokens(prose, first, last, "Post", "title")


def lower_posts(
    prose: Prose, shape: str, bodies: Mapping[int, Mention], persons: Mapping[int, Mention]
) -> Iterator[Mention]:
    """Offices in lower case: before "of" and a body, or beside a person."""
    modifiers = word_set("people", "modifiers")
    weak = word_set("people", "weak_posts")
    for passage in prose.passages:
        for match in re.finditer("p+", shape[passage.first : passage.last]):
            first, last = match.start() + passage.first, match.end() + passage.first
            full = LOWER.match(shape, first, passage.last)
            if full:
                last = full.end()
                if (inside := bodies.get(last - 1)) and inside.last > last:
                    last = inside.last
            elif prose.lowers[last - 1] in weak or not _beside(shape, first, last, persons):
                continue
            while first > passage.first and prose.lowers[first - 1] in modifiers:
                first -= 1
            if not full and (before := bodies.get(first - 1)) and before.last == first:
                first = before.first
            yield over_tokens(prose, first, last, "Post", "lower-case post")


def _beside(shape: str, first: int, last: int, persons: Mapping[int, Mention]) -> bool:
    """Whether a person stands next to these tokens, perhaps behind a comma."""
    after = last + (shape[last : last + 1] in (",", "T"))
    if after in persons or (after + 1 in persons and shape[after : after + 1] == "T"):
        return True
    before = first - 1
    while before >= 0 and shape[before] in "d ":
        before -= 1
        if first - before > 4:
            return False
    return before >= 0 and shape[before] == "," and before - 1 in persons
