"""Finds instruments: named ("Clean Air Act") and unnamed ones ("research grants")."""

from __future__ import annotations

import re
from collections.abc import Collection

from graph.extract.enacted import is_enacted
from graph.extract.instrument_names import LONGEST, Hit, in_name, named
from graph.extract.passages import Passage, Prose
from graph.extract.phrases import noun_list
from graph.extract.policy_cues import Find, instrument_cues


def find(prose: Prose, taken: Collection[int], people: Collection[int]) -> list[Find]:
    """Every phrase that may be an instrument, in the order of the text; spans do not overlap.

    `taken` are the tokens of names of actors, events and documents: no instrument has its head
    there, unless the text says what it is. Those of `people` and of countries never name one.
    """
    c = instrument_cues()
    heads = c.strong.keys() | c.weak.keys() | c.name_head.keys() | c.created_name_head.keys()
    lowers = prose.lowers
    found: list[Find] = []
    for number, passage in enumerate(prose.passages):
        reached = passage.first
        for at in range(passage.first, passage.last):
            if at < reached or lowers[at] not in heads:
                continue
            hit = named(prose, passage, at, taken) or (
                None
                if at in taken or (prose.words[at][0].isupper() and not _opens(prose, passage, at))
                else _unnamed(prose, passage, at, people)
            )
            if hit and hit[0] >= reached:
                first, last, rule, head = hit
                found.append(Find(first, last, rule, number, head))
                reached = last
    return found


