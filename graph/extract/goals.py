"""Finds goals: a verb that carries a direction with its object, or a noun that says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.extract import cues
from graph.extract.passages import Passage, Prose, lexicon
from graph.extract.phrases import noun_list, noun_phrase, tail_list, with_tails


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


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    source = cues.load("goals")
    lists = {name: frozenset(source[name]) for name in source if isinstance(source[name], list)}
    second = {verb: frozenset(words) for verb, words in source["second"].items()}
    before = {name: frozenset(words) for name, words in source["before_to"].items()}
    nouns = {name: frozenset(words) for name, words in source["nouns"].items()}
    return _Cues(second=second, **lists, **before, **nouns)


def find(prose: Prose) -> list[Find]:
    """Every phrase that may be a goal, in the order of the text; spans do not overlap."""
    found: list[Find] = []
    for number, passage in enumerate(prose.passages):
        verbs = list(_in_passage(prose, number, passage))
        nouns = list(_noun_goals(prose, number, passage, verbs))
        found += sorted((*verbs, *nouns), key=lambda f: f.first) if nouns else verbs
    return found


def _noun_goals(
    prose: Prose, number: int, passage: Passage, verbs: Sequence[Find]
) -> Iterator[Find]:
    """Goals said by nouns, outside those said by verbs."""
    c = _cues()
    covered = iter((*verbs, Find(passage.last, passage.last, "", number)))
    verb = next(covered)
    at = passage.first
    while at < passage.last:
        if at >= verb.first:
            at, verb = max(at, verb.last), next(covered, verb)
            if at >= passage.last:
                break
            continue
        rule, first, start = _noun_rule(prose, passage, at)
        end = with_tails(prose, start, min(verb.first, at + _LONGEST), c.relational) if rule else at
        if rule == "practice":
            end = at + 2
        if rule and end > max(start, at):
            yield Find(first, end, rule, number, prose.lowers[at])
            at = end
        else:
            at += 1


def _noun_rule(prose: Prose, passage: Passage, at: int) -> tuple[str, int, int]:
    """The rule by which the word at this token makes a goal, the first token, where to parse."""
    c = _cues()
    word, tag = prose.lowers[at], prose.tags[at]
    before = prose.lowers[at - 1] if at > passage.first else ""
    of_follows = at + 1 < passage.last and prose.lowers[at + 1] == "of"
    if of_follows and (
        (word in c.nominal and tag in "NG") or (tag == "G" and _lemma(word) in c.direction)
    ):
        first = at
        while first > passage.first and prose.tags[first - 1] == "A":
            first -= 1
        return "nominal", first, at
    if word in c.comparative and tag in "AE" and before not in ("no", "far", "much", "than"):
        return "comparative", at, at
    pair = f"{word} {prose.lowers[at + 1]}" if at + 1 < passage.last else ""
    alone = prose.tags[at + 2 : at + 3] not in ("N", "X", "G")
    if pair in c.practice and alone and prose.words[at + 1].islower():
        return "practice", at, at
    if (
        word in c.state
        and tag == "N"
        and (at + 1 == passage.last or prose.tags[at + 1] not in "NC")
    ):
        first = at
        while first > passage.first and prose.tags[first - 1] in "ANX":
            first -= 1
        if first < at:
            return "state", first, at
    return "", at, at


# No goal is longer than so many tokens, not even in a text without punctuation.
_LONGEST = 60

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
        end = _end(prose, _limit(prose, passage, at), at, match.end()) if rule else at
        if end > at:
            yield Find(_start(prose, passage, at), end, rule, number)
            reached = end
            last_form = prose.tags[at]


def _start(prose: Prose, passage: Passage, at: int) -> int:
    """First token of the goal: "to better understand" keeps its adverb."""
    kept = at - 2 >= passage.first and prose.tags[at - 2] == "T" and prose.tags[at] == "V"
    return at - 1 if kept and prose.tags[at - 1] in "RA" else at


# A purpose that opens a sentence ends before its subject: "To cut costs, the agency and ...".
_OPENED = re.compile(r",(?=[DXQ])")


def _limit(prose: Prose, passage: Passage, at: int) -> int:
    """Where the goal of the verb at this token must end at the latest."""
    last = min(passage.last, at + _LONGEST)
    if at <= passage.first + 2 and (comma := _OPENED.search(prose.tags, at, last)):
        return comma.start()
    return last


def _quoted(prose: Prose, start: int, end: int, last: int) -> int:
    """The end with the closing quotation mark, where one was opened within."""
    opened = prose.tags.count('"', start, end) % 2 == 1
    return end + 1 if opened and end < last and prose.tags[end] == '"' else end


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
    form = prose.tags[at]
    if before < passage.first:
        if passage.kind == "sentence":
            return ("subject" if form == "G" else "imperative") if direction else ""
        return passage.kind if direction or form == "V" else ""
    tag = prose.tags[before]
    as_well = prose.lowers[before] == "as" and prose.lowers[before - 1] == "well"
    if (tag in ",;C-" or as_well) and (last_form == form or (direction and form == "G")):
        return "joined" if direction else "joined-act"
    if direction and (as_well or (tag == ":" and prose.words[at][0].isupper())):
        return "joined" if as_well else passage.kind
    if prose.tags[at] == "V":
        return _rule_of_verb(prose, passage, at, before, direction)
    return ("gerund" if tag == "P" else _GERUNDS.get(tag, "")) if direction else ""


_DEGREES = frozenset(("better", "further", "more"))


def _governs_nominal(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether the object is a goal by itself ("the deal facilitates the exchange of staff")."""
    object_ = noun_phrase(prose, at + 1, min(passage.last, at + 8))
    return (
        at + 1 < object_ < passage.last
        and prose.lowers[object_] == "of"
        and prose.lowers[object_ - 1] in _cues().nominal
    )


