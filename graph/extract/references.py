"""Finds entities of type Event and Document."""

from __future__ import annotations

from graph.extract.cues import word_set
from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document, EntityType


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Event and Document in the order of their first mention."""
    drafts = [
        *_drafts(prose, "Event", "events"),
        *_drafts(prose, "Document", "documents"),
    ]
    return sorted(drafts, key=lambda d: d.mentions[0])


def _drafts(prose: Prose, type_: EntityType, subject: str) -> list[Draft]:
    heads, lower_heads = word_set(subject, "heads"), word_set(subject, "lower")
    particular = word_set("events", "particular")
    by_name: dict[str, Draft] = {}
    by_head: dict[str, Draft] = {}
    for token, lower in enumerate(prose.lowers):
        capital = prose.words[token][0].isupper()
        if capital and lower in heads and prose.tags[token] in "XN":
            first, rule = _capitals_before(prose, token), "name"
            if first == token:
                continue
        elif not capital and lower in lower_heads and prose.tags[token] in "NV":
            first = _modifiers_before(prose, token)
            if first < token and (
                type_ == "Document"
                or particular.intersection(prose.lowers[first:token])
                or prose.words[first][0].isupper()
            ):
                rule = "phrase"
            elif lower in by_head or (
                type_ == "Document"
                and token
                and prose.lowers[token - 1] in ("the", "this", "its", "their")
            ):
                first, rule = token, "description"
            else:
                continue
            if prose.tags[token + 1 : token + 2] == "N":
                continue
        else:
            continue
        span = (prose.starts[first], prose.ends[token])
        name = prose.text[span[0] : span[1]].lower()
        draft = by_head.get(lower) if rule == "description" else by_name.get(name)
        if draft is None:
            draft = by_name[name] = Draft(type_, [], rule)
        by_head[lower] = draft
        draft.mentions.append(span)
    return list(by_name.values())


def _capitals_before(prose: Prose, token: int) -> int:
    first = token
    while (
        first
        and prose.words[first - 1][0].isupper()
        and prose.starts[first] - prose.ends[first - 1] == 1
        and prose.tags[first - 1] in "XNA#"
    ):
        first -= 1
    if first and prose.tags[first - 1] == "#" and prose.starts[first] - prose.ends[first - 1] == 1:
        first -= 1
    return first


def _modifiers_before(prose: Prose, token: int) -> int:
    first = token
    while (
        first
        and prose.tags[first - 1] in "XNA#"
        and prose.starts[first] - prose.ends[first - 1] == 1
        and token - first < 4
    ):
        first -= 1
    return first
