"""Tells what a verb of opposition is about: its object, and not what stands in other clauses.

Blame goes wrong easily: "criticised it, because research is starved", "warned of cuts and urged
them to restore the budget". What lies outside the object is left to other stances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.extract.clauses import Clause, is_minded
from graph.extract.cues import word_set
from graph.extract.scene import Mention, Row, Scene

# Rules of stances that take the object of their verb alone.
SCOPED = frozenset(("verb", "undoing", "ending", "harm", "complement", "refusal"))
# Those of them that tell what is to end.
_ENDING = frozenset(("undoing", "ending"))
# Those of them that tell what a thing is or does; where nobody says so the subject may be unnamed.
OF_THINGS = frozenset(("harm", "complement"))


@dataclass(frozen=True, slots=True)
class Scope:
    """Tokens [first, last) of a row, without those that are said to be missing."""

    first: int
    last: int
    wanted: frozenset[int]

    def holds(self, row: Row, mention: Mention) -> bool:
        """Whether the mention is what is opposed."""
        return self.first <= mention.first < self.last and mention.first not in self.wanted


def of_object(scene: Scene, row: Row, readings: Sequence[Clause], number: int, rule: str) -> Scope:
    """The object of somebody's verb; the subject of a passive and of what something does.

    `rule` tells the opposition: what somebody drops or wants dropped is opposed itself.
    """
    clause = readings[number]
    # "The cut will harm research", but "the union rejected the levy".
    about = clause.passive or (clause.kind in ("thing", "noun") and not is_minded(clause))
    if about:
        first, last = _subject(row, clause)
    else:
        # "will not fund coal research": the goal may hold the verb
        first = clause.start if rule == "refusal" else clause.end
        last = _end(scene, row, readings, number, rule)
        if _is_empty(row, first, last) and clause.thing is not None:
            first, last = _subject(row, clause)
    if first >= last:
        return Scope(0, 0, frozenset())
    span = range(first, last)
    wanted = frozenset(
        m.first
        for u in span
        if (m := row.named[u]) and _is_missed(scene, row, first, u, rule not in _ENDING)
    )
    return Scope(row.firsts[first], row.lasts[last - 1], wanted)


def _subject(row: Row, clause: Clause) -> tuple[int, int]:
    """Units of the subject; an aside such as ", critics say," may stand before its verb."""
    first = clause.begin
    if clause.thing is not None:
        first = min(first, row.unit_of(clause.thing.first))
    return first, clause.start


def is_denial(clause: Clause) -> bool:
    """Whether the subject says that what follows is not so."""
    return clause.lemma in word_set("scopes", "denying") and not clause.negated


def is_denied(scene: Scene, row: Row, readings: Sequence[Clause], number: int) -> bool:
    """Whether a clause is denied by the one before it, or denies itself."""
    if is_denial(readings[number]) and not readings[number].passive:
        return True
    before = readings[number - 1] if number else None
    if before is None or not is_denial(before):
        return False
    return scene.prose.lowers[row.firsts[before.end] : row.firsts[before.end] + 1] == ["that"]


def _end(scene: Scene, row: Row, readings: Sequence[Clause], number: int, rule: str) -> int:
    """The unit before which the object of a verb ends."""
    clause = readings[number]
    last = _break(scene, row, clause.end, len(row.shape))
    for following in readings[number + 1 :]:
        if following.start >= last:
            break
        if following.relative and following.start - 1 > clause.end:
            continue
        begin = max(following.begin, clause.end)
        if scene.prose.lowers[row.firsts[begin - 1]] == "that" and begin - 1 <= clause.end:
            if _is_wish(scene, row, following):
                return clause.end
            harm = not following.passive and following.lemma in word_set("scopes", "lessening")
            harm &= rule not in _ENDING  # "hoped that ministers would stop the plan"
            if _is_empty(row, begin, following.start) and harm:
                return clause.end  # "warned that prices would hurt the fund"
            if _is_empty(row, begin, following.start):  # "regrets that ministers cut the fund"
                continue
        while begin > clause.end and row.shape[begin - 1] in "SC":
            begin -= 1
        return min(last, _joint(row, begin, following))
    return last


def _break(scene: Scene, row: Row, first: int, last: int) -> int:
    """The first unit that opens another clause: "while", "because", a colon."""
    breaks = word_set("scopes", "breaking")
    for unit in range(first, last):
        word = scene.prose.lowers[row.firsts[unit]]
        if row.named[unit] is None and (row.shape[unit] in ":;" or word in breaks):
            return unit
        if word == "as" and not _is_empty(row, first, unit):
            return unit  # "rejected it as a danger to"
    return last


def _joint(row: Row, first: int, following: Clause) -> int:
    """Where a clause that follows begins: at the conjunction or comma before its subject."""
    stop = following.subject_unit if following.subjects else following.start
    stop = stop if first < stop <= following.start else following.start
    for unit in range(stop - 1, first - 1, -1):
        if row.shape[unit] in "C,":
            return unit
    return following.start


def _is_wish(scene: Scene, row: Row, clause: Clause) -> bool:
    """Whether a clause behind "that" tells what is wanted, or that it is made less."""
    words = scene.prose.lowers[row.firsts[clause.start] : row.lasts[clause.end - 1] + 2]
    if clause.passive and clause.lemma in word_set("scopes", "lessening"):
        return True
    little = not word_set("scopes", "less").isdisjoint(words)
    return little or clause.deontic or clause.lemma in word_set("scopes", "wishing")


def _is_empty(row: Row, first: int, last: int) -> bool:
    return not any(m is not None and m.symbol in "gi" for m in row.named[first:last])


def _is_missed(scene: Scene, row: Row, first: int, unit: int, spared: bool) -> bool:
    """Whether the words before say that there is too little of it: "without", "the lack of".

    Who is `spared` is wanted also where it is made less: "against cutting the budget". What is to
    be changed is not what is opposed: "rejected an amendment to the act".
    """
    if _is_changed(scene, row.firsts[unit]):
        return True
    lacking, lessening = word_set("scopes", "lacking"), word_set("scopes", "lessening")
    losses = word_set("scopes", "losses")
    tokens = [row.firsts[u] for u in range(max(first, unit - 4), unit) if row.named[u] is None]
    words = [scene.prose.lowers[t] for t in tokens]
    if any(w in lacking for w in words):
        return True
    return spared and any(
        w in losses or scene.prose.lemma(t) in lessening for w, t in zip(words, tokens, strict=True)
    )


def _is_changed(scene: Scene, token: int) -> bool:
    """Whether a change to it is named right before: "an amendment to the"."""
    before = token - 1 - (scene.prose.tags[token - 1 : token] == "D")
    if before < 1 or scene.prose.tags[before] not in "PT":
        return False
    return scene.prose.lowers[before - 1] in word_set("scopes", "changes")
