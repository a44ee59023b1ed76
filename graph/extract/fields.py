"""Finds entities of type Field: known names of fields, phrases built like them, lists of them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from graph.extract import known
from graph.extract.cues import load, word_set
from graph.extract.draft import Draft
from graph.extract.passages import Passage, Prose
from graph.records import Document

_ACRONYM = re.compile(r" ?\([\"“']?([A-Z][A-Za-z&]{1,7})[\"”']?\)")


@dataclass(slots=True)
class _Find:
    first: int
    last: int
    rule: str
    key: str | None
    sure: bool


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Field in the order of their first mention."""
    finds = _without_overlap([*_known(prose), *_terms(prose), *_built(prose)])
    by_token = {t: f for f in finds for t in range(f.first, f.last)}
    listed: list[_Find] = []
    for passage in prose.passages:
        listed += _in_lists(prose, passage, by_token)
    drafts: dict[tuple[str | None, str], Draft] = {}
    for found in sorted([*finds, *listed], key=lambda f: f.first):
        _add(prose, drafts, found)
    unique = {id(d): d for d in drafts.values()}.values()
    for draft in unique:
        draft.mentions = sorted(set(draft.mentions))
    return sorted(unique, key=lambda d: d.mentions[0])


def _add(prose: Prose, drafts: dict[tuple[str | None, str], Draft], found: _Find) -> None:
    """Give a find to the field it names; inside another name it opens no field of its own."""
    start, end = prose.starts[found.first], prose.ends[found.last - 1]
    core = (None, _core(prose.lowers[found.first : found.last]))
    draft = drafts.get(core)
    if draft is None:
        if not found.sure or _is_in_name(prose, found):
            return
        draft = drafts[core] = Draft("Field", [], found.rule, authority=found.key)
    draft.mentions.append((start, end))
    draft.authority = draft.authority or found.key
    if acronym := _ACRONYM.match(prose.text, end):
        drafts.setdefault((None, acronym.group(1).lower()), draft)
        draft.mentions.append(acronym.span(1))


def _core(words: list[str]) -> str:
    """The words that tell the field: without "technologies" and the like, in the singular."""
    light = word_set("fields", "light")
    core = [w for w in words if w not in light] or words
    return " ".join(w[:-1] if w.endswith("s") and w[-2:] not in ("ss", "cs") else w for w in core)


def _known(prose: Prose) -> Iterator[_Find]:
    ordinary = word_set("fields", "ordinary")
    for hit in known.find(prose, "Field"):
        first, last = prose.token_at(hit.start), prose.token_at(hit.end - 1) + 1
        if prose.starts[first] == hit.start:
            name = " ".join(prose.lowers[first:last])
            yield _Find(first, last, "authority", hit.keys[0], name not in ordinary)


@cache
def _term_index() -> dict[str, list[tuple[str, ...]]]:
    index: dict[str, list[tuple[str, ...]]] = {}
    for term in load("fields")["terms"]:
        words = tuple(term.split())
        index.setdefault(words[0], []).append(words)
    return index


def _terms(prose: Prose) -> Iterator[_Find]:
    index = _term_index()
    for token, lower in enumerate(prose.lowers):
        for words in index.get(lower, ()):
            if tuple(prose.lowers[token : token + len(words)]) == words:
                yield _Find(token, token + len(words), "term", None, True)


def _built(prose: Prose) -> Iterator[_Find]:
    """Disciplines by their ending, and "technology" or "sciences" of something named."""
    heads, generic = word_set("fields", "heads"), word_set("fields", "generic")
    endings, not_fields = tuple(load("fields")["endings"]), word_set("fields", "not_fields")
    for token, lower in enumerate(prose.lowers):
        if lower in heads:
            first = token
            while first and token - first < 3 and _specifies(prose, first - 1, token, generic):
                first -= 1
            if first < token:
                yield _Find(first, token + 1, "head", None, True)
        elif lower.endswith(endings) and lower not in not_fields:
            yield _Find(token, token + 1, "ending", None, True)


def _specifies(prose: Prose, token: int, head: int, generic: Container[str]) -> bool:
    """Whether the word before the head of a field's name says which field is meant."""
    lower = prose.lowers[token]
    kinds = "NG" if token == head - 1 else "N"
    return (
        prose.tags[token] in kinds
        and prose.words[token].islower()
        and lower not in generic
        and len(lower) > 3
        and prose.starts[token + 1] - prose.ends[token] == 1
    )


def _without_overlap(finds: Iterable[_Find]) -> list[_Find]:
    kept: list[_Find] = []
    for found in sorted(finds, key=lambda f: (f.first, -f.last)):
        if not kept or found.first >= kept[-1].last:
            kept.append(found)
    return kept


def _is_in_name(prose: Prose, found: _Find) -> bool:
    """Whether capitalised words go on before or behind, as in "Institute of Physics"."""
    word = prose.words[found.first]
    if not word[0].isupper():
        return False
    before, behind = found.first - 1, found.last
    while before > 0 and prose.lowers[before] in ("of", "and", "&", "for", "the"):
        before -= 1
    while behind < len(prose.words) - 1 and prose.lowers[behind] in ("and", "&"):
        behind += 1
    return (
        before >= 0
        and prose.tags[before] == "X"
        and "\n" not in prose.text[prose.ends[before] : prose.starts[found.first]]
        and found.first - before < 4
    ) or (
        behind < len(prose.words)
        and prose.tags[behind] == "X"
        and "\n" not in prose.text[prose.ends[found.last - 1] : prose.starts[behind]]
    )


def _in_lists(prose: Prose, passage: Passage, by_token: dict[int, _Find]) -> Iterator[_Find]:
    """Items of a list of which two others are fields are fields too."""
    if sum(t in by_token for t in range(passage.first, passage.last)) < 2:
        return
    run: list[tuple[int, int]] = []
    first = passage.first
    for token in range(passage.first, passage.last + 1):
        end = token == passage.last or prose.tags[token] not in "ANXG#"
        if not end:
            continue
        item = (first, token)
        joint = token < passage.last and prose.tags[token] in ",C"
        if token > first:
            run.append(item)
        elif not run or prose.tags[token - 1] not in ",C":
            run = []
        if not joint:
            yield from _listed(prose, run, by_token)
            run = []
        first = token + 1


def _listed(
    prose: Prose, run: list[tuple[int, int]], by_token: dict[int, _Find]
) -> Iterator[_Find]:
    fields = [by_token.get(last - 1) for _, last in run]
    sure = sum(f is not None and f.sure for f in fields)
    if len(run) < 3 or sure < 2 or 2 * sure < len(run) - 1:
        return
    for (first, last), field in zip(run, fields, strict=True):
        if field is not None:
            field.sure = True
        elif last - first <= 3 and _may_be_listed(prose, first, last, by_token):
            yield _Find(first, last, "list", None, True)


def _may_be_listed(prose: Prose, first: int, last: int, by_token: Mapping[int, _Find]) -> bool:
    """Whether an item of a list says what it is, and is no name."""
    edges = {prose.lowers[first], prose.lowers[last - 1]}
    return (
        edges.isdisjoint(word_set("fields", "not_listed"))
        and all(t not in by_token for t in range(first, last))
        and not any(tag in "X#" for tag in prose.tags[first:last])
    )
