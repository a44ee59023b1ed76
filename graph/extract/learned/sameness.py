"""Which groups of mentions name one thing in other words, such as a goal that is said twice.

Pairs of groups of a type are judged by themselves; groups are then joined from the likeliest pair
on, as long as the pairs between all their parts are likely on average (agglomerative clustering
with average linkage). What the rules and equal words have brought together stays together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

import numpy as np

from graph.extract.cues import word_set
from graph.extract.draft import DESCRIBED, Draft, full_name
from graph.extract.learned.entities import LEARNED, Group, base_form, content_of
from graph.extract.learned.words import TYPES, Floats, Integers, means
from graph.extract.passages import Prose
from graph.records import EntityType

# Groups of which no mention is so likely are let alone, as are pairs less likely than the second.
_LIVE, _JOINED = 0.2, 0.4
# How much less likely the pairs between the parts of two joined groups may be on average.
_SLACK = 0.8
# Kinds that are worded rather than named.
_WORDED = frozenset(("Goal", "Instrument", "Field", "ActorGroup", "Quantity"))
# Tags of what joins the parts of a longer wording: commas, conjunctions, "to".
_JOINTS = frozenset(",CT")
# How much less sure than the surest a group may be that gives an actor its name.
_WELL = 0.8
# Of each group so many of the most alike are looked at, which share words or are so much alike.
_NEAREST, _ALIKE = 8, 0.8
_BLOCK = 512
# How many forms and mentions of a group are compared.
_FORMS, _PLACES = 6, 8
_FAR = 500
_BACK = frozenset(("the", "this", "that", "these", "those", "its", "their", "our", "such"))
WIDTH = 25


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a group is named: base forms of its words of content, and the words."""

    content: frozenset[str]
    first: str
    head: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared of a group; `is_less`: whether it is an end or a cut of something."""

    forms: tuple[_Form, ...]
    content: frozenset[str]
    acronyms: frozenset[str]
    initials: frozenset[str]
    places: tuple[tuple[int, int, int], ...]
    back: int
    is_less: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of groups, by their numbers, with a row of features each."""

    ends: list[tuple[int, int]]
    rows: Floats


def pairs(prose: Prose, naming: Floats, groups: Sequence[Group]) -> Pairs:
    """Pairs of groups that may be one thing; `naming` are the encoder's states of the words."""
    live = [i for i, g in enumerate(groups) if max(p for p, _ in g.likely) >= _LIVE]
    looks = {i: _look(prose, groups[i]) for i in live}
    spread: Counter[str] = Counter()
    by_type: dict[EntityType, list[int]] = defaultdict(list)
    for row, i in enumerate(live):
        spread.update(looks[i].content)
        by_type[groups[i].draft.type].append(row)
    middle = naming.mean(0) if len(naming) else naming.sum(0)
    whole = _vectors(naming, [groups[i] for i in live]) - middle
    whole /= np.linalg.norm(whole, axis=1, keepdims=True) + 1e-6
    ends: list[tuple[int, int]] = []
    rows: list[tuple[float, ...]] = []
    for type_, own in sorted(by_type.items()):
        for x, y, likeness, *ranks in zip(
            *(column.tolist() for column in _near(whole[own])), strict=True
        ):
            a, b = live[own[x]], live[own[y]]
            one, other = looks[a], looks[b]
            shares = not one.content.isdisjoint(other.content)
            shortened = bool(one.acronyms & other.initials or other.acronyms & one.initials)
            if not shares and not shortened and likeness < _ALIKE:
                continue
            if one.is_less != other.is_less or _differ(groups[a].draft, groups[b].draft):
                continue
            if _is_another(groups[a].draft, other) or _is_another(groups[b].draft, one):
                continue
            if type_ in _WORDED and _is_part(prose, one, other):
                continue
            ends.append((a, b))
            rows.append(
                (
                    *_words_in_common(one, other, spread),
                    shortened,
                    likeness,
                    *ranks,
                    len(own),
                    *_apart(one, other),
                    other.back,
                    len(groups[a].mentions),
                    len(groups[b].mentions),
                    TYPES.index(type_),
                    len(one.forms),
                    len(other.forms),
                )
            )
    return Pairs(ends, np.array(rows, np.float32).reshape(-1, WIDTH))


