"""Reads a text with the rules, the encoder and the judges."""

from __future__ import annotations

from graph.extract.learned import records, steps
from graph.extract.learned.steps import Judge, Limits, Mind, Precision
from graph.extract.learned.words import Words
from graph.extract.rules import Reading
from graph.records import Extraction, Text


def facts_of(
    text: Text,
    reading: Reading,
    words: Words,
    mind: Mind,
    judge: Judge,
    precision: Precision,
    limits: Limits,
    curves: records.Curves,
) -> Extraction:
    """Walk all steps and keep what is likely enough."""
    first = steps.mentions(reading, words, mind, precision)
    second = steps.things(first, steps.groups(first, judge), judge, precision)
    drafts, sure = steps.kept(second, judge("entity", second.rows), limits.entities)
    third = steps.facts(first, drafts, sure, mind, precision)
    links = steps.relations(third, judge("relation", third.link_rows), limits.relations)
    stances = steps.statements(third, judge("speaker", third.voice_rows), judge, limits)
    found = records.extraction(text, reading.prose, (drafts, sure), stances, links)
    return records.calibrated(found, curves)
