"""How the words of a document look: its Markdown shown as what it means, offsets left as they are.

Documents keep the text that was written, marks and all, for every fact counts characters in it. So
nothing is taken out here: each character has a look, and marks have the look of not being seen.
What is no Markdown has hardly a mark that stands in a pair, and looks as it was written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

# What a part can be beside plain, as elements of HTML; and what is not seen.
STRONG, EMPHASIS, CODE, DELETED, UNSEEN = "strong", "em", "code", "del", "unseen"

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:(=+)|-{2,})[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r"^ {0,3}(`{3,})[^`\n]*$", re.MULTILINE)
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_ITEM = re.compile(r"[ \t]*[-*+][ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*\d{1,9}[.)][ \t]+(?=\S)")
_TABLE_LINE = re.compile(
    r"[ \t]*\|?(?=[^\n]*\|)[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$"
)
_TABLE_ROW = re.compile(r"[ \t]*(\|)[^\n]*(\|)[ \t]*$")

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_AUTOMATIC = re.compile(r"<(https?://[^\s<>]+)>")
_LINK = re.compile(
    r"(!?\[)([^\]\[\n]{0,500})(\]\(\s{0,9}<?([^()\s<>]{0,2000}(?:\([^()\s<>]{0,200}\))?"
    r"[^()\s<>]{0,200})>?(?:\s{1,9}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\s{0,9}\))"
)
_DELIMITERS = re.compile(r"\*+|_+|~~")
_WEB = ("https://", "http://")


class Part(NamedTuple):
    """Some characters of a text that look the same, from `start` to `end`."""

    start: int
    end: int
    looks: tuple[str, ...]
    href: str | None


class Block(NamedTuple):
    """What a line is: `p`, `heading` (of a level), `item`, `number`, `quote`, `row` or `code`."""

    start: int
    kind: str
    level: int = 0


@dataclass
class _Opener:
    """Delimiters that may begin something: `count` are left of them, up to `end`."""

    sign: str
    count: int
    end: int


class Prose:
    """A text as it is to be shown."""

    def __init__(self, text: str) -> None:
        marked = _Marked(text)
        self._blocks = marked.blocks
        self._parts = list(_swept(marked.looks, marked.links, len(text)))
        self._starts = [part.start for part in self._parts]
        self._lines = [block.start for block in self._blocks]

    def block(self, at: int) -> Block:
        """What the line belongs to in which a character stands."""
        return self._blocks[max(bisect_right(self._lines, at) - 1, 0)]

    def parts(self, start: int, end: int) -> Iterator[Part]:
        """What is to be seen of a range, cut where the look changes."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        for number in range(first, len(self._parts)):
            part = self._parts[number]
            if part.start >= end:
                return
            begin, stop = max(part.start, start), min(part.end, end)
            if UNSEEN not in part.looks and begin < stop:
                yield part._replace(start=begin, end=stop)


def seen_in(text: str) -> list[tuple[str, Part]]:
    """What is to be seen of a text that stands alone, such as a quotation: words and their look."""
    return [(text[part.start : part.end], part) for part in Prose(text).parts(0, len(text))]


def unseen_in(text: str) -> list[tuple[int, int]]:
    """Where a text that stands alone has marks that are not to be seen."""
    seen = list(Prose(text).parts(0, len(text)))
    begins = [0, *(part.end for part in seen)]
    ends = [*(part.start for part in seen), len(text)]
    return [(start, end) for start, end in zip(begins, ends, strict=True) if start < end]


