"""From annotated documents to weights: folds, encoders, judges, calibration, export.

Heads are trained without each fold in turn, so that the judges learn from what heads make of
documents they have not seen, and the scores are those of unseen documents. The heads that are
exported are trained on everything.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from graph.errors import DataError
from graph.evaluate import Report, add_up, genre_of, score
from graph.extract.learned.onnx import OnnxBase, OnnxMind
from graph.extract.learned.steps import Mind
from graph.extract.learned.words import Floats, Halves, Integers, Words
from graph.gold import Annotated, load_gold
from graph.learn import calibration, encoder, judges
from graph.learn.encoder import Chunk, Heads
from graph.learn.export import export, write_base, write_heads
from graph.learn.folds import deal
from graph.learn.judges import Exercise, Judges
from graph.learn.labels import Lesson, lesson
from graph.learn.network import base_folder
from graph.records import Extraction

FOLDS, SEED = 5, 1
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """Cross-validation: documents, what was told of each unseen, and the judges of all.

    `names` are those of all documents that were learned from, the others too.
    """

    lessons: Sequence[Lesson]
    folds: Sequence[int]
    told: Sequence[Extraction]
    judges: Judges
    names: Sequence[str]

    def report(self) -> Report:
        """The scores over all documents, as `graph.evaluate.evaluate` gives them."""
        parts = []
        for own, found in zip(self.lessons, self.told, strict=True):
            scores = score(own.annotated.gold, found)
            parts.append(scores)
            if genre := genre_of(own.annotated.text.document):
                parts.append({f"genre/{genre}/{name}": c for name, c in scores.items()})
        return Report(documents=len(self.lessons), scores=add_up(parts))


class _Remembering:
    """A mind that reads each text once; the steps ask it again and again."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind
        self._read: dict[int, tuple[Floats, Floats, Floats]] = {}

    def read(self, words: Words) -> tuple[Floats, Floats, Floats]:
        """States and tag scores of the words."""
        if id(words) not in self._read:
            self._read[id(words)] = self._mind.read(words)
        return self._read[id(words)]

    def mark(self, naming: Floats, first: Integers, last: Integers) -> Halves:
        """Probabilities of spans."""
        return self._mind.mark(naming, first, last)

    def relate(
        self, joining: Floats, mentions: Integers, pairs: Integers, contents: Integers
    ) -> tuple[Floats, Floats]:
        """Scores of pairs and contents."""
        return self._mind.relate(joining, mentions, pairs, contents)


def base_in(folder: Path) -> OnnxBase:
    """The lower layers as they will run: everything is trained and measured on this form."""
    write_base(folder)
    return OnnxBase(folder)


def exported(heads: Heads, base: OnnxBase) -> Mind:
    """What was trained, as it will run."""
    with tempfile.TemporaryDirectory() as folder:
        write_heads(heads, Path(folder))
        return _Remembering(OnnxMind(Path(folder), base))


def lessons_of(
    golds: Sequence[Path], texts: Path | None, also: Sequence[Path] = ()
) -> list[Lesson]:
    """The annotated documents of some folders, read by the rules.

    `texts` is where the texts of the first folder lie; the others have theirs beside them. Those of
    the folders `also` are learned from and not measured. Raises DataError as
    `graph.gold.load_gold`, and where there are too few documents to measure on.
    """
    spell = speller()
    annotated: list[Annotated] = []
    for number, gold in enumerate(golds):
        annotated += load_gold(gold, texts if number == 0 else None)
    if len(annotated) < FOLDS:
        raise DataError(
            f"{len(annotated)} annotated documents are too few to learn from; "
            f"at least {FOLDS} are needed, one for each fold"
        )
    more = [a for folder in also for a in load_gold(folder)]
    return [lesson(a, spell) for a in annotated] + [lesson(a, spell, False) for a in more]


def speller() -> Callable[[str], Sequence[int]]:
    """The base's way to cut words into pieces."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    known: dict[str, Sequence[int]] = {}

    def spell(word: str) -> Sequence[int]:
        if word not in known:
            known[word] = tokenizer.encode(word, add_special_tokens=False).ids
        return known[word]

    return spell


def cross_validate(
    lessons: Sequence[Lesson], progress: Progress | None = None, share: float = 1.0
) -> Trial:
    """Train and judge fold by fold.

    `share` is the part of the documents that is learned from; every measured one is scored.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = base_in(Path(folder))
    return _validated(lessons, base, encoder.chunks(base, lessons), progress, share)


def _validated(
    lessons: Sequence[Lesson],
    base: OnnxBase,
    parts: Sequence[Chunk],
    progress: Progress | None,
    share: float = 1.0,
) -> Trial:
    """The same with documents that the base has read."""
    measured = [x for x in lessons if x.measured]
    more = [x for x in lessons if not x.measured]
    folds = deal([x.annotated for x in measured], FOLDS)
    minds: dict[int, Mind] = {}
    for fold in sorted(set(folds)):
        seen = [x for x, f in zip(measured, folds, strict=True) if f != fold]
        own = {id(x) for part in (seen, more) for x in judges.thinned(part, share)}
        chosen = [c for c in parts if id(c.lesson) in own]
        heads = encoder.train(chosen, SEED, progress=_named(progress, f"fold {fold + 1}"))
        minds[fold] = exported(heads, base)
    exercises = [Exercise(x, f, minds[f]) for x, f in zip(measured, folds, strict=True)]
    fitted, told = judges.fit(exercises, share)
    return Trial(measured, folds, told, fitted, [x.name for x in lessons])


def _named(progress: Progress | None, name: str) -> Progress | None:
    return None if progress is None else lambda line: progress(f"{name}: {line}")


def train(
    golds: Sequence[Path],
    texts: Path | None,
    folder: Path,
    progress: Progress | None = None,
    also: Sequence[Path] = (),
) -> Trial:
    """Train on annotated documents and write the weights; the same documents give the same scores.

    Raises DataError for annotations that cannot be used, ExtractorError without the base encoder.
    """
    torch.use_deterministic_algorithms(True)
    lessons = lessons_of(golds, texts, also)
    with tempfile.TemporaryDirectory() as place:
        base = base_in(Path(place))
    parts = encoder.chunks(base, lessons)
    trial = _validated(lessons, base, parts, progress)
    heads = encoder.train(parts, SEED, progress=_named(progress, "all"))
    export(heads, trial.judges, settings_of(trial), folder)
    return trial


def settings_of(trial: Trial) -> Mapping[str, Any]:
    """What is written beside the limits: how sure the facts are, and on what it was measured."""
    outcomes = calibration.outcomes(
        [(x.annotated.gold, found) for x, found in zip(trial.lessons, trial.told, strict=True)]
    )
    return {
        "documents": sorted(trial.names),
        "reliability": calibration.table(outcomes),
    }
