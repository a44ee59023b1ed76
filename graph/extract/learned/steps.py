"""The steps from what the rules and the encoder found to the facts of a document.

Each step makes candidates with a row of features each; a judge gives every row a probability;
what is likely enough goes on to the next step. Training walks the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from graph.extract.denials import Denials
from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.learned import entities, links, mention_features, sameness, spans, stances
from graph.extract.learned.entities import Group
from graph.extract.learned.links import LABEL, OBJECT, SUBJECT, Placed
from graph.extract.learned.pairs import MODALITIES, PREDICATES, STANCES, columns
from graph.extract.learned.sameness import Pairs
from graph.extract.learned.spans import GROUPS, Candidate
from graph.extract.learned.stances import Heard, Stage, Voice
from graph.extract.learned.words import Floats, Halves, Integers, Words
from graph.extract.rules import Reading

Precision = Mapping[tuple[str, str], float]
Judge = Callable[[str, Floats], Floats]

JUDGES = ("mention", "exact", "same", "entity", "relation", "speaker", "modality")
# Pairs to which the encoder gives a lower score (log odds) are no candidates.
LEAST = -5.0
# How much likelier than the judge has it a modality is that the rules heard: their cues are sure,
# and the judge has seen few documents. Between .1 and .35 it does equally well.
_TRUST = 0.35


class Mind(Protocol):
    """The encoder and its heads."""

    def read(self, words: Words) -> tuple[Floats, Floats, Floats]:
        """States of the words for naming and for joining, and scores of the tags by type."""
        ...

    def mark(self, naming: Floats, first: Integers, last: Integers) -> Halves:
        """Probabilities [spans, types] of the words [first, last) as a mention of each type."""
        ...

    def relate(
        self, joining: Floats, mentions: Integers, pairs: Integers, contents: Integers
    ) -> tuple[Floats, Floats]:
        """Scores of the labels of each pair and of the stances on each content."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How likely a fact must be to be told: entities by group, relations, statements.

    `statements` is the limit of the likeliest statement of a passage, `more` that of further ones.
    """

    entities: Mapping[str, float]
    relations: float
    statements: float
    more: float


@dataclass(slots=True)
class Mentions:
    """The first step: candidates for mentions."""

    reading: Reading
    naming: Floats
    joining: Floats
    found: list[Candidate]
    rows: Floats


def mentions(reading: Reading, words: Words, mind: Mind, precision: Precision) -> Mentions:
    """Candidates for mentions with their features."""
    naming, joining, tags = mind.read(words)
    chance = spans.chances(tags)
    marks = spans.marks(reading.prose, lambda *ends: mind.mark(naming, *ends))
    found = spans.candidates(reading, chance, marks)
    rows = mention_features.features(reading, chance, marks, found, precision)
    return Mentions(reading, naming, joining, found, rows)


@dataclass(slots=True)
class Groups:
    """The second step: mentions brought together, and pairs of groups that may be one thing."""

    groups: list[Group]
    pairs: Pairs


def groups(step: Mentions, judge: Judge) -> Groups:
    """Groups of likely mentions, and which of them may be one."""
    likely, exact = judge("mention", step.rows), judge("exact", step.rows)
    found = entities.gather(step.reading, step.found, likely, exact)
    return Groups(found, sameness.pairs(step.reading.prose, step.naming, found))


@dataclass(slots=True)
class Things:
    """The third step: candidates for entities."""

    groups: list[Group]
    rows: Floats


def things(step: Mentions, found: Groups, judge: Judge, precision: Precision) -> Things:
    """Candidates for entities with their features."""
    same = judge("same", found.pairs.rows)
    made = sameness.joined(step.reading.prose, found.groups, found.pairs, same)
    return Things(made, entities.features(step.reading, made, precision))


def kept(
    step: Things, likely: Floats, limits: Mapping[str, float]
) -> tuple[list[Draft], list[float]]:
    """The entities that are likely enough, and how likely they are."""
    chosen = [
        (entities.as_draft(group), float(p))
        for group, p in zip(step.groups, likely, strict=True)
        if p >= limits[GROUPS[group.draft.type]]
    ]
    return [d for d, _ in chosen], [p for _, p in chosen]


@dataclass(slots=True)
class Facts:
    """The fourth step: candidates for relations and statements."""

    placed: Placed
    links: Integers
    link_rows: Floats
    stage: Stage
    heard: Heard
    voices: list[Voice]
    voice_rows: Floats
    denials: Denials


def facts(
    step: Mentions,
    drafts: Sequence[Draft],
    sure: Sequence[float],
    mind: Mind,
    precision: Precision,
) -> Facts:
    """Candidates for relations and statements with their features."""
    prose = step.reading.prose
    places = links.places_of(prose, drafts)
    rules = links.told(step.reading, drafts)
    asked = ((subject, object_) for subject, _, object_ in rules)
    table = columns(places)
    contents, *arrays = links.questions(prose, places, table, asked)
    labels, stands = mind.relate(step.joining, *arrays)
    placed = Placed(prose, drafts, places, table, arrays[1], labels, stands, contents)
    found = links.candidates(placed, rules, LEAST)
    stage, heard = stances.arrange(placed), stances.hear(step.reading, drafts)
    spoken = stances.voices(placed, stage, heard)
    return Facts(
        placed,
        found,
        links.features(placed, found, rules, precision, sure),
        stage,
        heard,
        spoken,
        stances.features(placed, stage, heard, spoken, precision, sure),
        Denials(prose),
    )


def relations(step: Facts, likely: Floats, limit: float) -> tuple[list[RelationDraft], list[float]]:
    """The relations that are likely enough, partners once."""
    best: dict[tuple[int, int, int], tuple[float, list[int]]] = {}
    enough = np.flatnonzero(likely >= limit)
    for link, p in zip(step.links[enough].tolist(), likely[enough].tolist(), strict=True):
        ends = (link[SUBJECT], link[OBJECT])
        if PREDICATES[link[LABEL]] == "partnerOf":
            ends = (min(ends), max(ends))
        key = (*ends, link[LABEL])
        if key not in best or p > best[key][0]:
            best[key] = (p, link)
    chosen = [best[key] for key in sorted(best) if not _is_reversed(best, key)]
    drafts = links.as_drafts(step.placed, [link for _, link in chosen])
    held = [
        (draft, p)
        for draft, (p, _) in zip(drafts, chosen, strict=True)
        if not step.denials.contradict(draft)
    ]
    return [draft for draft, _ in held], [p for _, p in held]


def _is_reversed(
    best: Mapping[tuple[int, int, int], tuple[float, list[int]]], key: tuple[int, int, int]
) -> bool:
    """Whether the same relation is likelier the other way round: nothing is a part of its part."""
    subject, object_, label = key
    other = best.get((object_, subject, label))
    return other is not None and (other[0], object_) > (best[key][0], subject)


def statements(
    step: Facts, likely: Floats, judge: Judge, limits: Limits
) -> tuple[list[StatementDraft], list[float]]:
    """The statements that are likely enough, and how likely they are."""
    chosen = [
        (step.voices[i], float(likely[i]))
        for i in stances.taken(step.voices, likely, limits.statements, limits.more)
    ]
    voices = [voice for voice, _ in chosen]
    ways = judge(
        "modality",
        stances.ways(step.placed, step.stage, step.heard, voices, [p for _, p in chosen]),
    ).reshape(-1, len(MODALITIES))
    ways = ways + _TRUST * stances.heard_ways(step.heard, voices)
    found: list[StatementDraft] = []
    sure: list[float] = []
    for (voice, p), chances in zip(chosen, ways, strict=True):
        modality = MODALITIES[int(np.argmax(chances))]
        speaker = None if voice.speaker is None else step.placed.entities[voice.speaker]
        own = [s for n, s in step.heard.said.get(voice.passage, []) if n == voice.speaker]
        addressees = stances.addressees_of(step.placed, step.stage, step.heard, voice)
        for stance, content in stances.shares(step.placed, step.stage, step.heard, voice, modality):
            told = StatementDraft(
                speaker,
                stance,
                content,
                voice.passage,
                own[0].rule if own else "learned",
                addressees,
                own[0].attribution if own else ("paraphrase" if speaker else "narrator"),
            )
            heeded = step.denials.heed([told])
            found += heeded
            sure += [p] * len(heeded)
    return found, sure


assert STANCES[: len(MODALITIES)] == MODALITIES
