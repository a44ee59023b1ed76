"""Tells the stance of a clause from its verb, its modal and what follows.

The words are in `cues/modality.toml`; which of them decides when several stand together is the
order of the questions in `of_clause`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from graph.errors import DataError
from graph.extract.clauses import Clause, lemma
from graph.extract.cues import by_word, load
from graph.extract.scene import Row, Scene
from graph.records import Modality

Stances = Mapping[str, Modality]


@dataclass(frozen=True, slots=True)
class Stance:
    """A modality, the rule that told it, and how sure that is (0 default, 1 modal, 2 word)."""

    modality: Modality
    strength: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Cues:
    verbs: Stances
    passives: Stances
    resolved: Stances
    complements: Stances
    nouns: Stances
    stressed: Stances
    modals: Stances
    openings: Stances
    effects: frozenset[str]
    harms: frozenset[str]
    attitudes: frozenset[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    return _Cues(
        verbs=_stances("verbs"),
        passives=_stances("passives"),
        resolved=_stances("resolved"),
        complements=_stances("complements"),
        nouns=_stances("nouns"),
        stressed=_stances("stressed"),
        modals=_stances("modals"),
        openings=_stances("openings"),
        effects=frozenset(load("modality")["effects"]["words"]),
        harms=frozenset(load("modality")["harms"]["words"]),
        attitudes=frozenset(load("modality")["attitudes"]["words"]),
    )


def _stances(table: str) -> Stances:
    """A table by word. Raises DataError for a stance that there is not."""
    known: dict[str, Modality] = {m: m for m in get_args(Modality)}
    found = by_word(load("modality")[table], "modality")
    for word, stance in found.items():
        if stance not in known:
            raise DataError(f"modality.toml, {table}: {stance!r} of {word!r} is no stance")
    return {word: known[stance] for word, stance in found.items()}


def of_clause(scene: Scene, row: Row, clause: Clause) -> Stance:
    """The stance that the subject, or whoever speaks, takes in a clause."""
    stance = next(_told(scene, row, clause))
    if clause.negated and stance.strength == 2 and stance.modality in ("calls-for", "endorses"):
        return Stance("opposes", 2, stance.rule)  # "must not", "does not support"
    return stance


def _told(scene: Scene, row: Row, clause: Clause) -> Iterator[Stance]:
    """What each cue says, the one that decides first."""
    cues = _cues()
    verb = clause.lemma or ""
    animate = clause.kind in ("actor", "owner", "pronoun")
    following = _words_after(scene, row, clause, 5)
    modal = cues.modals.get(clause.modal, "assesses") if clause.modal else None
    if modal in ("requires", "calls-for"):
        yield Stance(modal, 2, "modal")
    if verb == "need" and clause.kind != "actor":
        yield Stance("calls-for", 2, "verb")
    if clause.passive:
        if verb in cues.resolved and clause.kind in ("actor", "pronoun"):
            yield Stance(cues.resolved[verb], 2, "passive")
        if verb in cues.passives and not clause.agents:
            yield Stance(cues.passives[verb], 2, "passive")
    elif clause.modal == "will":
        effect = not animate and verb in cues.effects
        yield Stance("assesses", 1, "effect") if effect else Stance("commits-to", 1, "modal")
    if not verb or verb in ("remain", "become"):
        for word in following:
            if word in cues.complements:
                yield Stance(cues.complements[word], 2, "complement")
    if not animate and verb in cues.harms:
        yield Stance("opposes", 1, "harm")
    if verb in cues.verbs and not clause.passive:
        yield _of_verb(cues, verb, following)
    for word in following[:3]:
        if word in cues.nouns:
            yield Stance(cues.nouns[word], 1, "noun")
    if modal:
        yield Stance(modal, 1, "modal")
    if clause.agents:
        yield Stance(cues.verbs.get(verb, "carries-out"), 1, "agent")
    if animate and not clause.copula:
        yield Stance("carries-out", 0, "does")
    if verb and clause.passive:
        yield Stance("carries-out", 0, "done")
    yield Stance("assesses", 0, "default")


def _of_verb(cues: _Cues, verb: str, following: list[str]) -> Stance:
    """ "stressed the need for" calls for it; "stressed the role of" endorses it."""
    if cues.verbs[verb] == "endorses":
        for word in following:
            if word in cues.stressed:
                return Stance(cues.stressed[word], 2, "verb")
    return Stance(cues.verbs[verb], 2, "verb")


def of_opening(scene: Scene, token: int) -> Stance | None:
    """The stance of a list item by the verb that opens it, where that decides."""
    modality = _cues().openings.get(lemma(scene, token))
    done = scene.prose.tags[token] in "GE"  # "open a site" goes on with the "will" of its lead
    if modality is None or (modality == "carries-out" and not done):
        return None
    return Stance(modality, 2, "opening")


def of_listed(lead: Stance) -> Stance:
    """The stance of an item under a lead; what a speaker lists without a word on it is planned."""
    planned = lead.modality == "assesses"
    return Stance("commits-to" if planned else lead.modality, 1, "list")


def praises(clause: Clause, stance: Stance) -> bool:
    """Whether a speaker says what a thing does or will do: "it will help our regions"."""
    told = stance.rule in ("effect", "modal", "does") and stance.modality != "calls-for"
    return told and clause.kind in ("thing", "noun") and clause.modal in (None, "will")


def is_resolved(clause: Clause) -> bool:
    """Whether a passive tells the subject's own will: "is committed to"."""
    return clause.lemma in _cues().resolved


def is_attitude(scene: Scene, row: Row, clause: Clause) -> bool:
    """Whether what follows "is" is an attitude of the subject: "is proud of"."""
    return not _cues().attitudes.isdisjoint(_words_after(scene, row, clause, 3))


def _words_after(scene: Scene, row: Row, clause: Clause, count: int) -> list[str]:
    """The words of the units behind the verb group; entities are left out."""
    units = range(clause.end, min(clause.end + count, len(row.shape)))
    return [scene.prose.lowers[row.firsts[u]] for u in units if row.named[u] is None]
