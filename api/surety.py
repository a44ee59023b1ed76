"""What the confidences of the graph that is served are worth, for its pages."""

from __future__ import annotations

from collections.abc import Mapping

from api.dependencies import Snapshot
from graph import queries
from graph.errors import ExtractorError
from graph.reliability import EXTRACTOR, Reliability, in_words, range_of, reliability

Table = Mapping[str, Reliability]


def table_of(now: Snapshot) -> Table:
    """The reliability table where it tells of this graph; an empty one elsewhere.

    It was measured with the learned extractor alone, and is there where its weights are whole.
    """
    if now.kept("extractor", lambda: queries.extractor_of(now.store) or "") != EXTRACTOR:
        return {}
    try:
        return reliability()
    except ExtractorError:
        return {}


def worth(table: Table, kind: str, confidence: float) -> str:
    """What a confidence is worth in plain words; empty where that was not measured."""
    found = range_of(table, kind, confidence)
    return in_words(kind, found) if found else ""
