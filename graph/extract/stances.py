"""Tells the stance of a clause from its verb, its modal and what follows.

The words are in `cues/modality.toml`; which of them decides when several stand together is the
order of the questions in `of_clause`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import get_args

from graph.errors import DataError
from graph.extract.clauses import Clause, is_reception
from graph.extract.cues import by_word, load, word_set
from graph.extract.scene import POLICY, Row, Scene
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
    sides: Stances
    modals: Stances
    openings: Stances
    effects: frozenset[str]
    harms: frozenset[str]
    attitudes: frozenset[str]
    benefits: frozenset[str]
    acts: frozenset[str]
    judging: frozenset[str]
    campaigning: frozenset[str]
    undoing: frozenset[str]
    ending: frozenset[str]
    siding: frozenset[str]
    pleading: frozenset[str]
    worse: frozenset[str]
    backing: frozenset[str]
    cases: frozenset[str]
    standing: frozenset[str]
    often: frozenset[str]
    placing: frozenset[str]
    opinions: frozenset[str]


_WORD_LISTS = (
    "effects",
    "harms",
    "attitudes",
    "benefits",
    "acts",
    "judging",
    "campaigning",
    "undoing",
    "ending",
    "siding",
    "pleading",
    "worse",
    "backing",
    "cases",
    "standing",
    "often",
    "placing",
    "opinions",
)


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    return _Cues(
        verbs=_stances("verbs"),
        passives=_stances("passives"),
        resolved=_stances("resolved"),
        complements=_stances("complements"),
        nouns=_stances("nouns"),
        stressed=_stances("stressed"),
        sides=_stances("sides"),
        modals=_stances("modals"),
        openings=_stances("openings"),
        **{table: frozenset(load("modality")[table]["words"]) for table in _WORD_LISTS},
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
    return _negated(scene, row, clause, stance) if clause.negated else stance


def _negated(scene: Scene, row: Row, clause: Clause, stance: Stance) -> Stance:
    """The stance of a clause with "not": who must not be weakened is protected."""
    words = _words_after(scene, row, clause, 4)
    less = word_set("scopes", "less")
    spared = clause.lemma in word_set("scopes", "lessening") or not less.isdisjoint(words)
    if stance.strength == 2 and stance.modality in ("calls-for", "endorses", "requires"):
        told = clause.modal is not None and stance.rule == "modal"
        if told and spared:
            return Stance("calls-for", 2, "modal")  # "must not abandon", "must not be lower than"
        if stance.modality != "requires":
            return Stance("opposes", 2, stance.rule)  # "must not", "does not support"
    animate = clause.kind in ("actor", "owner", "pronoun") and not clause.passive
    spared = spared or _cues().verbs.get(clause.lemma or "") == "opposes"
    if stance.modality == "opposes" and stance.rule in ("verb", "ending", "passive"):
        if stance.rule == "ending" and clause.modal == "will":
            return Stance("endorses", 2, "refusal")  # "will not cancel"
        if animate or stance.rule == "passive":
            return Stance("assesses", 0, "default")  # "did not reject", "is not opposed"
    if stance.modality == "commits-to" and animate:
        return Stance("endorses" if spared else "opposes", 2, "refusal")  # "will not fund"
    lifeless = clause.kind in ("thing", "noun") and not clause.passive
    if stance.rule in ("does", "done", "act") or (stance.modality == "commits-to" and lifeless):
        return Stance("assesses", 0, "default")
    return stance


def _told(scene: Scene, row: Row, clause: Clause) -> Iterator[Stance]:
    """What each cue says, the one that decides first."""
    cues = _cues()
    verb = clause.lemma or ""
    animate = clause.kind in ("actor", "owner", "pronoun")
    following = _words_after(scene, row, clause, 5)
    modal = cues.modals.get(clause.modal, "assesses") if clause.modal else None
    if clause.forbidden or (clause.modal == "must" and scene.binds):
        yield Stance("requires", 2, "modal")
    if modal in ("requires", "calls-for"):
        yield Stance(modal, 2, "modal")
    yield from _of_infinitive(scene, row, clause)
    if verb == "need" and clause.kind != "actor":
        yield Stance("calls-for", 2, "verb")
    if "hereby" in scene.prose.lowers[row.firsts[clause.start] : row.lasts[clause.end - 1] + 1]:
        yield Stance("carries-out", 2, "hereby")
    yield from _of_ending(cues, scene, row, clause)
    if animate and not clause.passive:
        yield from _of_side(cues, scene, row, clause)
    if not animate and not clause.passive and _does_harm(cues, verb, following):
        yield Stance("opposes", 1, "harm")
    if clause.passive:
        if verb in cues.resolved and clause.kind in ("actor", "pronoun") and not clause.agents:
            yield Stance(cues.resolved[verb], 2, "passive")
        if verb in cues.passives and not clause.agents:
            yield Stance(cues.passives[verb], 2, "passive")
    elif clause.modal == "will":
        yield from _of_campaign(cues, verb, following)
        effect = not animate and verb in cues.effects
        yield Stance("assesses", 1, "effect") if effect else Stance("commits-to", 1, "modal")
    if not verb or verb in ("remain", "become"):
        for word in following:
            if word in cues.complements:
                yield Stance(cues.complements[word], 2, "complement")
    if clause.kind != "thing" and not clause.passive:
        yield from _of_judgement(cues, scene, row, clause)
    if animate and not clause.passive:
        yield from _of_campaign(cues, verb, following)
    if verb in cues.backing and not clause.negated and _backed_by_body(row, clause):
        yield Stance("carries-out", 1, "backing")
    if verb in cues.verbs and not clause.passive:
        yield _of_verb(cues, scene, row, clause, following)
    for word in following[:4]:
        if word in cues.nouns and not (animate and is_reception(clause)):
            yield Stance(cues.nouns[word], 1, "noun")
    if modal:
        yield Stance(modal, 1, "modal")
    if verb in cues.standing and not clause.passive and not _is_past(scene, row, clause):
        yield Stance("commits-to", 1, "verb")
    if clause.agents:
        yield Stance(cues.verbs.get(verb, "carries-out"), 1, "agent")
    provides = verb == "provide" and following[:1] == ["for"]
    if (verb in cues.acts or provides) and (
        clause.kind == "thing" or _is_lawful(scene, row, clause)
    ):
        yield Stance("carries-out", 1, "act")
    if not animate and verb in cues.benefits and not clause.passive:
        yield Stance("assesses", 1, "benefit")
    if animate and not clause.passive and _is_duty(cues, scene, row, clause):
        yield Stance("assesses", 0, "duty")
    if clause.passive and verb in cues.placing:
        yield Stance("assesses", 0, "default")
    if animate and not clause.copula:
        yield Stance("carries-out", 0, "does")
    if verb and clause.passive:
        yield Stance("carries-out", 0, "done")
    yield Stance("assesses", 0, "default")


def _of_ending(cues: _Cues, scene: Scene, row: Row, clause: Clause) -> Iterator[Stance]:
    """Who ends a measure is against it; without anybody, it is only how the measure stands."""
    if clause.lemma not in cues.ending or clause.modal not in (None, "will"):
        return
    if clause.passive:
        ended = "i" in row.shape[clause.begin : clause.start]
        ended |= clause.thing is not None and clause.thing.symbol == "i"
        if ended and clause.agents:
            yield Stance("opposes", 2, "ending")
        elif ended:
            yield Stance("assesses", 0, "ended")
    elif clause.kind in ("actor", "pronoun") and _ENDED.match(row.shape, clause.end):
        yield Stance("opposes", 2, "ending")


# A measure right behind the verb that ends it.
_ENDED = re.compile(r"P?[DQ]?[AN#]{0,2}i")


def _is_duty(cues: _Cues, scene: Scene, row: Row, clause: Clause) -> bool:
    """Whether a verb in the present tells what a body does as a rule: "reports every two years"."""
    token = row.firsts[clause.end - 1]
    present = scene.prose.lowers[token] != clause.lemma and scene.prose.lowers[token].endswith("s")
    present |= scene.prose.lowers[token] == clause.lemma and scene.prose.tags[token] == "V"
    if clause.modal is not None or not present:
        return False
    behind = scene.prose.lowers[token : row.passage.last]
    often = not cues.often.isdisjoint(behind) or any(
        word in ("each", "every", "once", "twice") and not _periods().isdisjoint(then)
        for word, *then in zip(behind, behind[1:], behind[2:], strict=False)
    )
    return scene.binds or (often and "q" not in row.shape[clause.end :])


@lru_cache(maxsize=1)
def _periods() -> frozenset[str]:
    return word_set("quantities", "periods")


def _is_past(scene: Scene, row: Row, clause: Clause) -> bool:
    return scene.prose.lowers[row.firsts[clause.end - 1]].endswith("ed")


def enacts(clause: Clause) -> bool:
    """Whether a law or plan itself makes something by its verb."""
    return clause.lemma in _cues().acts and not clause.passive


def _is_lawful(scene: Scene, row: Row, clause: Clause) -> bool:
    """Whether the subject is a law, plan or office without a name: "the Bill", "the minister"."""
    if clause.kind not in ("noun", "none") or clause.passive or clause.relative:
        return False
    words = scene.prose.lowers[row.firsts[clause.begin] : row.firsts[clause.start]]
    return not _lawful().isdisjoint(words[:4])


@lru_cache(maxsize=1)
def _lawful() -> frozenset[str]:
    source = load("modality")
    means = (w for kind in ("law", "agreement", "plan") for w in source["means"][kind])
    return frozenset((*means, *source["anaphors"]["single"], *source["offices"]["words"]))


def _of_infinitive(scene: Scene, row: Row, clause: Clause) -> Iterator[Stance]:
    """ "has to" is a demand, "is to" a plan; "wants to" binds whoever wants."""
    behind = clause.end + (row.shape[clause.end : clause.end + 1] == "R")
    if clause.modal in ("would", "should") and clause.lemma is None:
        word = scene.prose.lowers[row.firsts[behind]] if behind < len(row.shape) else ""
        if word == "like" and row.shape[behind + 1 : behind + 2] == "T":
            yield _of_wish(scene, row, clause, behind + 1)
    if row.shape[behind : behind + 1] != "T" or clause.passive:
        return
    if clause.lemma is None and clause.modal is None:
        auxiliary = scene.prose.lowers[row.firsts[clause.start]]
        if auxiliary in ("has", "have", "had"):
            yield Stance("calls-for", 2, "modal")
        elif clause.copula:
            yield Stance("commits-to", 1, "modal")
    elif clause.lemma == "want" and clause.kind in ("actor", "owner", "pronoun"):
        yield _of_wish(scene, row, clause, behind)


def _of_wish(scene: Scene, row: Row, clause: Clause, to: int) -> Stance:
    """ "wants to build" binds whoever wants; "would like to thank" thanks, "to scrap" opposes."""
    cues = _cues()
    wished = next((u for u in range(to + 1, len(row.shape)) if row.shape[u] != "R"), None)
    verb = scene.prose.lemma(row.firsts[wished]) if wished is not None else None
    if _undoes(cues, scene, row, clause):
        return Stance("opposes", 2, "undoing")
    if verb == "see":
        return Stance("calls-for", 2, "verb")
    told = cues.verbs.get(verb or "")
    if told == "endorses" and wished is not None:  # "would like to underline our commitment"
        words = (scene.prose.lowers[row.firsts[u]] for u in range(wished + 1, len(row.shape))[:6])
        told = next((cues.stressed[w] for w in words if w in cues.stressed), told)
    if told is None or told == "assesses" or row.shape[to + 1] in POLICY:
        told = "commits-to"
    return Stance(told, 2, "verb")


def _does_harm(cues: _Cues, verb: str, following: list[str]) -> bool:
    return verb in cues.harms or (verb == "make" and not cues.worse.isdisjoint(following))


def _of_judgement(cues: _Cues, scene: Scene, row: Row, clause: Clause) -> Iterator[Stance]:
    """ "called it a mistake": the adjectives and nouns behind the object; blame decides."""
    if clause.lemma not in cues.judging:
        return
    words = _words_after(scene, row, clause, 9)
    if words[:1] in (["on"], ["for"], ["upon"]):
        return
    told = {cues.complements.get(w) for w in words}
    if "opposes" in told:
        yield Stance("opposes", 2, "judgement")
    elif told & {"endorses", "calls-for"}:
        yield Stance("endorses", 2, "judgement")


def _of_side(cues: _Cues, scene: Scene, row: Row, clause: Clause) -> Iterator[Stance]:
    """ "is against", "voted in favour of", "filed a complaint against", "shares the view"."""
    words = _words_after(scene, row, clause, 6)
    verb = clause.lemma
    if verb is None or verb == "remain" or verb in cues.siding or verb in cues.campaigning:
        if (side := _side(cues, words)) is not None:
            yield Stance(side, 2, "campaign")
    elif any(w in cues.cases and then == "against" for w, then in pairwise(words)):
        yield Stance("opposes", 2, "campaign")
    if verb == "share" and not cues.opinions.isdisjoint(words[:3]):
        yield Stance("endorses", 2, "verb")


def _side(cues: _Cues, words: list[str]) -> Modality | None:
    """The side that the words behind "is" or "voted" name; one word may stand before it."""
    opened = [" ".join(words[at:]) + " " for at in (0, 1)]
    sides = cues.sides.items()
    return next((s for text in opened for w, s in sides if text.startswith(f"{w} ")), None)


def _of_campaign(cues: _Cues, verb: str, following: list[str]) -> Iterator[Stance]:
    if not verb and following:  # "will march", where the lexicon knows a noun
        verb, following = following[0], following[1:]
    if verb in cues.pleading and following[:1] == ["for"]:
        yield Stance("calls-for", 2, "campaign")
    elif verb in cues.campaigning or verb in cues.siding:
        if "against" in following[: 4 if verb in cues.campaigning else 2]:
            yield Stance("opposes", 2, "campaign")
        elif verb in cues.campaigning and following[:1] in (["for"], ["to"]):
            yield Stance("calls-for", 2, "campaign")


def _backed_by_body(row: Row, clause: Clause) -> bool:
    """Whether bodies or countries support a measure: they pay for it or run it."""
    actors = clause.agents if clause.passive else clause.subjects
    named = "i" in row.shape[clause.end : clause.end + 3] or clause.thing is not None
    return bool(actors) and named and all(m.symbol in "rc" for m in actors)


def _of_verb(cues: _Cues, scene: Scene, row: Row, clause: Clause, following: list[str]) -> Stance:
    """ "stressed the need for" calls for it; "urged it to drop" opposes it."""
    verb = clause.lemma or ""
    stance = cues.verbs[verb]
    if verb == "agree" and following[:1] == ["with"] and "T" not in row.shape[clause.end :]:
        return Stance("endorses", 2, "verb")
    if following[:1] in (["ahead"], ["forward"]):
        return Stance("commits-to", 2, "verb")  # "press ahead with"
    if stance == "endorses":
        for word in following:
            if word in cues.stressed:
                return Stance(cues.stressed[word], 2, "verb")
    if stance in ("calls-for", "commits-to") and _undoes(cues, scene, row, clause):
        return Stance("opposes", 2, "undoing")
    return Stance(stance, 2, "verb")


def _undoes(cues: _Cues, scene: Scene, row: Row, clause: Clause) -> bool:
    """Whether the next verb with an object behind the clause asks to end a measure."""
    for unit in range(clause.end, min(clause.end + 9, len(row.shape) - 1)):
        if row.shape[unit] in POLICY:
            break
        measured = "i" in row.shape[unit + 1 : unit + 4] or row.shape[unit + 1] == "Q"
        if row.shape[unit] == "V" and (measured or "C" not in row.shape[unit + 1 : unit + 3]):
            verb = scene.prose.lemma(row.firsts[unit])
            return measured and (verb in cues.undoing or verb in cues.ending)
    return False


def of_opening(scene: Scene, token: int) -> Stance | None:
    """The stance of a list item by the verb that opens it, where that decides."""
    modality = _cues().openings.get(scene.prose.lemma(token))
    done = scene.prose.tags[token] in "GE"  # "open a site" goes on with the "will" of its lead
    if modality is None or (modality == "carries-out" and not done):
        return None
    return Stance(modality, 2, "opening")


def of_listed(scene: Scene, lead: Stance, token: int | None) -> Stance:
    """The stance of an item under a lead; what a speaker lists without a word on it is planned.

    `token` is the first word of the item: "expand the network" is not done yet.
    """
    planned = lead.modality == "assesses"
    if token is not None and lead.modality == "carries-out" and scene.prose.tags[token] == "V":
        planned = scene.prose.lemma(token) == scene.prose.lowers[token]
    return Stance("commits-to" if planned else lead.modality, 1, "list")


def praises(clause: Clause, stance: Stance) -> bool:
    """Whether a speaker says what a thing does or will do: "it will help our regions"."""
    told = stance.rule in ("effect", "modal", "does") and stance.modality != "calls-for"
    return (
        told
        and not clause.negated
        and clause.kind in ("thing", "noun", "owner")
        and clause.modal in (None, "will", "would")
    )


def tells_good(clause: Clause, stance: Stance) -> bool:
    """Whether somebody quoted says what good a thing does or would do."""
    if clause.modal in ("can", "could") and clause.kind in ("thing", "noun"):
        return stance.rule in ("modal", "benefit")
    return stance.rule == "benefit" or (clause.modal == "would" and praises(clause, stance))


@lru_cache(maxsize=1)
def attitudes() -> frozenset[str]:
    """Verbs by which an actor speaks for or against something, asks for it or judges it."""
    minded = ("calls-for", "endorses", "opposes", "assesses")
    verbs = {v for v, stance in _cues().verbs.items() if stance in minded}
    return frozenset(verbs) | _cues().campaigning - _cues().backing


def is_asked_for(scene: Scene, row: Row, before: Clause, clause: Clause) -> bool:
    """Whether a clause tells what the one before asks for: "demanded that ministers keep it"."""
    if before.passive or clause.passive or clause.modal or before.end >= clause.start:
        return False
    asking = _cues().verbs.get(before.lemma or "") in ("calls-for", "requires")
    opened = scene.prose.lowers[row.firsts[before.end]] == "that"
    base = scene.prose.lowers[row.firsts[clause.start]] == clause.lemma
    return asking and opened and base


def is_resolved(clause: Clause) -> bool:
    """Whether a passive tells the subject's own will: "is committed to"."""
    return clause.lemma in _cues().resolved


def is_attitude(scene: Scene, row: Row, clause: Clause) -> bool:
    """Whether what follows "is" is an attitude of the subject: "is proud of"."""
    words = _words_after(scene, row, clause, 6)
    return not _cues().attitudes.isdisjoint(words[:3]) or _side(_cues(), words) is not None


def _words_after(scene: Scene, row: Row, clause: Clause, count: int) -> list[str]:
    """The words of the units behind the verb group; entities are left out."""
    units = range(clause.end, min(clause.end + count, len(row.shape)))
    return [scene.prose.lowers[row.firsts[u]] for u in units if row.named[u] is None]
