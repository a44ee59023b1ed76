"""The cues of goals and instruments, and what their finders hand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph.extract import cues


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
class GoalCues:
    """Words that make a phrase a goal; the file says what each list does."""

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
    relational: frozenset[str]
    announcing: frozenset[str]
    ability: frozenset[str]
    causing: frozenset[str]
    object_prepositions: frozenset[str]
    wish: frozenset[str]
    pointing: frozenset[str]
    kindred: frozenset[str]
    idle: frozenset[str]
    manner: frozenset[str]
    manner_words: frozenset[str]
    practice: frozenset[str]
    phrasal: frozenset[str]
    giving: frozenset[str]
    listing: frozenset[str]
    wanting: frozenset[str]
    spending: frozenset[str]


@lru_cache(maxsize=1)
def goal_cues() -> GoalCues:
    """The lists of `cues/goals.toml`."""
    source = cues.load("goals")
    lists = {name: frozenset(source[name]) for name in source if isinstance(source[name], list)}
    second = {verb: frozenset(words) for verb, words in source["second"].items()}
    before = {name: frozenset(words) for name, words in source["before_to"].items()}
    nouns = {name: frozenset(words) for name, words in source["nouns"].items()}
    return GoalCues(second=second, **lists, **before, **nouns)


_HEADS = ("strong", "weak", "name_head", "created_name_head")


@dataclass(frozen=True, slots=True)
class InstrumentCues:
    """Words that make a phrase an instrument; the file says what each list does."""

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
    bare: frozenset[str]
    paired: frozenset[str]
    enacting_bare: frozenset[str]


@lru_cache(maxsize=1)
def instrument_cues() -> InstrumentCues:
    """The lists of `cues/instruments.toml`; nouns lead from both their forms to the singular."""
    source = cues.load("instruments")
    heads = {name: _forms(source[name]) for name in _HEADS}
    others = {name: frozenset(source[name]) for name in source if name not in _HEADS}
    return InstrumentCues(**heads, **others)  # type: ignore[arg-type]  # names and kinds as in the file


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
