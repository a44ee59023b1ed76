"""Finds entities of type Quantity: money, shares, counts and deadlines of goals and means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from graph.extract.cues import cues, word_set
from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document

_NUMBER = r"\d+(?:[.,   ]\d{3})*(?:[.,]\d+)?"


@cache
def _patterns() -> list[tuple[str, re.Pattern[str], bool]]:
    """Rule, pattern, and whether the sentence must speak of policy."""
    lists = cues("quantities")
    scale = "|".join(sorted(lists["scales"], key=len, reverse=True))
    currency = "|".join(sorted(lists["currencies"], key=len, reverse=True))
    words = "|".join(lists["numbers"])
    number = rf"(?:{_NUMBER}|(?:{words})(?:[ -](?:{words}))*)"
    period = "|".join(lists["periods"])
    counted = "|".join(sorted(lists["counted"], key=len, reverse=True))
    sign = r"(?:(?:US|AU|NZ|CA|A|C|S|HK|NT|R)?[$€£¥₹₩]|\b(?:Rs\.?|INR|USD|EUR|GBP|CNY|RMB|ZAR|R)(?=[ ]?\d))"
    year = r"(?:(?:19|20)\d\d(?:[-/–](?:\d{2}|\d{4}))?)"
    per = r"(?: (?:per|a|an|each) (?:year|annum|month)| annually| p\.a\.)"
    over = rf"(?: (?:over|for|in|within) (?:the )?(?:next |coming |fiscal |financial |FY)*(?:{number}[ -])?(?:{period})(?: {year})?)"
    by = rf"(?: by (?:the end of )?{year})"
    sources = (
        ("money", rf"{sign} ?{_NUMBER}(?:[ -]?(?:{scale})\b)*{per}?(?:{by}|{over})?", False),
        (
            "money",
            rf"\b(?:{number}|several|tens|hundreds|thousands|millions|billions|tens of|hundreds of)"
            rf"(?:[ -](?:of )?(?:{scale}))*(?: of)?(?: US| Australian| Canadian)?[ -](?:{currency})\b{per}?{by}?",
            False,
        ),
        (
            "share",
            rf"\b{_NUMBER}(?:[-–]{_NUMBER})? ?(?:%|per ?cent\b|percentage points?\b)"
            rf"(?: of (?:the )?(?:GDP|gross domestic product|national income|total [a-z]+))?{by}?",
            True,
        ),
        (
            "count",
            rf"\b(?<![.,\d-]){number}(?: (?:new|more|additional|small|young|full-time))*(?: [a-z-]+)? (?:{counted})\b{by}?",
            True,
        ),
        (
            "deadline",
            rf"\b(?:(?<=by )|(?<=until )|(?<=before ))(?:the )?(?:(?:end|middle|beginning|close) of )?(?:(?:early|late|mid-?|summer|spring|autumn|fall|winter|January|February|March|April|May|June|July|August|September|October|November|December)[ -]?)?{year}\b",
            True,
        ),
        (
            "deadline",
            rf"\b(?:(?<=within )|(?<=over )|(?<=in )|(?<=for ))(?:the )?((?:next |coming )?{number}[ -](?:{period}))\b(?! ago)",
            True,
        ),
        ("deadline", rf"\b(?:next|coming) {number} (?:{period})\b", True),
    )
    return [(rule, re.compile(source), strict) for rule, source, strict in sources]


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Quantity in the order of their first mention."""
    drafts: dict[str, Draft] = {}
    taken: list[tuple[int, int]] = []
    for start, end, rule in _spans(prose):
        if taken and start < taken[-1][1]:
            continue
        taken.append((start, end))
        key = f"{' '.join(prose.text[start:end].split()).lower()}"
        if key in drafts and len(key) > 5:
            drafts[key].mentions.append((start, end))
        else:
            drafts[f"{key}@{start}" if key in drafts else key] = Draft(
                "Quantity", [(start, end)], rule
            )
    return sorted(drafts.values(), key=lambda d: d.mentions[0])


def _spans(prose: Prose) -> Iterator[tuple[int, int, str]]:
    policy = word_set("quantities", "policy")
    for passage in prose.passages:
        tags = prose.tags[passage.first : passage.last]
        if (
            "#" not in tags
            and "$" not in tags
            and not _mentions_money(prose, passage.first, passage.last)
        ):
            continue
        relevant = not policy.isdisjoint(prose.lowers[passage.first : passage.last])
        found: list[tuple[int, int, str]] = []
        for rule, pattern, strict in _patterns():
            if strict and not relevant:
                continue
            for match in pattern.finditer(prose.text, passage.start, passage.end):
                start, end = match.span(match.lastindex or 0)
                if prose.text.startswith("the ", start):
                    start += 4
                found.append((start, end, rule))
        found.sort(key=lambda f: (f[0], -f[1]))
        yield from found


def _mentions_money(prose: Prose, first: int, last: int) -> bool:
    return any(
        lower in ("billions", "millions", "hundreds", "thousands")
        for lower in prose.lowers[first:last]
    )
