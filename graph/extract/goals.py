"""Finds goals: a verb that carries a direction with its object, or a noun that says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graph.extract import cues
from graph.extract.passages import Passage, Prose, lexicon
from graph.extract.phrases import noun_list, with_tails


@dataclass(frozen=True, slots=True)
class Find:
    """Tokens [first, last) of one passage that may be a goal or an instrument, and why.

    `head` is the main word: the base form of a goal's verb, the singular of an instrument's noun.
    """

    first: int
    last: int
    rule: str
    passage: int
    head: str = ""


@dataclass(frozen=True, slots=True)
class _Cues:
    direction: frozenset[str]
    action: frozenset[str]
    clause: frozenset[str]
    second: dict[str, frozenset[str]]
    demand: frozenset[str]
    aim: frozenset[str]
    none: frozenset[str]
    nominal: frozenset[str]
    comparative: frozenset[str]
    state: frozenset[str]
    end_word: frozenset[str]
    relational: frozenset[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    source = cues.load("goals")
    before, nouns = source["before_to"], source["nouns"]
    return _Cues(
        frozenset(source["direction"]),
        frozenset(source["action"]),
        frozenset(source["clause"]),
        {verb: frozenset(words) for verb, words in source["second"].items()},
        frozenset(before["demand"]),
        frozenset(before["aim"]),
        frozenset(before["none"]),
        *(
            frozenset(nouns[n])
            for n in ("nominal", "comparative", "state", "end_word", "relational")
        ),
    )


def find(prose: Prose) -> list[Find]:
    """Every phrase that may be a goal, in the order of the text; spans do not overlap."""
    found: list[Find] = []
    for number, passage in enumerate(prose.passages):
        found += _in_passage(prose, number, passage)
    return found


# A verb group: verbs that share their object ("develop and support local inventions").
_GROUP = re.compile(r"(?:V(?:(?:,V)*,?CV)?|G(?:(?:,G)*,?CG)?)(?:R(?![AEVG]))?")


def _in_passage(prose: Prose, number: int, passage: Passage) -> Iterator[Find]:
    reached = passage.first
    last_form = ""
    for match in _GROUP.finditer(prose.tags, passage.first, passage.last):
        at = match.start()
        if at < reached:
            continue
        rule = _rule(prose, passage, at, last_form)
        end = _end(prose, passage, at, match.end()) if rule else at
        if end > at:
            yield Find(at, end, rule, number)
            reached = end
            last_form = prose.tags[at]


def _rule(prose: Prose, passage: Passage, at: int, last_form: str) -> str:
    """Name of the evidence that the verb at this token opens a goal; empty where there is none.

    `last_form` is the tag of the verb of the goal before in the same passage.
    """
    c = _cues()
    lemma = lexicon().lemmas.get(prose.lowers[at], "")
    direction = lemma in c.direction
    if not direction and lemma not in c.action:
        return ""
    before = at - 1
    while before >= passage.first and (
        prose.tags[before] == "R" or prose.lowers[before] in _DEGREES
    ):
        before -= 1
    if before < passage.first:
        if passage.kind == "sentence":
            return "subject" if prose.tags[at] == "G" and direction else ""
        return passage.kind if direction or prose.tags[at] == "V" else ""
    tag = prose.tags[before]
    joint = tag in ",;C" or (prose.lowers[before] == "as" and prose.lowers[before - 1] == "well")
    if joint and last_form == prose.tags[at]:
        return "joined" if direction else "joined-act"
    if prose.tags[at] == "V":
        return _rule_of_verb(prose, passage, before, direction)
    return ("gerund" if tag == "P" else _GERUNDS.get(tag, "")) if direction else ""


_DEGREES = frozenset(("better", "further", "more"))
_GERUNDS = {
    "N": "participle",
    "X": "participle",
    "T": "gerund",
    ",": "participle",
    "B": "progressive",
    "S": "gerund",
}


def _rule_of_verb(prose: Prose, passage: Passage, before: int, direction: bool) -> str:
    """The rule for a verb in its base or present form, by the token before it."""
    c = _cues()
    tag = prose.tags[before]
    word = prose.lowers[before]
    if tag == "T":
        governor = prose.lowers[before - 1] if before > passage.first else ""
        if governor in c.none:
            return ""
        kind = "demand" if governor in c.demand else "aim" if governor in c.aim else "purpose"
        return kind if direction else f"{kind}-act"
    if word in ("help", "helps", "helped"):
        return "help"
    if not direction:
        return ""
    if tag == "M":
        return "modal"
    if tag == "S":
        return "relative"
    if tag in "NXQ":
        return "finite"
    return "verb" if tag in ",C;" else ""


def _end(prose: Prose, passage: Passage, at: int, after: int) -> int:
    """Where the goal that begins with this verb ends; `at` where the verb has no object."""
    c = _cues()
    tags, lowers = prose.tags, prose.lowers
    lemma = lexicon().lemmas.get(lowers[after - 1], "") or lexicon().lemmas.get(lowers[at], "")
    start = after
    if (
        start < passage.last
        and tags[start] in "PT"
        and lowers[start] not in ("by", "as", "from", "at")
    ):
        start += 1
    end = with_tails(prose, start, passage.last, c.relational)
    if end == start:
        return at
    if start > after and lowers[after] == "through":
        return at
    if lemma in c.clause:
        return _clause_end(prose, passage, end)
    second = c.second.get(lemma)
    if second and end < passage.last and lowers[end] in second:
        stop = noun_list(prose, end + 1, passage.last)
        if stop > end + 1:
            end = stop
    return end


_CLAUSE = re.compile(r"[MBV](?:(?!PG)[^.,;:()\-\"CS])*")


def _clause_end(prose: Prose, passage: Passage, end: int) -> int:
    """End of a clause whose subject ends here, when a verb follows; the subject's end else."""
    if end + 1 < passage.last and prose.tags[end] == "T" and prose.tags[end + 1] == "V":
        return _end(prose, passage, end + 1, end + 2) if end + 2 < passage.last else end
    match = _CLAUSE.match(prose.tags, end, passage.last)
    return match.end() if match else end
