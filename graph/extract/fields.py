"""Finds entities of type Field: known names of fields, and phrases built like them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.extract import known
from graph.extract.cues import word_set
from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Field in the order of their first mention."""
    drafts: dict[str, Draft] = {}
    end_of_last = -1
    for start, end, rule, key in sorted(_spans(prose), key=lambda s: (s[0], -s[1])):
        if start < end_of_last:
            continue
        end_of_last = end
        name = _normal(prose.text[start:end])
        draft = drafts.get(name)
        if draft is None:
            draft = drafts[name] = Draft("Field", [], rule, authority=key)
        draft.mentions.append((start, end))
        acronym = re.compile(r" ?\(([A-Z][A-Za-z&]{1,7})\)").match(prose.text, end)
        if acronym:
            drafts.setdefault(_normal(acronym.group(1)), draft)
            draft.mentions.append(acronym.span(1))
    return sorted({id(d): d for d in drafts.values()}.values(), key=lambda d: d.mentions[0])


def _spans(prose: Prose) -> Iterator[tuple[int, int, str, str | None]]:
    for hit in known.find(prose, "Field"):
        yield hit.start, hit.end, "authority", hit.keys[0]
    yield from _patterns(prose)


def _patterns(prose: Prose) -> Iterator[tuple[int, int, str, str | None]]:
    """Disciplines by their ending, and "science", "technology", "research" of something named."""
    generic = word_set("fields", "generic")
    heads = word_set("fields", "heads")
    common = word_set("fields", "common")
    for token, lower in enumerate(prose.lowers):
        if lower in heads:
            first = token
            while (
                first
                and prose.tags[first - 1] in "ANX"
                and prose.lowers[first - 1] not in common
                and prose.starts[first] - prose.ends[first - 1] == 1
            ):
                first -= 1
                if token - first == 3:
                    break
            if first < token and prose.lowers[token - 1] not in generic:
                yield prose.starts[first], prose.ends[token], "head", None
        elif lower.endswith(("ology", "onics", "omics")) and lower not in generic:
            yield prose.starts[token], prose.ends[token], "ending", None


def _normal(name: str) -> str:
    """Lower case, singular; a field and its technology are one."""
    words = name.lower().replace("technologies", "technology").split()
    return " ".join(
        w[:-1] if w.endswith("s") and not w.endswith(("ics", "ss")) else w for w in words
    )
