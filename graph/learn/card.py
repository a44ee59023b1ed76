"""Writes the quality card: how good the extractors are on documents they have not seen."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from graph import quality
from graph.errors import DataError
from graph.evaluate import Count, Scores, add_up, genre_of, score
from graph.learn import calibration
from graph.learn.folds import issuer
from graph.learn.training import Trial

_DRAWS, _SEED = 1000, 7
_LEAST = 10
Parts = Sequence[Scores]


def write_card(trial: Trial, file: Path) -> None:
    """Write the card of a cross-validation as Markdown. The same trial gives the same card.

    What no program can say stands in a file of the same name ending in .toml beside it: texts
    "how", "ablations", "speed" and "wrong". Raises DataError where that file is broken.
    """
    beside = file.with_suffix(".toml")
    try:
        remarks = tomllib.loads(beside.read_text("utf-8")) if beside.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{beside} cannot be read: {error}") from error
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(_lines(trial, remarks)) + "\n", encoding="utf-8")


def interval(parts: Parts, name: str) -> tuple[float, float]:
    """The range in which F1 lies in 95 of 100 draws of as many documents, with replacement."""
    counts = np.array([part.get(name, Count()) for part in parts], float).reshape(-1, 3)
    draws = np.random.default_rng(_SEED).integers(0, len(counts), (_DRAWS, len(counts)))
    right, wrong, missed = counts[draws].sum(1).T
    scores = 2 * right / np.maximum(2 * right + wrong + missed, 1)
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(low), float(high)


def _lines(trial: Trial, remarks: Mapping[str, str]) -> Iterator[str]:
    golds = [x.annotated.gold for x in trial.lessons]
    learned = [score(gold, told) for gold, told in zip(golds, trial.told, strict=True)]
    rules = [
        score(g, x.reading.records(x.annotated.text))
        for g, x in zip(golds, trial.lessons, strict=True)
    ]
    folds = len(set(trial.folds))
    issuers = len({issuer(x.annotated.text.document) for x in trial.lessons})
    yield "# How good the extractors are"
    yield ""
    yield (
        f"{quality.measured_on(len(golds), issuers)} in cross-validation "
        f"with {folds} folds; documents of one issuer are in one fold. Figures are F1 with the "
        "range in which it lies in 95 of 100 draws of documents (bootstrap). Made by "
        "`scipol evaluate GOLD --texts DIR --also data/exercises --card docs/quality.md`."
    )
    yield from _remark(remarks, "how")
    yield ""
    yield "## Scores"
    yield ""
    yield quality.HEAD
    yield "|---|---|---|---|---|---|"
    total = add_up(learned)
    for name in _shown(total):
        own = total[name]
        score_ = quality.Score(
            name=name,
            precision=own.precision,
            recall=own.recall,
            wanted=own.right + own.missed,
        )
        yield quality.row(score_, _cell(rules, name), _cell(learned, name))
    yield from _by_genre(trial, learned)
    yield from _calibration(trial)
    for key, title in (("ablations", "Parts"), ("speed", "Speed"), ("wrong", "What it gets wrong")):
        if key in remarks:
            yield from ("", f"## {title}")
            yield from _remark(remarks, key)


def _remark(remarks: Mapping[str, str], key: str) -> Iterator[str]:
    if key in remarks:
        yield ""
        yield remarks[key].strip()


def _shown(total: Scores) -> list[str]:
    """The names of the table: sums first, then types, predicates and modalities."""
    first = ["entities", "entities/strict", "relations", "statements/pair", "statements/full"]
    rest = [n for n in total if n not in first and n != "actor-type"]
    return [n for n in [*first, "actor-type", *rest] if n in total]


def _cell(parts: Parts, name: str) -> str:
    count = add_up(parts).get(name, Count())
    if count.right + count.missed < _LEAST:
        return f"{count.f1:.2f} (few)"
    low, high = interval(parts, name)
    return f"{count.f1:.2f} ({low:.2f}-{high:.2f})"


def _by_genre(trial: Trial, learned: Parts) -> Iterator[str]:
    groups: dict[str, list[Scores]] = {}
    for x, part in zip(trial.lessons, learned, strict=True):
        document = x.annotated.text.document
        groups.setdefault(genre_of(document) or issuer(document), []).append(part)
    yield from ("", "## By genre or issuer", "")
    yield "| | documents | entities | relations | statements/pair |"
    yield "|---|---|---|---|---|"
    for name, parts in sorted(groups.items()):
        if len(parts) > 1:
            cells = " | ".join(
                _cell(parts, n) for n in ("entities", "relations", "statements/pair")
            )
            yield f"| {name} | {len(parts)} | {cells} |"


def _calibration(trial: Trial) -> Iterator[str]:
    facts = calibration.outcomes(
        [(x.annotated.gold, told) for x, told in zip(trial.lessons, trial.told, strict=True)]
    )
    yield from ("", "## How sure", "")
    yield (
        "The confidence of a fact is the probability that a careful reader marks it. The error is "
        "the mean distance of stated and real share over ten bins (expected calibration error)."
    )
    yield from ("", "| kind | facts | error |", "|---|---|---|")
    for kind, rows in sorted(facts.items()):
        yield f"| {kind} | {len(rows):,} | {calibration.error(rows):.3f} |"
    yield from ("", "| stated | entities | relations | statements |", "|---|---|---|---|")
    tables = {
        k: {b["from"]: b for b in calibration.bins(facts[k])}
        for k in ("entities", "relations", "statements")
        if k in facts
    }
    for tenth in range(10):
        cells = []
        for table in tables.values():
            row = table.get(tenth / 10)
            cells.append(f"{row['right']:.2f} of {row['facts']:,.0f}" if row else "")
        if any(cells):
            yield f"| {tenth / 10:.1f}-{(tenth + 1) / 10:.1f} | {' | '.join(cells)} |"
