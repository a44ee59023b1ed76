"""Packing words for the encoder."""

from __future__ import annotations

import numpy as np
import pytest

from graph.extract import passages
from graph.extract.draft import Draft
from graph.extract.learned import words as words_
from graph.extract.learned.words import CLS, SEP, SIZE, encode, means


def spell(word: str) -> list[int]:
    return [len(word)] * (3 if len(word) > 6 else 1)


def test_every_word_has_its_first_piece_in_a_pack() -> None:
    prose = passages.read("Research matters. " * 200)
    words = encode(prose, [], spell)
    for index, word in enumerate(prose.words):
        pack = words.packs[words.pack_of[index]]
        assert pack.ids[words.at[index]] == len(word)
        assert pack.words[words.at[index]] == index
    for pack in words.packs:
        assert len(pack.ids) <= SIZE
        assert (pack.ids[0], pack.ids[-1]) == (CLS, SEP)


def test_a_passage_is_cut_only_where_it_is_longer_than_a_pack() -> None:
    prose = passages.read("Science helps people. " * 60 + "Long " * 300 + ".")
    words = encode(prose, [], spell)
    for passage in prose.passages:
        packs = len(set(words.pack_of[passage.first : passage.last].tolist()))
        assert packs == 1 or passage.last - passage.first > SIZE - 2


def test_what_the_rules_marked_stands_in_the_features() -> None:
    prose = passages.read("Fund basic research now.")
    marked = encode(prose, [Draft("Field", [(5, 19)], "rule")], spell).features
    plain = encode(prose, [], spell).features
    changed = np.flatnonzero((marked != plain).any(1)).tolist()
    assert changed == [1, 2]
    assert (marked[1] != marked[2]).any()


def test_a_text_without_words_has_no_packs() -> None:
    assert encode(passages.read(" \n "), [], spell).packs == ()


def test_the_means_of_words_are_those_of_each_span() -> None:
    hidden = np.random.default_rng(1).normal(size=(40, 16)).astype(np.float32)
    first, last = np.array([0, 7, 3, 30, 5]), np.array([4, 7, 40, 31, 2])

    found = means(hidden, first, last)

    for row, (a, b) in enumerate(zip(first, last, strict=True)):
        expected = hidden[a:b].mean(0) if a < b else np.zeros(16)
        assert found[row] == pytest.approx(expected, abs=1e-6)


def test_means_of_words_far_apart_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    made = np.random.default_rng(1)
    hidden = made.normal(size=(900, 4)).astype(np.float32)
    first = made.integers(0, 800, 60)
    last = first + made.integers(0, 90, 60)
    expected = [
        hidden[a:b].mean(0) if b > a else np.zeros(4) for a, b in zip(first, last, strict=True)
    ]
    np.testing.assert_allclose(means(hidden, first, last), expected, atol=1e-6)
    monkeypatch.setattr(words_, "_EXTENT", 100)
    np.testing.assert_allclose(means(hidden, first, last), expected, atol=1e-6)
