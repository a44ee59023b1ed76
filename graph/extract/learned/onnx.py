"""Runs the encoder, its heads and the judges with onnxruntime, on one thread.

One thread, and each pack by itself, make the scores the same on every run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from graph.errors import ExtractorError
from graph.extract.learned.pairs import LABELS, STANCES
from graph.extract.learned.steps import JUDGES
from graph.extract.learned.weights import BASE, PAIRS, SPANS, TAGGER
from graph.extract.learned.words import (
    FEATURES,
    TYPES,
    Floats,
    Halves,
    Integers,
    Pack,
    Words,
    means,
)

STATE = 128
# So many are scored at once: what is between the layers then stays near the processor.
_SPANS, _PAIRS = 2048, 8192
_REMEMBERED = 50_000


class Speller:
    """Cuts words into the pieces of the vocabulary."""

    def __init__(self, vocabulary: Path) -> None:
        try:
            from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
        except ImportError as error:
            raise _library_missing("tokenizers", error) from error
        words = vocabulary.read_text("utf-8").splitlines()
        pieces = {word: number for number, word in enumerate(words)}
        self._tokenizer = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self._known: dict[str, list[int]] = {}

    def __call__(self, word: str) -> list[int]:
        """Ids of the pieces of a word."""
        pieces = self._known.get(word)
        if pieces is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            pieces = self._known[word] = self._tokenizer.encode(word).ids
        return pieces


def session(file: Path) -> Any:
    """A model on one thread. Raises ExtractorError where onnxruntime is missing or refuses it."""
    try:
        import onnxruntime
    except ImportError as error:
        raise _library_missing("onnxruntime", error) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    # Its errors have no common class of their own.
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise ExtractorError(
            f"onnxruntime {onnxruntime.__version__} cannot open {file}: {reason}"
        ) from error


def _library_missing(name: str, error: ImportError) -> ExtractorError:
    return ExtractorError(
        f"{name} cannot be imported ({error}); install it with: pip install {name}"
    )


class OnnxBase:
    """The lower layers of the encoder."""

    def __init__(self, folder: Path) -> None:
        self._session = session(folder / BASE)

    def __call__(self, pack: Pack) -> Floats:
        """States [pieces, ...] of the pieces of a pack.

        Each pack goes by itself: in numbers of eight bits, what stands beside it would change them.
        """
        mask = np.zeros((1, 1, 1, len(pack.ids)), np.float32)
        (states,) = self._session.run(None, {"ids": pack.ids[None], "mask": mask})
        found: Floats = states[0]
        return found


class OnnxMind:
    """The exported encoder; see `graph.extract.learned.steps.Mind`."""

    def __init__(self, folder: Path, base: Callable[[Pack], Floats]) -> None:
        self._base = base
        self._tagger = session(folder / TAGGER)
        self._spans = session(folder / SPANS)
        self._pairs = session(folder / PAIRS)

    def read(self, words: Words) -> tuple[Floats, Floats, Floats]:
        """States and tag scores of the words, pack by pack."""
        size = len(words.at)
        naming, joining = (np.zeros((size, STATE), np.float32) for _ in range(2))
        tags = np.zeros((size, 3 * len(TYPES)), np.float32)
        bounds = np.searchsorted(words.pack_of, np.arange(len(words.packs) + 1))
        for pack, start, end in zip(words.packs, bounds[:-1], bounds[1:], strict=True):
            given = {"base": self._base(pack), "features": features_of(pack, words.features)}
            states = self._tagger.run(None, {name: part[None] for name, part in given.items()})
            for whole, part in zip((naming, joining, tags), states, strict=True):
                whole[start:end] = part[0, words.at[start:end]]
        return naming, joining, tags

    def mark(self, naming: Floats, first: Integers, last: Integers) -> Halves:
        """Probabilities of spans, some thousands at a time."""
        found = np.zeros((len(first), len(TYPES)), np.float16)
        for start in range(0, len(first), _SPANS):
            some = slice(start, start + _SPANS)
            low, high = int(first[some].min()), int(last[some].max())
            words = {"words": naming[low:high], "first": first[some] - low}
            (scores,) = self._spans.run(None, {**words, "last": last[some] - low})
            found[some] = expit(scores)
        return found

    def relate(
        self, joining: Floats, mentions: Integers, pairs: Integers, contents: Integers
    ) -> tuple[Floats, Floats]:
        """Scores of pairs and contents, some thousands at a time."""
        labels, stances = [], []
        nothing = np.zeros((0, 3), np.int64)
        for start in range(0, len(pairs), _PAIRS):
            some = pairs[start : start + _PAIRS]
            labels.append(self._scores(joining, mentions, some, nothing)[0])
        for start in range(0, len(contents), _PAIRS):
            some = contents[start : start + _PAIRS]
            stances.append(self._scores(joining, mentions, np.zeros((0, 5), np.int64), some)[1])
        return (
            np.concatenate([np.zeros((0, len(LABELS)), np.float32), *labels]),
            np.concatenate([np.zeros((0, len(STANCES)), np.float32), *stances]),
        )

    def _scores(
        self, joining: Floats, mentions: Integers, pairs: Integers, contents: Integers
    ) -> tuple[Floats, Floats]:
        used, number = np.unique(
            np.concatenate([pairs[:, 0], pairs[:, 1], contents[:, 0]]), return_inverse=True
        )
        size = len(pairs)
        own = mentions[used]
        spans = np.concatenate([joining[own[:, 0]], joining[own[:, 1]]], 1)
        indexes = np.stack([number[:size], number[size : 2 * size], pairs[:, 4]], 1)
        labels, stances = self._pairs.run(
            None,
            {
                "spans": spans,
                "types": own[:, 2],
                "pairs": indexes.astype(np.int64),
                "between": means(joining, pairs[:, 2], pairs[:, 3]),
                "contents": number[2 * size :].astype(np.int64),
                "around": means(joining, contents[:, 1], contents[:, 2]),
            },
        )
        return labels, stances


def expit(scores: Floats) -> Floats:
    """The probabilities of log odds, however great; in their place, since they are very many."""
    with np.errstate(over="ignore"):
        np.negative(scores, out=scores)
        np.exp(scores, out=scores)
        scores += 1
        return np.reciprocal(scores, out=scores)


def features_of(pack: Pack, features: Floats) -> Floats:
    """The features of the pieces of a pack by those of the words; nought for its ends."""
    found = np.zeros((len(pack.ids), FEATURES), np.float32)
    found[1:-1] = features[pack.words[1:-1]]
    return found


class OnnxJudges:
    """The exported judges."""

    def __init__(self, folder: Path) -> None:
        self._sessions = {name: session(folder / f"{name}.onnx") for name in JUDGES}

    def __call__(self, name: str, rows: Floats) -> Floats:
        """Probability of each row."""
        if not len(rows):
            return np.zeros(0, np.float32)
        (found,) = self._sessions[name].run(None, {"rows": rows})
        chances: Floats = found[:, 0]
        return chances
