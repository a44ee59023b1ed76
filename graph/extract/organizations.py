"""Finds named organisations: by the words their names are built of, by acronyms, by context."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.extract.cues import word_set
from graph.extract.mention import Mention, over_tokens
from graph.extract.passages import Prose

# A topic of a body ("Science", "Higher Education"), and lists of them up to a last "and". The list
# must not run into another name, so its items are plain words that no head follows.
_TOPIC = r"[xGCNAOSU]+"
_ITEM = r"[xGN]++(?![OUSMA])"
_LIST = rf"(?:(?:,{_ITEM})*,?ad?{_ITEM})?"
_BEFORE = r"(?:x+a(?=[xN]))?[xGCNAOSU]*"
_TOPICAL = rf"{_BEFORE}[OS](?:[ofn]d?(?:{_TOPIC}{_LIST}|P))*"
_PLACED = rf"{_BEFORE}U(?:od?[xGCNASU]+)?(?:y[xC]+)?[xC]{{0,2}}"
NAME = re.compile(rf"{_TOPICAL}|{_PLACED}")
_CHAIN_OF_MEANS = re.compile(r"[xGCNAOSUa]*M")


def find(prose: Prose, shape: str) -> Iterator[Mention]:
    """Names with a head word ("Ministry of Health"), in order."""
    for passage in prose.passages:
        for match in NAME.finditer(shape, passage.first, passage.last):
            first, last = match.span()
            if _CHAIN_OF_MEANS.match(shape, last, passage.last):
                continue
            if last - first > 1:
                yield over_tokens(prose, first, last, "Organization", "headword")


def acronyms(prose: Prose, shape: str) -> Iterator[Mention]:
    """Unknown acronyms that no list calls something else, where they act or own."""
    not_actors = word_set("organizations", "not_actors")
    for match in re.finditer(r"A", shape):
        token = match.start()
        if prose.lowers[token] in not_actors or not prose.words[token].isalpha():
            continue
        before, after = shape[token - 1 : token], shape[token + 1 : token + 2]
        tag = prose.tags[token + 1 : token + 2]
        if after == "z" or (tag in ("V", "M", "B", "E") and after != "A") or before == "d":
            yield over_tokens(prose, token, token + 1, "Organization", "acronym-context")
