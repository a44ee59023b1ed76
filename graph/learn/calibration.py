"""How far stated probabilities are from outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph.evaluate import RELAXED, match_entities, match_relations, match_statements
from graph.extract.learned.records import KINDS
from graph.records import Extraction

Outcomes = Mapping[str, Sequence[tuple[float, bool]]]
_BINS = 10


def outcomes(pairs: Sequence[tuple[Extraction, Extraction]]) -> dict[str, list[tuple[float, bool]]]:
    """Stated probability and outcome of every fact, by kind, from (annotation, found) pairs.

    An entity is right when it matches one of its group, a statement when speaker and content match
    (and, under its own kind, the modality too), a relation when it and both its ends do.
    """
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for gold, told in pairs:
        matched = match_entities(gold.entities, told.entities, RELAXED)
        for e in told.entities:
            found[f"entity/{e.type}"].append((e.confidence, e.id in matched))
            found["entities"].append((e.confidence, e.id in matched))
        stances = match_statements(gold.statements, told.statements, matched, modality_counts=False)
        for i, s in enumerate(told.statements):
            found[f"statement/{s.modality}"].append((s.confidence, i in stances))
            found["statements"].append((s.confidence, i in stances))
        links = match_relations(gold, told, matched)
        for i, r in enumerate(told.relations):
            found[f"relation/{r.predicate}"].append((r.confidence, i in links))
            found["relations"].append((r.confidence, i in links))
    return dict(found)


def curves(parts: Sequence[Outcomes]) -> dict[str, tuple[list[float], list[float]]]:
    """From stated to real probability by kind of fact, at the tenths and between them.

    The curve is a logistic one in the log odds (Platt). It has two parameters: a freer one follows
    the issuers it was fitted on, and they differ more than its bends are worth.
    """
    from sklearn.linear_model import LogisticRegression

    stated = np.linspace(0.02, 0.98, 25)
    found = {}
    for kind in KINDS:
        facts = [fact for part in parts for fact in part.get(kind, ())]
        curve = stated
        if len({right for _, right in facts}) == 2:
            p, right = (np.array(x) for x in zip(*facts, strict=True))
            fitted = LogisticRegression(C=1e3).fit(_odds(p), right)
            curve = fitted.predict_proba(_odds(stated))[:, 1]
        found[kind] = (
            [round(float(x), 4) for x in stated],
            [round(float(y), 4) for y in curve],
        )
    return found


def _odds(p: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    p = np.clip(p, 0.02, 0.98)
    odds: np.ndarray = np.log(p / (1 - p)).reshape(-1, 1)  # type: ignore[type-arg]
    return odds


def error(facts: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: the mean distance of stated and real share over ten bins."""
    return sum(abs(row["stated"] - row["right"]) * row["facts"] for row in bins(facts)) / max(
        len(facts), 1
    )


def bins(facts: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Facts by stated probability: how many, what was stated on average, how many were right."""
    sorted_: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for p, right in facts:
        sorted_[min(int(p * _BINS), _BINS - 1)].append((p, right))
    return [
        {
            "from": number / _BINS,
            "to": (number + 1) / _BINS,
            "facts": len(group),
            "stated": round(sum(p for p, _ in group) / len(group), 4),
            "right": round(sum(right for _, right in group) / len(group), 4),
        }
        for number, group in sorted(sorted_.items())
    ]


def table(facts: Outcomes) -> dict[str, Any]:
    """The reliability table that ships with the weights."""
    return {
        kind: {"error": round(error(rows), 4), "facts": len(rows), "bins": bins(rows)}
        for kind, rows in sorted(facts.items())
    }
