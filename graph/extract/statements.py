"""Finds who takes what stance on which goals and instruments."""

from __future__ import annotations

from collections.abc import Sequence

from graph.extract.draft import Draft, StatementDraft
from graph.extract.passages import Prose
from graph.records import Document


def find(prose: Prose, document: Document, entities: Sequence[Draft]) -> list[StatementDraft]:
    """Statements in the order of the text."""
    return []