class _Marked:
    """Reads a text line by line: its blocks, and the ranges that have a look."""

    def __init__(self, text: str) -> None:
        self.blocks: list[Block] = []
        self.looks: list[tuple[int, int, str]] = []
        self.links: list[tuple[int, int, str]] = []
        self._text = text
        self._fence = ""
        # What begins like code and never ends is none.
        self._last_fence = max((f.start() for f in _FENCE.finditer(text)), default=0)
        # Where the paragraph begins that is not yet at its end, and its lines as they are scanned.
        self._from: int | None = None
        at = 0
        for line in text.splitlines(keepends=True):
            self._line(at, line.rstrip("\r\n"))
            at += len(line)
        self._end(at)

    def _line(self, at: int, line: str) -> None:
        end = at + len(line)
        if self._in_fence(at, line):
            return
        if not line.strip():
            self._end(at)
        elif (found := _UNDERLINE.match(line)) and self._from is not None and self._is_single():
            self._end(at)
            self.blocks[-1] = self.blocks[-1]._replace(kind="heading", level=1 if found[1] else 2)
            self._hide(at, end)
        elif _RULE.match(line) or _TABLE_LINE.match(line):
            self._end(at)
            self.blocks.append(Block(at, "p"))
            self._hide(at, end)
        else:
            self._words(at, line)

    def _words(self, at: int, line: str) -> None:
        """A line with words: what begins with a mark of its own is a block of its own."""
        kind, level, begin = "p", 0, 0
        if found := _QUOTE.match(line):
            kind, begin = "quote", found.end()
        rest = line[begin:]
        if found := _HEADING.match(rest):
            kind, level = "heading", len(found[1])
            if tail := _HEADING_END.search(rest, found.end()):
                self._hide(at + begin + tail.start(), at + len(line))
        elif found := _ITEM.match(rest):
            kind = "item"
        elif _NUMBER.match(rest):
            kind = "number"
        hidden = begin + (found.end() if found else 0)
        if kind != "p":
            self._end(at)
        self._hide(at, at + hidden)
        if row := _TABLE_ROW.match(rest):
            kind = "row"
            for group in (1, 2):
                self._hide(at + begin + row.start(group), at + begin + row.end(group))
        self.blocks.append(Block(at, kind, level))
        if self._from is None:
            self._from = at + hidden
        if kind == "heading":
            self._end(at + len(line))

    def _is_single(self) -> bool:
        """Whether the paragraph has one line so far, and is plain."""
        assert self._from is not None
        last = self.blocks[-1]
        return last.kind == "p" and last.start <= self._from

    def _in_fence(self, at: int, line: str) -> bool:
        """Whether a line belongs to code between fences, of which nothing but they is a mark."""
        found = _FENCE.match(line)
        if self._fence:
            if found and found[1].startswith(self._fence) and line.strip() == found[1]:
                self._fence = ""
                self._hide(at, at + len(line))
            self.blocks.append(Block(at, "code"))
        elif found and at < self._last_fence:
            self._end(at)
            self._fence = found[1]
            self.blocks.append(Block(at, "code"))
            self._hide(at, at + len(line))
        else:
            return False
        return True

    def _end(self, at: int) -> None:
        """The paragraph ends: what is marked in it is looked for."""
        if self._from is not None:
            self._scan(self._from, at)
        self._from = None

    def _hide(self, start: int, end: int) -> None:
        if start < end:
            self.looks.append((start, end, UNSEEN))

    def _scan(self, start: int, end: int) -> None:
        # What is read is replaced by a letter, so that it is not read again.
        left = self._text[start:end]
        for pattern, take in (
            (_CODE_SPAN, self._code),
            (_ESCAPE, self._escape),
            (_AUTOMATIC, self._automatic),
            (_LINK, self._link),
        ):
            taken = list(left)
            for found in pattern.finditer(left):
                for from_, to in take(found, start):
                    taken[from_:to] = "x" * (to - from_)
            left = "".join(taken)
        self._emphasis(left, start)

    def _code(self, found: re.Match[str], at: int) -> list[tuple[int, int]]:
        self._hide(at + found.start(), at + found.start(2))
        self._hide(at + found.end(2), at + found.end())
        self.looks.append((at + found.start(2), at + found.end(2), CODE))
        return [found.span()]

    def _escape(self, found: re.Match[str], at: int) -> list[tuple[int, int]]:
        self._hide(at + found.start(), at + found.start(1))
        return [found.span()]

    def _automatic(self, found: re.Match[str], at: int) -> list[tuple[int, int]]:
        self._hide(at + found.start(), at + found.start(1))
        self._hide(at + found.end(1), at + found.end())
        self.links.append((at + found.start(1), at + found.end(1), found[1]))
        return [found.span()]

    def _link(self, found: re.Match[str], at: int) -> list[tuple[int, int]]:
        if not found[2].strip():
            return []
        self._hide(at + found.start(1), at + found.end(1))
        self._hide(at + found.start(3), at + found.end(3))
        # A picture is shown as its words; addresses that are not of the web lead nowhere.
        if found[1] == "[" and found[4].startswith(_WEB):
            self.links.append((at + found.start(2), at + found.end(2), found[4]))
        return [found.span(1), found.span(3)]

    def _emphasis(self, left: str, at: int) -> None:
        """Pairs of delimiters, after the rules of CommonMark but that of three."""
        open_: list[_Opener] = []
        waiting = dict.fromkeys("*_~", 0)
        for run in _DELIMITERS.finditer(left):
            sign, count, begin = run[0][0], len(run[0]), run.start()
            opens, closes = _sides(left, run)
            while closes and count and waiting[sign]:
                while open_[-1].sign != sign:
                    waiting[open_.pop().sign] -= 1
                opener = open_[-1]
                n = 2 if min(opener.count, count) >= 2 else 1
                look = DELETED if sign == "~" else STRONG if n == 2 else EMPHASIS
                self._hide(at + opener.end - n, at + opener.end)
                self._hide(at + begin, at + begin + n)
                self.looks.append((at + opener.end, at + begin, look))
                begin, count = begin + n, count - n
                opener.end, opener.count = opener.end - n, opener.count - n
                if not opener.count:
                    waiting[open_.pop().sign] -= 1
            if opens and count:
                open_.append(_Opener(sign, count, run.end()))
                waiting[sign] += 1


def _sides(text: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Whether delimiters may begin something, and whether they may end something."""
    before = text[run.start() - 1] if run.start() else " "
    after = text[run.end()] if run.end() < len(text) else " "
    left = not after.isspace() and (after.isalnum() or not before.isalnum())
    right = not before.isspace() and (before.isalnum() or not after.isalnum())
    if run[0][0] == "_":
        return left and (not right or not before.isalnum()), right and (
            not left or not after.isalnum()
        )
    return left, right


def _swept(
    looks: list[tuple[int, int, str]], links: list[tuple[int, int, str]], length: int
) -> Iterator[Part]:
    """The whole text in parts of one look, in order."""
    events = [(start, 1, look) for start, _, look in looks if start < length]
    events += [(end, -1, look) for _, end, look in looks]
    cuts = {0, length, *(at for at, _, _ in events), *(at for link in links for at in link[:2])}
    events.sort()
    ordered = sorted(links)
    on: dict[str, int] = {}
    done = next_link = 0
    places = sorted(cuts)
    for start, end in pairwise(places):
        while done < len(events) and events[done][0] <= start:
            _, step, look = events[done]
            on[look] = on.get(look, 0) + step
            done += 1
        while next_link < len(ordered) and ordered[next_link][1] <= start:
            next_link += 1
        inside = next_link < len(ordered) and ordered[next_link][0] <= start
        seen = tuple(look for look in (UNSEEN, STRONG, EMPHASIS, CODE, DELETED) if on.get(look))
        yield Part(start, end, seen, ordered[next_link][2] if inside else None)
