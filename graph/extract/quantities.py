"""Finds entities of type Quantity: money, shares, counts and deadlines of goals and means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from graph.extract.cues import load, word_set
from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.extract.subject import is_of_public_affairs
from graph.records import Document

_DIGITS = r"\d+(?:[.,   ]\d{3})*(?:[.,]\d+)?"
_YEAR = r"(?:(?:19|20)\d\d(?:[-–/](?:\d{4}|\d{2}))?)"
_SEASON = (
    r"(?:early|late|mid-?|summer|spring|autumn|winter|January|February|March|April|May|June|July|"
    r"August|September|October|November|December)"
)
# A figure is worth a look where there is a digit or a word that begins one.
_ANY_FIGURE = re.compile(
    r"\d|\b(?:billions|millions|hundreds|thousands|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"twelve|half|end of)\b"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A way to write a quantity; `cue` is the list of words of which its sentence needs one.

    It needs one of `words` too, where there are any: a look at them is cheaper than the pattern.
    """

    rule: str
    pattern: re.Pattern[str]
    cue: str | None
    words: frozenset[str]


_PARTS = frozenset(
    f"{number}{part}{end}"
    for number in ("", "one-", "two-", "three-")
    for part in ("third", "quarter", "tenth", "fifth")
    for end in ("", "s")
)
_PERCENT = frozenset(("%", "per", "percent", "percentage"))
_UNTIL = frozenset(("by", "until", "before", "through"))
_COMING = frozenset(("next", "coming"))


@cache
def _kinds() -> tuple[_Kind, ...]:
    def any_of(name: str) -> str:
        return "|".join(re.escape(w) for w in sorted(load("quantities")[name], key=len)[::-1])

    words = any_of("numbers")
    number = rf"(?:{_DIGITS}|(?:{words})(?:[ -](?:{words}))*)"
    big = (
        rf"(?:(?!(?:19|20)\d\d\b){_DIGITS}|(?:{words})[ -](?:hundred|thousand)"
        r"|twenty|thirty|forty|fifty|ninety)"
    )
    scale, currency, period = any_of("scales"), any_of("currencies"), any_of("periods")
    sign = (
        r"(?:(?:\b(?:US|AU|NZ|CA|HK|NT|A|C|S|R))?[$€£¥₹₩]"
        rf"|\b(?:Rs\.?|R|{any_of('codes')})(?= ?\d))"
    )
    per = r"(?: (?:per|a|an|each) (?:year|annum|month)| annually| p\.a\.)"
    span = (
        rf"(?: (?:over|for|in|within) (?:a |the )?(?:next |coming |fiscal |financial )*"
        rf"(?:{number}[ -])?(?:{period})(?: period| {_YEAR})?)"
    )
    # "in 2030" sets a date, "in 2019" tells one.
    by = rf"(?: (?:by (?:the end of )?{_YEAR}|in 20[3-9]\d))"
    many = r"(?:several )?(?:tens|hundreds|thousands|millions|billions)"
    economy = (
        r"(?: of (?:the |its |their )?(?:GDP|gross domestic product|national income)"
        r"| of (?:all|the total)(?: [a-z-]+){1,3})"
    )
    noun = any_of("counted")
    sources: tuple[tuple[str, str, str | None, Iterable[str]], ...] = (
        ("money", rf"{sign} ?{_DIGITS}(?:[ -]?(?:{scale})\b)*{per}?(?:{by}|{span})?", None, ()),
        (
            "money",
            rf"\b(?:{number}|{many})(?:[ -](?:of )?(?:{scale}))*(?: of)?(?: [a-z]+-[a-z]+)?"
            rf"(?: (?-i:[A-Z]+[a-z]*))?[ -](?:{currency})\b{per}?(?:{by}|{span})?",
            None,
            load("quantities")["currencies"],
        ),
        (
            "share",
            rf"\b{_DIGITS}(?:[-–]{_DIGITS})? ?(?:%|per ?cent\b|percentage points?\b)"
            rf"{economy}?(?:{by}|{span})?",
            "firm",
            _PERCENT,
        ),
        ("share", r"\b(?:one|two|three)[ -](?:third|quarter|tenth|fifth)s?\b", "firm", _PARTS),
        ("share", r"\bhalf (?:of )?(?:the|its) [\w-]+(?: average)?\b", "firm", ("half",)),
        (
            "count",
            rf"(?<![\w.,-]){big}(?: (?:{scale}))?(?: [a-z-]+){{0,2}} (?:{noun})\b{by}?",
            "makes",
            load("quantities")["counted"],
        ),
        (
            "measure",
            rf"(?<![\w.,-]){_DIGITS}(?:[-–]{_DIGITS})? (?:{any_of('units')})",
            "policy",
            (),
        ),
        (
            "deadline",
            rf"(?:(?<=\bby )|(?<=\buntil )|(?<=\bbefore )|(?<=\bthrough to ))(?:the )?"
            rf"((?:(?:end|middle|beginning|close) of )?(?:{_SEASON}[ -]?)?{_YEAR})\b"
            r"(?!(?-i: [A-Z]))",
            "policy",
            _UNTIL,
        ),
        (
            "deadline",
            rf"(?<!\d )\b((?:end of (?:this year|next year|{_SEASON}|{_YEAR})"
            rf"|{_SEASON} {_YEAR}))\b",
            "ahead",
            (),
        ),
        ("deadline", rf"\bfor {_YEAR.replace('?)', ')')}\b", "policy", ("for",)),
        (
            "deadline",
            rf"(?:(?<=\bwithin )|(?<=\bover )|(?<=\bin )|(?<=\bfor ))(?:the )?"
            rf"((?:(?:next |coming )(?:{number}[ -])?|{number}[ -])(?:{period}))\b(?! ago)",
            "policy",
            (),
        ),
        ("deadline", rf"\b(?:next|coming) {number} (?:{period})\b", "policy", _COMING),
        ("deadline", rf"\b{number} (?:{period})(?= (?:from|after|of) the date)", None, ("date",)),
        ("duration", rf"(?<![\w.,]){number}[ -](?:year|month)(?= (?-i:[a-z]))", "policy", ()),
    )
    return tuple(
        _Kind(rule, re.compile(source, re.I), cue, frozenset(needed))
        for rule, source, cue, needed in sources
    )


