"""Finds instruments: named ("Clean Air Act") and unnamed ones ("research grants")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph.extract import cues
from graph.extract.goals import Find
from graph.extract.passages import Passage, Prose, lexicon
from graph.extract.phrases import noun_list

_HEADS = ("strong", "weak", "name_head", "created_name_head")


@dataclass(frozen=True, slots=True)
class _Cues:
    strong: dict[str, str]
    weak: dict[str, str]
    name_head: dict[str, str]
    created_name_head: dict[str, str]
    body: frozenset[str]
    bodies_in_names: frozenset[str]
    of_name: frozenset[str]
    for_name: frozenset[str]
    enact: frozenset[str]
    founding: frozenset[str]
    making: frozenset[str]
    empty: frozenset[str]
    tailed: frozenset[str]
    money: frozenset[str]
    measuring: frozenset[str]
    possessors: frozenset[str]
    kinds: frozenset[str]
    plain: frozenset[str]
    outside: frozenset[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    source = cues.load("instruments")
    heads = {name: _forms(source[name]) for name in _HEADS}
    others = {name: frozenset(source[name]) for name in source if name not in _HEADS}
    return _Cues(**heads, **others)  # type: ignore[arg-type]  # names and kinds as in the file


def _forms(words: Iterable[str]) -> dict[str, str]:
    """Singular and plural forms -> singular."""
    forms: dict[str, str] = {}
    for word in words:
        forms[word] = word
        if word.endswith("y") and word[-2] not in "aeiou":
            forms[word[:-1] + "ies"] = word
        elif word.endswith(("s", "x", "ch", "sh")):
            forms[word + "es"] = word
        elif word.endswith("um"):
            forms[word[:-2] + "a"] = word
        else:
            forms[word + "s"] = word
    return forms


def find(prose: Prose, taken: Collection[int], people: Collection[int]) -> list[Find]:
    """Every phrase that may be an instrument, in the order of the text; spans do not overlap.

    `taken` are the tokens of names of actors, events and documents: no instrument has its head
    there, unless the text says what it is. Those of `people` and of countries never name one.
    """
    c = _cues()
    lowers = prose.lowers
    found: list[Find] = []
    for number, passage in enumerate(prose.passages):
        reached = passage.first
        for at in range(passage.first, passage.last):
            lower = lowers[at]
            if at < reached or not (
                lower in c.strong
                or lower in c.weak
                or lower in c.name_head
                or lower in c.created_name_head
            ):
                continue
            hit = _named(prose, passage, at, taken) or (
                None
                if at in taken or (prose.words[at][0].isupper() and at > passage.first + 1)
                else _unnamed(prose, passage, at, people)
            )
            if hit and hit[0] >= reached:
                first, last, rule, head = hit
                found.append(Find(first, last, rule, number, head))
                reached = last
    return found


def is_making(noun: str) -> bool:
    """Whether a noun says that something is made, enlarged or ended, as "establishment"."""
    return noun in _cues().making


_LONGEST_NAME = 30  # tokens to either side of the head

_Hit = tuple[int, int, str, str]


def _named(prose: Prose, passage: Passage, at: int, taken: Collection[int]) -> _Hit | None:
    """The capitalised name with its head word at `at`: two words or more."""
    c = _cues()
    lower = prose.lowers[at]
    capital = prose.words[at][0].isupper()
    if not capital and not _heads_phrase(prose, passage, at):
        return None
    first = _name_start(prose, passage, at, capital)
    last = _name_end(prose, passage, at) if capital else at + 1
    if lower in c.created_name_head and _is_possessed(prose, passage, first):
        first -= 2
    if last - first < 2 or (not capital and _only_known(prose, passage, first, at, taken)):
        return None
    if any(prose.lowers[i] in c.bodies_in_names for i in range(first, at) if i + 1 < at):
        return None
    if (head := c.name_head.get(lower)) and at not in taken:
        return first, last, "named", head
    head = c.created_name_head.get(lower)
    if head and _is_being_created(prose, passage, first, last):
        return first, last, "created", head
    return None


def _is_being_created(prose: Prose, passage: Passage, first: int, last: int) -> bool:
    """Whether a body comes into being by what is told, not in some year of its history."""
    if not _is_enacted(prose, passage, first, last, _cues().founding):
        return False
    return not _IN_A_YEAR.match(prose.text, prose.ends[last - 1], passage.end)


_IN_A_YEAR = re.compile(r"[^.;]{0,60}?\b(?:was|were)\b[^.;]{0,60}?\b(?:in|since) \d{4}\b")


def _is_possessed(prose: Prose, passage: Passage, first: int) -> bool:
    """Whether an office's possessive stands before the name: "the President's Council"."""
    return (
        first - 2 >= passage.first
        and prose.tags[first - 1] == "Z"
        and prose.lowers[first - 2] in _cues().possessors
    )


