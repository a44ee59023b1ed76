"""Finds the relations of the guidelines between entities."""

from __future__ import annotations

from collections.abc import Sequence

from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.passages import Prose
from graph.records import Document


def find(
    prose: Prose,
    document: Document,
    entities: Sequence[Draft],
    statements: Sequence[StatementDraft],
) -> list[RelationDraft]:
    """Relations in the order of the text, each once."""
    return []
