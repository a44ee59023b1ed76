"""Candidates for statements: who may speak in a passage, how, and on what; with their features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.extract.draft import Draft, StatementDraft
from graph.extract.learned.links import ADDRESSEE, SPEAKER, Placed, matches
from graph.extract.learned.pairs import JOINED, MODALITIES, STANCES, TYPE
from graph.extract.learned.words import KINDS, TYPES, Floats
from graph.extract.rules import Reading
from graph.records import ACTOR_TYPES, Modality

_NONE, _NOBODY = STANCES.index("none"), STANCES.index("nobody")
_DONE = STANCES.index("carries-out")
# How many passages back a speaker may stand, and how many of the last speakers are remembered.
_BACK = 3
# Score (log odds) from which an actor is one who is called on.
_ADDRESSED = 0.0


@dataclass(frozen=True, slots=True)
class Voice:
    """A possible statement: a passage, its speaker (index of an entity or None), its contents."""

    passage: int
    speaker: int | None
    contents: tuple[int, ...]  # indexes into placed.contents


@dataclass(slots=True)
class Heard:
    """What the rules heard in each passage, by the numbers of kept entities."""

    said: dict[int, list[tuple[int | None, StatementDraft]]]
    contents: dict[int, set[int]]
    stances: dict[tuple[int, int | None], list[tuple[Modality, set[int]]]]
    addressed: dict[tuple[int, int | None], set[int]]  # (passage, speaker) -> entities


def hear(reading: Reading, entities: Sequence[Draft]) -> Heard:
    """The rules' statements on kept entities."""
    match = matches(reading, entities)
    said: dict[int, list[tuple[int | None, StatementDraft]]] = defaultdict(list)
    contents: dict[int, set[int]] = defaultdict(set)
    told: dict[tuple[int, int | None], list[tuple[Modality, set[int]]]] = defaultdict(list)
    addressed: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    for s in reading.statements:
        speaker = None if s.speaker is None else match.get(s.speaker, -1)
        said[s.passage].append((speaker, s))
        meant = {match[c] for c in s.content if c in match}
        contents[s.passage] |= meant
        told[s.passage, speaker].append((s.modality, meant))
        addressed[s.passage, speaker].update(match[a] for a in s.addressee if a in match)
    return Heard(said, contents, told, addressed)


@dataclass(slots=True)
class Stage:
    """The probabilities of the encoder, arranged by passage and content."""

    contents: dict[int, list[int]]  # passage -> indexes into placed.contents
    stances: Floats
    nobody: Floats
    speakers: dict[tuple[int, int], float]  # (content, entity) -> score
    addressees: dict[int, set[int]]  # content -> entities
    actors: dict[int, list[int]]  # passage -> indexes of places


def arrange(placed: Placed) -> Stage:
    """Turn scores into probabilities and sort them by passage."""
    raw = placed.stances[:, : _NONE + 1]
    raised = np.exp(raw - raw.max(-1, keepdims=True, initial=-1e9))
    stances = raised / raised.sum(-1, keepdims=True)
    nobody: Floats = (1 / (1 + np.exp(-placed.stances[:, _NOBODY]))).astype(np.float32)
    contents: dict[int, list[int]] = defaultdict(list)
    index_of = {mention: k for k, mention in enumerate(placed.contents)}
    for k, mention in enumerate(placed.contents):
        contents[placed.places[mention].passage].append(k)
    speakers: dict[tuple[int, int], float] = {}
    addressees: dict[int, set[int]] = defaultdict(set)
    types = placed.columns[placed.pairs[:, :2], TYPE]
    rows = np.flatnonzero(JOINED[types[:, 0], types[:, 1], SPEAKER])
    ends, scores = placed.pairs[rows, :2], placed.labels[rows][:, [SPEAKER, ADDRESSEE]]
    for (a, b), (spoken, addressed) in zip(ends.tolist(), scores.tolist(), strict=True):
        key = (index_of[a], placed.places[b].entity)
        speakers[key] = max(speakers.get(key, -99.0), spoken)
        if addressed >= _ADDRESSED:
            addressees[index_of[a]].add(placed.places[b].entity)
    actors: dict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(placed.places):
        if place.type in ACTOR_TYPES:
            actors[place.passage].append(index)
    return Stage(contents, stances, nobody, speakers, addressees, actors)


