"""Finds entities of type Event and Document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph.extract.cues import word_set
from graph.extract.draft import Draft
from graph.extract.passages import Passage, Prose, lexicon
from graph.records import Document, EntityType

_ARTICLES = frozenset(
    ("a", "an", "the", "this", "its", "his", "her", "their", "our", "my", "'s", "’s")
)
_INSIDE = frozenset(("and", "&", "'s", "’s", "'", "’"))
_OPENS = frozenset(("of", "on", "to"))
_TOPICS = frozenset(("of", "on", "to", "in", "for"))
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?|(?:19|20)\d\d")
_COUNTED = re.compile(r"\d|world|international|annual|european|\w(?:th|first|second|third)\b")
_QUOTED = re.compile(r"[“\"]([A-Z][^“”\"\n]{8,140})[”\"]")


@dataclass(slots=True)
class _Find:
    first: int
    last: int
    rule: str
    head: str


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Event and Document in the order of their first mention."""
    drafts = [
        *_gather(prose, "Event", "events"),
        *_gather(prose, "Document", "documents"),
        *_titles(prose),
    ]
    return sorted(drafts, key=lambda d: d.mentions[0])


def _gather(prose: Prose, type_: EntityType, subject: str) -> list[Draft]:
    """Names and phrases with a head; a bare head means the last thing that has it."""
    drafts: list[Draft] = []
    by_head: dict[str, list[tuple[frozenset[str], Draft]]] = {}
    for found in _finds(prose, subject):
        span = (prose.starts[found.first], prose.ends[found.last - 1])
        words = frozenset(prose.lowers[found.first : found.last]) - _ARTICLES
        named = by_head.setdefault(found.head.removesuffix("s"), [])
        draft = next((d for w, d in named[:-40:-1] if words <= w), None)
        if draft is None:
            draft = next((d for w, d in named[:-40:-1] if w < words and len(w) > 1), None)
        if draft is None:
            if found.rule == "mention":
                continue
            draft = Draft(type_, [], found.rule)
            drafts.append(draft)
        draft.mentions.append(span)
        named.append((words, draft))
    return drafts


def _finds(prose: Prose, subject: str) -> Iterator[_Find]:
    names, lowers = word_set(subject, "heads"), word_set(subject, "lower")
    for passage in prose.passages:
        reached = passage.first
        for token in range(passage.first, passage.last):
            lower = prose.lowers[token]
            if token < reached or (lower not in names and lower not in lowers):
                continue
            capital = prose.words[token][0].isupper() and token > passage.first
            found = None
            if capital and lower in names:
                found = _name(prose, passage, reached, token)
            elif lower in lowers and prose.tags[token] in "NV":
                found = _phrase(prose, subject, passage, reached, token)
            if found is not None:
                reached = found.last
                yield found


def _name(prose: Prose, passage: Passage, limit: int, head: int) -> _Find | None:
    """Capitalised words up to the head, with a number before and a phrase behind it."""
    first = head
    while first > limit and head - first < 12 and _adjoins(prose, first):
        word = prose.words[first - 1]
        if word[0].isupper() and prose.tags[first - 1] in "XNAE":
            first -= 1
        elif prose.lowers[first - 1] in _INSIDE and _capital(prose, first - 2, limit):
            first -= 2
        else:
            break
    if first > limit and _ORDINAL.fullmatch(prose.words[first - 1]):
        first -= 1
    if prose.lowers[head] == "congress" and not _COUNTED.search(" ".join(prose.lowers[first:head])):
        return None  # a parliament
    if prose.lowers[head] == "convention" and prose.lowers[head + 1 : head + 2] in _TREATY:
        return None
    last = _tail(prose, passage, head + 1)
    if last - first == 1 or (last < passage.last and prose.tags[last] == "X"):
        return None
    return _Find(first, last, "name", prose.lowers[head])


# What follows where a convention is a treaty ("Convention on Wetlands").
_TREATY = (["on"], ["for"], ["against"], ["concerning"])


def _adjoins(prose: Prose, token: int) -> bool:
    return prose.starts[token] - prose.ends[token - 1] <= 1


def _capital(prose: Prose, token: int, limit: int) -> bool:
    return token >= limit and prose.words[token][0].isupper() and prose.tags[token] in "XNA"


