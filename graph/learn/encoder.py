"""Trains the heads on annotated documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from graph.extract.learned.onnx import features_of
from graph.extract.learned.words import Floats, Pack
from graph.learn.labels import IGNORED, Lesson
from graph.learn.network import (
    Base,
    Pairs,
    Similar,
    Spans,
    Tagger,
    base_folder,
    drop_rules,
    relate,
)

EPOCHS, PACKS = 5, 3
_RATE, _RATE_DIRECT = 2e-3, 1e-2
_BLANKED = 0.15
_OF_SPANS = 4.0
Progress = Callable[[str], None]


@dataclass(slots=True)
class Heads:
    """What is trained and exported."""

    tagger: Tagger
    spans: Spans
    pairs: Pairs

    def parts(self) -> tuple[nn.Module, ...]:
        """All of it."""
        return self.tagger, self.spans, self.pairs


def base_encoder() -> Base:
    """The layers that are used as they are. Raises ExtractorError where they are not installed."""
    return Base(_base_weights()).eval()


def similar_encoder() -> Similar:
    """The layers above them. Raises ExtractorError where they are not installed."""
    return Similar(_base_weights()).eval()


def _base_weights() -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(str(base_folder() / "model.safetensors"))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A few packs of a document that are learned in one step."""

    base: Tensor
    features: Tensor
    places: Tensor
    words: tuple[int, int]
    spans: Tensor
    marked: Tensor
    lesson: Lesson


def chunks(read: Callable[[Pack], Floats], lessons: Sequence[Lesson]) -> list[Chunk]:
    """Cut documents into chunks; `read` gives the states of the base for a pack."""
    return [chunk for lesson in lessons for chunk in _chunks(read, lesson)]


def _chunks(read: Callable[[Pack], Floats], lesson: Lesson) -> Iterator[Chunk]:
    words = lesson.words
    for start in range(0, len(words.packs), PACKS):
        packs = words.packs[start : start + PACKS]
        inside = np.flatnonzero((words.pack_of >= start) & (words.pack_of < start + len(packs)))
        places = np.stack([words.pack_of[inside] - start, words.at[inside]])
        first, last = int(inside[0]), int(inside[-1]) + 1
        own = (lesson.spans[:, 0] >= first) & (lesson.spans[:, 1] <= last)
        yield Chunk(
            _stacked([read(pack) for pack in packs]),
            _stacked([features_of(pack, words.features) for pack in packs]),
            torch.from_numpy(places),
            (first, last),
            torch.from_numpy(lesson.spans[own] - first),
            torch.from_numpy(lesson.marked[own]),
            lesson,
        )


def _stacked(parts: Sequence[Floats]) -> Tensor:
    return pad_sequence([torch.from_numpy(part) for part in parts], batch_first=True)


def train(
    parts: Sequence[Chunk], seed: int, epochs: int = EPOCHS, progress: Progress | None = None
) -> Heads:
    """Train on these chunks; the same chunks and seed give the same weights."""
    torch.manual_seed(seed)
    heads = Heads(Tagger(), Spans(), Pairs())
    generator = torch.Generator().manual_seed(seed)
    groups = _groups(heads)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.02)
    steps = epochs * len(parts)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps))
    )
    for part in heads.parts():
        part.train()
    for epoch in range(epochs):
        total = 0.0
        for index in torch.randperm(len(parts), generator=generator).tolist():
            loss = _loss(heads, parts[index], generator)
            optimizer.zero_grad()
            loss.backward()
            for group in groups:
                nn.utils.clip_grad_norm_(group["params"], 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        if progress:
            progress(f"epoch {epoch + 1} of {epochs}: loss {total / max(len(parts), 1):.3f}")
    for part in heads.parts():
        part.eval()
    return heads


def _groups(heads: Heads) -> list[dict[str, Any]]:
    """The parameters of mentions, of what joins them, and those that learn fast."""
    tagger = heads.tagger
    naming = (tagger.naming, tagger.tags, heads.spans)
    return [
        {"params": [p for m in naming for p in m.parameters()], "lr": _RATE},
        {"params": [*tagger.joining.parameters(), *heads.pairs.parameters()], "lr": _RATE},
        {"params": list(tagger.direct.parameters()), "lr": _RATE_DIRECT},
    ]


def _loss(heads: Heads, chunk: Chunk, generator: torch.Generator) -> Tensor:
    features = drop_rules(chunk.features, _BLANKED, generator)
    rows, columns = chunk.places
    states = heads.tagger(chunk.base, features)
    naming, joining, tags = (part[rows, columns] for part in states)
    first, last = chunk.words
    wanted = torch.from_numpy(chunk.lesson.tags[first:last])
    loss = functional.cross_entropy(tags.reshape(-1, 3), wanted.reshape(-1)) * wanted.shape[1]
    scores = heads.spans(naming, *chunk.spans.T)
    missed = functional.binary_cross_entropy_with_logits(
        scores, chunk.marked.float(), reduction="sum"
    )
    loss = loss + _OF_SPANS * missed / max(last - first, 1)
    return loss + _loss_of_pairs(heads.pairs, joining, chunk)


def _loss_of_pairs(heads: Pairs, words: Tensor, chunk: Chunk) -> Tensor:
    lesson, (first, last) = chunk.lesson, chunk.words
    inside = (lesson.mentions[:, 0] >= first) & (lesson.mentions[:, 1] < last)
    keep = np.flatnonzero(inside[lesson.pairs[:, 0]] & inside[lesson.pairs[:, 1]])
    kept = np.flatnonzero(inside[lesson.contents[:, 0]])
    if not len(keep) or not len(kept):
        return words.new_zeros(())
    number = np.cumsum(inside) - 1
    mentions = lesson.mentions[inside] - np.array([first, first, 0])
    pairs, contents = lesson.pairs[keep].copy(), lesson.contents[kept].copy()
    pairs[:, :2] = number[pairs[:, :2]]
    pairs[:, 2:4] = np.clip(pairs[:, 2:4] - first, 0, last - first)
    contents[:, 0] = number[contents[:, 0]]
    contents[:, 1:] = np.clip(contents[:, 1:] - first, 0, last - first)
    labels, stances = relate(
        heads,
        words,
        torch.from_numpy(mentions),
        torch.from_numpy(pairs),
        torch.from_numpy(contents),
    )
    joined = torch.from_numpy(lesson.joined[keep])
    told = joined != IGNORED
    loss = functional.binary_cross_entropy_with_logits(labels[told], joined[told].float())
    taken = torch.from_numpy(lesson.stances[kept])
    loss = 4 * loss + 0.3 * functional.cross_entropy(stances[:, :-1], taken[:, 0])
    nobody = functional.binary_cross_entropy_with_logits(stances[:, -1], taken[:, 1].float())
    return loss + 0.3 * nobody
