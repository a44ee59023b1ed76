"""Where the goal that a verb opens ends: its object, and what the object says little without."""

from __future__ import annotations

import re

from graph.extract.passages import Prose, lexicon
from graph.extract.phrases import noun_list, tail_list, with_tails
from graph.extract.policy_cues import goal_cues


def lemma_of(word: str) -> str:
    """Base form of a verb in any of its forms; empty where it is not known."""
    return lexicon().lemmas.get(word, "")


def is_phrasal(prose: Prose, at: int) -> bool:
    """Whether a verb and the particle behind it say a direction together ("step up")."""
    following = prose.lowers[at + 1 : at + 2]
    return bool(following) and f"{lemma_of(prose.lowers[at])} {following[0]}" in goal_cues().phrasal


def goal_end(prose: Prose, last: int, at: int, after: int) -> int:
    """Where the goal that begins with this verb ends; `at` where the verb has no object."""
    c = goal_cues()
    tags, lowers = prose.tags, prose.lowers
    lemma = lemma_of(lowers[after - 1]) or lemma_of(lowers[at])
    start = after
    if (start == at + 1 and is_phrasal(prose, at)) or (
        lowers[start : start + 1] == ["more"] and lowers[start + 1 : start + 2] in (["in"], ["on"])
    ):
        start += 1
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
    if lemma == "make" and set(tags[start:end]) <= set("DX"):
        return at  # "make the United Kingdom ..." says nothing without what it shall be
    end = _with_aim(prose, end, last)
    if lemma in c.giving and tags.startswith(("D", "A", "N", "R"), end) and end < last:
        end = max(end, with_tails(prose, end, last, c.relational))
    if lemma in c.clause:
        end = _clause_end(prose, last, end)
    if lemma in c.causing and (match := _RESULT.match(tags, end, last)):
        end = match.end()
    if not c.ability.isdisjoint(lowers[start:end]) and tags.startswith("TV", end, last):
        end = _infinitive_end(prose, last, end)
    second = c.second.get(lemma)
    if second and end < last and lowers[end] in second and not _is_share(prose, end + 1):
        stop = tail_list(prose, end + 1, last)
        if stop > end + 1:
            end = stop
    return _with_whole_share(prose, end, last)


def _with_whole_share(prose: Prose, end: int, last: int) -> int:
    """The end behind a share that the object closes with: "spend 2 per cent of income"."""
    if end >= last or not _is_share(prose, end - 1):
        return end
    end += 2 if prose.lowers[end] == "per" else 1
    if prose.lowers[end : end + 1] == ["of"]:
        end = max(end, noun_list(prose, end + 1, last))
    return min(end, last)


def _with_aim(prose: Prose, end: int, last: int) -> int:
    """The end with what the object is for or leads to ("standards for sensors", "ties to Asia").

    Whom it is for stands beside the goal: "jobs for all workers", "a base for the country".
    """
    following = prose.tags[end + 1 : end + 2] if end + 1 < last else ""
    word = prose.lowers[end] if end < last else ""
    if (word == "for" and following in ("A", "N", "G", "E")) or (
        word == "to" and following in ("D", "A", "N", "X", "#")
    ):
        if _is_share(prose, end + 1) or prose.lowers[end + 1] in _WHOLE:
            return end
        return max(end, tail_list(prose, end + 1, last))
    return end


_WHOLE = frozenset(("all", "every", "generations", "which", "example", "instance"))


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
    prepositions = goal_cues().second.get(lemma, frozenset())
    if start + 1 < last and prose.lowers[start + 1] in prepositions:
        end = noun_list(prose, start + 2, last)
        if end > start + 2:
            return end
    return start


_RESULT = re.compile(r"[RA]+(?:C[RA]+)?(?:TV)?(?![NXGE])")


def _names_an_aim(prose: Prose, start: int, end: int, last: int) -> bool:
    """Whether the object only announces the next goal ("achieve the goal of ending hunger")."""
    c = goal_cues()
    for i in range(start, min(end + 1, last - 1)):
        if prose.lowers[i] in c.announcing and prose.tags[i + 1 : i + 3] in ("PG", "TV"):
            return True
    return False


_CLAUSE = re.compile(r"[MBV](?:(?!PG)[^.,;:()\-\"CS]|(?<=A)(?:,C?|C)(?=A))*")


def _infinitive_end(prose: Prose, last: int, at: int) -> int:
    """End of "to" and its verb, which begin here, with the object or the adverb of the verb."""
    if at + 2 > last:
        return at
    end = goal_end(prose, last, at + 1, at + 2)
    if end > at + 2:
        return end
    end = at + 2
    while end < last and prose.tags[end] == "R":
        end += 1
    return max(end, tail_list(prose, end + 1, last)) if prose.tags[end : end + 1] == "P" else end


def _clause_end(prose: Prose, last: int, end: int) -> int:
    """End of a clause whose subject ends here, when a verb follows; the subject's end else."""
    if end + 1 < last and prose.tags[end] == "T" and prose.tags[end + 1] == "V":
        return _infinitive_end(prose, last, end)
    match = _CLAUSE.match(prose.tags, end, last)
    return match.end() if match else end


def _quoted(prose: Prose, start: int, end: int, last: int) -> int:
    """The end with the closing quotation mark, where one was opened within."""
    opened = prose.tags.count('"', start, end) % 2 == 1
    return end + 1 if opened and end < last and prose.tags[end] == '"' else end