def joined(prose: Prose, groups: Sequence[Group], found: Pairs, likely: Floats) -> list[Group]:
    """The groups, those of one thing made one, in the order of the text."""
    chance = {
        (a, b): 0.0 if p >= _JOINED and _are_siblings(prose, groups[a], groups[b]) else p
        for (a, b), p in zip(found.ends, likely.tolist(), strict=True)
    }
    parts = {i: [i] for i in range(len(groups))}
    home = list(range(len(groups)))
    for (a, b), p in sorted(chance.items(), key=lambda item: (-item[1], item[0])):
        if p < _JOINED:
            break
        x, y = sorted((home[a], home[b]))
        if x == y or _mean_chance(chance, parts[x], parts[y]) < _JOINED * _SLACK:
            continue
        for i in parts[y]:
            home[i] = x
        parts[x] += parts.pop(y)
    made = [_one(prose, [groups[i] for i in sorted(own)]) for own in parts.values()]
    return sorted(made, key=lambda g: (g.mentions[0].start, -g.mentions[0].end))


def _mean_chance(
    chance: Mapping[tuple[int, int], float], some: Sequence[int], others: Sequence[int]
) -> float:
    return sum(chance.get((min(a, b), max(a, b)), 0.0) for a, b in product(some, others)) / (
        len(some) * len(others)
    )


def _one(prose: Prose, groups: Sequence[Group]) -> Group:
    """One group of the mentions of all.

    An actor has the longest name of those that are about the surest; what is worded freely has the
    name of the part that is surest by all its mentions, a proper name before all others.
    """
    if len(groups) == 1:
        return groups[0]
    if groups[0].draft.type in _WORDED:
        surest = max(groups, key=lambda g: (_is_proper(prose, g), sum(p for p, _ in g.likely)))
        name = _name(prose, surest)
    else:
        sure = [max(p for p, _ in g.likely) for g in groups]
        named = (g for g, p in zip(groups, sure, strict=True) if p >= _WELL * max(sure))
        name = max((_name(prose, g) for g in named), key=len)
    first = max(groups, key=lambda g: (g.draft.rule != LEARNED, max(g.likely)))
    authority = next((g.draft.authority for g in groups if g.draft.authority), None)
    draft = Draft(first.draft.type, [], first.draft.rule, name, authority)
    own = sorted(
        ((c, p) for g in groups for c, p in zip(g.mentions, g.likely, strict=True)),
        key=lambda item: (item[0].start, item[0].end),
    )
    return Group(draft, [c for c, _ in own], [p for _, p in own])


def _is_proper(prose: Prose, group: Group) -> bool:
    """Whether it is an instrument with a name of several capitals: "Velmoran Science Fund"."""
    return group.draft.type == "Instrument" and _capitals(_name(prose, group).split()) > 1


def _name(prose: Prose, group: Group) -> str:
    return full_name(group.draft, [prose.text[c.start : c.end] for c in group.mentions])


def _differ(a: Draft, b: Draft) -> bool:
    """Whether the authority file knows them as two things."""
    return None not in (a.authority, b.authority) and a.authority != b.authority


def _is_another(draft: Draft, look: _Look) -> bool:
    """Whether one is the issuer by a description ("the Ministry"), the other of another name."""
    if draft.rule != DESCRIBED or draft.name is None:
        return False
    name = draft.name.lower()
    return not any(form.text in name or name in form.text for form in look.forms)


def _are_siblings(prose: Prose, a: Group, b: Group) -> bool:
    """Whether two instruments are called alike, yet one by what the other is not."""
    if a.draft.type != "Instrument":
        return False
    one, other = _look(prose, a), _look(prose, b)
    return _is_sibling(one, other) or _is_sibling(other, one)


def _is_sibling(named: _Look, other: _Look) -> bool:
    """Whether one has a proper name and the other a like one, or the words for what it is about.

    "Research Security Act" is neither the "Research Security Office" nor "research security".
    """
    heads = {form.head for form in named.forms if _capitals(form.words) > 1}
    if not heads or not heads.isdisjoint(other.content):
        return False
    own = named.content
    return all(
        f.head not in own if _capitals(f.words) > 1 else not _capitals(f.words) and f.content < own
        for f in other.forms
    )


def _capitals(words: Iterable[str]) -> int:
    return sum(word[0].isupper() for word in words)


def _is_part(prose: Prose, one: _Look, other: _Look) -> bool:
    """Whether one is the later part of a mention of the other: "fund all fields and cut costs"."""
    for p, q in product(one.places, other.places):
        outer, inner = sorted((p, q), key=lambda place: place[1] - place[2])
        if outer[1] < inner[1] < outer[2]:
            before = prose.tags[outer[1] : inner[1]]
            if not _JOINTS.isdisjoint(before):
                return True
    return False