def _opens(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether a capital only opens a sentence, which may stand behind a dateline."""
    return at <= passage.first + 1 or prose.tags[at - 1] in "-:"


def _unnamed(prose: Prose, passage: Passage, at: int, people: Collection[int]) -> Hit | None:
    """The noun phrase for a means with its head noun at `at`."""
    c = instrument_cues()
    tags, lowers = prose.tags, prose.lowers
    lower = lowers[at]
    head = c.strong.get(lower) or c.weak.get(lower)
    if head is None or tags[at] not in "NXG":
        return None
    if at + 1 < passage.last and (tags[at + 1] in "NX" or lowers[at + 1] in c.strong):
        return None
    first = _modifiers(prose, passage, at)
    while first < at and (lowers[first] in c.empty or tags[first] in '#R"'):
        first += 1
    if name := _told_name(prose, passage, first, at, people):
        return (*name, "told", head) if head in c.kinds else None
    if _describes(prose, passage, first):
        return None
    modified = first < at
    last = _joint_heads(prose, passage, at) if modified else at + 1
    if head in c.money or (not modified and head in c.tailed):
        last = _tail(prose, passage, last, head)
    elif modified:
        last = _short_tail(prose, passage, last)
    if not modified:
        if last == at + 1:
            return (at, last, "bare", head) if _is_enacted_bare(prose, passage, at, head) else None
        while first > passage.first and lowers[first - 1] in c.measuring:
            first -= 1
    if is_enacted(prose, passage, first, last, c.founding if head in c.body else c.enact):
        return first, last, "enacted" if lower in c.strong else "enacted-weak", head
    if lower in c.strong:
        return first, last, "head" if modified else "tail", head
    return None


def _is_enacted_bare(prose: Prose, passage: Passage, at: int, head: str) -> bool:
    """Whether a noun without modifiers is a means by what is done with it: "imposed sanctions"."""
    c = instrument_cues()
    if head not in c.bare or prose.tags[at] != "N" or prose.lowers[at + 1 : at + 2] == ["of"]:
        return False
    if _AMOUNT_IN.search(prose.text, max(passage.start, prose.starts[at] - 40), prose.starts[at]):
        return True
    return is_enacted(prose, passage, at, at + 1, c.enacting_bare)


# An amount that is given in the form of the means: "$3 million in new loans".
_AMOUNT_IN = re.compile(
    r"[€£¥₹₩$] ?\d[\d.,]*(?: (?:[bmt]n|[bmtr]+illion|crore|lakh))?"
    r" (?:in|of|for)(?: (?:new|further|additional))? $"
)


def _joint_heads(prose: Prose, passage: Passage, at: int) -> int:
    """End of the heads that share their modifiers: "gender programmes and initiatives"."""
    c = instrument_cues()
    last = at + 2
    if last < passage.last and prose.tags[at + 1] == "C":
        if prose.lowers[last] == "other":
            last += 1
        follows = prose.tags[last + 1] if last + 1 < passage.last else ""
        word = prose.lowers[last] if last < passage.last else ""
        noun = last < passage.last and prose.lowers[at + 1] != "but" and prose.tags[last] in "NXG"
        if noun and (word in c.strong or word in c.weak) and follows not in ("N", "X", "D"):
            return last + 1
    return at + 1


def _describes(prose: Prose, passage: Passage, first: int) -> bool:
    """Whether the phrase only says what something named is: "CASNET, a regional network"."""
    tags, lowers = prose.tags, prose.lowers
    before = first - 1
    while before >= passage.first and tags[before] in "AR#":
        before -= 1
    if before - 1 < passage.first or lowers[before] not in ("a", "an"):
        return False
    if tags[before - 1] == "," and before - 2 >= passage.first:
        return tags[before - 2] in 'X)"'
    return lowers[before - 1] in ("is", "was", "be", "are", "were", "become", "as")


def _told_name(
    prose: Prose, passage: Passage, first: int, at: int, people: Collection[int]
) -> tuple[int, int] | None:
    """The name of which the phrase says what it is: "a fund called Delta", "Delta, a fund for"."""
    lowers = prose.lowers
    if lowers[at + 1 : at + 2] in (["called"], ["named"], ["dubbed"]):
        start = at + 2 + (prose.tags[at + 2 : at + 3] == '"')
        last = start
        while last < min(passage.last, start + 8) and in_name(prose, last):
            last += 1
    elif _describes(prose, passage, first):
        last = first - 1
        while lowers[last] not in ("a", "an"):
            last -= 1
        last -= 1
        start = last
        while start > max(passage.first, last - 8) and in_name(prose, start - 1):
            start -= 1
        while start < last and prose.tags[start] in "DPCSTQMBR":
            start += 1
    else:
        return None
    free = start < last and not any(i in people for i in range(start, last))
    return (start, last) if free else None


def _tail(prose: Prose, passage: Passage, end: int, head: str) -> int:
    if (
        end + 1 < passage.last
        and (prose.lowers[end] in ("in", "of", "for", "on") or _is_cut_to(prose, end, head))
        and prose.tags[end + 1] not in "#$"
        and (prose.lowers[end] != "in" or prose.tags[end + 1] not in "DX")
    ):
        stop = noun_list(prose, end + 1, min(passage.last, end + LONGEST))
        return stop if stop > end + 1 else end
    return end


def _is_cut_to(prose: Prose, end: int, head: str) -> bool:
    """Whether what is made less stands behind "to": "cuts to the budget"."""
    return head == "cut" and prose.lowers[end] == "to" and prose.tags[end + 1] in "DNAX"


def _short_tail(prose: Prose, passage: Passage, end: int) -> int:
    """The end with what it is for or on, where two or three plain words say so."""
    if prose.lowers[end : end + 1] not in (["for"], ["on"]):
        return end
    match = _PLAIN_TAIL.match(prose.tags, end + 1, min(passage.last, end + 6))
    return match.end() if match else end


_PLAIN_TAIL = re.compile(r"(?:[AN](?=[AN])){0,2}N(?![NXG#CMZ])")


def _modifiers(prose: Prose, passage: Passage, at: int) -> int:
    """First token of the noun phrase whose head is at `at`."""
    tags = prose.tags
    start = max(passage.first, at - LONGEST)
    first = at
    while first > start:
        tag = tags[first - 1]
        before = tags[first - 2] if first - 2 >= start else ""
        if (
            tag in "NXA#"
            or (tag == "G" and before in ("D", "A"))
            or (tag == "E" and before not in ("N", "X", "B", "Q"))
        ):
            first -= 1
        elif (tag == "C" and _joins_modifiers(prose, start, first)) or (
            tag == "," and before == tags[first] and before in "AN" and _listed(tags, first, at)
        ):
            first -= 2
        else:
            break
    return first


def _listed(tags: str, first: int, at: int) -> bool:
    """Whether a list of modifiers goes on behind this token up to the head."""
    return tags[first] == "A" or "C" in tags[first:at]


def _joins_modifiers(prose: Prose, start: int, after: int) -> bool:
    """Whether the conjunction before `after` joins modifiers ("science and arts fund")."""
    tags = prose.tags
    left = after - 2
    if left < start:
        return False
    if tags[left] == ",":
        return False
    if tags[left] == "A" and tags[after] == "A":
        return True
    while left - 2 >= start and tags[left - 2 : left] == "N," and tags[left] == "N":
        left -= 2
    return (
        tags[left] == "N"
        and tags[after] == "N"
        and not prose.lowers[left].endswith("s")
        and (
            left == start
            or tags[left - 1] in "DPAVGE"
            or f"{prose.lowers[left]} {prose.lowers[after]}" in instrument_cues().paired
        )
    )
