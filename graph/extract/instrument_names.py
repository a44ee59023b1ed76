"""Names of means: capitalised words around a noun such as Act, Fund or Programme."""

from __future__ import annotations

import re
from collections.abc import Collection

from graph.extract.enacted import is_enacted
from graph.extract.passages import Passage, Prose, lexicon
from graph.extract.policy_cues import instrument_cues

# First token, end, rule and head of what was found.
Hit = tuple[int, int, str, str]

LONGEST = 30  # tokens to either side of the head


def named(prose: Prose, passage: Passage, at: int, taken: Collection[int]) -> Hit | None:
    """The capitalised name with its head word at `at`: two words or more."""
    c = instrument_cues()
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
    if not is_enacted(prose, passage, first, last, instrument_cues().founding):
        return False
    return not _IN_A_YEAR.match(prose.text, prose.ends[last - 1], passage.end)


_IN_A_YEAR = re.compile(r"[^.;]{0,60}?\b(?:was|were)\b[^.;]{0,60}?\b(?:in|since) \d{4}\b")


def _is_possessed(prose: Prose, passage: Passage, first: int) -> bool:
    """Whether an office's possessive stands before the name: "the President's Council"."""
    return (
        first - 2 >= passage.first
        and prose.tags[first - 1] == "Z"
        and prose.lowers[first - 2] in instrument_cues().possessors
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
    plain = instrument_cues().plain
    return all(i in taken or prose.lowers[i] in plain for i in capitals)


# Small words inside names; of those, "on" only follows a head.
_LINKS = frozenset(("of", "and", "for", "on", "the", "&", "a", "with", "to", "in"))
_BARRED = frozenset("DPCSTQMBZ")


def _name_start(prose: Prose, passage: Passage, at: int, capital: bool) -> int:
    """First token of the name that ends with its head at `at`; links join capitalised words."""
    words, lowers, tags = prose.words, prose.lowers, prose.tags
    first = at
    start = max(passage.first, at - LONGEST)
    while first > start:
        before = first - 1
        if in_name(prose, before) and not _is_title_verb(prose, passage, before):
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
        if lowers[back] in instrument_cues().outside:
            break
        first = back
    while first < at and (tags[first] in "DPCSTQMBRVG" or (_is_count(words[first]))):
        first += 1
    return first


def _is_name_list(prose: Prose, passage: Passage, first: int) -> bool:
    """Whether the comma before this name is one of a list within: "Jobs, Skills and Trade Act"."""
    return (
        first - 2 >= passage.first
        and in_name(prose, first - 2)
        and prose.words[first].istitle()
        and (prose.tags[first + 1] == "," or prose.lowers[first + 1] == "and")
    )


def _closes_acronym(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether a bracket closes here behind a name and its acronym: "Lunar Lab (LL) project"."""
    return (
        prose.tags[at] == ")"
        and at - 3 >= passage.first
        and prose.tags[at - 2] == "("
        and in_name(prose, at - 3)
    )


def _is_title_verb(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether a capitalised word is the verb of a headline ("Minister Signs Trade Deal")."""
    lower = prose.lowers[at]
    return passage.kind == "heading" and lower.endswith("s") and bool(lexicon().lemmas.get(lower))


def _is_count(word: str) -> bool:
    """Whether a number counts the means or the chapter ("31 Tech Hubs"), and is no year."""
    return word.replace(".", "").isdigit() and (len(word) != 4 or "." in word)


def in_name(prose: Prose, at: int) -> bool:
    """Whether the word may stand in a name: it has a capital or is a number."""
    word = prose.words[at]
    if word[0].isupper():
        return prose.tags[at] not in _BARRED
    return prose.tags[at] == "#" and word[0].isdigit()


def _name_end(prose: Prose, passage: Passage, at: int) -> int:
    """End of the name: numbers, "of 1991", "on Open Science" and the like follow the head."""
    c = instrument_cues()
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
    stop = min(passage.last, at + LONGEST)
    while last < stop:
        if in_name(prose, last) or (prose.tags[last] == "Z" and last > at + 1):
            last += 1
            continue
        if prose.tags[last - 1 : last + 2] == "#-#" and last + 1 < stop and last > at + 1:
            last += 2
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
