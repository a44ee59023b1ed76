"""Fits the judges of all steps on annotated documents.

A judge is fitted on what the step before it hands on when that was judged by judges which had not
seen the document: otherwise it would learn from candidates that are better than they will be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from graph.evaluate import RELAXED, match_entities, match_relations, match_statements
from graph.extract.learned import records, sameness, stances, steps
from graph.extract.learned.entities import Group, gather
from graph.extract.learned.pairs import MODALITIES, PREDICATES
from graph.extract.learned.records import entities_of
from graph.extract.learned.sameness import Pairs
from graph.extract.learned.spans import GROUPS, SAME, Candidate, overlap
from graph.extract.learned.steps import Facts, Limits, Mentions, Mind, Things
from graph.extract.learned.words import Floats, token_span
from graph.learn import calibration, trees
from graph.learn.labels import Lesson, passages_of
from graph.learn.trees import Right
from graph.records import Extraction

Precision = dict[tuple[str, str], float]
Limit = TypeVar("Limit")
Item = TypeVar("Item")


@dataclass(slots=True)
class Judges:
    """The judges, the precision of the rules, and the limits from which facts are told."""

    models: dict[str, HistGradientBoostingClassifier]
    precision: Precision
    limits: Limits
    curves: records.Curves

    def judge(self, name: str, rows: Floats) -> Floats:
        """Probability of each row."""
        return trees.chances(self.models[name], rows)


@dataclass(frozen=True, slots=True)
class Exercise:
    """A document, its fold, and an encoder that has not seen the fold."""

    lesson: Lesson
    fold: int
    mind: Mind


class _Course:
    """Documents on their way through the steps.

    A document is judged, and what is told of it is limited, by what was fitted without its fold.
    """

    def __init__(self, exercises: Sequence[Exercise], share: float = 1.0) -> None:
        self.share = share
        self.lessons = [e.lesson for e in exercises]
        self.minds = [e.mind for e in exercises]
        self.folds = [e.fold for e in exercises]
        self.precision, self.precisions = self._both(
            lambda chosen: rule_precision([self.lessons[i] for i in chosen])
        )
        self.models: dict[str, HistGradientBoostingClassifier] = {}
        self._without: dict[tuple[str, int], HistGradientBoostingClassifier] = {}

    def mentions(self) -> None:
        """The first two steps: which mentions are right, and which groups of them are one thing."""
        self.first = [
            steps.mentions(x.reading, x.words, mind, precision)
            for x, mind, precision in zip(self.lessons, self.minds, self.precisions, strict=True)
        ]
        rows = [step.rows for step in self.first]
        found = {}
        for name, least in (("mention", SAME), ("exact", 1.0)):
            rights = [
                _mentions_right(*z, least) for z in zip(self.first, self.lessons, strict=True)
            ]
            found[name] = self._judge(name, rows, rights)
        groups = [
            steps.groups(step, _told({"mention": m, "exact": x}))
            for step, m, x in zip(self.first, found["mention"], found["exact"], strict=True)
        ]
        same = self._same([step.groups for step in groups], [step.pairs for step in groups])
        self.second = [
            steps.things(step, own, _told({"same": likely}), precision)
            for step, own, likely, precision in zip(
                self.first, groups, same, self.precisions, strict=True
            )
        ]

    def _same(self, found: Sequence[list[Group]], pairs: Sequence[Pairs]) -> list[Floats]:
        """Which pairs of groups are one thing.

        Learned from those that stand for annotated things, and from the annotated things
        themselves, taken apart into what equal words bring together: few are found in several
        groups.
        """
        rows, rights, more = [], [], []
        for groups, own, lesson, step in zip(found, pairs, self.lessons, self.first, strict=True):
            meant = [_meant(g, lesson) for g in groups]
            known = np.array([None not in (meant[a], meant[b]) for a, b in own.ends], bool)
            right = np.array([meant[a] == meant[b] for a, b in own.ends], bool)
            parts, whose = apart(lesson)
            theirs = sameness.pairs(step.reading.prose, step.naming, parts)
            equal = np.array([whose[a] == whose[b] for a, b in theirs.ends], bool)
            rows.append(own.rows)
            rights.append(right)
            more.append(
                (
                    np.concatenate([own.rows[known], theirs.rows]),
                    np.concatenate([right[known], equal]),
                )
            )
        return self._judge("same", rows, rights, more)

    def entities(self) -> Mapping[str, float]:
        """The third step: which entities are right, and from which limits they are told."""
        rights = [
            _things_right(*z) for z in zip(self.second, self.first, self.lessons, strict=True)
        ]
        sure = self._judge("entity", [step.rows for step in self.second], rights)
        limits, self.limits = self._both(
            lambda chosen: entity_limits(
                [self.second[i] for i in chosen],
                [sure[i] for i in chosen],
                [self.lessons[i] for i in chosen],
            )
        )
        self.kept = [steps.kept(*z) for z in zip(self.second, sure, self.limits, strict=True)]
        self.third = [
            steps.facts(step, *kept, mind, precision)
            for step, kept, mind, precision in zip(
                self.first, self.kept, self.minds, self.precisions, strict=True
            )
        ]
        self.pairs = [
            match_entities(
                x.annotated.gold.entities, entities_of(step.reading.prose, *kept), RELAXED
            )
            for x, step, kept in zip(self.lessons, self.first, self.kept, strict=True)
        ]
        return limits

    def relations(self) -> float:
        """The fourth step: which relations are right."""
        rights = [_links_right(*z) for z in zip(self.third, self.lessons, self.pairs, strict=True)]
        self.joined = self._judge("relation", [step.link_rows for step in self.third], rights)
        limit, self.relation_limits = self._both(
            lambda chosen: best_limit(
                np.concatenate([self.joined[i] for i in chosen]),
                sum(len(self.lessons[i].annotated.gold.relations) for i in chosen),
            )
        )
        return limit

    def statements(self) -> tuple[float, float]:
        """The fourth step: who speaks where, and how."""
        rights = [_voices_right(*z) for z in zip(self.third, self.lessons, self.pairs, strict=True)]
        self.spoken = self._judge("speaker", [step.voice_rows for step in self.third], rights)
        limits, self.voice_limits = self._both(
            lambda chosen: _voice_limits(
                [self.third[i] for i in chosen],
                [self.spoken[i] for i in chosen],
                [rights[i] for i in chosen],
                [self.lessons[i] for i in chosen],
            )
        )
        ways = [
            _ways(*z)
            for z in zip(self.third, self.spoken, rights, self.lessons, self.pairs, strict=True)
        ]
        self._judge("modality", [rows for rows, _ in ways], [right for _, right in ways])
        return limits

    def told(self, index: int) -> Extraction:
        """What is told of a document whose fold nothing has seen."""
        step, text = self.third[index], self.lessons[index].annotated.text
        limits = Limits(self.limits[index], self.relation_limits[index], *self.voice_limits[index])
        model = self._without["modality", self.folds[index]]
        return records.extraction(
            text,
            self.first[index].reading.prose,
            self.kept[index],
            steps.statements(
                step, self.spoken[index], lambda _, rows: trees.chances(model, rows), limits
            ),
            steps.relations(step, self.joined[index], limits.relations),
        )

    def _judge(
        self,
        name: str,
        rows: Sequence[Floats],
        rights: Sequence[Right],
        taught: Sequence[tuple[Floats, Right]] = (),
    ) -> list[Floats]:
        """Fit a judge on all; return for each document the word of one without its fold.

        `taught` is what each document teaches where that is not just its rows.
        """
        taught = taught or list(zip(rows, rights, strict=True))
        found: list[Floats] = [np.zeros(0, np.float32)] * len(rows)
        for fold in sorted(set(self.folds)):
            others = thinned([i for i, f in enumerate(self.folds) if f != fold], self.share)
            model = _fit(name, [taught[i] for i in others])
            for i, f in enumerate(self.folds):
                if f == fold:
                    found[i] = trees.chances(model, rows[i])
            self._without[name, fold] = model
        self.models[name] = _fit(name, taught)
        return found

    def curves(self, raw: Sequence[Extraction]) -> tuple[records.Curves, list[records.Curves]]:
        """From what the judges stated to how often it was right."""
        facts = [
            calibration.outcomes([(x.annotated.gold, found)])
            for x, found in zip(self.lessons, raw, strict=True)
        ]
        return self._both(lambda chosen: calibration.curves([facts[i] for i in chosen]))

    def _both(self, choose: Callable[[list[int]], Limit]) -> tuple[Limit, list[Limit]]:
        """What is chosen on all documents, and for each document on those of other folds."""
        by_fold = {
            fold: choose(thinned([i for i, f in enumerate(self.folds) if f != fold], self.share))
            for fold in sorted(set(self.folds))
        }
        return choose(list(range(len(self.folds)))), [by_fold[f] for f in self.folds]


def fit(exercises: Sequence[Exercise], share: float = 1.0) -> tuple[Judges, list[Extraction]]:
    """Fit all judges, step by step, each on this share of the documents.

    Also returns what is told of each document by judges and limits that were fitted without its
    fold: that is what the scores are computed on.
    """
    course = _Course(exercises, share)
    course.mentions()
    limits = Limits(course.entities(), course.relations(), *course.statements())
    raw = [course.told(index) for index in range(len(exercises))]
    curves, own = course.curves(raw)
    told = [records.calibrated(x, c) for x, c in zip(raw, own, strict=True)]
    return Judges(course.models, course.precision, limits, curves), told


def _fit(name: str, taught: Sequence[tuple[Floats, Right]]) -> HistGradientBoostingClassifier:
    rows, rights = (np.concatenate(part) for part in zip(*taught, strict=True))
    return trees.fit(rows, rights, trees.RARE if name == "same" else trees.USUAL)


def thinned(items: Sequence[Item], share: float) -> list[Item]:
    """This share of the items, evenly spread; one at least, where there are any."""
    size = max(round(len(items) * share), min(len(items), 1))
    return [items[i * len(items) // size] for i in range(size)]


def rule_precision(lessons: Sequence[Lesson]) -> Precision:
    """Share of right facts of each rule, drawn towards that of its kind."""
    outcomes: Counter[tuple[str, str, bool]] = Counter()
    for lesson in lessons:
        outcomes.update(_rule_outcomes(lesson))
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rules: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (kind, rule, right), count in sorted(outcomes.items()):
        for entry in (kinds[kind], rules[kind, rule]):
            entry[0] += count * right
            entry[1] += count
    found: Precision = {}
    for (kind, rule), (rights, all_) in rules.items():
        share = (kinds[kind][0] + 1) / (kinds[kind][1] + 2)
        found[kind, rule] = (rights + 16 * share) / (all_ + 16)
    return found


def _rule_outcomes(lesson: Lesson) -> Iterator[tuple[str, str, bool]]:
    reading, gold = lesson.reading, lesson.annotated.gold
    found = reading.records(lesson.annotated.text)
    pairs = match_entities(gold.entities, found.entities, RELAXED)
    types = {e.id: e.type for e in gold.entities}
    for draft, entity in zip(reading.entities, found.entities, strict=True):
        yield draft.type, draft.rule, types.get(pairs.get(entity.id, "")) == entity.type
    stances = match_statements(gold.statements, found.statements, pairs, modality_counts=False)
    for i, statement in enumerate(reading.statements):
        yield statement.modality, statement.rule, i in stances
    links = match_relations(gold, found, pairs)
    for i, relation in enumerate(reading.relations):
        yield relation.predicate, relation.rule, i in links


def _told(values: Mapping[str, Floats]) -> steps.Judge:
    return lambda name, _: values[name]


def _mentions_right(step: Mentions, lesson: Lesson, least: float) -> Right:
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for entity in lesson.annotated.gold.entities:
        spans[GROUPS[entity.type]] += [(m.start, m.end) for m in entity.mentions]
    return np.array(
        [
            any(overlap((c.start, c.end), span) >= least for span in spans[GROUPS[c.type]])
            for c in step.found
        ],
        bool,
    )


def _meant(group: Group, lesson: Lesson) -> str | None:
    """The annotated thing that most of the mentions of a group name."""
    votes: Counter[str] = Counter()
    for c in group.mentions:
        share, entity = max(
            (
                (overlap((c.start, c.end), (m.start, m.end)), e.id)
                for e in lesson.annotated.gold.entities
                if GROUPS[e.type] == GROUPS[c.type]
                for m in e.mentions
            ),
            default=(0.0, ""),
        )
        if share >= SAME:
            votes[entity] += 1
    return votes.most_common(1)[0][0] if votes else None


def apart(lesson: Lesson) -> tuple[list[Group], list[str]]:
    """The annotated things as groups of mentions with equal words, and the thing of each group."""
    prose = lesson.reading.prose
    own: list[tuple[Group, str]] = []
    for e in lesson.annotated.gold.entities:
        found = [
            Candidate(
                e.type,
                *token_span(prose, m.start, m.end),
                m.start,
                m.end,
                prose.passage_at(m.start),
                None,
            )
            for m in e.mentions
        ]
        sure = np.ones(len(found), np.float32)
        own += [(group, e.id) for group in gather(lesson.reading, found, sure, sure)]
    own.sort(key=lambda item: item[0].mentions[0].start)
    return [group for group, _ in own], [id_ for _, id_ in own]


def _things_right(step: Things, first: Mentions, lesson: Lesson) -> Right:
    """Whether each group would be matched, if all were told."""
    from graph.extract.learned.entities import as_draft

    drafts = [as_draft(g) for g in step.groups]
    own = entities_of(first.reading.prose, drafts, [0.0] * len(drafts))
    pairs = match_entities(lesson.annotated.gold.entities, own, RELAXED)
    return np.array([e.id in pairs for e in own], bool)


def entity_limits(
    found: Sequence[Things], sure: Sequence[Floats], lessons: Sequence[Lesson]
) -> dict[str, float]:
    """The limit of each group of entities at which its expected F1 is greatest."""
    likely: dict[str, list[float]] = defaultdict(list)
    for step, p in zip(found, sure, strict=True):
        for group, value in zip(step.groups, p.tolist(), strict=True):
            likely[GROUPS[group.draft.type]].append(value)
    totals = Counter(GROUPS[e.type] for lesson in lessons for e in lesson.annotated.gold.entities)
    return {
        name: best_limit(np.array(likely[name], np.float32), totals[name])
        for name in sorted(set(GROUPS.values()))
    }


def best_limit(likely: Floats, total: int) -> float:
    """The limit at which the expected F1 against `total` wanted facts is greatest, to two digits.

    What is expected comes from the probabilities, not from the outcomes: these are few, and a limit
    that fits them fits other documents less (Lipton, Elkan and Naryanaswamy 2014, "Optimal
    thresholding of classifiers to maximize F1 measure").
    """
    limits = np.arange(0.1, 0.71, 0.02)
    told = [likely[likely >= x] for x in limits]
    scores = [2 * float(p.sum()) / max(total + len(p), 1) for p in told]
    # The middle of what is nearly best does better on other documents than the very best.
    good = limits[np.array(scores) >= max(scores) - 0.002]
    return round(float(good[len(good) // 2]), 2)


def _links_right(step: Facts, lesson: Lesson, pairs: Mapping[str, str]) -> Right:
    gold = lesson.annotated.gold
    wanted = {(r.subject, str(r.predicate), r.object) for r in gold.relations}
    rights = []
    for subject, label, object_, _ in step.links.tolist():
        ends = [pairs.get(f"e{n + 1}", "") for n in (subject, object_)]
        predicate = PREDICATES[label]
        right = (ends[0], predicate, ends[1]) in wanted
        if predicate == "partnerOf":
            right = right or (ends[1], predicate, ends[0]) in wanted
        rights.append(right)
    return np.array(rights, bool)


def _wanted(step: Facts, lesson: Lesson) -> dict[int, list[tuple[str | None, set[str], str]]]:
    """Gold statements by passage: speaker, contents, modality."""
    found: dict[int, list[tuple[str | None, set[str], str]]] = defaultdict(list)
    for s in lesson.annotated.gold.statements:
        for passage in passages_of(step.placed.prose, s.evidence):
            found[passage].append((s.speaker, set(s.content), s.modality))
    return found


def _modality(
    step: Facts,
    index: int,
    wanted: Mapping[int, list[tuple[str | None, set[str], str]]],
    pairs: Mapping[str, str],
) -> str | None:
    """The modality of the gold statement that a voice is; None if it is none."""
    voice = step.voices[index]
    speaker = None if voice.speaker is None else pairs.get(f"e{voice.speaker + 1}", "?")
    placed = step.placed
    contents = {
        pairs.get(f"e{placed.places[placed.contents[k]].entity + 1}", "?") for k in voice.contents
    }
    for who, what, modality in wanted.get(voice.passage, ()):
        if who == speaker and not what.isdisjoint(contents):
            return modality
    return None


def _voices_right(step: Facts, lesson: Lesson, pairs: Mapping[str, str]) -> Right:
    wanted = _wanted(step, lesson)
    return np.array(
        [_modality(step, i, wanted, pairs) is not None for i in range(len(step.voices))], bool
    )


def _voice_limits(
    found: Sequence[Facts],
    likely: Sequence[Floats],
    rights: Sequence[Right],
    lessons: Sequence[Lesson],
) -> tuple[float, float]:
    """The limits for the likeliest statement of a passage and for further ones, at the best F1."""
    wanted = sum(len(x.annotated.gold.statements) for x in lessons)
    best = (-1.0, 0.5, 0.5)
    for least in np.arange(0.1, 0.5, 0.04).tolist():
        for more in np.arange(0.2, 0.75, 0.05).tolist():
            told = right = 0
            for step, p, good in zip(found, likely, rights, strict=True):
                chosen = stances.taken(step.voices, p, least, more)
                told += len(chosen)
                right += int(good[chosen].sum())
            best = max(best, (2 * right / max(told + wanted, 1), round(least, 2), round(more, 2)))
    return best[1:]


def _ways(
    step: Facts, likely: Floats, right: Right, lesson: Lesson, pairs: Mapping[str, str]
) -> tuple[Floats, Right]:
    """Rows of the modality judge for the voices that are statements, and which way is right."""
    chosen = np.flatnonzero(right).tolist()
    rows = stances.ways(
        step.placed,
        step.stage,
        step.heard,
        [step.voices[i] for i in chosen],
        [float(likely[i]) for i in chosen],
    )
    wanted = _wanted(step, lesson)
    told = [_modality(step, i, wanted, pairs) for i in chosen]
    return rows, np.array([m == modality for m in told for modality in MODALITIES], bool)
