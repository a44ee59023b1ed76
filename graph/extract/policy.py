"""Finds goals and instruments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from graph.extract import cues, goals, instruments, merge
from graph.extract.draft import Draft
from graph.extract.goals import Find
from graph.extract.passages import Prose
from graph.records import Document

# Policy words per hundred words below which a document is not about policy at all.
_DENSITY = 4.0
# In a text of more words than this, one policy word over and over is not enough.
_LONG = 120
# Force that a passage must have, with half of that of its neighbours.
_NEAR = 2
# Types of names whose words are not the heads of instruments.
_NAMED = frozenset(("Organization", "Post", "Person", "Country", "Event", "Document"))


def find(prose: Prose, document: Document, named: Sequence[Draft]) -> list[Draft]:
    """Goals and instruments in the order of their first mention.

    `named` are the entities found before (actors, events, documents, fields, quantities).
    """
    forces = policy_forces(prose)
    taken = _tokens(prose, (d for d in named if d.type in _NAMED))
    means = [f for f in instruments.find(prose, taken) if forces[f.passage] >= _NEAR]
    ends = [f for f in goals.find(prose) if forces[f.passage] >= _NEAR]
    means = _outside(means, ends)
    heads = {f.last - 1: f for f in means}
    ends = [f for f in ends if not _brings_about(prose, f, heads)]
    return merge.goals(prose, ends) + merge.instruments(prose, means)


def _tokens(prose: Prose, drafts: Iterable[Draft]) -> set[int]:
    """The tokens of all mentions of the drafts."""
    return {
        token
        for draft in drafts
        for start, end in draft.mentions
        for token in range(prose.token_at(start), prose.token_at(end - 1) + 1)
    }


def _brings_about(prose: Prose, goal: Find, means: dict[int, Find]) -> bool:
    """Whether a goal is only that an instrument be made ("create a research fund")."""
    inner = means.get(goal.last - 1)
    return (
        inner is not None
        and inner.first > goal.first
        and (goal.rule.endswith("-act") or goal.rule == "nominal")
    )


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


def policy_forces(prose: Prose) -> list[int]:
    """How much each passage speaks of policy; all nought where the document hardly does."""
    if not _is_policy(prose.lowers):
        return [0] * len(prose.passages)
    get = _weights()[2].get
    lowers = prose.lowers
    own = [sum(get(w, 0) for w in lowers[p.first : p.last]) for p in prose.passages]
    return [_around(own, i) for i in range(len(own))]


def _is_policy(words: Sequence[str]) -> bool:
    strong, weak, _ = _weights()
    acts = [w for w in words if w in strong]
    force = 2 * len(acts) + sum(w in weak for w in words)
    kinds = len(set(acts))
    return 100 * force >= _DENSITY * len(words) and kinds >= (2 if len(words) > _LONG else 1)


def _around(own: Sequence[int], at: int) -> int:
    """The force of a passage and half of that of its neighbours."""
    before = own[at - 1] if at else 0
    after = own[at + 1] if at + 1 < len(own) else 0
    return own[at] + (before + after) // 2
