"""Sorts what was found into the schemes: by cue words, and by likeness to the concepts' wordings.

What a cue says stands. Where cues are silent, the phrase is compared with all labels and
definitions of the concepts; what comes near enough is assigned, several if equally near. How
near is enough, and how often that is right, was measured: `data/cues/schemes.toml`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import get_args

import numpy as np

from graph.concepts import cues, wordings
from graph.extract.cues import load
from graph.extract.learned.similar import OnnxSimilar
from graph.extract.learned.weights import CONCEPTS
from graph.extract.learned.words import Floats, Halves, Integers, Words, token_span
from graph.extract.passages import Prose
from graph.records import Assigned, Entity, EntityType, Extraction, Scheme, Span

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
# The scheme in which a thing of this type has its kind, and the cues that tell it, best first.
_KINDS: Mapping[EntityType, tuple[Scheme, tuple[str, ...]]] = {
    "Instrument": ("instrument-type", ("head", "anywhere")),
    "ActorGroup": ("target-group", ("head",)),
    "Field": ("field", ("whole", "anywhere")),
}
_ELEMENTS = ("Goal", "Instrument")
# Concepts that come so near to the nearest one are assigned with it, up to so many.
_EQUAL, _MOST = 0.03, 3
_DIGITS = 3
# How sure it must be that a thing is there at all, for its kind and for its theme to be worth the
# time; cues are always looked at.
_SURE, _SURER = 0.4, 0.75

StatesOf = Callable[[Words, int, int], Halves]


def write_vectors(similar: OnnxSimilar, file: Path) -> None:
    """Write the vectors of all wordings of the schemes, in eight bits with a scale each."""
    phrases = sorted({text for s in SCHEMES for texts in wordings(s).values() for text in texts})
    vectors = similar.of_phrases(phrases)
    scale = np.abs(vectors).max(1) / 127
    whole = np.round(vectors / scale[:, None]).astype(np.int8)
    names = np.frombuffer(json.dumps(phrases, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(file, phrases=names, vectors=whole, scale=scale.astype(np.float32))


def read_vectors(file: Path) -> dict[str, Floats]:
    """The vectors that were written, by wording."""
    with np.load(file, allow_pickle=False) as kept:
        phrases = json.loads(kept["phrases"].tobytes())
        vectors = kept["vectors"].astype(np.float32) * kept["scale"][:, None]
    return dict(zip(phrases, vectors, strict=True))


@dataclass(frozen=True, slots=True)
class _Concepts:
    """The concepts of a scheme with the vectors of their wordings, and where each begins."""

    names: Sequence[str]
    first: Integers
    vectors: Floats

    def nearest(self, phrases: Floats, least: float) -> list[list[tuple[str, float]]]:
        """The concepts nearest to each phrase, if near enough, and how near they come."""
        if not len(phrases):
            return []
        # Not `@`: for so little, BLAS would wake other cores, and cost more than it saves.
        products = np.einsum("ik,jk->ij", phrases, self.vectors)
        near = np.maximum.reduceat(products, self.first, axis=1)
        limits = np.maximum(near.max(1) - _EQUAL, least)
        found: list[list[tuple[str, float]]] = [[] for _ in phrases]
        for row, place in np.argwhere(near >= limits[:, None]).tolist():
            found[row].append((self.names[place], float(near[row, place])))
        return [sorted(some, key=lambda pair: (-pair[1], pair[0]))[:_MOST] for some in found]


@dataclass(slots=True)
class _Sorting:
    """The concepts of one entity in the making: code and chance by scheme."""

    entity: Entity
    found: dict[Scheme, dict[str, float]] = field(default_factory=dict)

    def add(self, scheme: Scheme, concepts: Collection[tuple[str, float]]) -> None:
        """Assign concepts beside those that the scheme has already."""
        for concept, chance in concepts:
            code = concept.rpartition("/")[2]
            self.found.setdefault(scheme, {}).setdefault(code, round(chance, _DIGITS))

    def entity_with_concepts(self) -> Entity:
        """The entity with what was assigned, the likeliest of each scheme first."""
        if not self.found:
            return self.entity
        concepts = tuple(
            Assigned(scheme=scheme, code=code, confidence=chance)
            for scheme, codes in sorted(self.found.items())
            for code, chance in sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        return self.entity.model_copy(update={"concepts": concepts})


class Sorter:
    """Assigns concepts to the entities of an extraction."""

    def __init__(self, folder: Path, similar: OnnxSimilar) -> None:
        """Read the vectors of the folder; wordings that are new in the ontology get theirs now."""
        self._similar = similar
        said = {scheme: wordings(scheme) for scheme in SCHEMES}
        known = read_vectors(folder / CONCEPTS)
        new = sorted({t for s in said.values() for ts in s.values() for t in ts} - known.keys())
        known |= dict(zip(new, similar.of_phrases(new), strict=True))
        self._concepts = {
            scheme: _Concepts(
                tuple(texts),
                np.cumsum([0, *(len(own) for own in texts.values())])[:-1],
                np.stack([known[text] for own in texts.values() for text in own]),
            )
            for scheme, texts in said.items()
        }

    def nearest(
        self, scheme: Scheme, phrases: Sequence[str], least: float = 0.0
    ) -> list[list[tuple[str, float]]]:
        """The concepts (IRIs) that come nearest to each phrase by itself, and how near."""
        return self._concepts[scheme].nearest(self._similar.of_phrases(phrases), least)

    def sort(self, found: Extraction, prose: Prose, words: Words, states: StatesOf) -> Extraction:
        """The extraction with concepts; `states` gives those of some words of its text."""
        sortings = [_Sorting(entity) for entity in found.entities]
        for sorting in sortings:
            _add_by_cues(sorting)
        alone = _silent([s for s in sortings if s.entity.confidence >= _SURE])
        within = _without_theme([s for s in sortings if s.entity.confidence >= _SURER], prose)
        read = [states(words, first, last) for _, first, last in within]
        phrases = list(dict.fromkeys(phrase for asked in alone.values() for phrase in asked))
        vectors = self._similar.of_states([*self._similar.read(phrases), *read])
        self._add_alone(alone, dict(zip(phrases, vectors[: len(phrases)], strict=True)))
        self._add_within([same for same, _, _ in within], vectors[len(phrases) :])
        entities = tuple(sorting.entity_with_concepts() for sorting in sortings)
        return found.model_copy(update={"entities": entities})

    def _add_alone(
        self, alone: Mapping[Scheme, Mapping[str, list[_Sorting]]], vector_of: Mapping[str, Floats]
    ) -> None:
        """Kinds by the phrase itself."""
        for scheme, asked in alone.items():
            vectors = np.stack([vector_of[phrase] for phrase in asked])
            self._add_near("alone", scheme, list(asked.values()), vectors)

    def _add_within(self, asked: Sequence[list[_Sorting]], vectors: Floats) -> None:
        """Themes of goals and instruments, and more types, by the phrase as the text has it."""
        self._add_near("within", "theme", asked, vectors)
        typed = [[s for s in same if "instrument-type" in s.found] for same in asked]
        rows = [row for row, same in enumerate(typed) if same]
        self._add_near("within", "instrument-type", [typed[row] for row in rows], vectors[rows])

    def _add_near(
        self, how: str, scheme: Scheme, asked: Sequence[Sequence[_Sorting]], vectors: Floats
    ) -> None:
        """Assign to entities, given by the phrase that they share, what comes near to it."""
        least, offset, slope = _likeness(how, scheme)
        for same, near in zip(asked, self._concepts[scheme].nearest(vectors, least), strict=True):
            chances = [
                (concept, 1 / (1 + math.exp(-(offset + slope * (likeness - 0.5)))))
                for concept, likeness in near
            ]
            for sorting in same:
                sorting.add(scheme, chances)


def _silent(sortings: Sequence[_Sorting]) -> dict[Scheme, dict[str, list[_Sorting]]]:
    """Those whose kind no cue tells, by scheme and phrase."""
    silent: dict[Scheme, dict[str, list[_Sorting]]] = {}
    for sorting in sortings:
        scheme = _scheme_of(sorting.entity)
        if scheme and scheme not in sorting.found:
            asked = silent.setdefault(scheme, {})
            asked.setdefault(sorting.entity.name.lower(), []).append(sorting)
    return silent


def _without_theme(
    sortings: Sequence[_Sorting], prose: Prose
) -> list[tuple[list[_Sorting], int, int]]:
    """Goals and instruments whose theme no cue tells, by phrase, and the words of the phrase."""
    asked: dict[str, list[_Sorting]] = {}
    for sorting in sortings:
        if sorting.entity.type in _ELEMENTS and "theme" not in sorting.found:
            asked.setdefault(sorting.entity.name.lower(), []).append(sorting)
    found = []
    for same in asked.values():
        shown = _shown(same[0].entity)
        found.append((same, *token_span(prose, shown.start, shown.end)))
    return found


def _add_by_cues(sorting: _Sorting) -> None:
    """What the cue words in the name of an entity say."""
    entity = sorting.entity
    if scheme := _scheme_of(entity):
        sorting.add(scheme, _by_cues(scheme, _KINDS[entity.type][1], entity.name))
    if entity.type in _ELEMENTS:
        for about in ("theme", "field"):
            sorting.add(about, _by_cues(about, ("anywhere",), entity.name))


def _scheme_of(entity: Entity) -> Scheme | None:
    """The scheme of the kinds of an entity, unless the authority list knows them better."""
    kind = _KINDS.get(entity.type)
    return kind[0] if kind and entity.authority is None else None


@lru_cache(maxsize=16_384)
def _by_cues(scheme: Scheme, places: tuple[str, ...], name: str) -> tuple[tuple[str, float], ...]:
    """Concepts by the first of these places of the name that has a cue, and how sure that is."""
    known, sure = cues(scheme), load("schemes")["cues"][scheme]
    ways = {"whole": known.named, "head": known.heads, "anywhere": known.anywhere}
    for place in places:
        if concepts := ways[place](name):
            return tuple((concept, sure[place]) for concept in concepts)
    return ()


@lru_cache(maxsize=16)
def _likeness(how: str, scheme: Scheme) -> tuple[float, float, float]:
    """How near is enough, and offset and slope of the chance that it is right."""
    figures = load("schemes")[how][scheme]
    return figures["least"], figures["offset"], figures["slope"]


def _shown(entity: Entity) -> Span:
    """The mention that gives an entity its name."""
    return next((m for m in entity.mentions if m.text == entity.name), entity.mentions[0])
