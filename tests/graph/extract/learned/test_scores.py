"""The scores on the repository's own annotations do not fall below the range they were in.

`scores.json` holds, for each extractor and measure, F1 when it was last measured and the lower end
of its range (2.5 of 100 draws of the documents lie below). The learned extractor was trained on
these documents: for it this is a check on changes, not a judgement of quality.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph.evaluate import evaluate
from graph.extract import load_extractor

ROOT = Path(__file__).parents[4]
KNOWN = json.loads((Path(__file__).parent / "scores.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_no_score_falls_below_its_range(name: str) -> None:
    found = evaluate(ROOT / "data" / "gold", None, load_extractor(name)).scores
    fallen = {
        measure: (round(found[measure].f1, 3), row["least"])
        for measure, row in KNOWN[name].items()
        if found[measure].f1 < row["least"]
    }
    assert not fallen


def test_the_learned_extractor_reads_better_than_the_rules() -> None:
    """On documents it has seen this is the least one may ask."""
    for measure in ("entities", "relations"):
        assert KNOWN["learned"][measure]["f1"] > KNOWN["rules"][measure]["f1"]
