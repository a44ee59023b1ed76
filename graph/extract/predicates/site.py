"""Where relations are looked for: a passage as runs of coordinated entities with their openings.

In "to strengthen A, and to train B through the C fund", the goals are one run that "to" opens and
the fund is a run that "through the" opens. What joins two entities is nearly always told by the
words that open the run of the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from graph.extract.clauses import Clause
from graph.extract.cues import load
from graph.extract.draft import Draft, StatementDraft
from graph.extract.scene import ACTORS, Mention, Row, Scene
from graph.extract.speakers import Voices

# What may stand between two members of a run, in tags.
_JOINT = re.compile(r"(?:[,;/]|,?C|,?CR|,?RP|,C,)?D?[AR#]{0,2}")
_GOAL_JOINT = re.compile(r"(?:[,;]|[,;]?C|[,;]?CR|,?RP)?T?D?[AR]{0,2}")


class Link(NamedTuple):
    """A pair found by a rule."""

    subject: Draft
    object: Draft
    rule: str


class Neighbours(NamedTuple):
    """Two entities with none between them: their units, and the tags and words of the gap."""

    left: Mention
    right: Mention
    at: int
    to: int
    gap: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Coordinated entities of one class; `opening` are the lower-case words before the first.

    The opening reaches back to the entity before (or the start of the passage); `tags` are its
    tags, `head` is what is left of it without the articles, adjectives and adverbs that belong to
    the entity. `unit` and `end` are the first unit of the run and the one behind its last.
    """

    mentions: tuple[Mention, ...]
    opening: tuple[str, ...]
    head: tuple[str, ...]
    tags: str
    kind: str
    index: int
    unit: int
    end: int

    def opens_with(self, endings: tuple[str, ...]) -> bool:
        """Whether the head of the opening ends in one of the phrases; see `phrases`."""
        return f" {' '.join(self.head[-4:])}".endswith(endings)

    def says(self, words: frozenset[str]) -> bool:
        """Whether one of the words stands in the opening."""
        return not words.isdisjoint(self.opening)


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One passage with all that the rules may look at; `lead` is what opens its list."""

    scene: Scene
    row: Row
    runs: tuple[Run, ...]
    neighbours: tuple[Neighbours, ...]
    clauses: Sequence[Clause]
    statements: Sequence[StatementDraft]
    voices: Voices
    lead: Row | None = None

    def of(self, kinds: str) -> Iterator[Run]:
        """The runs of these kinds: "a" actors, "g", "i", "e", "d", "f", "q"."""
        return (r for r in self.runs if r.kind in kinds)

    def before(self, run: Run, kinds: str) -> Run | None:
        """The nearest run of these kinds to the left."""
        for at in range(run.index - 1, -1, -1):
            if self.runs[at].kind in kinds:
                return self.runs[at]
        return None

    def after(self, run: Run, kinds: str) -> Run | None:
        """The nearest run of these kinds to the right."""
        for at in range(run.index + 1, len(self.runs)):
            if self.runs[at].kind in kinds:
                return self.runs[at]
        return None

    def measure_before(self, row: Row) -> Mention | None:
        """The first instrument of the passage before another one."""
        if row.index == 0:
            return None
        passages = self.scene.prose.passages
        if passages[row.index - 1].paragraph != row.passage.paragraph:
            return None
        before = self.scene.by_passage[row.index - 1]
        return next((m for m in before if m.symbol == "i"), None)

    def nested(self, outers: str, inners: str) -> Iterator[tuple[Mention, Mention]]:
        """Pairs of mentions of these symbols, the second inside the first."""
        for outer in self.row.mentions:
            if outer.symbol in outers:
                for inner in self.row.inside(outer):
                    if inner.symbol in inners and inner.draft is not outer.draft:
                        yield outer, inner


@cache
def phrases(table: str, name: str) -> tuple[str, ...]:
    """A list of `cues/relations.toml`, each phrase behind a blank so that it ends whole words."""
    return tuple(f" {phrase}" for phrase in load("relations")[table][name])


@cache
def words(table: str, name: str) -> frozenset[str]:
    """The same list as a set of words."""
    return frozenset(load("relations")[table][name])


def kind_of(symbol: str) -> str:
    """The class in which entities coordinate: all actors are one."""
    return "a" if symbol in ACTORS else symbol


def neighbours_of(scene: Scene, row: Row) -> tuple[Neighbours, ...]:
    """Outermost entities that follow each other, with what stands between them."""
    units = [(u, m) for u, m in enumerate(row.named) if m is not None]
    lowers = scene.prose.lowers
    return tuple(
        Neighbours(
            left, right, at, to, row.shape[at + 1 : to], tuple(lowers[left.last : right.first])
        )
        for (at, left), (to, right) in pairwise(units)
    )


def runs_of(scene: Scene, row: Row) -> tuple[Run, ...]:
    """Cut a row into runs."""
    runs: list[Run] = []
    members: list[Mention] = []
    start = opened = 0
    previous_end = 0
    lowers = scene.prose.lowers
    for unit, mention in enumerate(row.named):
        if mention is None:
            continue
        kind = kind_of(mention.symbol)
        between = row.shape[previous_end:unit]
        joint = _GOAL_JOINT if kind == "g" else _JOINT
        if members and kind_of(members[0].symbol) == kind and _joins(between, joint):
            members.append(mention)
        else:
            if members:
                runs.append(_run(row, lowers, members, opened, start, previous_end, len(runs)))
            members, start, opened = [mention], unit, previous_end
        previous_end = unit + 1
    if members:
        runs.append(_run(row, lowers, members, opened, start, previous_end, len(runs)))
    return tuple(runs)


def _joins(between: str, joint: re.Pattern[str]) -> bool:
    """Whether what stands between two entities only coordinates them; brackets hold acronyms."""
    return joint.fullmatch(between.lstrip(")").replace("(", "")) is not None


def _run(
    row: Row,
    lowers: list[str],
    members: list[Mention],
    opened: int,
    start: int,
    end: int,
    index: int,
) -> Run:
    opening = tuple(lowers[row.firsts[u]] for u in range(opened, start))
    tags = row.shape[opened:start]
    head = opening[: len(tags.rstrip("DARX#"))]
    kind = kind_of(members[0].symbol)
    return Run(tuple(members), opening, head, tags, kind, index, start, end)
