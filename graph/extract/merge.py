"""Brings the mentions of one goal or instrument together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from graph.extract.draft import Draft
from graph.extract.passages import Prose, lexicon
from graph.extract.policy_cues import Find, goal_cues

# Tags of the words that carry what a phrase is about.
CONTENT = frozenset("NXAGE#V")
_GENERIC = frozenset(("new", "joint", "our", "further", "continued", "other", "such"))
# Among how many of the latest things a short name may find its long one.
_RECENT = 100


@dataclass(slots=True, eq=False)
class _Thing:
    """A goal or an instrument with its content words and all its mentions (tokens)."""

    rule: str
    head: str
    named: bool
    words: frozenset[str]
    mentions: list[tuple[int, int]]
    passage: int
    aliases: set[str] = field(default_factory=set)


def goals(prose: Prose, finds: Iterable[Find]) -> list[Draft]:
    """One draft for the finds that name the same goal; its rule is that of the first of them."""
    things: dict[frozenset[str], _Thing] = {}
    for find in finds:
        words = _aim(_content(prose, find))
        thing = things.get(words)
        if thing is None:
            things[words] = _Thing(
                find.rule, find.head, False, words, [(find.first, find.last)], find.passage
            )
        else:
            thing.mentions.append((find.first, find.last))
    return [_draft(prose, "Goal", t) for t in things.values()]


def instruments(prose: Prose, finds: Sequence[Find]) -> list[Draft]:
    """One draft for the finds that name the same instrument, with its acronyms and short forms.

    A later, shorter name with the same head is the last longer one before it ("the Green Fund"
    after "the National Green Fund"), and so is "the Fund".
    """
    things: list[_Thing] = []
    by_words: dict[frozenset[str], _Thing] = {}
    by_head: dict[str, list[_Thing]] = {}
    for find in finds:
        named = find.rule in ("named", "created", "told")
        words = _content(prose, find if named else _without_tail(prose, find))
        thing = by_words.get(words) or _longer(by_head.get(find.head, []), words, named)
        if find.rule == "bare" and find.head in by_head and _points_back(prose, find):
            first, last = by_head[find.head][-1].mentions[0]
            if prose.lowers[find.last - 1] in prose.lowers[first:last]:  # "the funds" are no fund
                thing = by_head[find.head][-1]
        if thing is None:
            thing = _Thing(find.rule, find.head, named, words, [], find.passage)
            things.append(thing)
            by_head.setdefault(find.head, []).append(thing)
        by_words.setdefault(words, thing)
        thing.mentions.append((find.first, find.last))
        if named and (alias := _acronym(prose, find)):
            thing.aliases.add(alias)
    _add_names(prose, things)
    _add_acronyms(prose, things)
    _add_descriptions(prose, by_head)
    return [_draft(prose, "Instrument", t) for t in things]


def _points_back(prose: Prose, find: Find) -> bool:
    """Whether the words before say that the thing was named before ("the fund", "its budget")."""
    return find.first > 0 and prose.lowers[find.first - 1] in _BACK


_BACK = frozenset(("the", "this", "that", "these", "those", "its", "their", "such"))


def _longer(things: list[_Thing], words: frozenset[str], named: bool) -> _Thing | None:
    """The last thing whose name holds all these words."""
    if not named:
        return None
    for thing in reversed(things[-_RECENT:]):
        if thing.named and (words < thing.words or thing.words < words):
            return thing
    return None


def _acronym(prose: Prose, find: Find) -> str:
    """The acronym in brackets behind a name, or the one before a name in brackets."""
    words, last, size = prose.words, find.last, len(prose.words)
    if last + 2 < size and words[last] == "(":
        inner = last + 1 + (prose.tags[last + 1] == '"')
        if inner + 1 < size and words[inner + 1] in (")", '"', "”") and _is_acronym(words[inner]):
            return words[inner]
    enclosed = find.first > 1 and words[find.first - 1] == "(" and words[last : last + 1] == [")"]
    return words[find.first - 2] if enclosed and _is_acronym(words[find.first - 2]) else ""


def _is_acronym(word: str) -> bool:
    return 1 < len(word) < 12 and sum(c.isupper() for c in word) > 1


def _add_names(prose: Prose, things: Sequence[_Thing]) -> None:
    """Add the other places where the text repeats a name that no head noun gives away."""
    owners: dict[str, list[tuple[list[str], _Thing]]] = {}
    for thing in things:
        if thing.rule in ("created", "told"):
            first, last = thing.mentions[0]
            name = prose.words[first:last]
            owners.setdefault(name[0], []).append((name, thing))
    if not owners:
        return
    covered = {i for thing in things for a, b in thing.mentions for i in range(a, b)}
    for at, word in enumerate(prose.words):
        for name, thing in owners.get(word, ()):
            if at not in covered and prose.words[at : at + len(name)] == name:
                thing.mentions.append((at, at + len(name)))


def _add_acronyms(prose: Prose, things: Sequence[_Thing]) -> None:
    owners = {alias: thing for thing in things for alias in thing.aliases}
    if not owners:
        return
    covered = {i: thing for thing in things for a, b in thing.mentions for i in range(a, b)}
    for at, word in enumerate(prose.words):
        if (thing := owners.get(word)) and covered.get(at) is not thing:
            thing.mentions.append((at, at + 1))


def _add_descriptions(prose: Prose, by_head: dict[str, list[_Thing]]) -> None:
    """Add "the Fund", "this programme" to the named thing with that head which came last."""
    forms = {form: head for head in by_head for form in (head, head.capitalize())}
    for at in range(1, len(prose.words)):
        head = forms.get(prose.words[at])
        if head is None or prose.lowers[at - 1] not in ("the", "this"):
            continue
        if prose.tags[at + 1 : at + 2] in ("N", "X") or prose.lowers[at + 1 : at + 2] == ["of"]:
            continue
        for thing in reversed(by_head[head][-_RECENT:]):
            if thing.named and thing.mentions[0][1] <= at:
                thing.mentions.append((at, at + 1))
                break


def _content(prose: Prose, find: Find) -> frozenset[str]:
    """The content words of a find in their base forms."""
    lemmas = lexicon().lemmas
    found = frozenset(
        lemmas.get(prose.lowers[i]) or _singular(prose.lowers[i])
        for i in range(find.first, find.last)
        if prose.tags[i] in CONTENT
    )
    return found - _GENERIC or found


def _aim(words: frozenset[str]) -> frozenset[str]:
    """The words without a verb that only says "more of it", where two others or more remain."""
    rest = words - goal_cues().kindred
    return rest if len(rest) > 1 else words


def _without_tail(prose: Prose, find: Find) -> Find:
    """The find up to its first preposition, where two words or more stand before it."""
    at = prose.tags.find("P", find.first, find.last)
    return replace(find, last=at) if at - find.first > 1 else find


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _draft(prose: Prose, kind: str, thing: _Thing) -> Draft:
    spans = sorted({(prose.starts[a], prose.ends[b - 1]) for a, b in thing.mentions})
    return Draft("Goal" if kind == "Goal" else "Instrument", spans, thing.rule)