def find(prose: Prose, document: Document) -> list[Draft]:
    """Entities of type Quantity in the order of their first mention.

    There are none in a document that is not about policy: an amount there belongs to nothing.
    """
    if not is_of_public_affairs(prose):
        return []
    drafts: dict[str, Draft] = {}
    taken = -1
    for start, end, rule in _spans(prose):
        if start < taken:
            continue
        taken = end
        key = _amount(prose.text[start:end])
        if key in drafts and len(key) > 4:
            drafts[key].mentions.append((start, end))
        else:
            name = f"{key}@{start}" if key in drafts else key
            drafts[name] = Draft("Quantity", [(start, end)], rule)
    return sorted(drafts.values(), key=lambda d: d.mentions[0])


_TAIL = re.compile(r" (?:for|in|over|within) .*$")


def _amount(text: str) -> str:
    """The amount without the time it is for, so that both ways to write it are one."""
    return _TAIL.sub("", " ".join(text.lower().split()))


def _spans(prose: Prose) -> Iterator[tuple[int, int, str]]:
    cues = {name: word_set("quantities", name) for name in ("policy", "ahead", "firm", "makes")}
    for passage in prose.passages:
        if not _ANY_FIGURE.search(prose.text, passage.start, passage.end):
            continue
        words = frozenset(prose.lowers[passage.first : passage.last])
        met = {name for name, cue in cues.items() if not cue.isdisjoint(words)}
        found: list[tuple[int, int, str]] = []
        for kind in _kinds():
            if kind.cue is not None and kind.cue not in met:
                continue
            if kind.words and kind.words.isdisjoint(words):
                continue
            for match in kind.pattern.finditer(prose.text, passage.start, passage.end):
                start, end = match.span(match.lastindex or 0)
                found.append((start, end, kind.rule))
        found.sort(key=lambda f: (f[0], -f[1]))
        yield from found
