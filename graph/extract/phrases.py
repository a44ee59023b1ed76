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
    r"|[NX],(?=A(?:,A)*,?C[AN]*[NXG])"
    r"|[NX](?=(?:A(?:,A)*,?C)?A[NX]))*"
    r"(?:[NX#]|G(?![DAXNEQ#T])))"
)
# Items of a list share what stands before: "trade, skills and open data". An item that opens with
# a gerund and its object belongs to another clause, and so does a list that a verb follows,
# unless it stands behind a preposition.
# A participle before a name is a verb ("and urged Congress").
_JOINT = rf"(?!\"?G[DAXNEG#R])(?!E[DX]){_NOUN_PHRASE_TAGS}"


def _list_of(items_end: str) -> re.Pattern[str]:
    last = rf"C{_JOINT}{items_end}"
    return re.compile(
        rf"{_NOUN_PHRASE_TAGS}(?:{last}){{0,2}}"
        rf"(?:(?:,{_JOINT}(?:C{_JOINT})?(?=,))*,{last}|(?:,{_JOINT}(?=[,C]))+{last})?"
    )


_NOUN_PHRASE = re.compile(_NOUN_PHRASE_TAGS)
_NOUN_LIST = _list_of("(?![VMB])")
_TAIL_LIST = _list_of("")
_GERUND = re.compile(r"G(?:(?:,G)*,?CG)?")
_OF = frozenset(("of", "regarding", "concerning"))
_RELATIONS = frozenset(
    ("in", "on", "for", "between", "among", "across", "with", "into", "from", "towards", "toward")
)
_PLACES = frozenset(
    ("in", "on", "for", "between", "among", "across", "towards", "toward", "within")
)
_POINTING = frozenset(("this", "these", "that", "those", "such"))


def noun_phrase(prose: Prose, first: int, last: int) -> int:
    """End (token index) of the noun phrase that begins at `first`; `first` where there is none."""
    match = _NOUN_PHRASE.match(prose.tags, first, last)
    return match.end() if match else first


def noun_list(prose: Prose, first: int, last: int) -> int:
    """As `noun_phrase`, with the items that are joined to it by commas and conjunctions."""
    match = _NOUN_LIST.match(prose.tags, first, last)
    return match.end() if match else first


def tail_list(prose: Prose, first: int, last: int) -> int:
    """As `noun_list`, for what stands behind a preposition; a gerund may govern it."""
    if match := _GERUND.match(prose.tags, first, last):
        end = noun_list(prose, match.end(), last)
        if end > match.end():
            return end
    match = _TAIL_LIST.match(prose.tags, first, last)
    return match.end() if match else first


def with_tails(prose: Prose, first: int, last: int, relational: frozenset[str]) -> int:
    """As `noun_list`, with the tails without which it would say little.

    These are tails with "of", those of `relational` nouns ("cooperation on vaccines"), and those
    of an object that is a single bare noun ("lower costs for families").
    """
    end = noun_list(prose, first, last)
    if end == first:
        return first
    bare = end == first + 1
    for _ in range(3):
        start = _tail(prose, end, last, relational, bare)
        stop = tail_list(prose, start, last) if start else 0
        if stop <= start:
            break
        end, bare = stop, False
    return end


def _tail(prose: Prose, end: int, last: int, relational: frozenset[str], bare: bool) -> int:
    """Where the noun phrase of the tail begins, if one follows; nought else."""
    if end + 1 >= last or prose.lowers[end + 1] in _POINTING:
        return 0
    word = prose.lowers[end]
    if word in _OF:
        return end + 1
    if word in ("related", "relating") and prose.tags[end + 1] == "T":
        return end + 2
    if prose.lowers[end - 1] in relational and (word in _RELATIONS or prose.tags[end] == "T"):
        return end + 1
    return end + 1 if bare and word in _PLACES else 0
