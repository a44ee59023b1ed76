"""Finds goals: a verb that carries a direction with its object, or a noun that says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from graph.extract.goal_spans import goal_end, is_phrasal, lemma_of
from graph.extract.passages import Passage, Prose
from graph.extract.phrases import noun_phrase, with_tails
from graph.extract.policy_cues import Find, goal_cues, instrument_cues


def find(prose: Prose) -> list[Find]:
    """Every phrase that may be a goal, in the order of the text; spans do not overlap."""
    found: list[Find] = []
    for number, passage in enumerate(prose.passages):
        verbs = list(_in_passage(prose, number, passage))
        nouns = list(_noun_goals(prose, number, passage, verbs))
        if not verbs and (listed := _listed(prose, number, passage)):
            nouns = [listed]
        found += sorted((*verbs, *nouns), key=lambda f: f.first) if nouns else verbs
    return found


# How near to the colon the word "goals" stands.
_NEAR = 10
# A line without a verb, which is a phrase: an aim in a list of aims.
_PHRASE = re.compile(r"(?!X+$|X+[.;,])[^VMBQS.;:?!]+")


def _listed(prose: Prose, number: int, passage: Passage) -> Find | None:
    """The goal that a line of a list of goals is, where a line before says so."""
    if passage.kind != "item" or passage.lead is None or passage.last - passage.first > 20:
        return None
    opener = prose.passages[passage.lead]
    announcing = prose.lowers[max(opener.first, opener.last - _NEAR) : opener.last]
    if announcing[-1:] != [":"] or goal_cues().listing.isdisjoint(announcing):
        return None
    first = passage.first + (prose.tags[passage.first] == "D")
    match = _PHRASE.match(prose.tags, first, passage.last)
    if match is None or match.end() - first < 2 or not prose.words[first][0].isalpha():
        return None
    last = match.end()
    if not _ENDS.fullmatch(prose.tags, last, passage.last) or prose.tags[last - 1] not in "NXGAD":
        return None
    return Find(first, last, "listed", number)


_ENDS = re.compile(r"[.;,:]*C?")


def _noun_goals(
    prose: Prose, number: int, passage: Passage, verbs: Sequence[Find]
) -> Iterator[Find]:
    """Goals said by nouns, outside those said by verbs."""
    c = goal_cues()
    covered = iter((*verbs, Find(passage.last, passage.last, "", number)))
    verb = next(covered)
    openers = _openers()
    at = passage.first
    while at < passage.last:
        if prose.lowers[at] not in openers and prose.tags[at] != "G":
            at += 1
            continue
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


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    """Words at which a goal said by nouns may begin; a gerund may too."""
    c = goal_cues()
    firsts = {pair.partition(" ")[0] for pair in (*c.practice, *c.wanting)}
    return c.nominal | c.comparative | c.state | firsts


def _noun_rule(prose: Prose, passage: Passage, at: int) -> tuple[str, int, int]:
    """The rule by which the word at this token makes a goal, the first token, where to parse."""
    c = goal_cues()
    word, tag = prose.lowers[at], prose.tags[at]
    before = prose.lowers[at - 1] if at > passage.first else ""
    of_follows = at + 1 < passage.last and prose.lowers[at + 1] == "of"
    if of_follows and (
        (word in c.nominal and tag in "NG") or (tag == "G" and lemma_of(word) in c.direction)
    ):
        first = at
        while first > passage.first and prose.tags[first - 1] == "A":
            first -= 1
        return "nominal", first, at
    if word in c.comparative and tag in "AE" and before not in ("no", "far", "much", "than"):
        return "comparative", at, at
    pair = f"{word} {prose.lowers[at + 1]}" if at + 1 < passage.last else ""
    alone = prose.tags[at + 2 : at + 3] not in ("N", "X", "G")
    if pair in c.wanting and (start := _wanted(prose, passage, at + 2)):
        return "wanted", start, start
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


def _wanted(prose: Prose, passage: Passage, at: int) -> int:
    """Where the noun phrase begins that is wanted by the two words before this token."""
    start = at + (prose.tags[at : at + 1] == "D")
    end = noun_phrase(prose, start, passage.last)
    wanted = end > start + 1 and prose.tags[start] in "ANG" and prose.tags[end : end + 1] != "T"
    return start if wanted and not _is_means(prose.lowers[end - 1]) else 0


def _is_means(word: str) -> bool:
    c = instrument_cues()
    return word in c.strong or word in c.weak


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
        end = goal_end(prose, _limit(prose, passage, at), at, match.end()) if rule else at
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


def _rule(prose: Prose, passage: Passage, at: int, last_form: str) -> str:
    """Name of the evidence that the verb at this token opens a goal; empty where there is none.

    `last_form` is the tag of the verb of the goal before in the same passage.
    """
    c = goal_cues()
    lemma = lemma_of(prose.lowers[at])
    direction = lemma in c.direction or is_phrasal(prose, at)
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
    if not direction:
        return "gerund-act" if tag == "P" and prose.lowers[before] in _MEANT else ""
    return "gerund" if tag == "P" else _GERUNDS.get(tag, "")


# Prepositions before what is to be done ("a focus on giving teachers time").
_MEANT = frozenset(("on", "for", "towards", "toward"))


_DEGREES = frozenset(("better", "further", "more"))


def _governs_nominal(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether the object is a goal by itself ("the deal facilitates the exchange of staff")."""
    object_ = noun_phrase(prose, at + 1, min(passage.last, at + 8))
    return (
        at + 1 < object_ < passage.last
        and prose.lowers[object_] == "of"
        and prose.lowers[object_ - 1] in goal_cues().nominal
    )


def _is_helped(prose: Prose, passage: Passage, at: int) -> bool:
    """Whether the subject that ends here is helped to do what follows ("help firms grow")."""
    for i in range(at - 1, max(at - 7, passage.first) - 1, -1):
        if prose.tags[i] in "VGEMB.;:":
            return lemma_of(prose.lowers[i]) == "help"
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
    c = goal_cues()
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
        wished = word in c.wish or (
            word in ("will", "shall") and lemma_of(prose.lowers[at]) in c.spending
        )
        return "modal" if direction else "modal-act" if wished else ""
    if tag in "NXQ" and _is_helped(prose, passage, before):
        return "help"
    if not direction:
        return ""
    if tag in "SNXQ":
        return (
            "" if _governs_nominal(prose, passage, at) else "relative" if tag == "S" else "finite"
        )
    return "verb" if tag in ",C;" else ""
