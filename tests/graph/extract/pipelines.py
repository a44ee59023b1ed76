"""Small spaCy pipelines, made and saved where spaCy is installed."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

PATTERNS = [
    {"label": "ORG", "pattern": "the Ministry of Science and Technology"},
    {"label": "ORG", "pattern": "Academy of Sciences"},
    {"label": "PERSON", "pattern": "Ana Duarte"},
    {"label": "GPE", "pattern": "China"},
    {"label": "GPE", "pattern": "Porto"},
    {"label": "MONEY", "pattern": "€40 million"},
    {"label": "DATE", "pattern": "2030"},
    {"label": "Goal", "pattern": "strengthen basic research"},
]


def blank_pipeline() -> Any:
    """An empty English pipeline; the test is skipped where spaCy is missing."""
    with warnings.catch_warnings():
        # What spaCy's own dependencies deprecate is not for this project to mend.
        warnings.simplefilter("ignore")
        spacy = pytest.importorskip(
            "spacy", reason="spaCy is NOT INSTALLED, its extractor is NOT TESTED: scipol[spacy]"
        )
        return spacy.blank("en")


def small_pipeline(folder: Path) -> Path:
    """The folder of a pipeline that marks PATTERNS and, in spans, a nested field."""
    pipeline = blank_pipeline()
    pipeline.add_pipe("entity_ruler").add_patterns(PATTERNS)
    spans = pipeline.add_pipe("span_ruler", config={"spans_key": "sc"})
    spans.add_patterns([{"label": "Field", "pattern": "basic research"}])
    pipeline.meta["name"], pipeline.meta["version"] = "small", "0.1.0"
    pipeline.to_disk(folder / "small")
    return folder / "small"