def _is_helped(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether the subject that ends here is helped to do what follows ("help firms grow")."""
    for i in range(at - 1, max(at - 7, passage.first) - 1, -1):
        if prose.tags[i] in "VGEMB.;:":
            return _lemma(prose.lowers[i]) == "help"
    return False


_GERUNDS = {
    "N": "participle",
    "V": "gerund",
    "X": "participle",
    "T": "gerund",
    ",": "participle",
    "B": "progressive",
    "S": "gerund",
}


def _rule_of_verb(prose: Prose, passage: Passage, at: int, before: int, direction: bool) -> str:
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
    if tag == "M":
        return "modal" if direction else "modal-act" if word in c.wish else ""
    if tag in "NXQ" and _is_helped(prose, passage, before):
        return "help"
    if not direction:
        return ""
    if tag in "SNXQ":
        return (
            "" if _governs_nominal(prose, passage, at) else "relative" if tag == "S" else "finite"
        )
    return "verb" if tag in ",C;" else ""


def _end(prose: Prose, last: int, at: int, after: int) -> int:
    """Where the goal that begins with this verb ends; `at` where the verb has no object."""
    c = _cues()
    tags, lowers = prose.tags, prose.lowers
    lemma = _lemma(lowers[after - 1]) or _lemma(lowers[at])
    start = after
    if start < last and tags[start] in "PT" and lowers[start] in c.object_prepositions:
        if (lemma, lowers[start]) == ("build", "on"):
            return at
        start += 1
    if lemma == "help" or tags.startswith(_GERUND_OBJECTS, start):
        return at
    if lemma in c.manner and (match := _MANNER.match(tags, start, last)):
        return match.end() if lowers[start] in c.manner_words else at
    if lemma in c.clause and lowers[start : start + 1] == ["that"]:
        subject = noun_list(prose, start + 1, last)
        end = _clause_end(prose, last, subject)
        return end if end > subject else at
    if lowers[start : start + 1] and lowers[start] in c.pointing:
        return at
    end = _quoted(prose, start, with_tails(prose, start, last, c.relational), last)
    if end > start and lowers[end - 1] in c.idle and end - start <= 2:
        return at
    if end == start and tags.startswith("Q", start, last):
        end = _pronoun_object_end(prose, last, start, lemma)
    if end == start or _names_an_aim(prose, start, end, last):
        return at
    if lemma in c.clause:
        end = _clause_end(prose, last, end)
    if lemma in c.causing and (match := _RESULT.match(tags, end, last)):
        end = match.end()
    if not c.ability.isdisjoint(lowers[start:end]) and tags.startswith("TV", end, last):
        end = max(end, _end(prose, last, end + 1, end + 2))
    second = c.second.get(lemma)
    if second and end < last and lowers[end] in second and not _is_share(prose, end + 1):
        stop = tail_list(prose, end + 1, last)
        if stop > end + 1:
            end = stop
    return end


def _is_share(prose: Prose, at: int) -> bool:
    """Whether an amount or a share begins here, which is a quantity beside the goal."""
    if "$" in prose.tags[at : at + 2]:
        return True
    unit = prose.lowers[at + 1 : at + 2]
    return prose.tags[at : at + 1] == "#" and unit in (["per"], ["percent"], ["%"])


_GERUND_OBJECTS = ("GD", "GA", "GN", "GX", "GE")
_MANNER = re.compile(r"S[^.,;:()\-\"CS]+")


def _pronoun_object_end(prose: Prose, last: int, start: int, lemma: str) -> int:
    """End of "align them with our values": a pronoun is an object only with what follows it."""
    prepositions = _cues().second.get(lemma, frozenset())
    if start + 1 < last and prose.lowers[start + 1] in prepositions:
        end = noun_list(prose, start + 2, last)
        if end > start + 2:
            return end
    return start


_RESULT = re.compile(r"[RA]+(?:C[RA]+)?(?:TV)?(?![NXGE])")


def _lemma(word: str) -> str:
    return lexicon().lemmas.get(word, "")


def _names_an_aim(prose: Prose, start: int, end: int, last: int) -> bool:
    """Whether the object only announces the next goal ("achieve the goal of ending hunger")."""
    c = _cues()
    for i in range(start, min(end + 1, last - 1)):
        if prose.lowers[i] in c.announcing and prose.tags[i + 1 : i + 3] in ("PG", "TV"):
            return True
    return False


_CLAUSE = re.compile(r"[MBV](?:(?!PG)[^.,;:()\-\"CS]|(?<=A)(?:,C?|C)(?=A))*")


def _clause_end(prose: Prose, last: int, end: int) -> int:
    """End of a clause whose subject ends here, when a verb follows; the subject's end else."""
    if end + 1 < last and prose.tags[end] == "T" and prose.tags[end + 1] == "V":
        return _end(prose, last, end + 1, end + 2) if end + 2 < last else end
    match = _CLAUSE.match(prose.tags, end, last)
    return match.end() if match else end