def _tail(prose: Prose, passage: Passage, last: int) -> int:
    """Take in "on Ageing and Health" behind a name, as far as capitals go."""
    end = last
    while end + 1 < passage.last and prose.lowers[end] in ("of", "on", "for"):
        behind = end + 1 + (prose.lowers[end + 1] == "the")
        if behind >= passage.last or not prose.words[behind][0].isupper():
            break
        end = behind + 1
        while end < passage.last and (
            prose.words[end][0].isupper()
            or (
                prose.words[end] in (",", "and", "&")
                and end + 1 < passage.last
                and (prose.words[end + 1][0].isupper() or prose.words[end + 1] == "and")
                and prose.lowers[end - 1] != prose.lowers[end]
            )
        ):
            end += 1
    while end > last and prose.words[end - 1] in (",", "and", "&"):
        end -= 1
    return end


def _phrase(prose: Prose, subject: str, passage: Passage, limit: int, head: int) -> _Find | None:
    """A head in lower case with words that make it particular, or one that needs none."""
    tags, lowers = prose.tags, prose.lowers
    if tags[head + 1 : head + 2] in ("N", "X") and head + 1 < passage.last:
        return None
    if head > passage.first and _is_verb(prose, passage, head):
        return None
    plain = word_set(subject, "plain")
    first = head
    while first > limit and tags[first - 1] in "XNA#" and _adjoins(prose, first):
        if lowers[first - 1] in plain or head - first == 4:
            break
        first -= 1
    opener = lowers[first - 1] if first > passage.first else ""
    last = _with_topic(prose, passage, head + 1)
    if subject == "events" and first < head:
        last = head + 1
    elif subject == "documents" and first == last - 1 and lowers[last : last + 1] == ["by"]:
        last = _with_author(prose, passage, last)
    if first < head or last > head + 1:
        if first == head and lowers[head] in word_set("documents", "modified_only"):
            return None
        return _Find(first, last, "phrase", lowers[head])
    if subject == "events":
        alone = lowers[head] in word_set("events", "bare") and opener in _ARTICLES
    else:
        alone = lowers[head] not in word_set("documents", "modified_only") and opener in _ARTICLES
    return _Find(head, head + 1, "bare" if alone else "mention", lowers[head])


def _is_verb(prose: Prose, passage: Passage, head: int) -> bool:
    """Whether a plural noun is the subject of the head ("professors report")."""
    noun = prose.tags[head - 1] == "N" or head - 1 == passage.first
    plural = noun and prose.lowers[head - 1].endswith("s")
    return plural and prose.lowers[head] in lexicon().lemmas


def _with_topic(prose: Prose, passage: Passage, last: int) -> int:
    """Take in "of" or "on" and the noun phrase behind a head that has nothing before it."""
    end = last
    while (
        end + 1 < passage.last
        and prose.lowers[end] in (_TOPICS if end > last else _OPENS)
        and end - last < 5
    ):
        behind = end + 1
        while behind < passage.last and prose.tags[behind] in "DANXG" and behind - end < 7:
            behind += 1
        if behind == end + 1 or prose.tags[behind - 1] not in "NX":
            break
        end = behind
    return end


def _with_author(prose: Prose, passage: Passage, last: int) -> int:
    """Take in "by the Academy of Sciences" behind a head that has nothing before it."""
    end = last + 1 + (prose.lowers[last + 1 : last + 2] == ["the"])
    first = end
    while end < passage.last and (prose.tags[end] == "X" or prose.lowers[end] in ("of", "for")):
        end += 1
    return end if end > first else last


def _titles(prose: Prose) -> Iterator[Draft]:
    """Titles in quotation marks behind "the article" and the like."""
    titled = word_set("documents", "titled")
    for match in _QUOTED.finditer(prose.text):
        token = prose.token_at(match.start())
        before = prose.lowers[max(token - 3, 0) : token]
        words = match.group(1).split()
        capitals = sum(w[0].isupper() for w in words)
        if titled.intersection(before) and len(words) > 1 and 2 * capitals >= len(words):
            start, end = match.span(1)
            while prose.text[end - 1] in ".,;":
                end -= 1
            yield Draft("Document", [(start, end)], "title")
