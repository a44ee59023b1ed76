"""Turns a text that the rules have read into what the encoder takes: word pieces and features.

Passages are packed one after another into packs of at most SIZE pieces, so that a sentence is read
with its neighbours and little is padded. Every word carries features beside its pieces: the tags
the rules gave it, which is how the rules and the encoder work together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from graph.extract.draft import Draft
from graph.extract.passages import Kind, Prose
from graph.records import EntityType

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Halves = npt.NDArray[np.float16]  # where there are very many
Spell = Callable[[str], Sequence[int]]

SIZE = 128
# Over how many words sums are kept at once.
_EXTENT = 16_384
CLS, SEP = 101, 102

TYPES: tuple[EntityType, ...] = get_args(EntityType)
_TYPE = {name: index for index, name in enumerate(TYPES)}
KINDS: tuple[Kind, ...] = get_args(Kind)
_TAGS = 'DPCSQMBTVGENARX#Z.,;:!?()[]%/&"-$'
_TAG = {ord(tag): index for index, tag in enumerate(_TAGS)}
# Where the groups of features begin: rule tags, parts of speech, letters, kind of passage.
_SPEECH = 2 * len(TYPES)
_LETTERS = _SPEECH + len(_TAGS) + 1
_KIND = _LETTERS + 4
FEATURES = _KIND + len(KINDS)
RULE_FEATURES = _SPEECH


@dataclass(frozen=True, slots=True)
class Pack:
    """Piece ids between CLS and SEP, and the word of each piece (-1 for those two)."""

    ids: Integers
    words: Integers


@dataclass(frozen=True, slots=True)
class Words:
    """The packs of a text, where the first piece of each word stands, and the words' features."""

    packs: tuple[Pack, ...]
    pack_of: Integers
    at: Integers
    features: Floats


def encode(prose: Prose, drafts: Sequence[Draft], spell: Spell) -> Words:
    """Cut the words into pieces by `spell` and pack them; `drafts` are the rules' findings."""
    size = len(prose.words)
    pack_of, at = np.zeros(size, np.int64), np.zeros(size, np.int64)
    packs: list[Pack] = []
    for words, pieces in _packed(prose, [spell(word) for word in prose.words]):
        ids, owners = [CLS], [-1]
        for word, own in zip(words, pieces, strict=True):
            pack_of[word], at[word] = len(packs), len(ids)
            ids += own
            owners += [word] * len(own)
        ids.append(SEP)
        owners.append(-1)
        packs.append(Pack(np.array(ids, np.int64), np.array(owners, np.int64)))
    return Words(tuple(packs), pack_of, at, features(prose, drafts))


def _packed(
    prose: Prose, pieces: Sequence[Sequence[int]]
) -> Iterator[tuple[list[int], list[Sequence[int]]]]:
    """Words and their pieces, pack by pack; only a passage longer than a pack is cut."""
    words: list[int] = []
    room = SIZE - 2
    for passage in prose.passages:
        need = sum(len(pieces[w]) for w in range(passage.first, passage.last))
        if words and need > room:
            yield words, [pieces[w] for w in words]
            words, room = [], SIZE - 2
        for word in range(passage.first, passage.last):
            if len(pieces[word]) > room:
                yield words, [pieces[w] for w in words]
                words, room = [], SIZE - 2
            words.append(word)
            room -= len(pieces[word])
    if words:
        yield words, [pieces[w] for w in words]


def features(prose: Prose, drafts: Sequence[Draft]) -> Floats:
    """Features of each word: rule tags, part of speech, letters, kind of passage."""
    size = len(prose.words)
    found = np.zeros((size, FEATURES), np.float32)
    for draft in drafts:
        column = 2 * _TYPE[draft.type]
        for start, end in draft.mentions:
            first, last = token_span(prose, start, end)
            found[first, column] = 1
            found[first + 1 : last, column + 1] = 1
    tags = prose.tags.encode("latin-1", "replace")
    other = len(_TAGS)
    found[np.arange(size), [_SPEECH + _TAG.get(tag, other) for tag in tags]] = 1
    for index, word in enumerate(prose.words):
        if word[0].isalpha():
            if word.islower():
                continue
            shape = 1 if word.isupper() and len(word) > 1 else 0 if word[0].isupper() else 2
        else:
            shape = 3
        found[index, _LETTERS + shape] = 1
    for passage in prose.passages:
        found[passage.first : passage.last, _KIND + KINDS.index(passage.kind)] = 1
    return found


def token_span(prose: Prose, start: int, end: int) -> tuple[int, int]:
    """The tokens [first, last) that hold these characters."""
    return prose.token_at(start), prose.token_at(end - 1) + 1


def means(hidden: Floats, first: Integers, last: Integers) -> Floats:
    """Mean of the words [first, last) each; nought where there are none."""
    found = np.zeros((len(first), hidden.shape[1]), np.float32)
    some = np.flatnonzero(last > first)
    if not len(some):
        return found
    low, high = int(first[some].min()), int(last[some].max())
    if high - low > _EXTENT and len(some) > 1:
        # The sums of a whole book take more room than all else; words far apart go by themselves.
        order = some[np.argsort(first[some], kind="stable")]
        for part in np.array_split(order, 2):
            found[part] = means(hidden, first[part], last[part])
        return found
    # Sums up to each word; in single precision those of a long text would lose digits.
    sums = np.zeros((high - low + 1, hidden.shape[1]))
    np.cumsum(hidden[low:high], 0, out=sums[1:])
    first, last = first[some], last[some]
    found[some] = (sums[last - low] - sums[first - low]) / (last - first)[:, None]
    return found
