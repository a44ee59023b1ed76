"""Cuts a text into parts that a model can read at once, between paragraphs where possible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from graph.extract.passages import Prose

_BLANK = re.compile(r"\s+")
# A shorter part is not cut again.
_SHORTEST = 200
_LONGEST_LEAD = 500


class Chunk(NamedTuple):
    """Characters [start, end) of a text."""

    start: int
    end: int


def cut(prose: Prose, size: int) -> Iterator[Chunk]:
    """Parts of at most so many characters, in order; those without a letter are left out."""
    start = end = 0
    for piece in _pieces(prose, size):
        if end > start and piece.end - start > size:
            yield from _worth(prose, Chunk(start, end))
            start = piece.start
        start = start if end > start else piece.start
        end = piece.end
    yield from _worth(prose, Chunk(start, end))


def halves(prose: Prose, chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """A part as two, cut where a sentence begins if one does inside; None for one too short."""
    if chunk.end - chunk.start < 2 * _SHORTEST:
        return None
    middle = (chunk.start + chunk.end) // 2
    inside = [p.start for p in prose.passages if chunk.start < p.start < chunk.end]
    if inside:
        at = min(inside, key=lambda start: (abs(start - middle), start))
    else:
        at = _blank_before(prose.text, chunk.start, middle)
    return Chunk(chunk.start, at), Chunk(at, chunk.end)


def lead_of(prose: Prose, chunk: Chunk) -> str:
    """The words that open the list in whose middle a part begins; empty where it does not."""
    lead = prose.passages[prose.passage_at(chunk.start)].lead if prose.passages else None
    if lead is None or (opening := prose.passages[lead]).start >= chunk.start:
        return ""
    return " ".join(prose.text[opening.start : opening.end].split())[-_LONGEST_LEAD:]


def _pieces(prose: Prose, size: int) -> Iterator[Chunk]:
    """Paragraphs; sentences of those that are too long; parts of sentences that still are."""
    for _, group in groupby(prose.passages, key=lambda p: p.paragraph):
        passages = list(group)
        whole = Chunk(passages[0].start, passages[-1].end)
        if whole.end - whole.start <= size:
            yield whole
            continue
        for passage in passages:
            start = passage.start
            while passage.end - start > size:
                at = _blank_before(prose.text, start, start + size)
                yield Chunk(start, at)
                start = at
            yield Chunk(start, passage.end)


def _blank_before(text: str, start: int, end: int) -> int:
    """Where the last word before `end` begins, or `end` where all is one word."""
    found = [m.end() for m in _BLANK.finditer(text, start + 1, end)]
    return found[-1] if found else end


def _worth(prose: Prose, chunk: Chunk) -> Iterator[Chunk]:
    if any(c.isalpha() for c in prose.text[chunk.start : chunk.end]):
        yield chunk