def voices(placed: Placed, stage: Stage, heard: Heard) -> list[Voice]:
    """Who may speak in each passage that names a goal or an instrument, or where the rules say."""
    found: list[Voice] = []
    recent: list[int] = []
    for passage in sorted({*stage.contents, *heard.said}):
        contents = tuple(stage.contents.get(passage, ()))
        if not contents:
            continue
        own = {placed.places[i].entity for i in stage.actors.get(passage, ())}
        own |= {s for s, _ in heard.said.get(passage, ()) if s is not None and s >= 0}
        around = set(own)
        for before in range(max(passage - _BACK, 0), passage):
            around |= {s for s, _ in heard.said.get(before, ()) if s is not None and s >= 0}
        lead = placed.prose.passages[passage].lead
        for other in (passage - 1, lead):
            if other is not None:
                around |= {placed.places[i].entity for i in stage.actors.get(other, ())}
        around |= set(recent[-2:])
        found += [Voice(passage, s, contents) for s in (None, *sorted(around))]
        recent += [s for s, _ in heard.said.get(passage, ()) if s is not None and s >= 0]
    return found


def taken(found: Sequence[Voice], likely: Floats, least: float, more: float) -> list[int]:
    """Indexes of the voices that are told: the likeliest of each passage, and what is likelier.

    A passage is told by actors or by nobody named, whichever is likelier: not by both.
    """
    best: dict[int, int] = {}
    for index, voice in enumerate(found):
        old = best.get(voice.passage)
        if old is None or likely[index] > likely[old]:
            best[voice.passage] = index
    told = []
    for index, voice in enumerate(found):
        first = best[voice.passage]
        if likely[index] < (least if index == first else max(least, more)):
            continue
        if (voice.speaker is None) == (found[first].speaker is None):
            told.append(index)
    return told


def features(
    placed: Placed,
    stage: Stage,
    heard: Heard,
    found: Sequence[Voice],
    precision: Mapping[tuple[str, str], float],
    sure: Sequence[float],
) -> Floats:
    """One row for each voice."""
    rows = np.zeros((len(found), 30), np.float32)
    counts: dict[int | None, int] = defaultdict(int)
    for said in heard.said.values():
        for speaker, _ in said:
            counts[speaker] += 1
    total = max(sum(counts.values()), 1)
    by_passage: dict[int, list[Voice]] = defaultdict(list)
    for voice in found:
        by_passage[voice.passage].append(voice)
    best: dict[int, list[float]] = {}
    for number, group in by_passage.items():
        best[number] = sorted(_score(stage, v) for v in group if v.speaker is not None)
    nobody, about = stage.nobody.tolist(), (1 - stage.stances[:, _NONE]).tolist()
    top, done = stage.stances.max(1, initial=0).tolist(), stage.stances[:, _DONE].tolist()
    for index, voice in enumerate(found):
        passage = placed.prose.passages[voice.passage]
        said = heard.said.get(voice.passage, [])
        own = [s for speaker, s in said if speaker == voice.speaker]
        rule = max((precision.get((s.modality, s.rule), 0.3) for s in own), default=0.0)
        score = _score(stage, voice)
        scores = best[voice.passage]
        ahead = (
            score - (scores[-2] if scores[-1] == score and len(scores) > 1 else scores[-1])
            if (scores and voice.speaker is not None)
            else 0.0
        )
        where, first, order = _where(placed, stage, voice)
        before = [s for s, _ in heard.said.get(voice.passage - 1, [])]
        lead = [s for s, _ in heard.said.get(passage.lead, [])] if passage.lead is not None else []
        rows[index] = (
            voice.speaker is None,
            bool(own),
            rule,
            len(said),
            sum(s is None for s, _ in said),
            score,
            ahead,
            scores[-1] if scores else -9,
            max(nobody[k] for k in voice.contents),
            max(about[k] for k in voice.contents),
            sum(about[k] for k in voice.contents) / len(voice.contents),
            len(voice.contents),
            len(by_passage[voice.passage]),
            sure[voice.speaker] if voice.speaker is not None else 0,
            TYPES.index(placed.entities[voice.speaker].type) if voice.speaker is not None else -1,
            where,
            first,
            order,
            voice.speaker in before,
            voice.speaker in lead,
            counts[voice.speaker] / total,
            counts[None] / total,
            KINDS.index(passage.kind),
            len(placed.entities[voice.speaker].mentions) if voice.speaker is not None else 0,
            passage.last - passage.first,
            voice.passage / max(len(placed.prose.passages), 1),
            max(top[k] for k in voice.contents),
            sum(done[k] for k in voice.contents) / len(voice.contents),
            max(sure[placed.places[placed.contents[k]].entity] for k in voice.contents),
            passage.lead is not None,
        )
    return rows


def _score(stage: Stage, voice: Voice) -> float:
    """The encoder's best score of the speaker on one of the contents."""
    if voice.speaker is None:
        return -9.0
    return max(stage.speakers.get((k, voice.speaker), -9.0) for k in voice.contents)


def _where(placed: Placed, stage: Stage, voice: Voice) -> tuple[float, float, float]:
    """How far before the first content the speaker stands in words; its place among actors."""
    if voice.speaker is None:
        return 99, 0, -1
    actors = stage.actors.get(voice.passage, [])
    content = min(placed.places[placed.contents[k]].first for k in voice.contents)
    for order, index in enumerate(actors):
        place = placed.places[index]
        if place.entity == voice.speaker:
            start = placed.prose.passages[voice.passage].first
            return content - place.first, place.first - start, order
    return -99, -1, 99