def _look(prose: Prose, group: Group) -> _Look:
    forms: dict[str, _Form] = {}
    for c in group.mentions:
        text = " ".join(prose.lowers[c.first : c.last])
        if text in forms or len(forms) == _FORMS:
            continue
        content = content_of(prose, c) or [base_form(prose.lowers[c.last - 1])]
        words = tuple(prose.words[c.first : c.last])
        forms[text] = _Form(frozenset(content), content[0], content[-1], words, text)
    about = frozenset().union(*(f.content for f in forms.values()))
    opening = group.mentions[0].first
    before = prose.lowers[opening - 1] if opening else ""
    return _Look(
        tuple(forms.values()),
        about,
        frozenset(a for f in forms.values() if (a := _acronym(f))),
        frozenset(i for f in forms.values() for i in _initials(f)),
        tuple((c.passage, c.first, c.last) for c in islice(group.mentions, _PLACES)),
        (before in _BACK) + 2 * (prose.lowers[opening] in _BACK),
        not about.isdisjoint(_less()),
    )


@cache
def _less() -> frozenset[str]:
    """Words that make what they stand with less or end it: the opposite of it by the same words."""
    return word_set("scopes", "losses") | word_set("scopes", "lessening")


def _acronym(form: _Form) -> str:
    """The capitals of a name of one word that has several."""
    capitals = "".join(filter(str.isupper, form.words[0])) if len(form.words) == 1 else ""
    return capitals if len(capitals) > 1 else ""


def _initials(form: _Form) -> Iterator[str]:
    """What an acronym of a name of several words would be: of all of them, or of the capitals."""
    if len(form.words) > 1:
        yield "".join(word[0] for word in form.words).upper()
        yield "".join(word[0] for word in form.words if word[0].isupper())


def _vectors(naming: Floats, groups: Sequence[Group]) -> Floats:
    """Of each group the mean of its mentions, each the mean of the states of its words."""
    places = [(i, c.first, c.last) for i, g in enumerate(groups) for c in g.mentions[:_PLACES]]
    group, first, last = np.array(places, np.int64).reshape(-1, 3).T
    found = means(naming, first, last)
    many = np.bincount(group)[:, None]
    sums = np.add.reduceat(found, np.searchsorted(group, np.arange(len(groups))))
    return (sums / many).astype(np.float32)


def _near(vectors: Floats) -> tuple[Integers, Integers, Floats, Integers, Integers]:
    """Pairs of which one is among the nearest of the other: likeness, and rank of each for each.

    Rows are looked at in blocks, so that the memory it takes does not grow with their square.
    """
    size = len(vectors)
    wide = min(_NEAREST, size - 1)
    nearest = np.zeros((size, wide), np.int64)
    for start in range(0, size, _BLOCK):
        alike = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(alike))
        alike[rows, start + rows] = -np.inf
        nearest[start : start + _BLOCK] = _best(alike, wide) if wide else 0
    x, y = np.repeat(np.arange(size), wide), nearest.reshape(-1)
    a, b = np.divmod(np.unique(np.minimum(x, y) * size + np.maximum(x, y)), size)
    ends = x * size + y
    order = np.argsort(ends)

    def ranks(keys: Integers) -> Integers:
        at = order[np.minimum(np.searchsorted(ends[order], keys), len(order) - 1)]
        return np.where(ends[at] == keys, at % wide, wide)

    likeness = np.einsum("ij,ij->i", vectors[a], vectors[b])
    return a, b, likeness, ranks(a * size + b), ranks(b * size + a)


def _best(alike: Floats, wide: int) -> Integers:
    """Columns of the highest values of each row, highest first."""
    some = np.argpartition(-alike, wide - 1, 1)[:, :wide]
    order = np.argsort(-np.take_along_axis(alike, some, 1), 1, kind="stable")
    return np.take_along_axis(some, order, 1)


def _words_in_common(one: _Look, other: _Look, spread: Mapping[str, int]) -> tuple[float, ...]:
    """How alike the two most alike forms are; rare words of the text count by their rareness."""
    return max(_alike(a, b, spread) for a, b in product(one.forms, other.forms))


def _alike(a: _Form, b: _Form, spread: Mapping[str, int]) -> tuple[float, ...]:
    shared, unshared = a.content & b.content, a.content ^ b.content
    return (
        len(shared) / (len(shared) + len(unshared)),
        len(shared) / min(len(a.content), len(b.content)),
        len(shared),
        len(unshared),
        a.head == b.head,
        a.first == b.first,
        a.text in b.text or b.text in a.text,
        len(a.content),
        len(b.content),
        sum(1 / spread[word] for word in shared),
        sum(1 / spread[word] for word in unshared),
    )


def _apart(one: _Look, other: _Look) -> tuple[int, int, bool]:
    """Passages and words between the closest mentions, and whether they lie in each other."""
    closest = list(product(one.places, other.places))
    words = min(max(q[1] - p[2], p[1] - q[2]) for p, q in closest)
    return min(abs(p[0] - q[0]) for p, q in closest), min(words, _FAR), words < 0