def _heads_phrase(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether the word is the last noun of its phrase, not a verb or a modifier."""
    following = prose.tags[at + 1] if at + 1 < passage.last else ""
    return prose.tags[at] == "N" and following not in ("N", "X", "T")


def _only_known(
    prose: Prose, passage: Passage, first: int, at: int, taken: Collection[int]
) -> bool:
    """Whether nothing before a common head is a name of its own: "Several UK initiatives"."""
    opener = next((i for i in range(passage.first, at) if prose.words[i][0].isalpha()), at)
    capitals = [i for i in range(first, at) if prose.words[i][0].isupper() and i > opener]
    plain = _cues().plain
    return all(i in taken or prose.lowers[i] in plain for i in capitals)


# Small words inside names; of those, "on" only follows a head.
_LINKS = frozenset(("of", "and", "for", "on", "the", "&", "a", "with", "to", "in"))
_BARRED = frozenset("DPCSTQMBZ")


def _name_start(prose: Prose, passage: Passage, at: int, capital: bool) -> int:
    """First token of the name that ends with its head at `at`; links join capitalised words."""
    words, lowers, tags = prose.words, prose.lowers, prose.tags
    first = at
    start = max(passage.first, at - _LONGEST_NAME)
    while first > start:
        before = first - 1
        if _in_name(prose, before) and not _is_title_verb(prose, passage, before):
            first = before
            continue
        if first == at and _closes_acronym(prose, passage, before):
            first = before - 3
            capital = True
            continue
        if capital and tags[before] == "," and _is_name_list(prose, passage, first):
            first = before - 1
            continue
        if not capital or lowers[before] not in _LINKS or lowers[before] == "on":
            break
        back = before - 1
        if lowers[before] in ("the", "a"):
            if back < passage.first or lowers[back] not in ("of", "for", "in", "with"):
                break
            back -= 1
        if back < passage.first or not words[back][0].isupper() or tags[back] in _BARRED:
            break
        if lowers[back] in _cues().outside:
            break
        first = back
    while first < at and (tags[first] in "DPCSTQMBRVG" or (_is_count(words[first]))):
        first += 1
    return first


def _is_name_list(prose: Prose, passage: Passage, first: int) -> bool:
    """Whether the comma before this name is one of a list within: "Jobs, Skills and Trade Act"."""
    return (
        first - 2 >= passage.first
        and _in_name(prose, first - 2)
        and prose.words[first].istitle()
        and (prose.tags[first + 1] == "," or prose.lowers[first + 1] == "and")
    )


def _closes_acronym(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether a bracket closes here behind a name and its acronym: "Lunar Lab (LL) project"."""
    return (
        prose.tags[at] == ")"
        and at - 3 >= passage.first
        and prose.tags[at - 2] == "("
        and _in_name(prose, at - 3)
    )


def _is_title_verb(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether a capitalised word is the verb of a headline ("Minister Signs Trade Deal")."""
    lower = prose.lowers[at]
    return passage.kind == "heading" and lower.endswith("s") and bool(lexicon().lemmas.get(lower))


def _is_count(word: str) -> bool:
    """Whether a number counts the means ("31 Tech Hubs") and is no year or ordinal."""
    return word.isdigit() and len(word) != 4


def _in_name(prose: Prose, at: int) -> bool:
    word = prose.words[at]
    if word[0].isupper():
        return prose.tags[at] not in _BARRED
    return prose.tags[at] == "#" and word[0].isdigit()


def _name_end(prose: Prose, passage: Passage, at: int) -> int:
    """End of the name: numbers, "of 1991", "on Open Science" and the like follow the head."""
    c = _cues()
    words, lowers = prose.words, prose.lowers
    head = c.name_head.get(lowers[at]) or c.created_name_head.get(lowers[at], "")
    links = {"on"}
    if head in c.of_name:
        links.add("of")
    if head in c.for_name:
        links.add("for")
    last = at + 1
    if words[last : last + 2] == ["No", "."] and last + 2 < passage.last:
        last += 3
    stop = min(passage.last, at + _LONGEST_NAME)
    while last < stop:
        if _in_name(prose, last) or (prose.tags[last] == "Z" and last > at + 1):
            last += 1
            continue
        if words[last] == "," and prose.tags[last - 1 : last + 2] == "#,#" and last + 1 < stop:
            last += 2
            continue
        if prose.tags[last] == "," and last > at + 1 and _list_goes_on(prose, passage, last):
            last += 2
            continue
        if lowers[last] not in (links if last == at + 1 else _LINKS):
            break
        onward = last + 1
        if onward < passage.last and lowers[onward] in ("the", "a"):
            onward += 1
        if onward >= passage.last or not (
            words[onward][0].isupper() or (words[onward][0].isdigit() and lowers[last] == "of")
        ):
            break
        if lowers[last] == "and" and lowers[onward] in c.name_head:
            break
        last = onward + 1
    return last


def _list_goes_on(prose: Prose, passage: Passage, comma: int) -> bool:
    """Whether single capitalised words follow up to "and": "Act on Science, Trade and Arts"."""
    at = comma
    while at + 2 < passage.last and prose.tags[at] == "," and prose.words[at + 1][0].isupper():
        at += 2
    return at > comma and prose.lowers[at] == "and" and prose.words[at + 1 : at + 2] != []


def _unnamed(prose: Prose, passage: Passage, at: int, people: Collection[int]) -> _Hit | None:
    """The noun phrase for a means with its head noun at `at`."""
    c = _cues()
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
        last = _tail(prose, passage, last)
    elif modified:
        last = _short_tail(prose, passage, last)
    if not modified:
        if last == at + 1:
            return None
        while first > passage.first and lowers[first - 1] in c.measuring:
            first -= 1
    if _is_enacted(prose, passage, first, last, c.founding if head in c.body else c.enact):
        return first, last, "enacted" if lower in c.strong else "enacted-weak", head
    if lower in c.strong:
        return first, last, "head" if modified else "tail", head
    return None


def _joint_heads(prose: Prose, passage: Passage, at: int) -> int:
    """End of the heads that share their modifiers: "gender programmes and initiatives"."""
    c = _cues()
    last = at + 2
    if last < passage.last and prose.tags[at + 1] == "C":
        if prose.lowers[last] == "other":
            last += 1
        follows = prose.tags[last + 1] if last + 1 < passage.last else ""
        word = prose.lowers[last] if last < passage.last else ""
        if (word in c.strong or word in c.weak) and follows not in ("N", "X"):
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
        while last < min(passage.last, start + 8) and _in_name(prose, last):
            last += 1
    elif _describes(prose, passage, first):
        last = first - 1
        while lowers[last] not in ("a", "an"):
            last -= 1
        last -= 1
        start = last
        while start > max(passage.first, last - 8) and _in_name(prose, start - 1):
            start -= 1
        while start < last and prose.tags[start] in "DPCSTQMBR":
            start += 1
    else:
        return None
    free = start < last and not any(i in people for i in range(start, last))
    return (start, last) if free else None


def _tail(prose: Prose, passage: Passage, end: int) -> int:
    if (
        end + 1 < passage.last
        and prose.lowers[end] in ("in", "of", "for", "on")
        and prose.tags[end + 1] not in "#$"
        and (prose.lowers[end] != "in" or prose.tags[end + 1] not in "DX")
    ):
        return max(end, noun_list(prose, end + 1, min(passage.last, end + _LONGEST_NAME)))
    return end


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
    start = max(passage.first, at - _LONGEST_NAME)
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
        and (left == start or tags[left - 1] in "DPAVGE")
    )


def _is_enacted(
    prose: Prose, passage: Passage, first: int, last: int, verbs: frozenset[str]
) -> bool:
    """Whether a verb such as "launch" governs the phrase: before it, or after it in the passive."""
    c = _cues()
    tags, lowers = prose.tags, prose.lowers
    lemmas = lexicon().lemmas
    before = first - 1
    while before >= passage.first and (
        tags[before] in 'DAR#"$' or lowers[before] in ("up", "out", "in")
    ):
        before -= 1
    if before >= passage.first:
        if tags[before] in "VGE" and lemmas.get(lowers[before], "") in verbs:
            return True
        if lowers[before] == "of" and before > passage.first and lowers[before - 1] in c.making:
            return True
    after = last
    while after < passage.last and tags[after] in "BRM":
        after += 1
    return (
        last < after < passage.last
        and tags[after] == "E"
        and lemmas.get(lowers[after], "") in verbs
    )