def ways(
    placed: Placed, stage: Stage, heard: Heard, found: Sequence[Voice], likely: Sequence[float]
) -> Floats:
    """Rows for each voice and modality, voice by voice."""
    rows = np.zeros((len(found), len(MODALITIES), 14 + len(MODALITIES)), np.float32)
    rows[:, :, 14:] = np.eye(len(MODALITIES))
    for index, voice in enumerate(found):
        said = heard.said.get(voice.passage, [])
        first = _first_heard(heard, voice)
        own = {s.modality for speaker, s in said if speaker == voice.speaker}
        every = {s.modality for _, s in said}
        chances = stage.stances[list(voice.contents), :_NONE]
        weights = 1 - stage.stances[list(voice.contents), _NONE]
        weights = weights / max(weights.sum(), 1e-6)
        mean = weights @ chances
        mean = mean / max(mean.sum(), 1e-6)
        *_, second, best = np.sort(mean)
        passage = placed.prose.passages[voice.passage]
        likeliest = first or (said[0][1].modality if said else None)
        rows[index, :, 0] = [m == likeliest for m in MODALITIES]
        rows[index, :, 1] = mean
        rows[index, :, 2] = chances.max(0)
        rows[index, :, 3] = mean - np.where(mean == best, second, best)
        rows[index, :, 4] = [m in own for m in MODALITIES]
        rows[index, :, 5] = [m in every for m in MODALITIES]
        rows[index, :, 6:14] = (
            len(own),
            voice.speaker is None,
            KINDS.index(passage.kind),
            likely[index],
            placed.prose.tags[passage.first : passage.last].count("M"),
            passage.lead is not None,
            passage.last - passage.first,
            len(voice.contents),
        )
    return rows.reshape(-1, 14 + len(MODALITIES))


def heard_ways(heard: Heard, found: Sequence[Voice]) -> Floats:
    """1 for the modality that the rules first heard of each voice [voices, modalities]."""
    told = np.zeros((len(found), len(MODALITIES)), np.float32)
    for row, voice in zip(told, found, strict=True):
        if (first := _first_heard(heard, voice)) is not None:
            row[MODALITIES.index(first)] = 1
    return told


def _first_heard(heard: Heard, voice: Voice) -> Modality | None:
    """The modality of the first statement that the rules heard of a voice."""
    said = heard.said.get(voice.passage, ())
    return next((s.modality for speaker, s in said if speaker == voice.speaker), None)


def shares(
    placed: Placed, stage: Stage, heard: Heard, voice: Voice, modality: Modality
) -> list[tuple[Modality, list[Draft]]]:
    """What a statement is about, in two where the rules heard opposition to a part of it.

    "Welcomed the scheme but rejected the levy": a passage has one stance of a speaker for the
    judges; opposition is on the object of its verb alone.
    """
    contents = _contents(placed, stage, heard, voice)
    told = heard.stances.get((voice.passage, voice.speaker), [])
    against = {e for m, meant in told if m == "opposes" for e in meant}
    others = {m for m, meant in told if m != "opposes" and meant}
    heard_so = any(m == "opposes" for m, _ in told)
    if not heard_so or (modality != "opposes" and not others):
        return [(modality, [placed.entities[e] for e in contents])]
    first = modality if modality != "opposes" else min(others, default=None)
    parts: list[tuple[Modality, list[Draft]]] = []
    if opposed := [placed.entities[e] for e in contents if e in against]:
        parts.append(("opposes", opposed))
    rest = [placed.entities[e] for e in contents if e not in against]
    if rest and first is not None:
        parts.append((first, rest))
    return parts


def _contents(placed: Placed, stage: Stage, heard: Heard, voice: Voice) -> list[int]:
    """The contents that the encoder or the rules give a statement."""
    chosen: list[int] = []
    ruled = heard.contents.get(voice.passage, set())
    likely = {k: float(1 - stage.stances[k, _NONE]) for k in voice.contents}
    best = max(voice.contents, key=lambda k: (likely[k], -k))
    for k in voice.contents:
        entity = placed.places[placed.contents[k]].entity
        least = 0.3 if entity in ruled else 0.5
        if (likely[k] >= least or k == best) and entity not in chosen:
            chosen.append(entity)
    return chosen


def addressees_of(placed: Placed, stage: Stage, heard: Heard, voice: Voice) -> list[Draft]:
    """Whom a statement calls on, by the encoder or the rules; never the speaker."""
    found = set(heard.addressed.get((voice.passage, voice.speaker), ()))
    for k in voice.contents:
        found |= stage.addressees.get(k, set())
    return [placed.entities[e] for e in sorted(found - {voice.speaker})]
