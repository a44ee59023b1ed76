"""Noun and verb phrases over the tags of a text: where a phrase that begins here ends."""

from __future__ import annotations

import re

from graph.extract.passages import Prose

# A noun phrase is modifiers and nouns. After a noun, a participle ends it ("research funded by"),
# a possessive goes on ("Kenya's ambitious goals"). Adjectives may be listed before the noun.
# The group is atomic: a shorter phrase never counts where a longer one stands.
_NOUN_PHRASE_TAGS = (
    r"(?>D{0,2}"
    r"(?:R?[AE](?:,C?|C)(?=R?[AE]|[NX][NXG])"
    r"|R?[AE](?=[ANXGE#R\"])"
    r"|#(?=[ANXGE#])"
    r"|[NXG#]Z"
    r"|[NXG](?=[NXG])"
    r"|\"(?=[NXGAE])"
    r"|[NX](?=A[NX]))*"
    r"[NXG#])"
)
# Items of a list share what stands before: "trade, skills and open data". An item that opens with
# a gerund and its object, or a list that a verb follows, belongs to another clause.
_JOINT = rf"(?!\"?G[DAXNEG#R]){_NOUN_PHRASE_TAGS}"
_PAIR = rf"{_NOUN_PHRASE_TAGS}(?:C{_JOINT}(?![VMB]))?"
_LIST_TAGS = rf"{_PAIR}(?:(?:,{_JOINT}(?:C{_JOINT})?(?=,))*,C{_JOINT}(?![VMB])|(?:,{_JOINT}(?=[,C]))+C{_JOINT}(?![VMB]))?"
_NOUN_PHRASE = re.compile(_NOUN_PHRASE_TAGS)
_NOUN_LIST = re.compile(_LIST_TAGS)
_TAIL_PREPOSITIONS = frozenset(("in", "on", "for", "between", "among", "across", "with", "into"))


def noun_phrase(prose: Prose, first: int, last: int) -> int:
    """End (token index) of the noun phrase that begins at `first`; `first` where there is none."""
    match = _NOUN_PHRASE.match(prose.tags, first, last)
    return match.end() if match else first


def noun_list(prose: Prose, first: int, last: int) -> int:
    """As `noun_phrase`, with the items that are joined to it by commas and conjunctions."""
    match = _NOUN_LIST.match(prose.tags, first, last)
    return match.end() if match else first


def with_tails(prose: Prose, first: int, last: int, relational: frozenset[str]) -> int:
    """As `noun_list`, with its tails: those with "of", and others after relational nouns.

    `relational` are nouns that say little without a tail, as "cooperation" in "cooperation on".
    """
    end = noun_list(prose, first, last)
    if end == first:
        return first
    for _ in range(3):
        if end >= last:
            break
        word = prose.lowers[end]
        head = prose.lowers[end - 1]
        tail = word == "of" or (
            head in relational and (word in _TAIL_PREPOSITIONS or prose.tags[end] == "T")
        )
        stop = noun_list(prose, end + 1, last) if tail else end + 1
        if stop == end + 1:
            break
        end = stop
    return end
