"""Finds goals and instruments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from graph.extract import cues, goals, instruments, merge
from graph.extract.draft import Draft
from graph.extract.enacted import is_making
from graph.extract.goal_spans import lemma_of
from graph.extract.passages import Passage, Prose, lower_case
from graph.extract.policy_cues import Find, instrument_cues
from graph.records import Document

# Force of the policy words per hundred words of a document, and that which its passages then need.
_NEEDS = ((8.0, 2), (5.5, 3), (3.5, 4))
# In a text of more words than this, one policy word over and over is not enough.
_LONG = 120
# In a text of more words than this without a word that policy alone has, passages need more.
_SHORT = 60
_NEVER_ENOUGH = -100
# Rules whose words of will or demand count for policy themselves, and for how much.
_OUTSPOKEN = {"aim": 1, "demand": 1, "modal": 1, "modal-act": 1, "wanted": 1, "listed": 2}
_DOUBT = 2
# Types of names whose words are not the heads of instruments.
_NAMED = frozenset(("Organization", "Post", "Person", "Country", "Event", "Document"))

_NEVER = frozenset(("Person", "Post", "Country"))


def find(prose: Prose, document: Document, named: Sequence[Draft]) -> list[Draft]:
    """Goals and instruments in the order of their first mention.

    `named` are the entities found before (actors, events, documents, fields, quantities).
    """
    surplus = policy_surplus(prose)
    if len(prose.words) <= _LONG:
        for passage in _with_acting(prose, named):
            surplus[passage] = max(surplus[passage], 0)
    taken = _tokens(prose, (d for d in named if d.type in _NAMED))
    people = _tokens(prose, (d for d in named if d.type in _NEVER))
    means = [
        _within_actor_cut(prose, f, taken)
        for f in instruments.find(prose, taken, people)
        if surplus[f.passage] >= 0
    ]
    ends = [f for f in goals.find(prose) if surplus[f.passage] >= -_OUTSPOKEN.get(f.rule, 0)]
    heads = {f.last - 1: f for f in means}
    ends = [f for f in ends if not _brings_about(prose, f, heads)]
    means = _outside(means, ends)
    drafts = merge.instruments(prose, means)
    for draft in drafts:
        _take_over(draft, named)
    return merge.goals(prose, ends) + drafts


# Actors who may make a short text one on policy; a single unknown name may be any firm.
_ACTING = frozenset(("Organization", "Country", "ActorGroup", "Post"))


def _with_acting(prose: Prose, named: Iterable[Draft]) -> Iterator[int]:
    """Passages of a short text in which a public actor takes a stance on some public matter."""
    weights = _weights()[2]
    for draft in named:
        if draft.type not in _ACTING:
            continue
        for start, end in draft.mentions:
            known = draft.authority or draft.type != "Organization" or " " in prose.text[start:end]
            passage = prose.passage_at(start)
            span = prose.passages[passage]
            if (
                known
                and _takes_stance(prose, prose.token_at(end - 1) + 1, span.last)
                and any(w in weights for w in prose.lowers[span.first : span.last])
            ):
                yield passage


def _takes_stance(prose: Prose, token: int, last: int) -> bool:
    """Whether the words here are the verb of a stance: "supports", "will", "has rejected"."""
    while token < last and prose.tags[token] in "RB":
        token += 1
    if token >= last:
        return False
    if prose.tags[token] == "M":
        return prose.lowers[token] in _minded_modals()
    return prose.tags[token] in "VEN" and lemma_of(prose.lowers[token]) in _minded_verbs()


@lru_cache(maxsize=1)
def _minded_modals() -> frozenset[str]:
    modals = cues.load("modality")["modals"]
    return frozenset(w for stance, words in modals.items() if stance != "assesses" for w in words)


@lru_cache(maxsize=1)
def _minded_verbs() -> frozenset[str]:
    source = cues.load("modality")
    stances = {stance: words for stance, words in source["verbs"].items() if stance != "assesses"}
    return frozenset(w for words in stances.values() for w in words) | frozenset(
        source["acts"]["words"]
    )


def without_created(named: Sequence[Draft], found: Sequence[Draft]) -> list[Draft]:
    """The named entities without the organizations that are instruments, being created here."""
    return [d for d in named if not any(_is_creation_of(f, d) for f in found)]


def _take_over(draft: Draft, named: Sequence[Draft]) -> None:
    """Give an instrument all mentions of the body that it creates."""
    for body in named:
        if _is_creation_of(draft, body):
            draft.mentions = sorted({*draft.mentions, *body.mentions})


def _is_creation_of(draft: Draft, body: Draft) -> bool:
    """Whether the instrument is this body: not a known one, and named by nearly the same words."""
    if draft.rule not in ("created", "told") or body.type != "Organization" or body.authority:
        return False
    return any(
        min(b, d) - max(a, c) > 0.6 * (max(b, d) - min(a, c))
        for a, b in draft.mentions
        for c, d in body.mentions
    )


def _tokens(prose: Prose, drafts: Iterable[Draft]) -> set[int]:
    """The tokens of all mentions of the drafts."""
    return {
        token
        for draft in drafts
        for start, end in draft.mentions
        for token in range(prose.token_at(start), prose.token_at(end - 1) + 1)
    }


def _within_actor_cut(prose: Prose, find: Find, taken: Collection[int]) -> Find:
    """The find without a tail that ends amid a name: "plan of the Ministry | of Trade"."""
    if find.rule != "tail" or not {find.last - 1, find.last} <= set(taken):
        return find
    of = next((t for t in range(find.first + 1, find.last) if prose.tags[t] == "P"), find.last)
    return replace(find, last=of)


def _brings_about(prose: Prose, goal: Find, means: dict[int, Find]) -> bool:
    """Whether a goal is only that an instrument be made ("create a research fund")."""
    inner = means.get(goal.last - 1)
    told = goal.rule in ("finite", "relative") and prose.tags[goal.first] == "V"
    if told and goal.last - goal.first <= 3 and _is_bare_means(prose, goal.last - 1):
        return lemma_of(prose.lowers[goal.first]) in instrument_cues().enact
    if inner is None or inner.first <= goal.first:
        return False
    return (
        inner.rule.startswith("enacted")
        or goal.rule.endswith("-act")
        or (goal.rule == "nominal" and is_making(goal.head))
        or (inner.rule == "named" and inner.first - goal.first <= 2)
    )


def _is_bare_means(prose: Prose, token: int) -> bool:
    """Whether the object is but a means and its article: "extends their agreement"."""
    return prose.lowers[token] in instrument_cues().strong and prose.tags[token - 1] in "DV"


def _outside(means: Sequence[Find], ends: Sequence[Find]) -> list[Find]:
    """The finds without the unnamed means inside a goal, which are what it is about."""
    aims = [f for f in ends if f.rule != "practice" and not f.rule.endswith("-act")]
    inside = {t for f in aims for t in range(f.first + 1, f.last)}
    return [f for f in means if f.rule not in ("head", "tail") or f.last - 1 not in inside]


@lru_cache(maxsize=1)
def _weights() -> tuple[frozenset[str], frozenset[str], dict[str, int]]:
    """Strong words, weak words, and the weight of each word in a passage."""
    source = cues.load("policy")
    strong, weak = frozenset(source["strong"]), frozenset(source["weak"])
    return strong, weak, dict.fromkeys((*weak, *source["demand"]), 1) | dict.fromkeys(strong, 2)


@lru_cache(maxsize=1)
def _core() -> frozenset[str]:
    return frozenset(cues.load("policy")["core"])


@lru_cache(maxsize=1)
def _furniture() -> AhoCorasick:
    return AhoCorasick(cues.load("policy")["furniture"])


def policy_surplus(prose: Prose) -> list[int]:
    """By how much each passage speaks of policy more than it must; below nought it does not.

    The fewer policy words a document has, the more of them a passage needs. The furniture of a web
    page never has enough.
    """
    need = _need(prose.lowers)
    if need is None:
        return [_NEVER_ENOUGH] * len(prose.passages)
    get = _weights()[2].get
    forces = [0, *accumulate(get(w, 0) for w in prose.lowers)]
    own = [forces[p.last] - forces[p.first] for p in prose.passages]
    surplus = [_with_context(prose.passages, own, i) - need for i in range(len(own))]
    for _, start, _ in _furniture().find_matches_as_indexes(lower_case(prose.text)):
        surplus[prose.passage_at(start)] = _NEVER_ENOUGH
    # Only where the document is plainly about policy may a passage fall short by a little.
    return surplus if need == _NEEDS[0][1] else [s if s >= 0 else _NEVER_ENOUGH for s in surplus]


def _need(words: Sequence[str]) -> int | None:
    """The force a passage must have in this document; None where it is not about policy."""
    strong, weak, _ = _weights()
    acts = [w for w in words if w in strong]
    kinds = set(acts)
    if len(kinds) < (2 if len(words) > _LONG else 1):
        return None
    doubt = _DOUBT if len(words) > _SHORT and kinds.isdisjoint(_core()) else 0
    density = 100 * (2 * len(acts) + sum(w in weak for w in words)) / len(words)
    return next((need + doubt for least, need in _NEEDS if density >= least), None)


def _with_context(passages: Sequence[Passage], own: Sequence[int], at: int) -> int:
    """The force of a passage, of the one that opens its list, and half that of its neighbours."""
    before = own[at - 1] if at else 0
    after = own[at + 1] if at + 1 < len(own) else 0
    lead = passages[at].lead
    return own[at] + (before + after) // 2 + (0 if lead is None else own[lead])
