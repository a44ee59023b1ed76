"""The sentence embedding of all-MiniLM-L6-v2: phrases as vectors whose product is their likeness.

The lower layers are those that read the text. A phrase by itself goes through all layers; of a
phrase in a text that was just read only the upper ones are left to do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from graph.extract.learned.onnx import OnnxBase, Speller, session
from graph.extract.learned.weights import SIMILAR
from graph.extract.learned.words import CLS, SEP, Floats, Halves, Pack, Words

WIDTH = 384
# How many pieces of a phrase by itself count, and of one in its text: it is the first that tell.
_LONGEST, _LONGEST_WITHIN = 32, 8
# How many pieces make a row, and how many rows are computed at once.
_ROW, _ROWS = 48, 8
# What is added to a score that is not to count.
_LOW = -1e4


class _States(threading.local):
    """The states of the text that this thread reads, by pack."""

    def __init__(self) -> None:
        self.of: dict[int, Halves] = {}


class RememberingBase:
    """The lower layers; what they last made of each pack stays known until told to forget."""

    def __init__(self, base: OnnxBase) -> None:
        self._base = base
        self._states = _States()

    def __call__(self, pack: Pack) -> Floats:
        """States of the pieces of a pack, as `OnnxBase`; the highest ones are kept."""
        found = self._base(pack)
        self._states.of[id(pack)] = found[:, -WIDTH:].astype(np.float16)
        return found

    def of_words(self, words: Words, first: int, last: int) -> Halves:
        """The highest states of the pieces of the words [first, last) of a text just read."""
        found = []
        for number in range(int(words.pack_of[first]), int(words.pack_of[last - 1]) + 1):
            pack = words.packs[number]
            inside = (pack.words >= first) & (pack.words < last)
            found.append(self._states.of[id(pack)][inside])
        return np.concatenate(found)[:_LONGEST_WITHIN]

    def forget(self) -> None:
        """Let the states of the text go."""
        self._states.of = {}


class OnnxSimilar:
    """The upper layers, which end in one vector for each phrase."""

    def __init__(self, folder: Path, base: OnnxBase, spell: Speller) -> None:
        self._session = session(folder / SIMILAR)
        self._base = base
        self._spell = spell

    def read(self, phrases: Sequence[str]) -> list[Halves]:
        """The states of phrases by themselves, for `of_states`."""
        packs = []
        for phrase in phrases:
            pieces = [piece for word in phrase.split() for piece in self._spell(word)]
            ids = np.array([CLS, *pieces[: _LONGEST - 2], SEP], np.int64)
            packs.append(Pack(ids, np.full(len(ids), -1)))
        return [self._base(pack)[:, -WIDTH:].astype(np.float16) for pack in packs]

    def of_phrases(self, phrases: Sequence[str]) -> Floats:
        """Vectors [phrases, WIDTH] of phrases by themselves."""
        return self.of_states(self.read(phrases))

    def of_states(self, states: Sequence[Halves]) -> Floats:
        """Vectors [phrases, WIDTH] of phrases whose pieces were read."""
        found = np.zeros((len(states), WIDTH), np.float32)
        rows = list(_filled([len(own) for own in states]))
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            filled, mask, parts = _laid_out(some, states)
            (vectors,) = self._session.run(None, {"states": filled, "mask": mask, "parts": parts})
            for own, row in zip(vectors, some, strict=True):
                found[row] = own[: len(row)]
        return found


def _filled(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Phrases that fill a row together."""
    row: list[int] = []
    room = _ROW
    for phrase, length in enumerate(lengths):
        if row and length > room:
            yield row
            row, room = [], _ROW
        row.append(phrase)
        room -= length
    if row:
        yield row


def _laid_out(
    rows: Sequence[Sequence[int]], states: Sequence[Halves]
) -> tuple[Floats, Floats, Floats]:
    """States, mask and parts of rows of phrases, of which each sees only itself."""
    length = max(sum(len(states[phrase]) for phrase in row) for row in rows)
    filled = np.zeros((len(rows), length, WIDTH), np.float32)
    mask = np.full((len(rows), 1, length, length), _LOW, np.float32)
    parts = np.zeros((len(rows), max(map(len, rows)), length), np.float32)
    for number, row in enumerate(rows):
        start = 0
        for part, phrase in enumerate(row):
            end = start + len(states[phrase])
            filled[number, start:end] = states[phrase]
            mask[number, 0, start:end, start:end] = 0
            # A phrase of which the vocabulary has nothing is like nothing: its vector is nought.
            parts[number, part, start:end] = 1 / max(end - start, 1)
            start = end
    return filled, mask, parts
