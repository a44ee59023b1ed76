"""Brings the mentions that were judged likely together into entities."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.extract.draft import Draft
from graph.extract.learned.spans import GROUPS, SAME, Candidate, overlap
from graph.extract.learned.words import TYPES, Floats
from graph.extract.merge import CONTENT
from graph.extract.passages import Prose, lexicon
from graph.extract.rules import Reading

# Below this a candidate is not looked at further.
_HOPELESS = 0.1
_EQUAL = 0.85
LEARNED = "learned"


@dataclass(slots=True, eq=False)
class Group:
    """The mentions of one thing in the making, and how likely each is."""

    draft: Draft
    mentions: list[Candidate] = field(default_factory=list)
    likely: list[tuple[float, float]] = field(default_factory=list)


def without_rivals(
    found: Sequence[Candidate], likely: Floats, exact: Floats
) -> list[tuple[int, Draft | None]]:
    """Of candidates of a group that are plainly one mention the best, with the rules' draft.

    Returns indexes in the order of the text. The draft is that of the candidate or of a rival of
    the same type that it beat.
    """
    kept: dict[tuple[str, int], list[int]] = defaultdict(list)
    draft_of: dict[int, Draft | None] = {}
    for index in sorted(range(len(found)), key=lambda i: (-likely[i] - exact[i], i)):
        if likely[index] < _HOPELESS:
            continue
        c = found[index]
        rivals = kept[GROUPS[c.type], c.passage]
        beaten = next((k for k in rivals if _is_rival(found[k], c)), None)
        if beaten is None:
            rivals.append(index)
            draft_of[index] = c.draft
        elif draft_of[beaten] is None and found[beaten].type == c.type:
            draft_of[beaten] = c.draft
    return [(index, draft_of[index]) for index in sorted(draft_of)]


def _is_rival(a: Candidate, b: Candidate) -> bool:
    """Whether two mentions of a group cannot both be meant."""
    share = overlap((a.start, a.end), (b.start, b.end))
    if a.type != b.type:
        # A post may hold the name of its body; the same words are not two kinds of actor.
        return share >= _EQUAL
    if share >= SAME:
        return True
    nested = (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)
    return not nested and a.start < b.end and b.start < a.end


def gather(
    reading: Reading, found: Sequence[Candidate], likely: Floats, exact: Floats
) -> list[Group]:
    """One group for each thing: the rules' drafts, and what the encoder adds to them or alone."""
    prose = reading.prose
    groups: dict[Draft, Group] = {}
    owners: dict[tuple[str, object], Group] = {}
    pending: list[int] = []
    for index, draft in without_rivals(found, likely, exact):
        if draft is None:
            pending.append(index)
            continue
        group = groups.setdefault(draft, Group(_like(draft)))
        _add(prose, group, found[index], (likely[index], exact[index]), owners)
    for index in pending:
        c = found[index]
        own = next((owners[k] for k in _keys(prose, c) if k in owners), None)
        group = own or Group(Draft(c.type, [], LEARNED))
        if own is None:
            groups[group.draft] = group
        _add(prose, group, c, (likely[index], exact[index]), owners)
    return sorted(groups.values(), key=lambda g: (g.mentions[0].start, -g.mentions[0].end))


def _like(draft: Draft) -> Draft:
    return Draft(draft.type, [], draft.rule, draft.name, draft.authority)


def _add(
    prose: Prose,
    group: Group,
    c: Candidate,
    likely: tuple[float, float],
    owners: dict[tuple[str, object], Group],
) -> None:
    at = next((i for i, m in enumerate(group.mentions) if m.start > c.start), len(group.mentions))
    group.mentions.insert(at, c)
    group.likely.insert(at, (float(likely[0]), float(likely[1])))
    for key in _keys(prose, c):
        owners.setdefault(key, group)
    acronym = _acronym(prose, c.last)
    if acronym:
        owners.setdefault((GROUPS[c.type], acronym), group)


def _keys(prose: Prose, c: Candidate) -> Iterator[tuple[str, object]]:
    """What tells that two mentions name one thing: the words, and their base forms."""
    kind = GROUPS[c.type]
    words = prose.lowers[c.first : c.last]
    yield kind, " ".join(words)
    content = frozenset(content_of(prose, c))
    if len(content) > 1:
        yield kind, content
    if c.type == "Person" and len(words) > 1:
        yield kind, words[-1]


def content_of(prose: Prose, c: Candidate) -> list[str]:
    """Base forms of the words that carry what a mention is about, in order."""
    return [
        base_form(prose.lowers[token])
        for token in range(c.first, c.last)
        if prose.tags[token] in CONTENT
    ]


def base_form(word: str) -> str:
    """The dictionary form of a verb, and any other word without the ending of the plural."""
    return lexicon().lemmas.get(word) or word.removesuffix("s")


def _acronym(prose: Prose, token: int) -> str:
    """The acronym in brackets that opens at the token, in lower case; empty if there is none."""
    words = prose.words[token : token + 3]
    if len(words) < 3 or words[0] != "(" or words[2] != ")":
        return ""
    return words[1].lower() if sum(c.isupper() for c in words[1]) > 1 else ""


def features(
    reading: Reading, groups: Sequence[Group], precision: Mapping[tuple[str, str], float]
) -> Floats:
    """One row for each group."""
    prose = reading.prose
    rows = np.zeros((len(groups), 18 + len(TYPES)), np.float32)
    marked = {(d.type, m) for d in reading.entities for m in d.mentions}
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for index, group in enumerate(groups):
        for c in group.mentions:
            spans[GROUPS[c.type]].append((c.start, c.end, index))
    for found in spans.values():
        found.sort()
    heads: dict[tuple[str, str], int] = defaultdict(int)
    for group in groups:
        heads[group.draft.type, _head(prose, group)] += 1
    for index, group in enumerate(groups):
        likely = [p for p, _ in group.likely]
        highest = max(likely)
        best = group.mentions[likely.index(highest)]
        ruled = sum((group.draft.type, (c.start, c.end)) in marked for c in group.mentions)
        rows[index, :18] = (
            len(group.mentions),
            ruled,
            highest,
            sum(likely) / len(likely),
            max(p for _, p in group.likely),
            1 - math.prod(1 - p for p in likely),
            group.draft.rule == LEARNED,
            precision.get((group.draft.type, group.draft.rule), 0.5),
            bool(group.draft.authority),
            best.last - best.first,
            max(c.last - c.first for c in group.mentions),
            group.mentions[0].passage / max(len(prose.passages), 1),
            len(groups),
            heads[group.draft.type, _head(prose, group)],
            len({c.passage for c in group.mentions}),
            min(len(prose.passages), 200),
            likely[0],
            sorted(likely)[-2] if len(likely) > 1 else 0,
        )
        rows[index, 18 + TYPES.index(group.draft.type)] = 1
    return rows


def _head(prose: Prose, group: Group) -> str:
    longest = max(group.mentions, key=lambda c: c.last - c.first)
    return prose.lowers[longest.last - 1].removesuffix("s")


def as_draft(group: Group) -> Draft:
    """The group's draft with its mentions in order."""
    mentions = sorted({(c.start, c.end) for c in group.mentions})
    name = group.draft.name
    draft = Draft(group.draft.type, mentions, group.draft.rule, None, group.draft.authority)
    draft.name = name
    return draft
