"""Finds instruments: named ("Clean Air Act") and unnamed ones ("research grants")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from graph.extract import cues
from graph.extract.goals import Find
from graph.extract.passages import Passage, Prose, lexicon
from graph.extract.phrases import noun_list


@dataclass(frozen=True, slots=True)
class _Cues:
    strong: dict[str, str]
    weak: dict[str, str]
    body: frozenset[str]
    name_head: dict[str, str]
    created: dict[str, str]
    enact: frozenset[str]
    founding: frozenset[str]
    empty: frozenset[str]
    tailed: frozenset[str]


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


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    source = cues.load("instruments")
    return _Cues(
        _forms(source["strong"]),
        _forms(source["weak"]),
        frozenset(source["body"]),
        _forms(source["name_head"]),
        _forms(source["created_name_head"]),
        frozenset(source["enact"]),
        frozenset(source["founding"]),
        frozenset(source["empty"]),
        frozenset(source["tailed"]),
    )


def find(prose: Prose) -> list[Find]:
    """Every phrase that may be an instrument, in the order of the text; spans do not overlap."""
    found: list[Find] = []
    for number, passage in enumerate(prose.passages):
        reached = passage.first
        for first, last, rule, key in _in_passage(prose, passage):
            if first >= reached:
                found.append(Find(first, last, rule, number, key))
                reached = last
    return found


def _in_passage(prose: Prose, passage: Passage) -> Iterator[tuple[int, int, str, str]]:
    c = _cues()
    lowers, words, tags = prose.lowers, prose.words, prose.tags
    reached = passage.first
    for at in range(passage.first, passage.last):
        if at < reached:
            continue
        lower = lowers[at]
        if (
            lower not in c.strong
            and lower not in c.weak
            and lower not in c.name_head
            and lower not in c.created
        ):
            continue
        if tags[at] not in "NXGVA" or (tags[at] == "V" and not words[at][0].isupper()):
            continue
        named = _named(prose, passage, at)
        if named:
            first, last = named
            head = c.name_head.get(lower)
            if head is None:
                if lower not in c.created or not _is_enacted(
                    prose, passage, first, last, c.founding
                ):
                    continue
                yield first, last, "named-created", c.created[lower]
            else:
                yield first, last, "named", head
            reached = last
            continue
        if (
            at + 1 < passage.last
            and tags[at + 1] in "NXG"
            and lowers[at + 1] != "of"
            and (tags[at + 1] != "G")
        ):
            continue
        head = c.strong.get(lower) or c.weak.get(lower)
        if head is None:
            continue
        first = _modifiers(prose, passage, at)
        while first < at and (lowers[first] in c.empty or tags[first] == "#"):
            first += 1
        last = at + 1
        tail = last
        if last < passage.last and head in c.tailed and lowers[last] in ("in", "of", "for", "on"):
            tail = noun_list(prose, last + 1, passage.last)
            if tail == last + 1:
                tail = last
        enacted = _is_enacted(
            prose, passage, first, last, c.founding if head in c.body else c.enact
        )
        modified = first < at
        if not modified and tail == last:
            continue
        end = last if modified else tail
        if enacted:
            yield first, end, "enacted-" + ("strong" if lower in c.strong else "weak"), head
        elif lower in c.strong:
            yield first, end, "head" if modified else "head-tail", head
        reached = end


def _modifiers(prose: Prose, passage: Passage, at: int) -> int:
    """First token of the noun phrase whose head is at `at`."""
    tags = prose.tags
    first = at
    while first > passage.first:
        tag = tags[first - 1]
        if (
            tag in "NXA"
            or tag == "#"
            or (
                tag in "EG"
                and first - 1 > passage.first
                and tags[first - 2] in "DAPNXZTM"
                and not (tag == "G" and tags[first - 2] in "PT")
                and not (tag == "E" and tags[first - 2] in "NX")
            )
            or (
                tag == "C"
                and first - 2 >= passage.first
                and tags[first - 2] in "A"
                and tags[first] == "A"
            )
        ):
            first -= 1
        else:
            break
    return first


_LINKS = frozenset(("of", "and", "for", "on", "the", "in", "to", "&", "a", "with"))


def _is_capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _named(prose: Prose, passage: Passage, at: int) -> tuple[int, int] | None:
    """The capitalised name around a head word at `at`, if there is one of two words or more."""
    words, lowers, tags = prose.words, prose.lowers, prose.tags
    capital = words[at][0].isupper()
    first = at
    while first > passage.first:
        before = first - 1
        word = words[before]
        if _is_capital(word) and tags[before] not in "DPCSTQMBZ":
            first = before
        elif lowers[before] in _LINKS and capital:
            back = before - 1
            while back >= passage.first and lowers[back] in _LINKS:
                back -= 1
            if (
                back >= passage.first
                and _is_capital(words[back])
                and tags[back] not in "DPCSTQMBZ#"
                and before - back <= 2
            ):
                first = back
            else:
                break
        else:
            break
    while first < at and (
        tags[first] in "DPCSTQMBRV#" and not (tags[first] == "#" and first > passage.first)
    ):
        first += 1
    last = at + 1
    if capital:
        while last < passage.last:
            if words[last][0].isupper() and tags[last] == "X":
                last += 1
            elif lowers[last] in ("of", "on", "for") and last + 1 < passage.last:
                nxt = last + 1
                if lowers[nxt] == "the" and nxt + 1 < passage.last:
                    nxt += 1
                if _is_capital(words[nxt]) and (words[nxt][0].isupper() or lowers[last] == "of"):
                    last = nxt + 1
                else:
                    break
            elif (
                lowers[last] == "and"
                and last + 1 < passage.last
                and words[last + 1][0].isupper()
                and last > at + 1
            ):
                last += 2
            else:
                break
    if not capital:
        # "Regional Engines program": at least two capitalised words before a common head
        run = sum(words[i][0].isupper() for i in range(first, at))
        if run < 2:
            return None
        return first, last
    if last - first < 2:
        return None
    return first, last


def _is_enacted(
    prose: Prose, passage: Passage, first: int, last: int, verbs: frozenset[str]
) -> bool:
    """Whether a verb such as "launch" governs the phrase: before it, or after it in the passive."""
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
        if (
            lowers[before] == "of"
            and before > passage.first
            and lowers[before - 1]
            in (
                "establishment",
                "creation",
                "launch",
                "development",
                "introduction",
                "construction",
                "adoption",
                "implementation",
                "signing",
            )
        ):
            return True
    after = last
    while after < passage.last and tags[after] in "BRM":
        after += 1
    return (
        after > last
        and after < passage.last
        and tags[after] == "E"
        and lemmas.get(lowers[after], "") in verbs
    )
